"""Registers as their readers see them: lines, masked where they may not look."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from contracts.actor import PositionRef
from contracts.codec import ZONE
from contracts.errors import NotFound
from contracts.letters import Direction, LetterState, Outcome, Secrecy, Sender, Urgency
from contracts.letters.registers import (
    Register,
    RegisterPage,
    RegisterQuery,
    RegisterRow,
    RegisterSort,
)
from contracts.paging import Page, decode_cursor, encode_cursor
from services.letters.bundle import Bundle
from services.letters.caller import Caller
from services.letters.domain import registers
from services.letters.domain.numbering import AgendaNumber, register_year
from services.letters.views import ALLOWED, REACH, reach_values
from services.letters.views_listing import day_start

_Seq = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
_HIDES = Secrecy.RAHASIA.rank
_MOMENT = "coalesce(l.received_at, o.dispatched_at, o.signed_at, l.created_at)"
_LINES = f"""
    SELECT l.letter_id, l.agenda_seq, l.agenda_number, l.agenda_year, l.direction,
        l.kind, l.number, l.dated_on, l.received_at, l.sender_name, l.sender_unit_id,
        l.sender_address, l.subject, l.summary, l.classification_code, l.urgency,
        l.secrecy, l.secrecy_rank, l.state, l.outcome, l.addressees,
        o.dispatched_at, {_MOMENT} AS moment, seen.it AS seen
    FROM letter l LEFT JOIN outgoing o ON o.letter_id = l.letter_id
    LEFT JOIN LATERAL (
        SELECT true AS it FROM letter_visibility v JOIN {REACH} ON {ALLOWED}
        WHERE v.letter_id = l.letter_id LIMIT 1) AS seen ON true
    WHERE l.register_unit_id = :unit_id AND l.direction = :direction
        AND l.legacy = :legacy AND l.agenda_year = :year
"""
# The words first, on the letter alone: whether it is seen is asked of what they leave.
_FOUND = (
    " AND (l.agenda_number ILIKE ALL(:words) OR (l.secrecy_rank < :hides"
    " AND concat_ws(' ', l.number, l.sender_name, l.subject, l.summary)"
    " ILIKE ALL(:words)))"
    " AND (l.agenda_number ILIKE ALL(:words) OR seen.it)"
)
_FORWARDED = (
    "SELECT letter_id, array_agg(position_id ORDER BY"
    " parent_task_id IS NOT NULL, task_id) AS positions FROM task"
    " WHERE letter_id = ANY(:ids) AND role <> 'inform'"
    " AND state NOT IN ('withdrawn', 'returned') GROUP BY letter_id"
)
_FILES = (
    "SELECT letter_id, count(*) AS n FROM file WHERE letter_id = ANY(:ids)"
    " AND report_id IS NULL GROUP BY letter_id"
)
_RECIPIENTS = (
    "SELECT letter_id, position_id, name FROM outgoing_recipient"
    " WHERE letter_id = ANY(:ids) AND NOT copy ORDER BY letter_id, place"
)
_REASONS = (
    "SELECT letter_id, detail->>'reason' AS reason FROM trail"
    " WHERE letter_id = ANY(:ids) AND action = 'voided'"
)
_COUNTERS = sa.text(
    "SELECT register_unit_id, direction, year, last FROM agenda_counter"
    " WHERE register_unit_id = ANY(:units)"
)


def opened(caller: Caller) -> frozenset[UUID]:
    """The registers the caller may open; a delegate's own offices count, not those
    he reads for."""
    if caller.actor.client is not None:
        return registers.opened_by_client(caller.org, caller.actor.client.unit_id)
    return registers.opened_by(caller.org, _own(caller))


def _own(caller: Caller) -> list[UUID]:
    return [one.position_id for one in caller.held if one.delegation_id is None]


# ---- the shelf -------------------------------------------------------------------


def shelf(session: Session, caller: Caller) -> Page[Register]:
    """Every book the caller may open, his own first, the latest year first."""
    units, kept = opened(caller), registers.kept_by(caller.org, _own(caller))
    found = dict.fromkeys(_begun_this_year(caller, kept), 0)
    for row in session.execute(_COUNTERS, {"units": [*units]}):
        found[row.register_unit_id, Direction(row.direction), row.year] = row.last
    books = [_book(caller, *key, last) for key, last in found.items()]
    books += _legacy_books(session, caller, units)
    books.sort(key=lambda b: (b.unit_id not in kept, b.unit_name, -b.year, b.legacy))
    return Page(items=books)


def _begun_this_year(
    caller: Caller, kept: Collection[UUID]
) -> list[tuple[UUID, Direction, int]]:
    """A registrar's books of this year are there before their first number."""
    year = register_year(caller.now)
    return [(unit, direction, year) for unit in kept for direction in Direction]


