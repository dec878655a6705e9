"""Letters in numbers, over what a leader may see.

Counted when asked, over as few rows as the question allows: letters of the period
along the order of their ids, open work along a partial index that holds nothing
else. No counter is kept, so none can be wrong, and no act waits for one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contracts.letters import LetterState
from contracts.letters.dispositions import Overview, StateCount, StepTime, UnitCount
from services.letters.caller import Caller
from services.letters.domain import overview
from services.letters.ids import first_id_at

SAMPLE = 5_000  # medians rest on about so many letters of the period, by chance
STEPS = {
    "registered_read": ("created_at", "read_at"),
    "read_disposed": ("read_at", "disposed_at"),
    "disposed_completed": ("disposed_at", "ended_at"),
    "registered_completed": ("created_at", "ended_at"),
}
_ORDER = ("registered", "under_disposition", "completed", "closed")
_FINISHED = frozenset({"completed", "closed"})
_OF_PERIOD = """
    FROM ({seen}) AS v JOIN letter l ON l.letter_id = v.letter_id
    WHERE l.letter_id >= :first_id AND l.letter_id < :last_id
    AND l.direction = 'incoming' AND NOT l.legacy AND l.state <> 'void'{inside}
"""
# By the set of units as it stands: a few hundred ways letters go, not every letter.
_COUNTED = (
    "SELECT l.state, l.unit_ids, count(*) AS letters,"
    " count(*) FILTER (WHERE l.ended_at <= l.due_at) AS on_time"
    f"{_OF_PERIOD} GROUP BY l.state, l.unit_ids"
)
# Ids end in random bytes; `share` of 256 is taken.
_SAMPLED = (
    "SELECT l.unit_ids, l.created_at, l.read_at, l.disposed_at, l.ended_at"
    f"{_OF_PERIOD} AND get_byte(uuid_send(l.letter_id), 15) < :share"
)
_OPEN = """
    SELECT g.group_id, count(DISTINCT t.letter_id) AS running,
        count(DISTINCT t.letter_id) FILTER (WHERE t.due_at < :now) AS overdue,
        count(DISTINCT t.letter_id) FILTER (
            WHERE t.read_at IS NULL AND t.created_at < :day_ago) AS unread,
        count(DISTINCT t.letter_id) FILTER (
            WHERE t.due_at < :now AND t.letter_id >= :first_id
            AND t.letter_id < :last_id) AS late
    FROM task t JOIN unnest(CAST(:positions AS uuid[]), CAST(:groups AS uuid[]))
        AS g(position_id, group_id) ON g.position_id = t.position_id
    WHERE t.ended_at IS NULL AND t.role <> 'inform' AND ({visible})
    GROUP BY GROUPING SETS ((g.group_id), ())
