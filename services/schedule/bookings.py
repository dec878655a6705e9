"""Lines on people's and things' time: the only module that writes `booking`.

No overlap is the exclusion constraint of the table (decision D5). Everything here
keeps two orders so that no two transactions wait for each other:

* keys are locked before any line is written, in ascending order: **shared** by who
  only adds lines, **exclusive** by who also takes lines away (moves, answers,
  overrides, changed assignments);
* lines are inserted by one statement in ascending order of their keys.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.schedule.domain.lines import Bookable, BookableKind, Line
from services.schedule.domain.slots import NO_KEY, Claim
from services.schedule.domain.span import Span

_LOCK_SPACE = 5  # first half of the advisory lock's number; the second is the key

_FIND = sa.text(
    "SELECT b.key, b.kind, b.ref FROM bookable b JOIN unnest("
    "CAST(:kinds AS text[]), CAST(:refs AS uuid[])) AS wanted (kind, ref)"
    " ON b.ref = wanted.ref AND b.kind = wanted.kind"
)
_ADD = sa.text(
    "INSERT INTO bookable (kind, ref) SELECT kind, ref FROM unnest("
    "CAST(:kinds AS text[]), CAST(:refs AS uuid[])) AS wanted (kind, ref)"
    " ORDER BY ref, kind ON CONFLICT DO NOTHING"
)
_LOCK = {
    False: sa.text(
        "SELECT pg_advisory_xact_lock_shared(:space, CAST(key AS integer))"
        " FROM unnest(CAST(:keys AS bigint[])) AS key"
    ),
    True: sa.text(
        "SELECT pg_advisory_xact_lock(:space, CAST(key AS integer))"
        " FROM unnest(CAST(:keys AS bigint[])) AS key"
    ),
}
_LAY = sa.text(
    "INSERT INTO booking (activity_id, key, during, binds, standing, since,"
    " position_id, resource_id)"
    " SELECT CAST(:activity_id AS uuid), key, tstzrange(start_at, end_at),"
    " standing = 'binding', standing, since, position_id, resource_id"
    " FROM unnest(CAST(:keys AS bigint[]), CAST(:starts AS timestamptz[]),"
    " CAST(:ends AS timestamptz[]), CAST(:standings AS text[]),"
    " CAST(:sinces AS timestamptz[]), CAST(:positions AS uuid[]),"
    " CAST(:resources AS uuid[]))"
    " AS line (key, start_at, end_at, standing, since, position_id, resource_id)"
    " ORDER BY key ON CONFLICT DO NOTHING RETURNING key"
)
_LAY_MANY = sa.text(
    "INSERT INTO booking (activity_id, key, during, binds, standing, since,"
    " position_id, resource_id)"
    " SELECT activity_id, key, tstzrange(start_at, end_at),"
    " standing = 'binding', standing, since, position_id, resource_id"
    " FROM unnest(CAST(:activities AS uuid[]), CAST(:keys AS bigint[]),"
    " CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[]),"
    " CAST(:standings AS text[]), CAST(:sinces AS timestamptz[]),"
    " CAST(:positions AS uuid[]), CAST(:resources AS uuid[]))"
    " AS line (activity_id, key, start_at, end_at, standing, since, position_id,"
    " resource_id) ORDER BY key, start_at"
)
_LIFT_MANY = sa.text(
    "DELETE FROM booking WHERE activity_id = ANY(CAST(:activities AS uuid[]))"
)
_LIFT = sa.text("DELETE FROM booking WHERE activity_id = :activity_id")

_TOUCHING = (
    " unnest(CAST(:keys AS bigint[]), CAST(:starts AS timestamptz[]),"
    " CAST(:ends AS timestamptz[])) AS line (key, start_at, end_at)"
    " WHERE int8range(b.key, b.key, '[]') && int8range(line.key, line.key, '[]')"
    " AND b.during && tstzrange(line.start_at, line.end_at) AND b.binds"
)
_DISPLACE = sa.text(
    "UPDATE booking b SET binds = false, standing = 'displaced' FROM"
    + _TOUCHING
    + " AND b.activity_id <> :activity_id"
    " RETURNING b.activity_id, b.position_id, b.resource_id"
)
_RIVALS = sa.text(
    "SELECT b.key, b.activity_id, b.since FROM booking b,"
    + _TOUCHING
    + " AND b.activity_id <> :activity_id"
)
# One row a key: a row for each of some thousand lines costs more than finding them.
_BUSY = sa.text(
    "SELECT b.key, array_agg(lower(b.during)) AS starts,"
    " array_agg(upper(b.during)) AS ends FROM booking b,"
    + _TOUCHING
    + " AND b.activity_id IS DISTINCT FROM CAST(:activity_id AS uuid)"
    " GROUP BY b.key"
)
# Merged by PostgreSQL: twelve people's lines of two months are some thousand, the
# stretches in which none of them could travel there and sit are a few dozen.
_TAKEN = sa.text(
    "SELECT lower(span), upper(span) FROM (SELECT range_agg(tstzrange("
    "lower(b.during) - make_interval(mins => line.after),"
    " upper(b.during) + make_interval(mins => line.before))) AS spans"
    " FROM unnest(CAST(:keys AS bigint[]), CAST(:befores AS integer[]),"
    " CAST(:afters AS integer[])) AS line (key, before, after)"
    " JOIN booking b ON int8range(b.key, b.key, '[]') &&"
    " int8range(line.key, line.key, '[]')"
    " AND b.during && tstzrange(:start_at, :end_at) AND b.binds"
    " AND b.activity_id IS DISTINCT FROM CAST(:activity_id AS uuid)) AS taken,"
    " unnest(taken.spans) AS span"
)
_SHORTEN = sa.text(
    "UPDATE booking SET during = tstzrange(lower(during), :end)"
    " WHERE activity_id = :activity_id AND during @> CAST(:end AS timestamptz)"
    " AND lower(during) < :end"
)


@dataclass(frozen=True, slots=True)
class Displaced:
    """A line that lost its time."""

    activity_id: UUID
    position_id: UUID | None
    resource_id: UUID | None


@dataclass(frozen=True, slots=True)
class Rival:
    """A line on the same time; `since` tells who came first."""

    key: int
    activity_id: UUID
    since: datetime


class Bookings:
    """Lines of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keys_of(self, bookables: Collection[Bookable]) -> dict[Bookable, int]:
        """The numbers of these people, positions and things; new ones get one."""
        found = self._find(bookables)
        missing = sorted(set(bookables) - set(found))
        if missing:
            self._session.execute(_ADD, _columns(missing))
            found |= self._find(missing)
        return found

    def known_keys(self, bookables: Collection[Bookable]) -> dict[Bookable, int]:
        """Like `keys_of`, for readers: who has no number has no line either."""
        return self._find(bookables)

    def _find(self, bookables: Collection[Bookable]) -> dict[Bookable, int]:
        rows = self._session.execute(_FIND, _columns(bookables))
        return {Bookable(BookableKind(row.kind), row.ref): row.key for row in rows}

    def lock(self, keys: Iterable[int], *, exclusive: bool) -> None:
        """Before the first line is written; until the transaction ends."""
        ordered = sorted(set(keys))
        if ordered:
            parameters = {"space": _LOCK_SPACE, "keys": ordered}
            self._session.execute(_LOCK[exclusive], parameters).all()

    def lay(self, activity_id: UUID, lines: Mapping[int, Line]) -> set[int]:
        """Insert all lines or none; the keys that were refused, if any."""
        if not lines:
            return set()
        point = self._session.begin_nested()
        refused = set(lines) - self._insert(activity_id, lines)
        point.rollback() if refused else point.commit()
        return refused

    def lay_what_fits(self, activity_id: UUID, lines: Mapping[int, Line]) -> set[int]:
        """Insert the lines that are free; the keys of those that are not."""
        if not lines:
            return set()
        return set(lines) - self._insert(activity_id, lines)

    def _insert(self, activity_id: UUID, lines: Mapping[int, Line]) -> set[int]:
        ordered = sorted(lines)
        parameters = {
            "activity_id": str(activity_id),
            **_spans({key: lines[key].span for key in ordered}),
            "standings": [lines[key].standing.value for key in ordered],
            "sinces": [lines[key].since for key in ordered],
            "positions": [_text(lines[key].position_id) for key in ordered],
            "resources": [_text(lines[key].resource_id) for key in ordered],
        }
        return set(self._session.scalars(_LAY, parameters))

    def lay_many(self, lines: Mapping[UUID, Mapping[int, Line]]) -> None:
        """Insert the lines of many activities that were found free while their keys
        were locked exclusively; one that is not free after all is an error."""
        flat = [
            (owner, key, line) for owner in lines for key, line in lines[owner].items()
        ]
        if flat:
            self._session.execute(_LAY_MANY, _lines(flat))

    def lift_many(self, activity_ids: Collection[UUID]) -> None:
        """Take all lines of these activities away."""
        activities = [str(key) for key in activity_ids]
        self._session.execute(_LIFT_MANY, {"activities": activities})

    def lift(self, activity_id: UUID) -> None:
        """Take all lines of an activity away."""
        self._session.execute(_LIFT, {"activity_id": activity_id})

    def shorten(self, activity_id: UUID, end: datetime) -> None:
        """It ended earlier: what lies after is free."""
        self._session.execute(_SHORTEN, {"activity_id": activity_id, "end": end})

    def displace(self, activity_id: UUID, spans: Mapping[int, Span]) -> list[Displaced]:
        """Take binding lines of others that overlap out of the constraint. The keys
        must be locked exclusively."""
        if not spans:
            return []
        parameters = {"activity_id": activity_id, **_spans(spans)}
        rows = self._session.execute(_DISPLACE, parameters)
        return [Displaced(*row) for row in rows]

    def rivals(self, activity_id: UUID, spans: Mapping[int, Span]) -> list[Rival]:
        """Binding lines of others on the same time."""
        if not spans:
            return []
        parameters = {"activity_id": activity_id, **_spans(spans)}
        return [Rival(*row) for row in self._session.execute(_RIVALS, parameters)]

    def busy(
        self, keys: Collection[int], within: Span, exclude: UUID | None
    ) -> dict[int, list[Span]]:
        """The time that is taken, per key."""
        if not keys:
            return {}
        parameters = {
            "activity_id": _text(exclude),
            **_spans(dict.fromkeys(keys, within)),
        }
        return {
            key: list(map(Span, starts, ends))
            for key, starts, ends in self._session.execute(_BUSY, parameters)
        }

    def taken(
        self, claims: Sequence[Claim], within: Span, exclude: UUID | None
    ) -> list[Span]:
        """When one at least of those claimed cannot, as `Taken.by_any` reckons it
        from `busy`."""
        known = [claim for claim in claims if claim.key != NO_KEY]
        if not known:
            return []
        parameters = {
            "activity_id": _text(exclude),
            "start_at": within.start,
            "end_at": within.end,
            "keys": [claim.key for claim in known],
            "befores": [claim.before for claim in known],
            "afters": [claim.after for claim in known],
        }
        return [Span(*row) for row in self._session.execute(_TAKEN, parameters)]


def _columns(bookables: Collection[Bookable]) -> dict[str, list[str]]:
    return {
        "kinds": [item.kind.value for item in bookables],
        "refs": [str(item.ref) for item in bookables],
    }


def _spans(spans: Mapping[int, Span]) -> dict[str, list[object]]:
    return {
        "keys": list(spans),
        "starts": [span.start for span in spans.values()],
        "ends": [span.end for span in spans.values()],
    }


def _lines(flat: Sequence[tuple[UUID, int, Line]]) -> dict[str, list[object]]:
    return {
        "activities": [str(owner) for owner, _, _ in flat],
        "keys": [key for _, key, _ in flat],
        "starts": [line.span.start for _, _, line in flat],
        "ends": [line.span.end for _, _, line in flat],
        "standings": [line.standing.value for _, _, line in flat],
        "sinces": [line.since for _, _, line in flat],
        "positions": [_text(line.position_id) for _, _, line in flat],
        "resources": [_text(line.resource_id) for _, _, line in flat],
    }


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None
