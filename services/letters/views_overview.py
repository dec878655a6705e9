"""Letters in numbers, over what a leader may see.

Counted when asked, over as few rows as the question allows: letters of the period
along the order of their ids, open work along a partial index that holds nothing
else. No counter is kept, so none can be wrong, and no act waits for one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import nullcontext
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
from services.letters.timing import preceded

SAMPLE = 5_000  # medians rest on about so many letters of the period, by chance
STEPS = {
    "registered_read": "l.read_at - l.created_at",
    "read_disposed": "l.disposed_at - l.read_at",
    "disposed_completed": "l.ended_at - l.disposed_at",
    "registered_completed": "l.ended_at - l.created_at",
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
# Ids end in random bytes; `share` of 256 is taken. In seconds, what took so long.
_SAMPLED = "SELECT l.unit_ids, {took}{of_period} GROUP BY l.unit_ids".format(
    took=", ".join(
        f"array_agg(extract(epoch FROM {step})::float8)"
        f" FILTER (WHERE {step} IS NOT NULL) AS {name}"
        for name, step in STEPS.items()
    ),
    of_period=f"{_OF_PERIOD} AND get_byte(uuid_send(l.letter_id), 15) < :share",
)
_OPEN_WORK = "t.ended_at IS NULL AND t.role <> 'inform'"
_OPEN_COUNTS = """count(*) AS running, count(*) FILTER (WHERE overdue) AS overdue,
        count(*) FILTER (WHERE unread) AS unread,
        count(*) FILTER (WHERE overdue AND letter_id >= :first_id
            AND letter_id < :last_id) AS late"""
_OPEN = f"""
    WITH {{seen}} work AS MATERIALIZED (
        SELECT t.letter_id, g.group_id, bool_or(t.due_at < :now) AS overdue,
            bool_or(t.read_at IS NULL AND t.created_at < :day_ago) AS unread
        FROM task t JOIN unnest(CAST(:positions AS uuid[]), CAST(:groups AS uuid[]))
            AS g(position_id, group_id) ON g.position_id = t.position_id
        WHERE {_OPEN_WORK} AND {{visible}}
        GROUP BY t.letter_id, g.group_id
    )
    SELECT group_id, {_OPEN_COUNTS} FROM work GROUP BY group_id
    UNION ALL
    SELECT NULL, {_OPEN_COUNTS} FROM (
        SELECT letter_id, bool_or(overdue) AS overdue, bool_or(unread) AS unread
        FROM work GROUP BY letter_id) AS once
"""
# Of few offices, or for who sees few letters: as the planner likes.
_FEW = {
    "seen": "",
    "visible": "EXISTS (SELECT FROM letter_visibility v"
    " WHERE v.letter_id = t.letter_id AND v.position_id IN ({seers}))",
}
# Few letters are open, but some leaders see nearly all there are: the open ones are
# looked up in one walk along what he sees, and their work in one along the open work.
_MANY = {
    "seen": f"""seen AS MATERIALIZED (
        SELECT letter_id FROM letter_visibility WHERE position_id IN ({{seers}})
            AND letter_id = ANY(ARRAY(
                SELECT DISTINCT t.letter_id FROM task t WHERE {_OPEN_WORK}))
    ),""",
    "visible": "t.letter_id = ANY(ARRAY(SELECT letter_id FROM seen))",
}
MANY = 0.1  # of all offices stand below who sees many letters
# Of an array's length the planner knows nothing: a walk and a hash suit any.
_ALONG = "SET LOCAL enable_nestloop = off; SET LOCAL enable_sort = off; "
_HASHED = "SET LOCAL enable_sort = off; "
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
        with preceded(self._session, _HASHED):
            return self._rows(self._of_period(_COUNTED))

    def sampled(self, received: int) -> Sequence[Row]:
        share = math.ceil(256 * min(1.0, SAMPLE / max(received, 1)))
        return self._rows(self._of_period(_SAMPLED), share=share)

    def open_work(self) -> dict[UUID | None, Row]:
        """By unit; under None over all of them, each letter once."""
        seers = ", ".join(f":{name}" for name in self._seers)
        many = self._sees_many()
        parts = {
            name: text.format(seers=seers)
            for name, text in (_MANY if many else _FEW).items()
        }
        with preceded(self._session, _ALONG) if many else nullcontext():
            rows = self._rows(_OPEN.format(**parts))
        return {row["group_id"]: row for row in rows}

    def _sees_many(self) -> bool:
        """Whether the open letters he sees are found fastest among all he sees."""
        below = max(len(self.org.below(one)) for one in self._seers.values())
        return not self._narrowed and below > MANY * len(self.org.positions)

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
    took: dict[UUID, list[float]] = {}
    for row in sample:
        for unit_id in asked.groups_of(row["unit_ids"]):
            took.setdefault(unit_id, []).extend(row["registered_completed"] or ())
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
    took = [one for row in sample for one in row[name] or () if one >= 0]
    return StepTime(step=name, letters=len(took), median_hours=_median(took))


def _median(seconds: Collection[float]) -> float | None:
    return round(median(seconds) / 3600, 2) if seconds else None
