"""Fills the schedule's database with a made-up diary, by COPY.

A million lines take about a minute: triggers and foreign keys rest meanwhile, and the
indexes are made afterwards. The constraint that nobody is promised twice is one of
them: PostgreSQL makes it only if the diary keeps it.
"""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from psycopg2 import extensions

from chassis.database import Database
from contracts.codec import ZONE
from contracts.schedule import ActivityState, Standing
from services.schedule.domain.lines import BookableKind
from tests.bench import schedule_regency as regency
from tests.bench.letters_generator import vacuum
from tests.bench.schedule_diary import ROOMS, VEHICLES, Meeting, diary, weeks_for

TABLES = ("activity", "participant", "activity_resource", "booking")
_SMALL = ("resource", "bookable")
COLUMNS = {
    "activity": "activity_id, title, kind, starts_at, ends_at, until_at,"
    " organiser_unit_id, state, visibility, place, travel_before, travel_after,"
    " blocked, restricted, alternatives, created_by, created_by_person, created_at,"
    " updated_at, confirmed_at, version",
    "participant": "activity_id, position_id, ordinal, role, response, person_id, key,"
    " from_letter",
    "activity_resource": "activity_id, resource_id, ordinal, key, approved",
    "booking": "activity_id, key, during, binds, standing, since, position_id,"
    " resource_id",
    "resource": "resource_id, code, name, kind, unit_id, capacity",
    "bookable": "key, kind, ref",
}
_TITLES = (
    *("Rapat koordinasi", "Rapat evaluasi kegiatan", "Pembahasan anggaran"),
    *("Peninjauan jalan", "Sosialisasi program", "Audiensi warga", "Rapat persiapan"),
)
_STANDINGS = {
    ActivityState.CONFIRMED: Standing.BINDING,
    ActivityState.TENTATIVE: Standing.TENTATIVE,
    ActivityState.PROPOSED: Standing.PROPOSED,
}
_POSITIONS = [regency.identity("position", n) for n in range(regency.OFFICES)]
_PEOPLE = [regency.identity("person", n) for n in range(regency.OFFICES)]
_UNITS = [regency.identity("unit", n) for n in range(regency.AGENCIES + 1)]
THINGS = [regency.identity("thing", n) for n in range(ROOMS + VEHICLES)]
_MAKERS = [
    json.dumps({"person": {"person_id": str(_PEOPLE[n]), "name": f"Pemegang {n}"}})
    for n in range(regency.OFFICES)
]
Row = tuple[object, ...]
Rows = dict[str, list[Row]]

_PLAIN_INDEXES = """
SELECT c.relname AS name, pg_get_indexdef(i.indexrelid) AS definition
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_class t ON t.oid = i.indrelid
WHERE t.relname = ANY(:tables) AND NOT EXISTS (
    SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
"""
_EXCLUSION = """
SELECT conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint
WHERE contype = 'x' AND conrelid = 'booking'::regclass
"""


def load(
    database: Database, lines: int, monday: date, offices: int = regency.OFFICES
) -> tuple[int, float]:
    """Fill the (empty) tables around `monday` and analyse them; how many lines there
    are, and the seconds."""
    began = time.monotonic()
    with database.engine.connect() as connection:
        connection.execute(sa.text("SET statement_timeout = 0"))
        connection.execute(sa.text("SET maintenance_work_mem = '512MB'"))
        connection.execute(sa.text("SET session_replication_role = replica"))
        connection.commit()
        again = _without_indexes(connection)
        made = _fill(connection, monday, weeks_for(lines, offices), offices)
        for statement in again:
            connection.execute(sa.text(statement.replace(":", r"\:")))
        connection.commit()
        connection.invalidate()  # its settings must not reach who borrows it next
    vacuum(database, TABLES)
    return made, time.monotonic() - began


def forget(database: Database, title: str) -> None:
    """Take away the activities called so, and the events that told of them."""
    own = "(SELECT activity_id FROM activity WHERE title LIKE :title)"
    with database.engine.begin() as connection:
        for table in ("booking", "participant", "activity"):
            statement = f"DELETE FROM {table} WHERE activity_id IN {own}"
            connection.execute(sa.text(statement), {"title": f"{title}%"})
        connection.execute(sa.text("TRUNCATE outbox"))


def _without_indexes(connection: sa.Connection) -> list[str]:
    """What brings them back, the constraint first."""
    again = []
    query = sa.text(_EXCLUSION.replace("::", r"\:\:"))
    for row in connection.execute(query).all():
        connection.execute(sa.text(f'ALTER TABLE booking DROP CONSTRAINT "{row.name}"'))
        added = f'ADD CONSTRAINT "{row.name}" {row.definition}'
        again.append(f"ALTER TABLE booking {added}")
    plain = connection.execute(sa.text(_PLAIN_INDEXES), {"tables": list(TABLES)})
    for row in plain.all():
        connection.execute(sa.text(f'DROP INDEX "{row.name}"'))
        again.append(row.definition)
    return again


