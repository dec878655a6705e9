"""Letters as the API shows them: lists by box, and one letter with its files."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.organisation import Organisation
from contracts import codec
from contracts.actor import ActorRef, PositionRef
from contracts.errors import NotFound
from contracts.letters import (
    Decision,
    Direction,
    ExternalRef,
    File,
    Invitation,
    Letter,
    LettersQuery,
    LetterSummary,
    Sender,
)
from contracts.letters.search import FoundLetter
from contracts.paging import Page
from services.letters import (
    views_matches,
    views_outgoing,
    views_paper,
    views_tasks,
)
from services.letters.bundle import Bundle
from services.letters.caller import Caller
from services.letters.domain.paper import PaperPlace
from services.letters.masking import summary_in_list
from services.letters.repository import Letters
from services.letters.repository_dispositions import PLACE
from services.letters.timing import bounded
from services.letters.views import ALLOWED, REACH, reach_values
from services.letters.views_listing import is_narrowed, statement_of
from services.letters.walks import WALKS
from services.letters.words import looked_for

S = TypeVar("S", bound=LetterSummary)

BOUND_MS = 4000  # of a list that filters or words make slow, whatever they are

_PARTS = Bundle(
    files=(
        (
            "SELECT file_id, sha256, size_bytes, media_type, filename, page_count FROM file"
            " WHERE letter_id = :letter_id AND report_id IS NULL ORDER BY place, file_id"
        ),
        File,
    ),
    tasks=(views_tasks.ON_LETTER, views_tasks.TaskRow),
    places=(PLACE, PaperPlace),
    links=(views_outgoing.LINKED, views_outgoing.Linked),
)
_ONE = sa.text(
    f"SELECT it.*, {_PARTS.columns} FROM (SELECT l.* FROM letter l"
    f" WHERE l.letter_id = :letter_id AND EXISTS (SELECT"
    f" FROM letter_visibility v JOIN {REACH} ON {ALLOWED}"
    f" WHERE v.letter_id = l.letter_id)) AS it"
)


def listed(session: Session, caller: Caller, query: LettersQuery) -> Page[FoundLetter]:
    """Letters the caller may see. Raises: Invalid, also `query_too_broad`."""
    reaches = caller.reaches(query.position_id)
    if not reaches:
        return Page(items=[])
    words = looked_for(query.q)
    statement, values = statement_of(caller, reaches, query, words)
    narrowed = is_narrowed(query, words)
    with bounded(session, BOUND_MS) if narrowed else nullcontext():
        rows = session.execute(sa.text(statement), values).mappings().all()
        items = [
            summary_in_list(_line(row, FoundLetter)) for row in rows[: query.limit]
        ]
        if words is not None and items:
            views_matches.explain(session, items, words)
    more = len(rows) > query.limit
    following = WALKS[query.sort].cursor(items[-1]) if more else None
    return Page(items=items, next_cursor=following)


def one(session: Session, caller: Caller, letter_id: UUID) -> Letter:
    """A letter with its files and the caller's tasks.

    Raises: NotFound, also when the caller may not know of it.
    """
    values = {
        **reach_values(caller.reaches()),
        **views_tasks.own_values(caller),
        "letter_id": letter_id,
    }
    row = session.execute(_ONE, values).mappings().first()
    if row is None:
        raise NotFound
    parts = _PARTS.rows_of(row)
    tasks = views_tasks.on_letter(parts["tasks"], caller)
    found = _letter(row, caller.org, parts["files"], tasks)
    found.paper = views_paper.paper_at(caller, parts["places"])
    if row["direction"] == Direction.OUTGOING:
        whole = Letters(session).read(letter_id)
        found.outgoing = views_outgoing.part_of(session, caller, whole)
    found.source, found.replies = views_outgoing.linked(
        parts["links"], row["source_letter_id"]
    )
    return found


def summary_of(row: Any) -> LetterSummary:
    return summary_in_list(_line(row, LetterSummary))


def _line(row: Any, kind: type[S]) -> S:
    names = set(LetterSummary.__struct_fields__) - {"sender", "masked"}
    values = {name: row[name] for name in names}
    return msgspec.convert({**values, "sender": _sender(row)}, kind)


def _letter(row: Any, org: Organisation, files: Any, tasks: Any) -> Letter:
    plain = (
        *(set(LetterSummary.__struct_fields__) - {"sender", "masked"}),
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
