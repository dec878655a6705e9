"""The service's own methods without a bus: its dependencies are put in by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from nameko.testing.services import worker_factory

from chassis.context import CallContext
from chassis.database import Database
from chassis.organisation import Organisation
from chassis.turns import Queue
from services.letters.service import Service
from tests.integration.letters.naive import Chairs
from tests.unit.letters import offices

_TASKS = sa.text("SELECT * FROM task WHERE letter_id = :id ORDER BY task_id")
_SENT = sa.text("SELECT body FROM outbox WHERE subject = :subject ORDER BY seq")


class Stage:
    """Bodies and answers are what goes over the wire."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now: datetime = offices.NOW
        self._known: dict[Chairs, Organisation] = {}
        self.seat(Chairs())
        self._service = worker_factory(
            Service,
            db=database,
            clock=lambda: self.now,
            org=lambda: self.org,
            turns=Queue(),
            searches=Queue(),
        )

    def seat(self, chairs: Chairs) -> None:
        """An assignment or a delegation begins or ends."""
        if chairs not in self._known:
            self._known[chairs] = offices.regency(
                also=[offices.holds("asisten.1", "sekda", "plh")] * chairs.plh,
                delegations=[
                    offices.lends("sekda", "sespri.sekda", "prepare"),
                    offices.lends(
                        "bupati", "ajudan.bupati", "act", include_secret=True
                    ),
                ]
                * chairs.lent,
            )
        self.org = self._known[chairs]

    def call(self, who: str, method: str, /, *args: Any) -> Any:
        self._service.call = CallContext(actor=offices.actor(who), request_id="played")
        return getattr(self._service, method)(*args)

    def act(self, who: str, method: str, /, *args: Any) -> Any:
        return self.call(who, method, *args)["body"]

    # ---- what is stored -----------------------------------------------------------

    def tasks(self, letter_id: str) -> list[dict[str, Any]]:
        with self.database.session() as session:
            rows = session.execute(_TASKS, {"id": letter_id}).mappings()
            return [dict(row) for row in rows]

    def sent(self, letter_id: str) -> list[dict[str, Any]]:
        with self.database.session() as session:
            subject = {"subject": f"letter/{letter_id}"}
            return list(session.scalars(_SENT, subject))
