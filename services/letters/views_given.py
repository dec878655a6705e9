"""What an office gave to others, and how far each is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from contracts.letters import Secrecy, Task
from contracts.letters.dispositions import GivenTask, GivenTasksQuery, Progress
from contracts.paging import Page
from services.letters import views_tasks
from services.letters.caller import Caller
from services.letters.domain.authority import approver_of
from services.letters.domain.visibility import Reach

# A secret letter is found by its number only: a list tells no word of it.
_SOUGHT = (
    "(l.agenda_number ILIKE :sought OR l.secrecy_rank < :secret AND (l.subject ILIKE"
    " :sought OR l.number ILIKE :sought OR l.sender_name ILIKE :sought))"
)
_PROGRESS = sa.text(
    """
    SELECT g.task_id,
        count(c.task_id) AS children,
        count(c.task_id) FILTER (WHERE c.ended_at IS NULL) AS open_children,
        count(c.task_id) FILTER (WHERE c.state = 'completed') AS completed_children,
        count(c.task_id) FILTER (WHERE c.ended_at IS NULL AND c.due_at < :now)
            AS overdue_children,
        (SELECT max(reported_at) FROM report r WHERE r.task_id = g.task_id)
            AS last_report_at,
        (SELECT max(at) FROM reminder r WHERE r.task_id = g.task_id) AS reminded_at
    FROM unnest(CAST(:ids AS uuid[]), CAST(:letters AS uuid[]))
        AS g(task_id, letter_id)
    LEFT JOIN task c ON c.letter_id = g.letter_id AND c.parent_task_id = g.task_id
        AND c.role <> 'inform'
    GROUP BY g.task_id
    """
)


def given(session: Session, caller: Caller, query: GivenTasksQuery) -> Page[GivenTask]:
    """Tasks the caller's positions gave, the most pressing first. With `waiting` also
    those of vacant givers whose approval falls to him."""
    reaches = [*caller.reaches(query.position_id)]
    if query.waiting:
        reaches += _standing_in(caller, reaches)
    conditions = dict(_conditions(query))
    page = views_tasks.listed(session, caller, query, "t.given_by", reaches, conditions)
    found = _progress(session, caller, page.items)
    items = [_with_progress(one, found[one.task_id]) for one in page.items]
    return Page(items=items, next_cursor=page.next_cursor)


def _standing_in(caller: Caller, reaches: Sequence[Reach]) -> Iterator[Reach]:
    """Vacant offices below for which he approves; he is above them, so he sees their
    ordinary letters only."""
    mine = {one.position_id for one in reaches if not one.chain_only}
    for position in caller.org.positions:
        key = position.position_id
        is_vacant = caller.org.holder(key, caller.now) is None
        if is_vacant and approver_of(caller.org, key, caller.now) in mine - {key}:
            yield Reach(key, Secrecy.BIASA.rank, chain_only=False)


def _conditions(
    query: GivenTasksQuery,
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if query.to_position_id is not None:
        yield (
            "t.position_id = :to_position_id",
            {"to_position_id": query.to_position_id},
        )
    if query.waiting is not None:
        yield ("" if query.waiting else "NOT ") + "(t.state = 'reported')", {}
    sought = (query.q or "").strip()
    if sought:
        escaped = sought.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
        yield _SOUGHT, {"sought": f"%{escaped}%", "secret": Secrecy.RAHASIA.rank}


def _progress(
    session: Session, caller: Caller, tasks: Sequence[Task]
) -> dict[UUID, sa.RowMapping]:
    values = {
        "ids": [str(one.task_id) for one in tasks],
        "letters": [str(one.letter_id) for one in tasks],
        "now": caller.now,
    }
    rows = session.execute(_PROGRESS, values).mappings()
    return {row["task_id"]: row for row in rows}


def _with_progress(task: Task, row: sa.RowMapping) -> GivenTask:
    counted = {name: row[name] for name in Progress.__struct_fields__}
    return GivenTask(
        **msgspec.structs.asdict(task),
        progress=Progress(**counted),
        reminded_at=row["reminded_at"],
    )
