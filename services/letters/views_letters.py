"""Letters as the API shows them: lists by box, and one letter with its files."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.organisation import Organisation
from contracts import codec
from contracts.actor import ActorRef, PositionRef
from contracts.codec import ZONE
from contracts.directory import Duty
from contracts.errors import NotFound, invalid
from contracts.letters import (
    Box,
    Decision,
    ExternalRef,
    Invitation,
    Letter,
    LetterSort,
    LettersQuery,
    LetterSummary,
    Secrecy,
    Sender,
)
from contracts.paging import Page, decode_cursor, encode_cursor
from services.letters import views_tasks
from services.letters.caller import Caller
from services.letters.views import ALLOWED, REACH, reach_values

_SUMMARY = """
    l.letter_id, l.direction, l.agenda_number, l.agenda_seq, l.agenda_year,
    l.register_unit_id, l.kind, l.number, l.dated_on, l.received_at, l.sender_name,
    l.sender_unit_id, l.sender_address, l.subject, l.classification_code, l.urgency,
    l.secrecy, l.state, l.outcome, l.due_at, l.activity_id, l.created_at
"""
_REACH_IN_UNITS = (
    "unnest(CAST(:reach_positions AS uuid[]), CAST(:reach_ranks AS int[]),"
    " CAST(:reach_chain AS bool[]), CAST(:reach_units AS uuid[]),"
    " CAST(:reach_registers AS uuid[]))"
    " AS p(position_id, max_rank, chain_only, unit_id, register_unit_id)"
)
_IN_BOX = {
    Box.INBOX: "AND v.why = 'recipient' AND l.direction = 'incoming'",
    Box.REGISTERED: "AND (l.registrar_position_id = p.position_id"
    " OR l.register_unit_id = p.register_unit_id) AND l.direction = 'incoming'",
    Box.OUTGOING: "AND l.direction = 'outgoing'",
    Box.UNIT: "AND l.unit_ids @> ARRAY[p.unit_id]",
    Box.ALL: "",
}
_FILTERS = {
    "q": "l.tsv @@ websearch_to_tsquery('indonesian', :q)",
    "state": "l.state = :state",
    "kind": "l.kind = :kind",
    "urgency": "l.urgency = :urgency",
    "secrecy": "l.secrecy = :secrecy",
    "unit_id": "l.unit_ids @> ARRAY[CAST(:unit_id AS uuid)]",
    "from_": "l.created_at >= :from_",
    "to": "l.created_at < :to",
}


_ONE = sa.text(
    f"SELECT l.* FROM letter l WHERE l.letter_id = :letter_id AND EXISTS (SELECT"
    f" FROM letter_visibility v JOIN {REACH} ON {ALLOWED}"
    f" WHERE v.letter_id = l.letter_id)"
)


def listed(
    session: Session, caller: Caller, query: LettersQuery
) -> Page[LetterSummary]:
    walk = _WALKS[query.sort]
    values = {**_reach(caller, query), **_values(query), "limit": query.limit + 1}
    after = ""
    if query.cursor is not None:
        after, more = walk.after(query.cursor)
        values |= more
    conditions = " ".join(f"AND {text}" for text in _wanted(query))
    statement = f"""
        SELECT DISTINCT {_SUMMARY} FROM {_REACH_IN_UNITS} CROSS JOIN LATERAL (
            SELECT {_SUMMARY} FROM letter_visibility v
            JOIN letter l ON l.letter_id = v.letter_id
            WHERE {ALLOWED} {_IN_BOX[query.box]} {conditions} {after}
            ORDER BY {walk.inner} LIMIT :limit) AS l
        ORDER BY {walk.outer} LIMIT :limit
    """
    rows = session.execute(sa.text(statement), values).mappings().all()
    items = [summary_of(row) for row in rows[: query.limit]]
    last = items[-1] if len(rows) > query.limit else None
    return Page(items=items, next_cursor=walk.cursor(last) if last else None)


class _ById:
    """In the order of registration: the walk along `letter_visibility`'s key."""

    def __init__(self, direction: str, sign: str) -> None:
        self._sign = sign
        self.inner = f"v.letter_id {direction}"
        self.outer = f"l.letter_id {direction}"

    def after(self, cursor: str) -> tuple[str, dict[str, Any]]:
        (letter_id,) = decode_cursor(cursor, tuple[UUID])
        sign = self._sign
        text = f"AND v.letter_id {sign} :after_id AND l.letter_id {sign} :after_id"
        return text, {"after_id": letter_id}

    def cursor(self, last: LetterSummary) -> str:
        return encode_cursor(last.letter_id)


