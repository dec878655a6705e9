"""Tasks as the API shows them: my tasks, given tasks, one task with its reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypedDict
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from contracts import codec
from contracts.actor import ActorRef
from contracts.errors import NotFound
from contracts.letters import (
    File,
    Invitation,
    Openness,
    Report,
    Secrecy,
    Task,
    TaskCounters,
    TasksQuery,
)
from contracts.paging import Page, decode_cursor, encode_cursor
from services.letters.caller import Caller
from services.letters.domain.visibility import Reach, reach
from services.letters.masking import task_in_list
from services.letters.views import REACH, reach_values

_COLUMNS = """
    t.task_id, t.letter_id, t.disposition_id, t.parent_task_id, t.position_id,
    t.given_by, t.role, t.instructions, coalesce(t.note, d.note) AS note,
    d.note AS disposition_note, t.due_at, t.state, t.since,
    t.created_at, t.read_at, t.ended_at, t.version, l.subject, l.agenda_number,
    l.number, l.kind, l.urgency, l.secrecy, l.sender_name, l.state AS letter_state,
    l.invitation
"""
_TASKS = (
    "task t JOIN letter l ON l.letter_id = t.letter_id"
    " LEFT JOIN disposition d ON d.disposition_id = t.disposition_id"
)
# Rows of `TaskRow`; open ones first.
ON_LETTER = (
    f"SELECT {_COLUMNS} FROM {_TASKS}"
    " JOIN unnest(CAST(:own AS uuid[]), CAST(:own_ranks AS int[]))"
    " AS own(position_id, max_rank) ON own.position_id = t.position_id"
    " AND l.secrecy_rank <= own.max_rank WHERE t.letter_id = :letter_id"
    " ORDER BY t.ended_at NULLS FIRST, t.task_id"
)
_SORT_KEY = "coalesce(t.due_at, 'infinity'::timestamptz)"

_BRANCH = sa.text(
    """
    WITH RECURSIVE up AS (
        SELECT task_id AS below, parent_task_id FROM task
        WHERE task_id = ANY(CAST(:ids AS uuid[]))
        UNION ALL
        SELECT up.below, t.parent_task_id FROM up
        JOIN task t ON t.task_id = up.parent_task_id)
    SELECT up.below, t.position_id FROM up JOIN task t ON t.task_id = up.parent_task_id
    """
)
_COUNT = sa.text(
    f"""
    SELECT count(*) FILTER (WHERE t.state = 'sent') AS unread_tasks,
        count(*) AS open_tasks,
        count(*) FILTER (WHERE t.due_at < :now) AS overdue_tasks
    FROM {REACH} JOIN task t ON t.position_id = p.position_id AND t.ended_at IS NULL
    JOIN letter l ON l.letter_id = t.letter_id AND l.secrecy_rank <= p.max_rank
    """
)


class TaskRow(TypedDict):
    """The columns of a task, read from JSON."""

    task_id: UUID
    letter_id: UUID
    disposition_id: UUID | None
    parent_task_id: UUID | None
    position_id: UUID
    given_by: UUID | None
    role: str
    instructions: list[str]
    note: str | None
    disposition_note: str | None
    due_at: datetime | None
    state: str
    since: datetime
    created_at: datetime
    read_at: datetime | None
    ended_at: datetime | None
    version: int
    subject: str
    agenda_number: str | None
    number: str | None
    kind: str
    urgency: str
    secrecy: str
    sender_name: str
    letter_state: str
    invitation: Any


def mine(session: Session, caller: Caller, query: TasksQuery) -> Page[Task]:
    """Tasks of the caller's positions, the most pressing first."""
    reaches = caller.reaches(query.position_id)
    return listed(session, caller, query, "t.position_id", reaches)


def counters(session: Session, caller: Caller) -> TaskCounters:
    values = {**reach_values(caller.reaches()), "now": caller.now}
    return TaskCounters(**session.execute(_COUNT, values).mappings().one())


def by_ids(
    session: Session, caller: Caller, task_ids: Sequence[UUID], *, full: bool = False
) -> list[Task]:
    """These tasks in this order; the caller is known to see their letter."""
    if not task_ids:
        return []
    values = {"ids": [str(one) for one in task_ids]}
    query = sa.text(
        f"SELECT {_COLUMNS} FROM {_TASKS}"
        " WHERE t.task_id = ANY(CAST(:ids AS uuid[]))"
        " ORDER BY array_position(CAST(:ids AS uuid[]), t.task_id)"
    )
    rows = session.execute(query, values).mappings().all()
    allowed = may_read_notes(session, caller, rows)
    reports = _reports(session, task_ids, allowed) if full else {}
    return [
        task_of(row, caller, row["task_id"] in allowed, reports.get(row["task_id"]))
        for row in rows
    ]


def on_letter(rows: Iterable[TaskRow], caller: Caller) -> list[Task]:
    """The caller's tasks on one letter, which `ON_LETTER` found."""
    return [task_of(row, caller, notes=True) for row in rows]


def own_values(caller: Caller) -> dict[str, Any]:
    """What `ON_LETTER` asks for: the offices he holds, and how far each may read."""
    own = [reach(one) for one in caller.held]
    return {
        "own": [str(one.position_id) for one in own],
        "own_ranks": [one.max_secrecy for one in own],
    }


def one(session: Session, caller: Caller, task_id: UUID) -> Task:
    found = by_ids(session, caller, [task_id], full=True)
    if not found:
        raise NotFound
    return found[0]


