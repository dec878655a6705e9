"""Dispositions as the API shows them, and what an office did with earlier letters."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from contracts import codec
from contracts.actor import ActorRef
from contracts.letters import (
    Disposition,
    DispositionsQuery,
    DispositionState,
    RecipientLine,
)
from contracts.paging import Page, decode_cursor, encode_cursor
from services.letters.caller import Caller
from services.letters.domain.suggestion import Earlier, pattern_of
from services.letters.views import REACH, reach_values

EARLIER = 200  # how far back an office's habits are looked for

_ONE = sa.text(
    "SELECT d.*, l.subject, l.agenda_number FROM disposition d"
    " JOIN letter l ON l.letter_id = d.letter_id"
    " WHERE d.disposition_id = :disposition_id"
)
_EARLIER = sa.text(
    "SELECT l.letter_id, l.kind, l.classification_code, l.sender_name, d.recipients"
    " FROM disposition d JOIN letter l ON l.letter_id = d.letter_id"
    " WHERE d.given_by = :giver AND d.state = 'issued' AND l.letter_id <> :letter_id"
    " ORDER BY d.disposition_id DESC LIMIT :limit"
)


def one(session: Session, caller: Caller, disposition_id: UUID) -> Disposition:
    """A disposition of the caller's office, without its tasks."""
    row = session.execute(_ONE, {"disposition_id": disposition_id}).mappings().one()
    return _disposition(row, caller)


def prepared(
    session: Session, caller: Caller, query: DispositionsQuery
) -> Page[Disposition]:
    """Drafts of the caller's positions that wait for the leader, newest first."""
    values = {
        **reach_values(caller.reaches(query.position_id)),
        "limit": query.limit + 1,
        "letter_id": query.letter_id,
    }
    more = ""
    if query.letter_id is not None:
        more += " AND d.letter_id = :letter_id"
    if query.cursor is not None:
        (values["after_id"],) = decode_cursor(query.cursor, tuple[UUID])
        more += " AND d.disposition_id < :after_id"
    statement = (
        f"SELECT d.*, l.subject, l.agenda_number FROM {REACH} JOIN disposition d"
        " ON d.given_by = p.position_id AND d.state = 'prepared' JOIN letter l"
        " ON l.letter_id = d.letter_id AND l.secrecy_rank <= p.max_rank JOIN task t"
        " ON t.task_id = d.parent_task_id AND t.ended_at IS NULL WHERE true"
        f"{more} ORDER BY d.disposition_id DESC LIMIT :limit"
    )
    rows = session.execute(sa.text(statement), values).mappings().all()
    items = [_disposition(row, caller) for row in rows[: query.limit]]
    last = items[-1] if len(rows) > query.limit else None
    following = encode_cursor(last.disposition_id) if last else None
    return Page(items=items, next_cursor=following)


def earlier(session: Session, giver: UUID, letter_id: UUID) -> list[Earlier]:
    """What an office did first with the latest other letters it passed on."""
    values = {"giver": giver, "letter_id": letter_id, "limit": EARLIER}
    first = {row.letter_id: row for row in session.execute(_EARLIER, values)}
    return [
        Earlier(
            kind=row.kind,
            classification=row.classification_code,
            sender=row.sender_name,
            recipients=pattern_of(msgspec.convert(row.recipients, list[RecipientLine])),
        )
        for row in first.values()
    ]


def _disposition(row: Any, caller: Caller) -> Disposition:
    giver = caller.org.position(row["given_by"])
    return Disposition(
        disposition_id=row["disposition_id"],
        letter_id=row["letter_id"],
        parent_task_id=row["parent_task_id"],
        state=DispositionState(row["state"]),
        given_by=row["given_by"],
        given_by_title=giver.title if giver else "",
        note=row["note"],
        recipients=msgspec.convert(row["recipients"], list[RecipientLine]),
        prepared_by=_ref(row["prepared_by"]),
        issued_by=_ref(row["issued_by"]),
        subject=row["subject"],
        agenda_number=row["agenda_number"],
        created_at=row["created_at"],
    )


def _ref(stored: Any) -> ActorRef | None:
    return codec.load(ActorRef, stored) if stored else None
