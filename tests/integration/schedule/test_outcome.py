"""Minutes: only once it has begun, only by those who answer for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contracts.actor import Actor
from contracts.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from contracts.letters.words import Secrecy
from tests.integration.schedule.desk import Desk, refused
from tests.integration.schedule.post import Letter, activity_of, deliver
from tests.integration.schedule.test_races import race
from tests.unit.schedule.offices import client, people, request


def test_what_came_of_it_is_kept_and_told(desk: Desk) -> None:
    made = desk.create("ajudan", request("bupati"))
    early = refused(lambda: desk.record("ajudan", made.activity_id))
    assert early.code == "activity_not_begun"
    assert "record" not in desk.get("ajudan", made.activity_id).allowed

    desk.now = made.starts_at + timedelta(minutes=5)
    assert "record" in desk.get("ajudan", made.activity_id).allowed
    desk.record("ajudan", made.activity_id, made.version)
    desk.complete("ajudan", made.activity_id)
    written = desk.record("ajudan", made.activity_id)

    assert written.state == "completed"
    kept = desk.get("kadis", made.activity_id).outcome
    assert kept is not None
    assert (kept.summary, kept.decisions, kept.at) == ("Sepakat", ["Lanjut"], desk.now)
    changes = [row["data"]["changes"] for row in desk.events("activity.changed.v1")]
    assert changes == [["outcome"], ["state"], ["outcome"]]


@pytest.mark.parametrize("who", ["kadis", "staf.dinkes", client("setda")])
def test_guests_and_strangers_write_no_minutes(desk: Desk, who: str | Actor) -> None:
    guests = [*people("bupati", role="host"), *people("kadis", role="invited")]
    made = desk.create("ajudan", request(participants=guests))
    desk.now = made.starts_at

    with pytest.raises((Forbidden, NotFound)):
        desk.record(who, made.activity_id)


def test_of_two_who_read_the_same_one_writes(desk: Desk) -> None:
    made = desk.create("ajudan", request("bupati"))
    desk.now = made.starts_at

    def write() -> None:
        desk.record("ajudan", made.activity_id, made.version)

    assert race(write, write, write) == {"done": 1, Stale.default_code: 2}


def test_what_was_only_asked_for_or_called_off_has_none(desk: Desk) -> None:
    asked = desk.create("ajudan", request("bupati", state="proposed"))
    off = desk.create("ajudan", request("bupati"))
    desk.cancel("ajudan", off.activity_id)
    desk.now = asked.starts_at

    for each in (asked, off):
        with pytest.raises(Conflict, match="illegal_transition"):
            desk.record("ajudan", each.activity_id)


def test_of_a_letter_that_is_secret_nothing_is_written(desk: Desk) -> None:
    letter = Letter()
    deliver(desk, letter.attendance("bupati", "attend", minute=1))
    born = activity_of(desk, letter)
    assert born is not None
    desk.now = born.starts_at
    desk.record("bupati", born.activity_id)

    deliver(desk, letter.raised(Secrecy.TERBATAS, minute=9))

    assert desk.get("bupati", born.activity_id).outcome is None
    with pytest.raises(Invalid):
        desk.record("bupati", born.activity_id)
