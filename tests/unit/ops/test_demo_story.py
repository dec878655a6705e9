"""The demo's story: complete facts, relative days, pages that can be set."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta

import pytest

from ops.demo.moments import Moments, in_words, with_weekday
from ops.demo.paper import set_letter
from ops.demo.story import FACTS, activities, letters

TUESDAY = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # 09.00 in the regency


def codes(name: str) -> set[str]:
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return {row["code"] for row in csv.DictReader(lines)}


def test_every_office_of_a_letter_exists() -> None:
    known = codes("positions")

    for letter in letters():
        acting = [act.by for act in letter.acts]
        given = [line.office for act in letter.acts for line in act.to]
        named = {letter.registrar, *letter.to, *letter.copies, *acting, *given}
        assert named <= known, letter.subject


def test_every_code_of_a_letter_exists() -> None:
    kinds, instructions = codes("kinds"), codes("instructions")

    for letter in letters():
        used = {
            code for act in letter.acts for line in act.to for code in line.instructions
        }
        assert letter.kind in kinds
        assert used <= instructions, letter.subject


def test_acts_follow_their_letter_in_time() -> None:
    moments = Moments(TUESDAY)

    for letter in letters():
        times = [
            moments.past(*when)
            for when in (letter.when, *(a.when for a in letter.acts))
        ]
        assert min(times) == times[0], letter.subject


def test_every_name_of_an_activity_exists() -> None:
    positions, units, resources = codes("positions"), codes("units"), codes("resources")

    for activity in activities():
        people = {activity.by, *activity.host, *activity.required, *activity.invited}
        assert people <= positions, activity.title
        assert {activity.unit} <= units, activity.title
        assert set(activity.resources) <= resources, activity.title


def test_the_past_is_counted_in_working_days() -> None:
    moments = Moments(TUESDAY)

    assert moments.past(1, 8).date() == date(2026, 11, 23)
    assert moments.past(2, 8).date() == date(2026, 11, 20)
    assert moments.coming(4, 9).date() == date(2026, 11, 30)


def test_nothing_of_the_past_lies_ahead() -> None:
    moments = Moments(TUESDAY)

    assert moments.past(0, 15) == TUESDAY - timedelta(minutes=2)


def test_days_are_written_in_indonesian() -> None:
    assert in_words(date(2026, 8, 17)) == "17 Agustus 2026"
    assert with_weekday(date(2026, 11, 27)) == "Jumat, 27 November 2026"


@pytest.mark.parametrize("over", [None, "Kementerian Dalam Negeri"])
def test_a_page_is_set_as_pdf(over: str | None) -> None:
    facts = {
        "over": over,
        "sender": "Dinas Kesehatan",
        "address": "Kandangan",
        "town": "Kandangan",
        "signer": "Kepala",
        "date": "23 November 2026",
        "number": "440/1/2026",
        "nature": "Biasa",
        "enclosure": "–",
        "subject": "Contoh “kutipan” #hash $uang *bintang*",
        "to": "Bupati",
        "at": "Kandangan",
        "paragraphs": ["Isi surat."],
        "details": [["Tempat", "Aula"]],
        "closing": ["Terima kasih."],
        "copies": ["Sekretaris Daerah"],
    }

    assert set_letter(facts).startswith(b"%PDF-")
