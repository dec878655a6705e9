"""A batch of legacy letters into the store: all or none, and never twice.

They are ended letters: no tasks, no events, no number of the running series. What the
old application knew of their way is in their trail.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.organisation import Organisation
from contracts import codec
from contracts.actor import ActorRef, ClientRef
from contracts.letters import Action, Direction, LetterState, Outcome
from services.letters import orm
from services.letters.domain.audit import ORIGIN, TrailLine, seal
from services.letters.domain.visibility import rows_for
from services.letters.ids import id_at
from services.letters.importing.comparing import (
    MOST_RECIPIENTS,
    Stored,
    content_of,
    new_dispositions,
    origin_of,
)
from services.letters.importing.converting import LegacyLetter
from services.letters.orm_outgoing import outgoing_recipient

_SPACE = UUID("0e5a3c0e-7a51-4c1a-9c55-7f3b1d2c8e11")
_LAST = sa.text(
    "SELECT coalesce(max(agenda_seq), 0) FROM letter WHERE legacy"
    " AND register_unit_id = :unit AND direction = :direction AND agenda_year = :year"
)


@dataclass(frozen=True)
class Adopter:
    """Into the register of `unit_id`, whose registrar `registrar` answers for them."""

    org: Organisation
    system: str
    unit_id: UUID
    registrar: UUID
    now: datetime

    def adopt(self, session: Session, letters: Sequence[LegacyLetter]) -> None:
        """Write them; the caller commits."""
        if not letters:
            return
        by = self._by()
        rows: list[dict[str, Any]] = []
        visible: list[dict[str, Any]] = []
        lines: list[TrailLine] = []
        recipients: list[dict[str, Any]] = []
        seqs: dict[tuple[Direction, int], int] = {}
        for letter in letters:
            key = (letter.direction, letter.year)
            seqs[key] = seqs.get(key) or self._last(session, *key)
            seqs[key] += 1
            letter_id = id_at(letter.received_at)
            trail = self._trail(letter_id, letter, by)
            rows.append(self._row(letter_id, letter, seqs[key], trail, by))
            visible += self._visible(letter_id, letter)
            lines += trail
            recipients += _recipients(letter_id, letter)
        for table, values in (
            (orm.letter, rows),
            (orm.letter_visibility, visible),
            (orm.trail, [_trail_row(line) for line in lines]),
            (outgoing_recipient, recipients),
        ):
            if values:
                session.execute(sa.insert(table), values)

    def renew(
        self,
        session: Session,
        letter: LegacyLetter,
        known: Stored,
        changed: Sequence[str],
    ) -> None:
        """What its old row says today, into a letter nobody touched here and whose row
        is locked; its trail goes on. The caller commits."""
        letter_id, row = known.letter_id, known.row
        details = [origin_of(letter, self.system) | {"changed": [*changed]}]
        details += new_dispositions(letter, known)
        lines = self._sealed(
            letter_id, details, self._by(), row["trail_seq"], row["trail_hash"]
        )
        values = {
            **content_of(letter),
            "secrecy_rank": letter.secrecy.rank,
            "unit_ids": self._units(letter),
            "closed_at": letter.ended_at,
            "version": row["version"] + 1,
            "trail_seq": lines[-1].seq,
            "trail_hash": lines[-1].hash,
        }
        here = orm.letter.c.letter_id == letter_id
        session.execute(sa.update(orm.letter).where(here).values(values))
        session.execute(sa.insert(orm.trail), [_trail_row(line) for line in lines])
        for table, rows in (
            (orm.letter_visibility, [*self._visible(letter_id, letter)]),
            (outgoing_recipient, _recipients(letter_id, letter)),
        ):
            session.execute(sa.delete(table).where(table.c.letter_id == letter_id))
            if rows:
                session.execute(sa.insert(table), rows)

    def _by(self) -> dict[str, Any]:
        """An application of its own name, so that the trail says who wrote."""
        client = ClientRef(
            client_id=uuid5(_SPACE, self.system),
            name=f"Impor {self.system}",
            unit_id=self.unit_id,
        )
        signed: dict[str, Any] = codec.dump(ActorRef(client=client))
        return signed

    def _last(self, session: Session, direction: Direction, year: int) -> int:
        values = {"unit": self.unit_id, "direction": direction.value, "year": year}
        return int(session.scalar(_LAST, values) or 0)

    def _row(
        self,
        letter_id: UUID,
        letter: LegacyLetter,
        seq: int,
        trail: Sequence[TrailLine],
        by: dict[str, Any],
    ) -> dict[str, Any]:
        return {
            "letter_id": letter_id,
            "legacy": True,
            "direction": letter.direction.value,
            **content_of(letter),
            "secrecy_rank": letter.secrecy.rank,
            "register_unit_id": self.unit_id,
            "agenda_seq": seq,
            "agenda_year": letter.year,
            "copies": [],
            "unit_ids": self._units(letter),
            "external_system": self.system,
            "external_id": letter.external_id,
            "state": LetterState.CLOSED.value,
            "acted": True,
            "outcome": Outcome.ARCHIVED.value,
            "closed_at": letter.ended_at,
            "registrar_position_id": self.registrar,
            "created_by": by,
            "created_at": letter.received_at,
            "version": 1,
            "trail_seq": len(trail),
            "trail_hash": trail[-1].hash,
        }

    def _units(self, letter: LegacyLetter) -> list[UUID]:
        found = {self.unit_id}
        for position_id in (self.registrar, *letter.addressees):
            position = self.org.position(position_id)
            if position is not None:
                found.add(position.unit_id)
        return sorted(found)

    def _visible(
        self, letter_id: UUID, letter: LegacyLetter
    ) -> Iterable[dict[str, Any]]:
        given = rows_for(self.org, letter.addressees, self.registrar, letter.secrecy)
        return [
            {
                "position_id": position_id,
                "letter_id": letter_id,
                "why": why.value,
                "since": letter.received_at,
            }
            for position_id, why in given.items()
        ]

    def _trail(
        self, letter_id: UUID, letter: LegacyLetter, by: dict[str, Any]
    ) -> list[TrailLine]:
        """Sealed now, each telling when it happened."""
        details = [origin_of(letter, self.system)]
        details += [codec.dump(one.detail()) for one in letter.dispositions]
        return self._sealed(letter_id, details, by, 0, ORIGIN)

    def _sealed(
        self,
        letter_id: UUID,
        details: Sequence[dict[str, Any]],
        by: dict[str, Any],
        last: int,
        head: str,
    ) -> list[TrailLine]:
        """Lines that follow the `last`, whose seal is `head`."""
        lines: list[TrailLine] = []
        for seq, detail in enumerate(details, start=last + 1):
            values: dict[str, Any] = {
                "letter_id": letter_id,
                "seq": seq,
                "at": self.now,
                "action": Action.IMPORTED.value,
                "actor": by,
                "task_id": None,
                "detail": detail,
                "prev_hash": lines[-1].hash if lines else head,
            }
            lines.append(TrailLine(**values, hash=seal(TrailLine(**values))))
        return lines


def _trail_row(line: TrailLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in orm.trail.c.keys()}  # noqa: SIM118


def _recipients(letter_id: UUID, letter: LegacyLetter) -> list[dict[str, Any]]:
    return [
        {"letter_id": letter_id, "place": place, "name": name, "copy": False}
        for place, name in enumerate(letter.recipients[:MOST_RECIPIENTS])
    ]