"""
_NOTHING = {"running": 0, "overdue": 0, "unread": 0, "late": 0}

Row = Mapping[Any, Any]


def overview_of(
    session: Session,
    caller: Caller,
    positions: Iterable[UUID],
    period: overview.Period,
    unit_id: UUID | None,
) -> Overview:
    """What these positions of the caller see, of one unit and those below or all."""
    asked = _Asked(session, caller, list(positions), period, unit_id)
    counted = asked.counted()
    received = sum(row["letters"] for row in counted)
    sample = asked.sampled(received)
    now = asked.open_work()
    total = now.pop(None, _NOTHING)
    return Overview(
        unit_id=unit_id,
        from_=period.first,
        to=period.last,
        received=received,
        completed=sum(r["letters"] for r in counted if r["state"] in _FINISHED),
        on_time=sum(row["on_time"] for row in counted),
        **{name: total[name] for name in _NOTHING},
        states=_states(counted),
        units=_units(asked, counted, sample, now),
        steps=[_step(name, sample) for name in STEPS],
    )


class _Asked:
    """The question as SQL: what is seen, of which units, and its values."""

    def __init__(
        self,
        session: Session,
        caller: Caller,
        positions: list[UUID],
        period: overview.Period,
        unit_id: UUID | None,
    ) -> None:
        self._session, self.org = session, caller.org
        self._narrowed = unit_id is not None
        units = {unit_id, *self.org.units_below(unit_id)} if unit_id else None
        places = {
            one.position_id: overview.group_of(
                self.org, one.position_id, self._narrowed
            )
            for one in self.org.positions
            if units is None or one.unit_id in units
        }
        self._groups = {
            one.unit_id: one.unit_id if self._narrowed else one.register_unit_id
            for one in self.org.units
            if units is None or one.unit_id in units
        }
        self._seers = {f"seer{n}": one for n, one in enumerate(positions)}
        self._values: dict[str, Any] = {
            **self._seers,
            "first_id": first_id_at(period.starts_at),
            "last_id": first_id_at(period.ends_at),
            "now": caller.now,
            "day_ago": caller.now - overview.UNREAD_AFTER,
            "positions": [str(one) for one in places],
            "groups": [str(one) for one in places.values()],
            "units": [str(one) for one in self._groups],
        }

    def counted(self) -> Sequence[Row]:
        return self._rows(self._of_period(_COUNTED))

    def sampled(self, received: int) -> Sequence[Row]:
        share = math.ceil(256 * min(1.0, SAMPLE / max(received, 1)))
        return self._rows(self._of_period(_SAMPLED), share=share)

    def open_work(self) -> dict[UUID | None, Row]:
        """By unit; under None over all of them, each letter once."""
        seen = [
            "EXISTS (SELECT FROM letter_visibility v WHERE v.letter_id = t.letter_id"
            f" AND v.position_id = :{name})"
            for name in self._seers
        ]
        rows = self._rows(_OPEN.format(visible=" OR ".join(seen)))
        return {row["group_id"]: row for row in rows}

    def groups_of(self, unit_ids: Iterable[UUID]) -> Collection[UUID]:
        """The units a letter counts for, each once."""
        return {self._groups[one] for one in unit_ids if one in self._groups}

    def _of_period(self, text: str) -> str:
        """A letter two of his offices see counts once: UNION takes care."""
        seen = " UNION ".join(
            "SELECT letter_id FROM letter_visibility"
            f" WHERE position_id = :{name}"
            " AND letter_id >= :first_id AND letter_id < :last_id"
            for name in self._seers
        )
        inside = " AND l.unit_ids && CAST(:units AS uuid[])"
        return text.format(seen=seen, inside=inside if self._narrowed else "")

    def _rows(self, text: str, **more: Any) -> Sequence[Row]:
        found = self._session.execute(sa.text(text), {**self._values, **more})
        return found.mappings().all()


def _states(counted: Iterable[Row]) -> list[StateCount]:
    letters: Counter[str] = Counter()
    for row in counted:
        letters[row["state"]] += row["letters"]
    return [
        StateCount(state=LetterState(state), letters=letters[state])
        for state in _ORDER
        if letters[state]
    ]


def _units(
    asked: _Asked,
    counted: Iterable[Row],
    sample: Iterable[Row],
    now: Mapping[UUID | None, Row],
) -> list[UnitCount]:
    """Those with most overdue first; units nothing is known of are left out."""
    received: Counter[UUID] = Counter()
    for row in counted:
        for unit_id in asked.groups_of(row["unit_ids"]):
            received[unit_id] += row["letters"]
    took: dict[UUID, list[timedelta]] = {}
    for row in sample:
        if row["ended_at"] is not None:
            for unit_id in asked.groups_of(row["unit_ids"]):
                took.setdefault(unit_id, []).append(row["ended_at"] - row["created_at"])
    found = []
    for key in {*now, *received}:
        unit, open_now = asked.org.unit(key), now.get(key, _NOTHING)
        if unit is not None:
            found.append(
                UnitCount(
                    unit_id=unit.unit_id,
                    name=unit.name,
                    short_name=unit.short_name,
                    running=open_now["running"],
                    overdue=open_now["overdue"],
                    unread=open_now["unread"],
                    received=received[unit.unit_id],
                    median_hours=_median(took.get(unit.unit_id, ())),
                )
            )
    return sorted(found, key=lambda one: (-one.overdue, -one.running, one.name))


def _step(name: str, sample: Iterable[Row]) -> StepTime:
    start, end = STEPS[name]
    pairs: list[tuple[datetime, datetime]] = [
        (row[start], row[end]) for row in sample if row[start] and row[end]
    ]
    took = [later - earlier for earlier, later in pairs if later >= earlier]
    return StepTime(step=name, letters=len(took), median_hours=_median(took))


def _median(took: Collection[timedelta]) -> float | None:
    hours = [one / timedelta(hours=1) for one in took]
    return round(median(hours), 2) if hours else None
