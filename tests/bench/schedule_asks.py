"""What the schedule is asked in the measurements."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from contracts.codec import ZONE
from tests.bench import schedule_loader as loader
from tests.bench import schedule_regency as regency
from tests.bench.asking import Ask

# Who asks: sees nearly all, keeps the leaders' time, one agency's, nobody's.
READERS = (
    *(regency.PROTOCOL, regency.registrar_of(1), regency.head_of(1)),
    regency.staff_of(1),
)
KNOWN = range(regency.LEADERS + regency.SIZE)  # offices that both schedules hold
SIZES = (1, 3, 6, 12)
WEEK = "week of 40 offices"
BOOKED = "Rapat malam"  # how the bookings are called


def reads(monday: date) -> dict[str, list[Ask]]:
    return {
        "conflict check": list(checks(monday)),
        WEEK: list(weeks(monday)),
        "free slots, 15 people, 30 days": list(free_slots(monday)),
    }


def checks(monday: date) -> Iterator[Ask]:
    """Of one to twelve people, half of them with a room, in the next two weeks."""
    for number in range(48):
        day = monday + timedelta(days=7 + number % 5 + 7 * (number % 2))
        start = _at(day, 8 + number % 8)
        size = SIZES[number % len(SIZES)]
        offices = [KNOWN[(7 * number + 11 * n) % len(KNOWN)] for n in range(size)]
        body: dict[str, Any] = {
            "starts_at": start.isoformat(),
            "ends_at": (start + timedelta(minutes=60)).isoformat(),
            "position_ids": [_position(one) for one in dict.fromkeys(offices)],
        }
        if number % 8 < 4:
            body["resource_ids"] = [str(loader.THINGS[number % 50])]
        yield Ask(READERS[number % 4], "check_conflicts", {"body": body})


def weeks(monday: date) -> Iterator[Ask]:
    """Everything the offices of an agency sit in, Monday to Sunday, all pages."""
    for number in range(8):
        first = monday + timedelta(weeks=number % 3)
        query = {
            "from": first.isoformat(),
            "to": (first + timedelta(days=6)).isoformat(),
            "unit_id": str(regency.identity("unit", 1)),
            "limit": 200,
        }
        reader = READERS[number % 4]
        yield Ask(reader, "list_activities", {"query": query}, whole=True)


def free_slots(monday: date) -> Iterator[Ask]:
    for number in range(12):
        first = monday + timedelta(days=7 + number % 5)
        offices = [KNOWN[(5 * number + 4 * n) % len(KNOWN)] for n in range(15)]
        query = {
            "from": first.isoformat(),
            "to": (first + timedelta(days=29)).isoformat(),
            "duration_minutes": (30, 60, 120)[number % 3],
            "position_ids": [_position(one) for one in offices],
        }
        yield Ask(READERS[number % 4], "list_free_slots", {"query": query})


def bookings(monday: date) -> Iterator[Ask]:
    """Confirmed meetings of three in the evenings, when nobody sits anywhere: each
    finds its time free."""
    for number in range(40_000):
        agency, rest = 1 + number % regency.AGENCIES, number // regency.AGENCIES
        group, rest = rest % 13, rest // 13
        start = _at(monday + timedelta(days=10 + rest // 5), 17 + rest % 5)
        offices = regency.offices_of(agency)[3 * group : 3 * group + 3]
        body = {
            "title": f"{BOOKED} {number}",
            "kind": "rapat",
            "state": "confirmed",
            "starts_at": start.isoformat(),
            "ends_at": (start + timedelta(minutes=45)).isoformat(),
            "organiser_unit_id": str(regency.identity("unit", agency)),
            "participants": [
                {"position_id": _position(one), "role": "required"} for one in offices
            ],
        }
        reader = regency.registrar_of(agency)
        yield Ask(reader, "create_activity", {"body": body}, changes=True)


def _position(number: int) -> str:
    return str(regency.identity("position", number))


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), ZONE)