def _book(
    caller: Caller, unit_id: UUID, direction: Direction, year: int, last: int
) -> Register:
    grows = year >= register_year(caller.now)
    following = str(AgendaNumber(direction, last + 1, year)) if grows else None
    return Register(
        unit_id=unit_id,
        unit_name=_name(caller, unit_id),
        direction=direction,
        year=year,
        legacy=False,
        last_seq=last,
        count=last,
        next_number=following,
    )


def _legacy_books(
    session: Session, caller: Caller, units: Collection[UUID]
) -> list[Register]:
    """Years walked along the key of the numbers, so that no letter is counted."""
    return [
        Register(
            unit_id=row.unit_id,
            unit_name=_name(caller, row.unit_id),
            direction=Direction(row.direction),
            year=row.year,
            legacy=True,
            last_seq=row.last,
            count=row.last,
            next_number=None,
        )
        for row in session.execute(_LEGACY_YEARS, {"units": [*units]})
    ]


_LEGACY_YEARS = sa.text(
    """
    WITH RECURSIVE book AS (
        SELECT u AS unit_id, d AS direction, (SELECT max(agenda_year) FROM letter l
            WHERE l.register_unit_id = u AND l.direction = d AND l.legacy) AS year
        FROM unnest(CAST(:units AS uuid[])) AS u,
            unnest(ARRAY['incoming', 'outgoing']) AS d
        UNION ALL
        SELECT unit_id, direction, (SELECT max(agenda_year) FROM letter l
            WHERE l.register_unit_id = book.unit_id AND l.direction = book.direction
            AND l.legacy AND l.agenda_year < book.year)
        FROM book WHERE year IS NOT NULL)
    SELECT unit_id, direction, year, (SELECT max(agenda_seq) FROM letter l
        WHERE l.register_unit_id = book.unit_id AND l.direction = book.direction
        AND l.legacy AND l.agenda_year = book.year) AS last
    FROM book WHERE year IS NOT NULL
    """
)


# ---- one book --------------------------------------------------------------------


def lines(
    session: Session, caller: Caller, unit_id: UUID, year: str, query: RegisterQuery
) -> RegisterPage:
    """A page of a register, in the order of its numbers.

    Raises: NotFound for a register the caller has no claim to.
    """
    if unit_id not in opened(caller):
        raise NotFound
    calendar_year = _year(year)
    statement, values = _statement(caller, unit_id, calendar_year, query)
    rows = session.execute(sa.text(statement), values).mappings().all()
    shown = rows[: query.limit]
    more = _Details(session, caller, [row["letter_id"] for row in shown if _open(row)])
    items = [more.line(row) if _open(row) else _masked(row) for row in shown]
    last = items[-1] if len(rows) > query.limit else None
    following = encode_cursor(last.agenda_seq) if last else None
    return RegisterPage(
        unit_id=unit_id,
        unit_name=_name(caller, unit_id),
        direction=query.direction,
        year=calendar_year,
        legacy=query.legacy,
        items=items,
        next_cursor=following,
    )


def _name(caller: Caller, unit_id: UUID) -> str:
    unit = caller.org.unit(unit_id)
    return unit.name if unit else ""


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise NotFound
    return int(text)


