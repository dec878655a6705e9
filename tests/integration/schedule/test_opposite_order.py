"""Clients of the running service name six leaders in opposite orders, again and again:
no deadlock reaches a caller, and at the end the books balance.

One second, a minute with ``RAKAT_TEST_LONG=1``.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from typing import Any
from uuid import UUID, uuid4

import eventlet
import pytest
import sqlalchemy as sa

from chassis.calling import Caller
from chassis.config import Config
from chassis.database import Database
from chassis.testing import RunService
from contracts.errors import RakatError
from services.schedule.service import Service
from tests.integration.schedule.desk import Desk
from tests.integration.schedule.test_service import Served, body, filled_copy, tomorrow

SECONDS = 60.0 if os.environ.get("RAKAT_TEST_LONG") else 1.0
LEADERS = ("bupati", "wabup", "sekda", "kadis", "kadinkes", "camat")
CLIENTS = 12
HOURS = 24


class Client:
    """Books, moves and calls off meetings of its own; keeps the state of each."""

    def __init__(self, number: int, caller: Caller) -> None:
        self.served = Served(caller.call)
        self.dice = random.Random(number)
        self.leaders = LEADERS if number % 2 else LEADERS[::-1]
        self.states: dict[UUID, str] = {}
        self.answers: Counter[str] = Counter()

    def work(self, until: float) -> None:
        while time.monotonic() < until:
            act = self.dice.choice([self.book, self.book, self.urge, self.move])
            try:
                act()
            except RakatError as error:
                self.answers[error.code] += 1
            else:
                self.answers[act.__name__] += 1
            if len(self.states) % 3 == 2:
                self.call_off()

    def book(self, **more: Any) -> None:
        hour = self.dice.randrange(HOURS)
        wanted = body(*self.leaders, hour=hour, **more)
        made = self.served.call(
            "protokol", "create_activity", key=str(uuid4()), body=wanted
        )["body"]
        self._note(made)

    def urge(self) -> None:
        self.book(override={"reason": "Darurat"})

    def move(self) -> None:
        if not (open_ := self._open()):
            return self.book()
        hour = self.dice.randrange(HOURS)
        times = {
            "starts_at": tomorrow(hour).isoformat(),
            "ends_at": tomorrow(hour + 1).isoformat(),
        }
        one = str(self.dice.choice(open_))
        self._note(
            self.served.act("protokol", "update_activity", activity_id=one, body=times)
        )
        return None

    def call_off(self) -> None:
        for activity_id in self._open()[:2]:
            one = {"activity_id": str(activity_id)}
            self._note(self.served.act("protokol", "cancel_activity", **one, body={}))

    def _open(self) -> list[UUID]:
        return [key for key, state in self.states.items() if state == "confirmed"]

    def _note(self, answer: dict[str, Any]) -> None:
        self.states[UUID(answer["activity_id"])] = answer["state"]


@pytest.mark.timeout(SECONDS + 120)
def test_six_leaders_named_in_opposite_orders(
    run_service: RunService, database: Database, config: Config
) -> None:
    filled_copy(database)
    run_service(Service)
    desk = Desk(database)
    callers = [Caller(config.amqp_uri) for _ in range(CLIENTS)]
    clients = [Client(number, caller) for number, caller in enumerate(callers)]

    before = _deadlocks(database)

    until = time.monotonic() + SECONDS
    for thread in [eventlet.spawn(client.work, until) for client in clients]:
        thread.wait()
    for caller in callers:
        caller.close()

    answers = sum((client.answers for client in clients), Counter())
    assert set(answers) <= {"book", "urge", "move", "schedule_conflict"}, answers
    assert min(answers["book"], answers["urge"], answers["move"]) > 0, answers
    assert _deadlocks(database) == before
    assert desk.double_bookings() == []
    noted = {key: state for client in clients for key, state in client.states.items()}
    assert _stored(database) == {
        key: (state, 0 if state == "cancelled" else len(LEADERS))
        for key, state in noted.items()
    }


def _stored(database: Database) -> dict[UUID, tuple[str, int]]:
    """Every activity with its state and how many lines it has laid."""
    query = (
        "SELECT a.activity_id, a.state, count(b.key) FROM activity a"
        " LEFT JOIN booking b ON b.activity_id = a.activity_id GROUP BY 1, 2"
    )
    with database.engine.connect() as connection:
        rows = connection.execute(sa.text(query)).all()
    return {row[0]: (row[1], row[2]) for row in rows}


def _deadlocks(database: Database) -> int:
    query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    with database.engine.connect() as connection:
        return int(connection.scalar(sa.text(query)) or 0)