def _fill(connection: sa.Connection, monday: date, weeks: int, offices: int) -> int:
    _copy(connection, _furniture())
    made, serial = 0, iter(range(10**9))
    for week in diary(monday, weeks, offices):
        rows: Rows = {name: [] for name in TABLES}
        for meeting in week:
            _write(rows, meeting, next(serial), monday)
        made += len(rows["booking"])
        _copy(connection, rows)
    keys = "SELECT setval(pg_get_serial_sequence('bookable', 'key'), max(key))"
    connection.execute(sa.text(f"{keys} FROM bookable"))
    return made


def _furniture() -> Rows:
    """Rooms, vehicles and the numbers under which everybody is booked."""
    return {
        "resource": [
            (
                *(key, f"b{n}", f"Sarana {n}", "room" if n < ROOMS else "vehicle"),
                *(_UNITS[n % len(_UNITS)], 20 + n),
            )
            for n, key in enumerate(THINGS)
        ],
        "bookable": [
            *((n + 1, BookableKind.PERSON, key) for n, key in enumerate(_PEOPLE)),
            *((_thing_key(n), BookableKind.RESOURCE, k) for n, k in enumerate(THINGS)),
        ],
    }


def _thing_key(thing: int) -> int:
    return regency.OFFICES + 1 + thing


def _write(rows: Rows, meeting: Meeting, number: int, today: date) -> None:
    early = timedelta(days=3 + number % 20)
    made_at = (
        min(
            meeting.starts_at, datetime(today.year, today.month, today.day, tzinfo=ZONE)
        )
        - early
    )
    key = UUID(f"{int(made_at.timestamp() * 1000):012x}7000{number:016x}")
    rows["activity"].append(_activity(meeting, key, number, made_at, today))
    for ordinal, office in enumerate(meeting.offices):
        guest = meeting.guest and office == meeting.offices[-1]
        role = "invited" if guest else "required" if ordinal else "host"
        laid = meeting.state is not ActivityState.CANCELLED
        rows["participant"].append(
            (
                *(key, _POSITIONS[office], ordinal, role),
                "pending" if ordinal else "attending",
                *(_PEOPLE[office], office + 1 if laid else None, "f"),
            )
        )
        if laid:
            standing = _STANDINGS[meeting.state]
            if guest and standing is Standing.BINDING:
                standing = Standing.INVITED
            place = (_POSITIONS[office], None)
            rows["booking"].append(
                _line(meeting, key, office + 1, standing, made_at, place)
            )
    if meeting.thing is not None:
        _write_thing(rows, meeting, meeting.thing, key, made_at)


def _write_thing(
    rows: Rows, meeting: Meeting, thing: int, key: UUID, made_at: datetime
) -> None:
    number = _thing_key(thing)
    rows["activity_resource"].append((key, THINGS[thing], 0, number, "t"))
    if meeting.state is not ActivityState.CANCELLED:
        place = (None, THINGS[thing])
        standing = _STANDINGS[meeting.state]
        rows["booking"].append(_line(meeting, key, number, standing, made_at, place))


def _activity(
    meeting: Meeting, key: UUID, number: int, made_at: datetime, today: date
) -> Row:
    state = meeting.state
    if state is ActivityState.CONFIRMED and meeting.ends_at.date() < today:
        state = ActivityState.COMPLETED
    shown = "public" if number % 10 == 0 else "busy_only" if number % 7 == 0 else None
    confirmed = state in (ActivityState.CONFIRMED, ActivityState.COMPLETED)
    title = f"{_TITLES[number % len(_TITLES)]} {number}"
    place = json.dumps({"name": f"Ruang {number % 90}"}) if number % 3 else None
    return (
        *(key, title, meeting.kind, meeting.starts_at, meeting.ends_at),
        *(meeting.ends_at, _UNITS[meeting.unit], state, shown or "internal", place),
        *(meeting.travel, meeting.travel, "f", "f", "[]"),
        *(_MAKERS[meeting.offices[0]], _PEOPLE[meeting.offices[0]]),
        *(made_at, made_at, made_at if confirmed else None, 1),
    )


def _line(
    meeting: Meeting,
    activity: UUID,
    key: int,
    standing: Standing,
    since: datetime,
    place: tuple[UUID | None, UUID | None],
) -> Row:
    travel = timedelta(minutes=meeting.travel)
    during = f"[{meeting.starts_at - travel},{meeting.ends_at + travel})"
    binds = "t" if standing is Standing.BINDING else "f"
    return (activity, key, during, binds, standing, since, *place)


def _copy(connection: sa.Connection, rows: Rows) -> None:
    cursor = connection.connection.cursor()
    with _waiting_plainly():
        for table, found in rows.items():
            text = io.StringIO("".join(_texts(found)))
            # nothing in it needs escaping: ids, times, made-up words
            cursor.copy_expert(f"COPY {table} ({COLUMNS[table]}) FROM STDIN", text)


@contextmanager
def _waiting_plainly() -> Iterator[None]:
    """psycopg2 does not copy while it waits as eventlet wants it to."""
    waiting = extensions.get_wait_callback()
    extensions.set_wait_callback(None)
    try:
        yield
    finally:
        extensions.set_wait_callback(waiting)


def _texts(rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        yield "\t".join("\\N" if one is None else str(one) for one in row) + "\n"