def may_read_notes(
    session: Session, caller: Caller, rows: Iterable[Any]
) -> frozenset[UUID]:
    """Tasks whose notes and reports the caller reads: he holds its position, the
    giver's, or one above in the branch."""
    readable = {secrecy: caller.readable(secrecy) for secrecy in Secrecy}
    allowed, far = set(), {}
    for row in rows:
        positions = readable[Secrecy(row["secrecy"])]
        if positions & {row["position_id"], row["given_by"]}:
            allowed.add(row["task_id"])
        elif row["parent_task_id"] is not None:
            far[row["task_id"]] = positions
    if far:
        ids = [str(one) for one in far]
        for below, position_id in session.execute(_BRANCH, {"ids": ids}):
            if position_id in far[below]:
                allowed.add(below)
    return frozenset(allowed)


def task_of(
    row: Any, caller: Caller, notes: bool, reports: list[Report] | None = None
) -> Task:
    position = caller.org.position(row["position_id"])
    giver = caller.org.position(row["given_by"])
    overdue = row["ended_at"] is None and _before(row["due_at"], caller.now)
    invitation = row["invitation"]
    values = {
        **row,
        "title": position.title if position else "",
        "unit_name": position.unit_name if position else "",
        "given_by_title": giver.title if giver else None,
        "note": row["note"] if notes else None,
        "disposition_note": row["disposition_note"] if notes else None,
        "overdue": overdue,
        "invitation": msgspec.convert(invitation, Invitation) if invitation else None,
        "reports": reports or [],
    }
    return msgspec.convert(values, Task)


def files_of(rows: Iterable[Any]) -> list[File]:
    names = File.__struct_fields__
    return [File(**{name: row[name] for name in names}) for row in rows]


def _before(due_at: datetime | None, now: datetime) -> bool:
    return due_at is not None and due_at < now


def listed(
    session: Session,
    caller: Caller,
    query: TasksQuery,
    column: str,
    reaches: Sequence[Reach],
    more: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
) -> Page[Task]:
    """Tasks whose `column` is one of the positions reached. `more`: further
    conditions, each with its values."""
    values = {
        **reach_values(reaches),
        **_filters(query, caller.now),
        **{name: value for given in more.values() for name, value in given.items()},
        "limit": query.limit + 1,
    }
    after = ""
    if query.cursor is not None:
        due, values["after_id"] = decode_cursor(
            query.cursor, tuple[datetime | None, UUID]
        )
        values["after_due"] = due.isoformat() if due else "infinity"
        after = f"AND ({_SORT_KEY}, t.task_id) > (CAST(:after_due AS timestamptz),"
        after += " :after_id)"
    statement = f"""
        SELECT DISTINCT found.* FROM {REACH} CROSS JOIN LATERAL (
            SELECT {_COLUMNS}, {_SORT_KEY} AS sort_key
            FROM {_TASKS}
            WHERE {column} = p.position_id AND l.secrecy_rank <= p.max_rank
                {_conditions(query)} {" ".join(f"AND {one}" for one in more)} {after}
            ORDER BY {_SORT_KEY}, t.task_id LIMIT :limit) AS found
        ORDER BY found.sort_key, found.task_id LIMIT :limit
    """
    rows = session.execute(sa.text(statement), values).mappings().all()
    page = rows[: query.limit]
    allowed = may_read_notes(session, caller, page)
    items = [
        task_in_list(task_of(row, caller, row["task_id"] in allowed)) for row in page
    ]
    last = items[-1] if len(rows) > query.limit else None
    following = encode_cursor(last.due_at, last.task_id) if last else None
    return Page(items=items, next_cursor=following)


def _conditions(query: TasksQuery) -> str:
    parts = {
        "AND t.ended_at IS NULL": query.state is Openness.OPEN,
        "AND t.ended_at IS NOT NULL": query.state is Openness.CLOSED,
        "AND t.role = :role": query.role is not None,
        "AND t.letter_id = :letter_id": query.letter_id is not None,
        "AND (t.ended_at IS NULL AND t.due_at < :now)": query.overdue is True,
        "AND NOT (t.ended_at IS NULL AND coalesce(t.due_at < :now, false))": (
            query.overdue is False
        ),
    }
    return " ".join(text for text, wanted in parts.items() if wanted)


def _filters(query: TasksQuery, now: datetime) -> dict[str, Any]:
    return {
        "role": query.role.value if query.role else None,
        "letter_id": query.letter_id,
        "now": now,
    }


def _reports(
    session: Session, task_ids: Sequence[UUID], allowed: frozenset[UUID]
) -> dict[UUID, list[Report]]:
    """The reports of these tasks; their text and files only where allowed."""
    ids = {"ids": [str(one) for one in task_ids]}
    rows = session.execute(
        sa.text(
            "SELECT * FROM report WHERE task_id = ANY(CAST(:ids AS uuid[]))"
            " ORDER BY report_id"
        ),
        ids,
    )
    files = session.execute(
        sa.text(
            "SELECT f.* FROM file f JOIN report r ON r.report_id = f.report_id"
            " WHERE r.task_id = ANY(CAST(:ids AS uuid[])) ORDER BY f.place"
        ),
        ids,
    )
    attached: dict[UUID, list[Any]] = {}
    for one in files.mappings():
        attached.setdefault(one["report_id"], []).append(one)
    found: dict[UUID, list[Report]] = {}
    for row in rows:
        open_to_caller = row.task_id in allowed
        shown = Report(
            report_id=row.report_id,
            final=row.final,
            at=row.reported_at,
            by=codec.load(ActorRef, row.reported_by),
            text=row.text if open_to_caller else None,
            files=files_of(attached.get(row.report_id, [])) if open_to_caller else None,
        )
        found.setdefault(row.task_id, []).append(shown)
    return found
