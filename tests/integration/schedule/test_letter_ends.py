"""A letter and its activity: when one ends, those who keep the time hear of it."""

from __future__ import annotations

from datetime import timedelta

from contracts.letters.words import Outcome
from tests.integration.schedule.desk import Desk
from tests.integration.schedule.post import Letter, activity_of, deliver
from tests.unit.schedule.offices import key

ASKED = "activity.letter_closed.v1"


def test_a_closed_letter_asks_about_what_was_never_decided(desk: Desk) -> None:
    letter = Letter()
    asked = letter.disposition("bupati", "kadis", minute=1)
    closing = letter.closed(Outcome.RESOLVED, minute=5)
    deliver(desk, asked, closing, closing)

    (event,) = desk.events(ASKED)
    assert event["data"]["letter_id"] == str(letter.letter_id)
    assert str(key("kadis")) in event["data"]["keeper_position_ids"]


def test_an_invitation_done_with_keeps_its_activity_unasked(desk: Desk) -> None:
    letter = Letter()
    attending = letter.attendance("bupati", "attend", minute=1)
    deliver(desk, attending, letter.closed(Outcome.NOTED, minute=5))
    assert desk.events(ASKED) == []

    deliver(desk, letter.closed(Outcome.REJECTED, minute=6))
    assert len(desk.events(ASKED)) == 1
    activity = activity_of(desk, letter)
    assert activity is not None
    assert activity.state == "confirmed"


def test_nobody_is_asked_about_the_past_or_about_nothing(desk: Desk) -> None:
    letter, other = Letter(), Letter()
    deliver(desk, letter.disposition("bupati", "kadis", minute=1))
    desk.now = letter.starts_at + timedelta(days=1)

    deliver(
        desk, letter.closed(Outcome.NOTED, minute=5), other.closed(Outcome.NOTED, 5)
    )

    assert desk.events(ASKED) == []


def test_who_calls_it_off_leaves_the_letter_to_be_asked_about(desk: Desk) -> None:
    letter, void = Letter(), Letter(hour=14)
    for each in (letter, void):
        deliver(desk, each.attendance("bupati", "attend", minute=1))
    activity = activity_of(desk, letter)
    assert activity is not None

    desk.cancel("ajudan", activity.activity_id)
    deliver(desk, void.voided(minute=4))

    causes = [row["data"]["cause"] for row in desk.events("activity.cancelled.v1")]
    assert causes == ["cancelled", "letter_voided"]
