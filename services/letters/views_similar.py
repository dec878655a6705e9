"""Letters that look the same: by number and sender, whatever their case, spaces and
punctuation; without a number by sender, date and subject; or by the other application's
id. Only letters the caller may see are named."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contracts.letters import LetterSummary, RegisterLetter
from contracts.letters.search import SimilarQuery
from contracts.paging import Page
from services.letters.caller import Caller
from services.letters.views import ALLOWED, REACH, reach_values
from services.letters.views_letters import summary_of
from services.letters.views_listing import SUMMARY

MOST = 5
_SAME_DAY = (
    "(l.dated_on IS NULL OR CAST(:dated_on AS date) IS NULL"
    " OR l.dated_on = CAST(:dated_on AS date))"
)
_SAME_SENDER = "letter_key(l.sender_name) = letter_key(:sender_name)"
_SAME_NUMBER = (
    "letter_key(l.number) = letter_key(:number) AND letter_key(:number) <> ''"
)
_BY_NUMBER = f"{_SAME_SENDER} AND {_SAME_NUMBER} AND {_SAME_DAY}"
_BY_SUBJECT = (
    f"{_SAME_SENDER} AND letter_key(l.number) IS NULL AND l.dated_on = CAST(:dated_on AS date)"
    " AND letter_key(l.subject) = letter_key(:subject)"
)
_BY_OTHER_ID = "l.external_system = :system AND l.external_id = :external_id"


def duplicates(
    session: Session, caller: Caller, body: RegisterLetter, letter_id: UUID
) -> list[UUID]:
    """Letters the one just registered as `letter_id` may be a copy of."""
    external = body.external_ref
    values = {
        "sender_name": body.sender.name,
        "number": body.number,
        "subject": body.subject,
        "dated_on": body.dated_on,
        "system": external.system if external else None,
        "external_id": external.id if external else None,
    }
    ways = [_BY_SUBJECT if body.number is None else _BY_NUMBER]
    if external is not None:
        ways.append(_BY_OTHER_ID)
    rows = _found(session, caller, ways, {**values, "not_this": letter_id})
    return [row["letter_id"] for row in rows]


def similar(
    session: Session, caller: Caller, query: SimilarQuery
) -> Page[LetterSummary]:
    """Letters that look like the one being typed."""
    if query.sender_name is None or not (query.number or query.subject):
        return Page(items=[])
    values = {name: getattr(query, name) for name in query.__struct_fields__}
    way = _BY_NUMBER if query.number else _BY_SUBJECT
    rows = _found(session, caller, [way], {**values, "not_this": None})
    return Page(items=[summary_of(row) for row in rows])


def _found(
    session: Session, caller: Caller, ways: list[str], values: dict[str, Any]
) -> list[Any]:
    """Each way has an index of its own, so each is asked by itself."""
    same = " UNION ".join(
        f"(SELECT l.letter_id FROM letter l WHERE {way} AND l.state <> 'void'"
        f" ORDER BY l.letter_id DESC LIMIT 50)"
        for way in ways
    )
    statement = f"""
        SELECT {SUMMARY} FROM ({same}) AS same
        JOIN letter l ON l.letter_id = same.letter_id
        WHERE l.letter_id IS DISTINCT FROM CAST(:not_this AS uuid) AND EXISTS (
            SELECT FROM {REACH} JOIN letter_visibility v ON {ALLOWED}
            WHERE v.letter_id = l.letter_id)
        ORDER BY l.letter_id DESC LIMIT {MOST}
    """
    values = {**values, **reach_values(caller.reaches())}
    return list(session.execute(sa.text(statement), values).mappings())
