"""Who is told: readers of the office at the event's time, and nobody else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from contracts.letters import Role, Secrecy, TaskReported, TaskState
from tests.unit.directory.organisations import NOW, assignment, key
from tests.unit.notify.scenes import (
    disposed,
    issued,
    lent_to_aide,
    moved,
    one_of_each,
    regency,
    registered,
    signed,
    told,
)

ALICE, BOB, CHARLIE, DEWI = (key(n) for n in ("alice", "bob", "charlie", "dewi"))


def test_the_holder_of_an_addressed_office_is_told() -> None:
    assert set(told(registered())) == {ALICE}


def test_an_acting_official_is_told_beside_the_definitive_one() -> None:
    acting = assignment("dewi", "bupati", "plh", date(2026, 11, 20), date(2026, 12, 1))

    heard = told(registered(), regency(acting))

    assert set(heard) == {ALICE, DEWI}
    assert heard[DEWI].body.endswith("Untuk Plh. bupati.")


def test_who_held_the_office_at_the_events_time_is_told_however_late_it_comes() -> None:
    acting = assignment("dewi", "bupati", "plh", date(2026, 11, 24), date(2026, 11, 24))

    during = told(registered(), regency(acting), at=NOW)
    after = told(registered(), regency(acting), at=NOW + timedelta(days=3))

    assert DEWI in during
    assert DEWI not in after


@pytest.mark.parametrize(
    ("secrecy", "include_secret", "hears"),
    [
        (Secrecy.BIASA, False, True),
        (Secrecy.TERBATAS, False, True),
        (Secrecy.RAHASIA, False, False),
        (Secrecy.RAHASIA, True, True),
        (Secrecy.SANGAT_RAHASIA, True, False),
    ],
)
def test_a_delegate_hears_of_secret_letters_only_when_given_that(
    secrecy: Secrecy, include_secret: bool, hears: bool
) -> None:
    org = regency(lent_to_aide(include_secret=include_secret))

    heard = told(registered(secrecy=secrecy), org)

    assert (DEWI in heard) is hears
    assert ALICE in heard


def test_who_did_it_is_not_told_of_it() -> None:
    org = regency(assignment("alice", "kadis", "plt", date(2026, 11, 1)))

    heard = told(disposed(), org, actor=signed("alice", "bupati"))

    assert set(heard) == {BOB}


def test_a_person_with_two_concerned_offices_hears_once_and_of_both() -> None:
    org = regency(assignment("bob", "sekda", "plt", date(2026, 11, 1)))
    event = disposed(issued("kadis"), issued("sekda", Role.INFORM))

    heard = told(event, org)

    assert set(heard) == {BOB}
    assert heard[BOB].title == "Disposisi baru dari bupati"
    assert heard[BOB].body.endswith("Untuk kadis dan Plt. sekda.")
    assert heard[BOB].link == f"/surat/{event.letter_id}"


def test_an_own_office_leads_before_a_lent_one() -> None:
    org = regency(lent_to_aide(include_secret=False))
    event = registered(issued("bupati"), issued("ajudan"))

    assert told(event, org)[DEWI].task_id == key("tugas/ajudan")


def test_of_one_office_a_person_needs_no_hint_which_is_meant() -> None:
    assert "Untuk" not in told(disposed())[BOB].body


def test_a_report_goes_to_the_giver_only() -> None:
    event = moved(TaskReported, TaskState.REPORTED, final=True)

    assert set(told(event, actor=signed("bob", "kadis"))) == {ALICE}


@pytest.mark.parametrize("secrecy", list(Secrecy))
def test_charlie_hears_nothing_of_a_letter_that_is_not_his(secrecy: Secrecy) -> None:
    org = regency(lent_to_aide(include_secret=True))

    for event in one_of_each(secrecy):
        assert CHARLIE not in told(event, org)