class _ByDue:
    """By due time; the office's letters are sorted, not walked."""

    def __init__(self, direction: str, sign: str) -> None:
        self._sign = sign
        self.inner = self.outer = f"l.due_at {direction}, l.letter_id {direction}"

    def after(self, cursor: str) -> tuple[str, dict[str, Any]]:
        due_at, letter_id = decode_cursor(cursor, tuple[datetime, UUID])
        text = f"AND (l.due_at, l.letter_id) {self._sign} (:after_due, :after_id)"
        return text, {"after_due": due_at, "after_id": letter_id}

    def cursor(self, last: LetterSummary) -> str:
        return encode_cursor(last.due_at, last.letter_id)


_WALKS: dict[LetterSort, _ById | _ByDue] = {
    LetterSort.NEWEST: _ById("DESC", "<"),
    LetterSort.OLDEST: _ById("ASC", ">"),
    LetterSort.DUE_FIRST: _ByDue("ASC", ">"),
    LetterSort.DUE_LAST: _ByDue("DESC", "<"),
}


def one(session: Session, caller: Caller, letter_id: UUID) -> Letter:
    """A letter with its files and the caller's tasks.

    Raises: NotFound, also when the caller may not know of it.
    """
    values = {**reach_values(caller.reaches()), "letter_id": letter_id}
    row = session.execute(_ONE, values).mappings().first()
    if row is None:
        raise NotFound
    files = session.execute(
        sa.text(
            "SELECT * FROM file WHERE letter_id = :letter_id AND report_id IS NULL"
            " ORDER BY place, file_id"
        ),
        {"letter_id": letter_id},
    ).mappings()
    readable = caller.readable(Secrecy(row["secrecy"]))
    tasks = views_tasks.on_letter(session, caller, letter_id, readable)
    return _letter(row, caller.org, views_tasks.files_of(files), tasks)


def summary_of(row: Any) -> LetterSummary:
    names = set(LetterSummary.__struct_fields__) - {"sender"}
    values = {name: row[name] for name in names}
    return msgspec.convert({**values, "sender": _sender(row)}, LetterSummary)


def _letter(row: Any, org: Organisation, files: Any, tasks: Any) -> Letter:
    plain = (
        *(set(LetterSummary.__struct_fields__) - {"sender"}),
        *("summary", "addressees", "copies", "replies_to", "closed_at", "version"),
    )
    external = row["external_system"] and {
        "system": row["external_system"],
        "id": row["external_id"],
    }
    values = {
        **{name: row[name] for name in plain},
        "sender": _sender(row),
        "addressed": _refs(org, row["addressees"]),
        "copied": _refs(org, row["copies"]),
        "external_ref": external and codec.load(ExternalRef, external),
        "invitation": row["invitation"]
        and msgspec.convert(row["invitation"], Invitation),
        "decision": row["decision"] and msgspec.convert(row["decision"], Decision),
        "created_by": codec.load(ActorRef, row["created_by"]),
        "file_ids": [each.file_id for each in files],
        "files": files,
        "my_tasks": tasks,
    }
    return msgspec.convert(values, Letter)


def _sender(row: Any) -> Sender:
    return Sender(
        name=row["sender_name"],
        unit_id=row["sender_unit_id"],
        address=row["sender_address"],
    )


def _refs(org: Organisation, position_ids: list[UUID]) -> list[PositionRef]:
    return [ref for ref in map(org.position_ref, position_ids) if ref is not None]


def _reach(caller: Caller, query: LettersQuery) -> dict[str, Any]:
    """The caller's positions, each with its unit and, for registrars, the register."""
    reaches = caller.reaches(query.position_id)
    units: list[str | None] = []
    registers: list[str | None] = []
    for one in reaches:
        position = caller.org.position(one.position_id)
        register = caller.org.register_unit_of(one.position_id)
        registrar = position is not None and position.duty is Duty.REGISTRAR
        units.append(str(position.unit_id) if position else None)
        registers.append(str(register) if registrar and register else None)
    return {
        **reach_values(reaches),
        "reach_units": units,
        "reach_registers": registers,
    }


def _wanted(query: LettersQuery) -> list[str]:
    given = {name: getattr(query, name) for name in _FILTERS}
    given["q"] = (query.q or "").strip()  # nothing to look for: no condition
    return [text for name, text in _FILTERS.items() if given[name]]


def _values(query: LettersQuery) -> dict[str, Any]:
    values = {
        name: getattr(query, name)
        for name in ("state", "kind", "urgency", "secrecy", "unit_id")
    }
    if query.q:
        values["q"] = query.q.translate(str.maketrans("/.-", "   "))
    if query.from_:
        values["from_"] = day_start("/from", query.from_)
    if query.to:
        values["to"] = day_start("/to", query.to, following=True)
    return values


def day_start(field: str, text: str, *, following: bool = False) -> datetime:
    """An instant as given, or a date's first instant (`following`: the next day's)."""
    try:
        if len(text) > len("2026-11-23"):
            moment = datetime.fromisoformat(text)
            return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)
        day = date.fromisoformat(text) + timedelta(days=following)
        return datetime.combine(day, time.min, ZONE).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise invalid(field, "Tanggal tidak sah") from error