def _statement(
    caller: Caller, unit_id: UUID, year: int, query: RegisterQuery
) -> tuple[str, dict[str, Any]]:
    values = {
        **reach_values(caller.reaches()),
        "unit_id": unit_id,
        "direction": query.direction.value,
        "year": year,
        "legacy": query.legacy,
        "limit": query.limit + 1,
    }
    text = _LINES
    if query.from_:
        text += f" AND {_MOMENT} >= :from_"
        values["from_"] = day_start("/from", query.from_)
    if query.to:
        text += f" AND {_MOMENT} < :to"
        values["to"] = day_start("/to", query.to, following=True)
    if words := (query.q or "").split():
        text += _FOUND
        values |= {"words": [_anywhere(word) for word in words], "hides": _HIDES}
    newest = query.sort is RegisterSort.NEWEST
    if query.cursor is not None:
        (values["after"],) = decode_cursor(query.cursor, tuple[_Seq])
        text += f" AND l.agenda_seq {'<' if newest else '>'} :after"
    order = "DESC" if newest else "ASC"
    return f"{text} ORDER BY l.agenda_seq {order} LIMIT :limit", values


def _anywhere(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _open(row: Any) -> bool:
    return bool(row["seen"]) and row["secrecy_rank"] < _HIDES


def _masked(row: Any) -> RegisterRow:
    """Number and date. Who may read a secret letter finds it by its id, and that
    reading is recorded."""
    seen = bool(row["seen"])
    return RegisterRow(
        agenda_seq=row["agenda_seq"],
        agenda_number=row["agenda_number"],
        day=_day(row),
        masked=True,
        letter_id=row["letter_id"] if seen else None,
        secrecy=Secrecy(row["secrecy"]) if seen else None,
    )


def _day(row: Any) -> date:
    moment: datetime = row["moment"]
    return moment.astimezone(ZONE).date()


class _Forwarded(msgspec.Struct):
    letter_id: UUID
    positions: list[UUID]


class _Files(msgspec.Struct):
    letter_id: UUID
    n: int


class _Recipient(msgspec.Struct):
    letter_id: UUID
    position_id: UUID | None
    name: str | None


class _Reason(msgspec.Struct):
    letter_id: UUID
    reason: str | None


_MORE = Bundle(
    forwarded=(_FORWARDED, _Forwarded),
    files=(_FILES, _Files),
    recipients=(_RECIPIENTS, _Recipient),
    reasons=(_REASONS, _Reason),
)


class _Details:
    """What a page of lines needs of other tables: one query, however many lines."""

    def __init__(self, session: Session, caller: Caller, ids: Sequence[UUID]) -> None:
        found = _MORE.ask(session, {"ids": list(ids)})
        self._org = caller.org
        self._positions = {row.letter_id: row.positions for row in found["forwarded"]}
        self._files = {row.letter_id: row.n for row in found["files"]}
        self._recipients: dict[UUID, list[str]] = {}
        for row in found["recipients"]:
            position = self._org.position(row.position_id)
            named = position.title if position else row.name
            self._recipients.setdefault(row.letter_id, []).append(named or "")
        self._reasons = {row.letter_id: row.reason for row in found["reasons"]}

    def line(self, row: Any) -> RegisterRow:
        same = (
            "agenda_seq agenda_number letter_id kind number dated_on received_at"
            " dispatched_at subject summary classification_code"
        )
        return RegisterRow(
            **{name: row[name] for name in same.split()},
            day=_day(row),
            masked=False,
            state=LetterState(row["state"]),
            outcome=Outcome(row["outcome"]) if row["outcome"] else None,
            void_reason=self._reasons.get(row["letter_id"]),
            sender=Sender(
                name=row["sender_name"],
                unit_id=row["sender_unit_id"],
                address=row["sender_address"],
            ),
            recipients=self._recipients.get(row["letter_id"]),
            attachments=self._files.get(row["letter_id"], 0),
            forwarded_to=self._forwarded(row),
            urgency=Urgency(row["urgency"]),
            secrecy=Secrecy(row["secrecy"]),
        )

    def _forwarded(self, row: Any) -> list[PositionRef]:
        given = self._positions.get(row["letter_id"], row["addressees"])
        refs = map(self._org.position_ref, dict.fromkeys(given))
        return [ref for ref in refs if ref is not None]
