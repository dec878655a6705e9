"""A calendar file into one office's time: once, honestly reported, never over another."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import Any

import eventlet
import pytest

from contracts.errors import Conflict, Forbidden, Invalid
from contracts.schedule import Visibility
from contracts.schedule_calendars import ImportQuery, ImportReport
from services.schedule.calendars.reading import AHEAD, BACK, read_calendar
from services.schedule.unit_of_work import opener
from services.schedule.use_cases.importing_calendars import import_activities
from tests.integration.schedule.desk import Desk
from tests.unit.schedule.offices import client, key, request
from tests.unit.schedule.test_calendar_reading import HEAD, TAIL, event

WEEKLY = event(
    "DTSTART;TZID=Asia/Makassar:20261126T090000",
    "DTEND;TZID=Asia/Makassar:20261126T100000",
    "RRULE:FREQ=WEEKLY;COUNT=3",
    "SUMMARY:Apel",
    uid="apel",
)
ONE = event(
    "DTSTART:20261127T010000Z",
    "DTEND:20261127T020000Z",
    "SUMMARY:Dokter",
    "LOCATION:RSUD",
    "CLASS:PRIVATE",
    uid="dokter",
)


def imported(
    desk: Desk, who: Any, *parts: str, dry_run: bool = False, **query: Any
) -> ImportReport:
    found = read_calendar(HEAD + "".join(parts) + TAIL, desk.now)
    wanted = ImportQuery(dry_run=dry_run, **query)
    with opener(desk.database, lambda: desk.now)() as uow:
        report = import_activities(uow, desk.caller(who), wanted, found)
        if not dry_run:
            uow.commit()
        return report


def outcomes(report: ImportReport) -> list[tuple[str, str]]:
    return [(item.title, item.outcome.value) for item in report.items]


def changed(part: str, old: str, new: str) -> str:
    assert old in part
    return part.replace(old, new)


def test_events_are_booked_and_the_same_file_again_adds_nothing(desk: Desk) -> None:
    first = imported(desk, "kadis", WEEKLY, ONE)
    told = len(desk.events())
    again = imported(desk, "kadis", WEEKLY, ONE)

    assert first.counts["created"] == 4
    assert first.position_id == key("kadis")
    assert again.counts["unchanged"] == 4
    assert [x.activity_id for x in first.items] == [x.activity_id for x in again.items]
    assert desk.count("activity") == 4
    assert len(desk.events()) == told
    doctor = next(item for item in first.items if item.uid == "dokter")
    assert doctor.activity_id is not None
    stored = desk.get("kadis", doctor.activity_id)
    assert (stored.state, stored.visibility) == ("confirmed", Visibility.BUSY_ONLY)
    assert stored.place is not None
    assert stored.place.name == "RSUD"


def test_a_dry_run_reports_the_same_and_stores_nothing(desk: Desk) -> None:
    desk.create("kadis", request("kadis"))

    tried = imported(desk, "kadis", WEEKLY, ONE, dry_run=True)

    assert desk.count("activity") == 1
    assert desk.count("bookable", f"ref = '{key('kadis')}'") == 1
    assert all(item.activity_id is None for item in tried.items)
    assert outcomes(imported(desk, "kadis", WEEKLY, ONE)) == outcomes(tried)


def test_what_clashes_is_listed_and_the_rest_is_kept(desk: Desk) -> None:
    taken = desk.create("kadis", request("kadis", title="Sudah ada"))

    report = imported(desk, "kadis", WEEKLY)

    assert outcomes(report) == [
        ("Apel", "clash"),
        ("Apel", "created"),
        ("Apel", "created"),
    ]
    (conflict,) = report.items[0].conflicts
    assert conflict.activity_id == taken.activity_id
    assert desk.double_bookings() == []
    assert len(desk.events("activity.confirmed.v1")) == 3

    desk.cancel("kadis", taken.activity_id)

    assert imported(desk, "kadis", WEEKLY).counts["created"] == 1


def test_a_changed_file_changes_what_differs(desk: Desk) -> None:
    imported(desk, "kadis", ONE)
    moved = changed(
        ONE, "T010000Z\r\nDTEND:20261127T02", "T030000Z\r\nDTEND:20261127T04"
    )

    report = imported(desk, "kadis", changed(moved, "Dokter", "Kontrol"))

    assert outcomes(report) == [("Kontrol", "updated")]
    assert report.items[0].activity_id is not None
    stored = desk.get("kadis", report.items[0].activity_id)
    assert (stored.title, stored.starts_at.hour) == ("Kontrol", 3)
    off = imported(desk, "kadis", changed(ONE, "CLASS", "STATUS:CANCELLED\r\nCLASS"))
    assert outcomes(off) == [("Dokter", "cancelled")]
    assert imported(desk, "kadis", ONE).counts["unchanged"] == 1


def test_a_change_that_clashes_leaves_all_and_tells_nobody(desk: Desk) -> None:
    pencilled = changed(ONE, "CLASS", "STATUS:TENTATIVE\r\nCLASS")
    imported(desk, "kadis", pencilled)
    desk.create("kadis", request("kadis", day=1, starts=9, ends=10))
    told = len(desk.events())

    report = imported(desk, "kadis", changed(ONE, "Dokter", "Kontrol"))

    assert outcomes(report) == [("Kontrol", "clash")]
    assert report.items[0].activity_id is not None
    stored = desk.get("kadis", report.items[0].activity_id)
    assert (stored.title, stored.state) == ("Dokter", "tentative")
    assert len(desk.events()) == told


def test_what_takes_no_time_or_is_ours_is_skipped(desk: Desk) -> None:
    report = imported(
        desk,
        "kadis",
        changed(ONE, "CLASS", "TRANSP:TRANSPARENT\r\nCLASS"),
        event("DTSTART:20261128T010000Z", "STATUS:CANCELLED", uid="batal"),
        event("DTSTART:20261129T010000Z", uid="0198f000@rakat"),
        event("DTSTART:20261130T010000Z", "DTEND:20281130T010000Z", uid="lama"),
    )

    assert report.counts["skipped"] == 4
    assert all(item.reason for item in report.items)
    assert desk.count("activity") == 0


def test_what_cannot_be_read_is_told_and_the_rest_is_kept(desk: Desk) -> None:
    bad = event("DTSTART;TZID=Mars:20261201T010000", "SUMMARY:Jauh", uid="mars")

    tried = imported(desk, "kadis", bad, ONE, dry_run=True)
    report = imported(desk, "kadis", bad, ONE)

    for told in (tried, report):
        assert outcomes(told) == [("Dokter", "created"), ("Jauh", "invalid")]
        assert (told.counts["created"], told.counts["invalid"]) == (1, 1)
    last = report.items[-1]
    assert (last.uid, last.starts_at, last.activity_id) == ("mars", None, None)
    assert last.reason == "Zona waktu tidak dikenal: Mars"
    assert desk.count("activity") == 1


def test_only_keepers_import_and_only_into_known_offices(desk: Desk) -> None:
    report = imported(desk, "ajudan", ONE, position_id=key("bupati"))
    assert report.position_id == key("bupati")
    assert imported(desk, "kadis", ONE).counts["created"] == 1  # once in each calendar

    with pytest.raises(Forbidden) as refused:
        imported(desk, "staf.dinkes", ONE, position_id=key("bupati"))
    assert refused.value.code == "not_schedule_keeper"
    with pytest.raises(Invalid):
        imported(desk, "kadis", ONE, position_id=key("nobody"))
    with pytest.raises(Forbidden):
        imported(desk, client(), ONE)


def test_an_import_racing_with_itself_and_with_bookings(desk: Desk) -> None:
    def book(hour: float) -> None:
        with contextlib.suppress(Conflict):
            desk.create("kadis", request("kadis", starts=hour, ends=hour + 1))

    threads = [eventlet.spawn(imported, desk, "kadis", WEEKLY, ONE) for _ in range(6)]
    threads += [eventlet.spawn(book, hour) for hour in (8.5, 9, 9.5)]
    for thread in threads:
        thread.wait()

    assert desk.double_bookings() == []
    assert desk.count("activity", "external_system IS NOT NULL") in (3, 4)


def test_what_is_cut_short_is_said_and_goes_on_later(desk: Desk) -> None:
    endless = event(
        "DTSTART:20261126T010000Z", "RRULE:FREQ=YEARLY", "SUMMARY:HUT", uid="hut"
    )
    past = event("DTSTART:20200101T010000Z", uid="lampau")

    tried = imported(desk, "kadis", endless, past, dry_run=True)
    done = imported(desk, "kadis", endless, past)

    assert tried.counts["created"] == done.counts["created"] == 2
    assert tried.outside == done.outside == 1
    until = desk.now + AHEAD
    assert (done.read_from, done.read_until) == (desk.now - BACK, until)
    for report in (tried, done):
        assert [item.read_until for item in report.items] == [until, until]

    desk.now += timedelta(days=365)

    later = imported(desk, "kadis", endless, past)
    assert outcomes(later) == [("HUT", "unchanged"), ("HUT", "created")]


def test_a_file_is_told_as_one(desk: Desk) -> None:
    weekly = event("DTSTART:20261126T010000Z", "RRULE:FREQ=WEEKLY", "SUMMARY:Apel")
    pencilled = desk.create(
        "kadis", request("bupati", day=1, starts=9, ends=10, state="proposed")
    )
    before = len(desk.events())

    report = imported(desk, "ajudan", weekly, ONE, position_id=key("bupati"))

    told = [one["data"] for one in desk.events()[before:]]
    files = [data for data in told if data.get("imported")]
    others = [data for data in told if not data.get("imported_into")]
    assert report.counts["created"] > 100
    assert [data["imported"] for data in files] == [report.counts["created"]]
    assert {data["imported_into"] for data in files} == {str(key("bupati"))}
    assert {data["activity_id"] for data in others} <= {str(pencilled.activity_id)}

    again = len(desk.events())
    imported(desk, "ajudan", weekly, ONE, position_id=key("bupati"))

    assert len(desk.events()) == again


def test_a_file_of_one_is_told_as_the_activity_it_is(desk: Desk) -> None:
    imported(desk, "ajudan", ONE, position_id=key("bupati"))

    (told,) = desk.events()
    assert told["type"] == "activity.confirmed.v1"
    assert told["data"]["imported_into"] is None
