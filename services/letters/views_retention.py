"""Ended letters of a register by how long they are kept, the longest ended first."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contracts.codec import ZONE
from contracts.errors import Forbidden, NotFound
from contracts.letters import Direction, LetterState, Secrecy
from contracts.letters.registers import (
    Fate,
    RetentionQuery,
    RetentionRow,
    RetentionStage,
)
from contracts.paging import Page, decode_cursor, encode_cursor
from services.letters.caller import Caller
from services.letters.domain import registers
from services.letters.views import ALLOWED, REACH, reach_values

_RULE = """
    SELECT r.classification_code AS rule_code, r.fate,
        (l.ended_at AT TIME ZONE 'Asia/Makassar')::date AS day,
        r.active_years, r.active_years + r.inactive_years AS all_years
    FROM retention_rule r
    WHERE r.classification_code = ANY (ARRAY(
        SELECT array_to_string((string_to_array(l.classification_code, '.'))[1:n], '.')
        FROM generate_series(
            1, cardinality(string_to_array(l.classification_code, '.'))) AS n))
    ORDER BY length(r.classification_code) DESC LIMIT 1
"""
_UNTIL = """
    SELECT (rule.day + make_interval(years => rule.active_years))::date AS active_until,
        (rule.day + make_interval(years => rule.all_years))::date AS inactive_until
"""
_STAGE = """
    SELECT CASE WHEN rule.rule_code IS NULL THEN 'unscheduled'
        WHEN :today < until.active_until THEN 'active'
        WHEN :today < until.inactive_until THEN 'inactive' ELSE 'due' END AS stage
"""
_ROWS = f"""
    SELECT l.letter_id, l.direction, l.agenda_number, l.agenda_year,
        l.register_unit_id, l.subject, l.classification_code, l.state, l.ended_at,
        l.secrecy_rank, rule.rule_code, rule.fate, until.active_until,
        until.inactive_until, now_in.stage
    FROM letter l
    LEFT JOIN LATERAL ({_RULE}) AS rule ON true
    CROSS JOIN LATERAL ({_UNTIL}) AS until
    CROSS JOIN LATERAL ({_STAGE}) AS now_in
    WHERE {{of_units}} AND l.ended_at IS NOT NULL
        AND EXISTS (SELECT FROM letter_visibility v JOIN {REACH} ON {ALLOWED}
            WHERE v.letter_id = l.letter_id)
"""
_YEARS_AGO = (
    "CAST(:today AS date) - make_interval(years => (SELECT {} FROM retention_rule))"
)
_MIN_ACTIVE, _MAX_ACTIVE = "min(active_years)", "max(active_years)"
_MIN_ALL, _MAX_ALL = (f"{f}(active_years + inactive_years)" for f in ("min", "max"))
_BOUNDS = {
    # Rough, so that the walk along the index skips what cannot be meant (a day is
    # left for the zone); the stage itself decides.
    RetentionStage.ACTIVE: f"l.ended_at > {_YEARS_AGO.format(_MAX_ACTIVE)}"
    " - interval '2 days'",
    RetentionStage.INACTIVE: f"l.ended_at > {_YEARS_AGO.format(_MAX_ALL)}"
    f" - interval '2 days' AND l.ended_at < {_YEARS_AGO.format(_MIN_ACTIVE)}"
    " + interval '2 days'",
    RetentionStage.DUE: f"l.ended_at < {_YEARS_AGO.format(_MIN_ALL)}"
    " + interval '2 days'",
    RetentionStage.UNSCHEDULED: "true",
}


def listed(
    session: Session, caller: Caller, query: RetentionQuery
) -> Page[RetentionRow]:
    """Raises: NotFound for a register that is not the caller's, Forbidden for who
    registers nothing."""
    units = _units(caller, query.unit_id)
    values: dict[str, Any] = {
        **reach_values(caller.reaches()),
        **_wanted(query),
        "units": units,
        "unit": units[0],
        "today": caller.now.astimezone(ZONE).date(),
        "limit": query.limit + 1,
    }
    rows = session.execute(_statement(query, len(units)), values).mappings().all()
    items = [_row(row) for row in rows[: query.limit]]
    last = items[-1] if len(rows) > query.limit else None
    following = encode_cursor(last.ended_at, last.letter_id) if last else None
    return Page(items=items, next_cursor=following)


def _wanted(query: RetentionQuery) -> dict[str, Any]:
    values: dict[str, Any] = {
        "stage": query.stage.value if query.stage else None,
        "fate": query.fate.value if query.fate else None,
        "before": query.before,
    }
    if query.cursor is not None:
        keys = decode_cursor(query.cursor, tuple[datetime, UUID])
        values["after"], values["after_id"] = keys
    return values


def _statement(query: RetentionQuery, units: int) -> sa.TextClause:
    # Of one register (as nearly always) the index gives the rows in their order.
    of_units = "= :unit" if units == 1 else "= ANY(:units)"
    text = _ROWS.format(of_units=f"l.register_unit_id {of_units}")
    if query.stage is not None:
        text += f" AND now_in.stage = :stage AND {_BOUNDS[query.stage]}"
    if query.fate is not None:
        text += " AND rule.fate = :fate"
    if query.before is not None:
        text += " AND until.inactive_until < :before"
    if query.cursor is not None:
        text += " AND (l.ended_at, l.letter_id) > (:after, :after_id)"
    return sa.text(f"{text} ORDER BY l.ended_at, l.letter_id LIMIT :limit")


def _units(caller: Caller, unit_id: UUID | None) -> list[UUID]:
    own = [one.position_id for one in caller.held if one.delegation_id is None]
    kept = registers.kept_by(caller.org, own)
    if unit_id is not None and unit_id not in kept:
        raise NotFound
    if not kept:
        raise Forbidden("outside_register")
    return [unit_id] if unit_id else sorted(kept)


def _row(row: Any) -> RetentionRow:
    same = (
        "letter_id agenda_number agenda_year register_unit_id classification_code"
        " ended_at rule_code active_until inactive_until"
    )
    masked = row["secrecy_rank"] >= Secrecy.RAHASIA.rank
    return RetentionRow(
        **{name: row[name] for name in same.split()},
        direction=Direction(row["direction"]),
        masked=masked,
        subject=None if masked else row["subject"],
        state=LetterState(row["state"]),
        fate=Fate(row["fate"]) if row["fate"] else None,
        stage=RetentionStage(row["stage"]),
    )
