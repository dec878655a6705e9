"""A desk to act from: use cases on a real database as whoever holds an office."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa

from chassis.database import Database
from chassis.organisation import Organisation
from contracts import codec
from contracts.actor import Actor
from contracts.letters import (
    IssueDisposition,
    Letter,
    RegisterLetter,
    Tracking,
)
from services.letters.caller import Caller
from services.letters.unit_of_work import LettersUnitOfWork, opener
from services.letters.use_cases import disposing, reading, registering
from tests.unit.letters import offices

T = TypeVar("T")


@dataclass
class Desk:
    database: Database
    org: Organisation
    now: datetime = offices.NOW
    events: list[dict[str, Any]] = field(default_factory=list)

    def later(self, **delta: float) -> Desk:
        """The same desk some time later."""
        return Desk(self.database, self.org, self.now + timedelta(**delta))

    def caller(self, who: str | Actor, acting_as: str | None = None) -> Caller:
        actor = offices.actor(who, acting_as) if isinstance(who, str) else who
        return Caller.of(actor, self.org, self.now)

    def do(
        self,
        who: str | Actor,
        use_case: Callable[..., T],
        *args: Any,
        acting_as: str | None = None,
    ) -> T:
        with opener(self.database, lambda: self.now)() as uow:
            done: T = use_case(uow, self.caller(who, acting_as), *args)
            uow.commit()
            return done

    def look(self, who: str | Actor, view: Callable[..., T], *args: Any) -> T:
        with opener(self.database, lambda: self.now)() as uow:
            return view(uow.session, self.caller(who), *args)

    # ---- the commonest acts -----------------------------------------------------

    def register(self, who: str = "tu.setda", **changes: Any) -> Letter:
        body = codec.load(RegisterLetter, letter_body(**changes))
        return self.do(who, registering.register_letter, body)

    def dispose(self, who: str, letter_id: UUID, *lines: Any, **more: Any) -> Any:
        acting_as = more.pop("acting_as", None)
        body = {"recipients": [recipient(*line) for line in lines], **more}
        request = codec.load(IssueDisposition, codec.dump(body))
        return self.do(
            who,
            disposing.issue_disposition,
            letter_id,
            request,
            acting_as=acting_as,
        )

    def tracking(self, who: str, letter_id: UUID) -> Tracking:
        return self.do(who, reading.get_letter_tracking, letter_id)

    def task_of(self, letter_id: UUID, office: str) -> UUID:
        """The latest task of an office on a letter."""
        query = sa.text(
            "SELECT task_id FROM task WHERE letter_id = :letter AND position_id ="
            " :position ORDER BY task_id DESC LIMIT 1"
        )
        values = {"letter": letter_id, "position": offices.position_id(office)}
        with self.database.session() as session:
            found: UUID = session.execute(query, values).scalar_one()
            return found

    def published(self, letter_id: UUID) -> list[dict[str, Any]]:
        """Envelopes in the outbox about this letter, in order."""
        query = sa.text("SELECT body FROM outbox WHERE subject = :s ORDER BY seq")
        with self.database.session() as session:
            rows = session.scalars(query, {"s": f"letter/{letter_id}"})
            return list(rows)


def recipient(office: str, role: str = "handle", *codes: str) -> dict[str, Any]:
    return {
        "position_id": offices.position_id(office),
        "role": role,
        "instructions": list(codes),
    }


def letter_body(**changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "direction": "incoming",
        "kind": "undangan",
        "number": "005/117/KESRA/2026",
        "dated_on": "2026-11-20",
        "received_at": "2026-11-23T09:10:00+08:00",
        "sender": {"name": "Kanwil Kemenag Kalimantan Selatan"},
        "subject": "Undangan rapat koordinasi",
        "classification_code": "400.14",
        "urgency": "segera",
        "secrecy": "biasa",
        "addressees": ["bupati"],
        "invitation": {"starts_at": "2026-11-26T09:00:00+08:00", "place": "Aula Ramu"},
    }
    body |= changes
    for name in ("addressees", "copies"):
        codes = body.get(name, [])
        body[name] = [
            str(offices.position_id(code)) if isinstance(code, str) else str(code)
            for code in codes
        ]
    return codec.dump(body)


__all__ = ["Desk", "LettersUnitOfWork", "letter_body", "recipient"]
