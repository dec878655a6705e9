"""What we write and what we read, judged by libraries that know nothing of us."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import recurring_ical_events
from hypothesis import example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event

from contracts.errors import Invalid
from contracts.schedule import ActivityState, Place
from services.schedule.calendars import writing
from services.schedule.calendars.occurrence import UNTITLED
from services.schedule.calendars.reading import AHEAD, BACK, read_calendar
from services.schedule.views.activities import present
from tests.unit.schedule.offices import NOW, activity, caller
from tests.unit.schedule.test_calendar_reading import HEAD, TAIL, event

ZONES = ("Asia/Makassar", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LINE = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")),
    min_size=1,
    max_size=200,
).filter(lambda text: text.strip() == text)
STARTS = st.datetimes(datetime(2026, 11, 1), datetime(2027, 11, 1)).map(
    lambda at: at.replace(microsecond=0, second=0)
)


@st.composite
def rules(draw: st.DrawFn) -> str:
    parts = [f"FREQ={draw(st.sampled_from(('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY')))}"]
    if draw(st.booleans()):
        parts.append(f"INTERVAL={draw(st.integers(1, 5))}")
    if draw(st.booleans()):
        parts.append(
            f"BYDAY={','.join(draw(st.sets(st.sampled_from(DAYS), min_size=1)))}"
        )
    ends = draw(st.sampled_from(("COUNT", "UNTIL")))
    if ends == "COUNT":
        parts.append(f"COUNT={draw(st.integers(1, 30))}")
    else:
        until = datetime(2027, 1, 1) + timedelta(days=draw(st.integers(0, 60)))
        parts.append(f"UNTIL={until:%Y%m%dT%H%M%SZ}")
    return ";".join(parts)


@settings(max_examples=150, deadline=None)
@given(rules(), st.sampled_from(ZONES), STARTS, st.sets(st.integers(1, 9)))
def test_rules_are_read_as_others_read_them(
    rule: str, zone: str, start: datetime, gone: set[int]
) -> None:
    skipped = [
        f"EXDATE;TZID={zone}:{start + timedelta(days=day):%Y%m%dT%H%M%S}"
        for day in sorted(gone)
    ]
    text = HEAD + _rule_event(rule, zone, start, skipped) + TAIL
    theirs = _expanded(text)

    try:
        ours = [item.starts_at for item in read_calendar(text, NOW).found]
    except Invalid:
        assert len(theirs) > 500
        return

    # RFC 5545 leaves open whether a DTSTART that its rule does not give counts.
    first = start.replace(tzinfo=None)
    assert [at for at in ours if _differs(at, first, zone)] == [
        at for at in theirs if _differs(at, first, zone)
    ]


def _rule_event(rule: str, zone: str, start: datetime, more: list[str]) -> str:
    end = start + timedelta(hours=1)
    return event(
        f"DTSTART;TZID={zone}:{start:%Y%m%dT%H%M%S}",
        f"DTEND;TZID={zone}:{end:%Y%m%dT%H%M%S}",
        f"RRULE:{rule}",
        *more,
    )


def _expanded(text: str) -> list[datetime]:
    found = recurring_ical_events.of(Calendar.from_ical(text))
    return sorted(
        each["DTSTART"].dt.astimezone(UTC)
        for each in found.between(NOW - BACK, NOW + AHEAD)
    )


def _differs(at: datetime, first: datetime, zone: str) -> bool:
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != first


@settings(max_examples=150, deadline=None)
@given(
    STARTS,
    st.one_of(st.none(), st.integers(1, 5000)),
    LINE,
    st.one_of(st.none(), LINE),
    st.sampled_from(ActivityState),
    st.integers(1, 1000),
)
@example(
    datetime(2026, 12, 1, 8),
    60,
    r"Rapat C:\Naskah; C:\notulen, \N",
    r"Aula\,",
    ActivityState.CONFIRMED,
    1,
)
def test_what_is_written_is_read_as_the_same(
    start: datetime,
    minutes: int | None,
    title: str,
    place: str | None,
    state: ActivityState,
    version: int,
) -> None:
    begins = start.replace(tzinfo=UTC)
    ends = begins + timedelta(minutes=minutes) if minutes else None
    booked = activity(
        activity_id=UUID(int=version),
        title=title,
        starts_at=begins,
        ends_at=ends,
        state=state,
        place=Place(name=place) if place else None,
        version=version,
    )
    shown = present(booked, caller("ajudan"))

    text = writing.written("Agenda", [writing.full_event(shown)])

    (read,) = _single(text, begins)
    assert str(read["UID"]) == f"{booked.activity_id}@rakat"
    assert read["DTSTART"].dt == begins
    assert read["DTEND"].dt == (ends or shown.assumed_ends_at)
    _assert_text(text, read, "SUMMARY", title)
    _assert_text(text, read, "LOCATION", place or "")
    assert read["SEQUENCE"] == version
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def _assert_text(text: str, read: Any, name: str, expected: str) -> None:
    """By the letter of RFC 5545 3.3.11; and as the library reads it, which takes a
    written ``\\n`` for a line break and ``%2C`` for a comma."""
    lines = text.replace("\r\n ", "").split("\r\n")
    raw = next((line for line in lines if line.startswith(f"{name}:")), f"{name}:")
    plain = re.sub(r"\\(.)", lambda found: found[1], raw.removeprefix(f"{name}:"))
    assert plain == expected
    if not set(expected) & set("\\%"):
        assert str(read.get(name, "")) == expected


def _single(text: str, begins: datetime) -> list[Any]:
    found = recurring_ical_events.of(Calendar.from_ical(text))
    return list(found.between(begins, begins + timedelta(minutes=1)))


def test_masked_activities_are_written_as_taken_time() -> None:
    shown = present(activity(title="Rahasia"), caller("ajudan"))

    text = writing.written(
        "Agenda", [writing.full_event(msgspec.structs.replace(shown, masked=True))]
    )

    assert "Rahasia" not in text
    assert "SUMMARY:Sibuk" in text


TEXTS = st.one_of(
    LINE,
    st.lists(
        st.sampled_from(("\\", "n", "N", ",", ";", ":", "%2C", "%5C", '"', "x", " "))
    ).map("".join),
)


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS)
@example(r"C:\Naskah, \N %2C \n", "%5C;")
def test_what_we_write_we_read_back(title: str, place: str) -> None:
    written = Event()
    written.add("uid", "a")
    written.add("dtstart", NOW)
    written.add("summary", writing.Line(title))
    written.add("location", writing.Line(place))

    (item,) = read_calendar(writing.written("Agenda", [written]), NOW).found

    assert item.title == (" ".join(title.split())[:500] or UNTITLED)
    assert item.place == (" ".join(place.split())[:500] or None)
