"""The statement behind a list of letters: by box, filter and words.

Each position the caller reads as is asked by itself, with its id written out: only so
does the planner know who sees twenty letters and who sees a million, and choose between
walking the office's letters and walking what a filter leaves. The cursor's inequality
stands on every table (D18).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from chassis.organisation import Organisation
from contracts.codec import ZONE
from contracts.directory import Duty
from contracts.errors import invalid
from contracts.fields import LATEST_YEAR
from contracts.letters import Box, LettersQuery
from services.letters.caller import Caller
from services.letters.domain.visibility import Reach
from services.letters.ids import first_id_at
from services.letters.views import ALLOWED
from services.letters.walks import WALKS
from services.letters.words import Words

_SPACED_OFFSET = re.compile(r"(\d\d:\d\d.*) (\d\d:\d\d)$")
APART = 8  # positions asked each by itself; an application may read as hundreds

SUMMARY = """
    l.letter_id, l.direction, l.agenda_number, l.agenda_seq, l.agenda_year,
    l.register_unit_id, l.kind, l.number, l.dated_on, l.received_at, l.sender_name,
    l.sender_unit_id, l.sender_address, l.subject, l.classification_code, l.urgency,
    l.secrecy, l.state, l.outcome, l.due_at, l.activity_id, l.created_at
