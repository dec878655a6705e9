"""The recurrence of a new activity as a rule and as dates, and any rule in words."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from contracts.codec import ZONE
from contracts.schedule import Recurrence
from gateway.portal import recurring, recurring_words
from gateway.portal.recurring import Repeat
from services.schedule.domain.recurrence import expand, rule_of

NOW = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
TUESDAY = "2026-11-24T09:00:00+08:00"


@pytest.mark.parametrize(
    "every", [code for code in recurring.CHOICES if code != "tidak"]
)
@pytest.mark.parametrize("day", ["2026-11-24", "2026-10-31", "2027-01-30"])
def test_the_dates_shown_are_those_the_schedule_books(every, day):
    repeat = Repeat(every, "2027-06-30")
    body = repeat.body(day)
    start = datetime.combine(date.fromisoformat(day), datetime.min.time(), ZONE)

    rule = rule_of(start, Recurrence(rrule=body["rrule"], on_clash=body["on_clash"]))
    booked = expand(rule, start, datetime(2028, 1, 1, tzinfo=ZONE))

    assert booked.finished
    assert repeat.dates(day) == [at.date() for at in booked.starts]


def test_the_last_day_is_asked_for_and_lies_after_the_first():
    assert Repeat().problems("2026-11-24") == []
    assert Repeat("harian", "2026-11-25").problems("2026-11-24") == []
    for wrong in ("", "besok", "2026-11-24", "2026-11-01"):
        (problem,) = Repeat("harian", wrong).problems("2026-11-24")
        assert problem["field"] == "sampai"


def test_foreign_values_mean_no_recurrence():
    repeat = recurring.from_form({"berulang": "setiap detik", "bila-bentrok": "apa"})

    assert not repeat
    assert repeat.body("2026-11-24") is None
    assert repeat.on_clash == "refuse"


def test_days_on_which_something_is_in_the_way_are_counted_once():
    days = Repeat("pekanan", "2026-12-22").dates("2026-11-24")
    begins = datetime(2026, 11, 24, 9, tzinfo=ZONE)
    two_lines = [
        {"starts_at": "2026-12-01T08:00:00+08:00", "ends_at": None},
        {
            "starts_at": "2026-12-01T09:30:00+08:00",
            "ends_at": "2026-12-01T10:00:00+08:00",
        },
        {
            "starts_at": "2026-12-15T10:00:00+08:00",
            "ends_at": "2026-12-23T08:00:00+08:00",
        },
    ]

    met = recurring.clashing(days, begins, begins.replace(hour=10), two_lines)
    open_end = recurring.clashing(days, begins, None, two_lines)

    assert met == [date(2026, 12, 1), date(2026, 12, 22)]
    assert open_end == [date(2026, 12, 1), date(2026, 12, 15), date(2026, 12, 22)]


@pytest.mark.parametrize(
    ("rrule", "said"),
    [
        ("FREQ=DAILY;UNTIL=20261231", "Setiap hari, sampai 31 Desember 2026"),
        ("FREQ=WEEKLY", "Setiap pekan pada hari Selasa, tanpa batas waktu"),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;COUNT=6",
            "Setiap 2 pekan pada hari Senin dan Rabu, 6 kali",
        ),
        ("FREQ=MONTHLY;COUNT=3", "Setiap bulan tanggal 24, 3 kali"),
        ("RRULE:FREQ=MONTHLY;BYDAY=-1FR", "Setiap bulan pada hari Jumat terakhir"),
        (
            "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
            "Setiap bulan tanggal 31, atau hari terakhirnya",
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "Setiap bulan pada hari terakhirnya, "),
        ("FREQ=MONTHLY;BYMONTHDAY=-2", "Setiap bulan, dengan aturan khusus"),
        ("FREQ=YEARLY;BYWEEKNO=3", "Setiap tahun, dengan aturan khusus"),
        ("FREQ=DAILY;UNTIL=20261231T200000Z", "Setiap hari, sampai 1 Januari 2027"),
        ("FREQ=DAILY;UNTIL=20261231T200000", "Setiap hari, sampai 31 Desember 2026"),
        (None, "Pada tanggal-tanggal tertentu"),
    ],
)
def test_a_rule_in_words(rrule, said):
    assert recurring_words.rule({"rrule": rrule}, TUESDAY).startswith(said)


def test_skipped_dates_are_named_as_far_as_a_message_holds_them():
    skipped = [
        {"starts_at": f"2026-12-{day:02}T09:00:00+08:00"} for day in range(1, 11)
    ]

    assert recurring_words.booked({"occurrences": 12, "skipped": []}, NOW) == "12 kali."
    text = recurring_words.booked({"occurrences": 5, "skipped": skipped}, NOW)

    assert text.startswith("5 kali. Dilewati karena bentrok (10): Sel, 1 Des; ")
    assert text.endswith("; dan 2 lagi.")
