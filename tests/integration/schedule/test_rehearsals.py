"""A command tried out, apart from what is tried: it locks, so it may meet a deadlock."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from chassis.clock import now
from chassis.database import Database
from services.schedule.service_core import Core
from services.schedule.unit_of_work import UnitOfWork

DEADLOCK = sa.text("DO $$ BEGIN RAISE EXCEPTION 'met' USING ERRCODE = '40P01'; END $$")


class Rehearsal(Core):
    def __init__(self, database: Database) -> None:
        self.db, self.clock, self.call = database, now, None

    def org(self) -> Any:
        raise AssertionError("nobody asks")


def test_a_deadlock_while_trying_is_tried_again(database: Database) -> None:
    met = []

    def effect(uow: UnitOfWork) -> dict[str, int]:
        if not met:
            met.append(True)
            uow.session.execute(DEADLOCK)
        return {"one": uow.session.scalar(sa.text("SELECT 1")) or 0}

    tried = Rehearsal(database)._rehearse(effect)

    assert met
    assert tried == {"body": {"one": 1}, "replayed": False}
