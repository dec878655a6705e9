"""Days off: a file for both services, and years that no decree names yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from contracts import holidays
from contracts.codec import ZONE
from contracts.holidays import DayKind
from contracts.letters import Urgency
from services.letters.domain.due import due_by_urgency
from services.schedule.domain.calendar import holidays as published
from services.schedule.domain.calendar import working_hours
from tests.unit.directory.organisations import midnight

IDULFITRI = date(2027, 3, 9)
FILE = """date,name,name_en,kind
2026-01-01,Tahun Baru,New Year,national
2026-12-02,Hari Jadi Kabupaten,,regional
2027-12-02,Hari Jadi Kabupaten,,regional
"""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Path]:
    """A regency's own file, which a test may put in the demo's place."""
    before = holidays.current()
    path = tmp_path / "libur.csv"
    path.write_text(FILE, encoding="utf-8")
    yield path
    holidays.use(before)


def test_the_file_of_the_demo_decrees_2026() -> None:
    days = holidays.read(holidays.DEMO).days_off(2026)

    assert [day.kind for day in days].count(DayKind.NATIONAL) == 17
    assert [day.kind for day in days].count(DayKind.JOINT) == 8
    assert not any(day.provisional for day in days)


def test_a_regional_day_is_off_for_letters_and_schedule(own: Path) -> None:
    day = date(2026, 12, 2)
    start = midnight(date(2026, 12, 1))
    assert working_hours(day)
    before = due_by_urgency(start, Urgency.BIASA)

    holidays.use(holidays.read(own))

    assert working_hours(day) == ()
    assert (due_by_urgency(start, Urgency.BIASA) - before).days == 1
    (shown,) = [each for each in published(2026) if each.date == day]
    assert (shown.kind, shown.provisional, shown.label_en) == (
        "regional",
        False,
        "Hari Jadi Kabupaten",
    )


def test_of_a_year_without_a_decree_both_reckon_the_same_days() -> None:
    before = midnight(date(2027, 3, 3))

    due = due_by_urgency(before, Urgency.BIASA).astimezone(ZONE).date()

    # Thursday, Friday, then Nyepi and two days of Idulfitri, Thursday, Friday, Monday
    assert due == date(2027, 3, 15)
    assert working_hours(IDULFITRI) == ()
    shown = {each.date: each for each in published(2027)}
    assert shown[IDULFITRI].provisional
    assert not shown[date(2027, 8, 17)].provisional


def test_a_regional_day_alone_decrees_no_year(own: Path) -> None:
    found = holidays.read(own)

    assert not found.is_working_day(IDULFITRI)
    assert not found.is_working_day(date(2027, 12, 2))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("2026-02-30,Libur,,national", "baris 5"),
        ("2026-03-01,Libur,,local", "baris 5"),
        ("2026-03-01,,,national", "kosong"),
        ("2026-12-02,Libur,,national", "dua kali"),
    ],
)
def test_a_wrong_line_is_named(own: Path, line: str, told: str) -> None:
    own.write_text(FILE + line + "\n", encoding="utf-8")

    with pytest.raises(ValueError, match=told):
        holidays.read(own)


def test_a_file_without_the_columns_is_refused(own: Path) -> None:
    own.write_text("tanggal,nama\n", encoding="utf-8")

    with pytest.raises(ValueError, match="kolom"):
        holidays.read(own)