"""
_IN_BOX = {
    Box.INBOX: "AND v.why = 'recipient' AND l.direction = 'incoming'",
    Box.REGISTERED: "AND {registered} AND l.direction = 'incoming'",
    Box.OUTGOING: "AND l.direction = 'outgoing'",
    Box.UNIT: "",
    Box.ALL: "",
}
_BY_ME = "l.registrar_position_id = p.position_id"
_IN_MY_REGISTER = f"({_BY_ME} OR l.register_unit_id = p.register_unit_id)"
_FILTERS = {
    "state": "l.state = :state",
    "kind": "l.kind = :kind",
    "urgency": "l.urgency = :urgency",
    "secrecy": "v.secrecy_rank = :rank",
    # Ids ascend in time, so a time is a range of them. It stands on one table only: of
    # two bounds close together the planner believes that nothing lies between.
    "from_": "v.letter_id >= :first_id AND l.created_at >= :from_",
    "to": "v.letter_id <= :last_id AND l.created_at < :to",
}
# More tables of a letter, by alias; all have its id.
_WORDS = ("x", "JOIN letter_text x ON x.letter_id = l.letter_id")
_UNIT = (
    "u",
    "JOIN letter_unit u ON u.letter_id = l.letter_id AND u.unit_id = :unit_id",
)
_MY_UNIT = (
    "m",
    "JOIN letter_unit m ON m.letter_id = l.letter_id AND m.unit_id = p.unit_id",
)
_PLAIN = ("state", "kind", "urgency", "unit_id")
_REACH = {
    "position_id": "uuid",
    "max_rank": "int",
    "chain_only": "bool",
    "unit_id": "uuid",
    "register_unit_id": "uuid",
}


def statement_of(
    caller: Caller, reaches: tuple[Reach, ...], query: LettersQuery, words: Words | None
) -> tuple[str, dict[str, Any]]:
    """SQL and values of one page and one row more. Raises: Invalid."""
    walk, values = WALKS[query.sort], _values(query)
    joins = _joins(query, words)
    conditions = _conditions(query, words)
    if query.cursor is not None:
        after, more = walk.after(query.cursor, ["v", "l", *joins])
        conditions.append(after)
        values |= more
    if words is not None:
        values |= words.values
    inner = f"""
        SELECT {SUMMARY} FROM {{p}} JOIN letter_visibility v
            ON v.position_id = p.position_id
        JOIN letter l ON l.letter_id = v.letter_id {" ".join(joins.values())}
        WHERE {ALLOWED} {_IN_BOX[query.box]}
            {" ".join(f"AND {text}" for text in conditions)}
        ORDER BY {walk.order} LIMIT :limit
    """
    rows = [_row(caller.org, one) for one in reaches]
    statement, given = _over(rows, inner, walk.order)
    return statement, {**values, **given, "limit": query.limit + 1}


def _over(
    rows: list[dict[str, Any]], inner: str, order: str
) -> tuple[str, dict[str, Any]]:
    """`inner` for every position, merged; each letter once."""
    if len(rows) > APART:
        return _over_arrays(rows, inner, order)
    parts: list[str] = []
    values: dict[str, Any] = {}
    for number, row in enumerate(rows):
        cells = [
            f"CAST(:{name}_{number} AS {kind}) AS {name}"
            for name, kind in _REACH.items()
        ]
        registered = _IN_MY_REGISTER if row["register_unit_id"] else _BY_ME
        source = f"(SELECT {', '.join(cells)}) AS p"
        parts.append(inner.format(p=source, registered=registered))
        values |= {f"{name}_{number}": value for name, value in row.items()}
    if len(parts) == 1:
        return parts[0], values
    union = " UNION ".join(f"({part})" for part in parts)
    return f"SELECT * FROM ({union}) AS l ORDER BY {order} LIMIT :limit", values


def _over_arrays(
    rows: list[dict[str, Any]], inner: str, order: str
) -> tuple[str, dict[str, Any]]:
    walk = inner.format(p="(SELECT every.*) AS p", registered=_IN_MY_REGISTER)
    arrays = [f"CAST(:{name} AS {kind}[])" for name, kind in _REACH.items()]
    statement = f"""
        SELECT DISTINCT {SUMMARY} FROM unnest({", ".join(arrays)})
            AS every({", ".join(_REACH)})
        CROSS JOIN LATERAL ({walk}) AS l
        ORDER BY {order} LIMIT :limit
    """
    return statement, {name: [row[name] for row in rows] for name in _REACH}


def _row(org: Organisation, one: Reach) -> dict[str, Any]:
    """A position with its unit and, for registrars, the register."""
    position = org.position(one.position_id)
    register = org.register_unit_of(one.position_id)
    registrar = position is not None and position.duty is Duty.REGISTRAR
    return {
        "position_id": str(one.position_id),
        "max_rank": one.max_secrecy,
        "chain_only": one.chain_only,
        "unit_id": str(position.unit_id) if position else None,
        "register_unit_id": str(register) if registrar and register else None,
    }


def _joins(query: LettersQuery, words: Words | None) -> dict[str, str]:
    wanted = {
        _WORDS: words is not None,
        _UNIT: query.unit_id is not None,
        _MY_UNIT: query.box is Box.UNIT,
    }
    return dict(join for join, is_wanted in wanted.items() if is_wanted)


def is_narrowed(query: LettersQuery, words: Words | str | None) -> bool:
    """Whether letters are left out for another reason than who may see them."""
    return bool(_filters(query) or words or query.unit_id)


def _filters(query: LettersQuery) -> list[str]:
    return [text for name, text in _FILTERS.items() if getattr(query, name)]


def _conditions(query: LettersQuery, words: Words | None) -> list[str]:
    found = _filters(query)
    return [*found, f"x.tsv @@ {words.query}"] if words else found


def _values(query: LettersQuery) -> dict[str, Any]:
    values = {name: getattr(query, name) for name in _PLAIN}
    values["rank"] = query.secrecy.rank if query.secrecy else None
    if query.from_:
        values["from_"] = day_start("/from", query.from_)
        values["first_id"] = first_id_at(values["from_"])
    if query.to:
        values["to"] = day_start("/to", query.to, following=True)
        values["last_id"] = first_id_at(values["to"] + timedelta(milliseconds=1))
    return values


def day_start(field: str, text: str, *, following: bool = False) -> datetime:
    """An instant as given, or a date's first instant (`following`: the next day's)."""
    try:
        if len(text) > len("2026-11-23"):
            return _instant(text)
        day = date.fromisoformat(text) + timedelta(days=following)
        return datetime.combine(day, time.min, ZONE).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise invalid(field, "Tanggal tidak sah") from error


def _instant(text: str) -> datetime:
    # a "+" that was not escaped arrives as a space
    at = datetime.fromisoformat(_SPACED_OFFSET.sub(r"\1+\2", text))
    if at.year > LATEST_YEAR:
        raise ValueError("the last years overflow further on")
    return at if at.tzinfo else at.replace(tzinfo=ZONE)
