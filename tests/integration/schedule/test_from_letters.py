"""Invitations become activities, in whatever order their events arrive."""

from __future__ import annotations

from itertools import permutations

import pytest

from contracts.errors import Invalid
from contracts.letters.words import Secrecy
from contracts.schedule import Visibility
from tests.integration.schedule.desk import Desk, refused
from tests.integration.schedule.post import (
    Letter,
    Message,
    activity_of,
    deliver,
    lines_of,
)
from tests.unit.schedule.offices import key, request


def test_ones_own_attendance_is_confirmed_and_binds(desk: Desk) -> None:
    letter = Letter()

    deliver(desk, letter.attendance("bupati", "attend"))

    activity = activity_of(desk, letter)
    assert activity is not None
    assert (activity.state, activity.title) == ("confirmed", "Undangan rapat")
    assert activity.letter_id == letter.letter_id
    assert activity.place is not None
    assert activity.place.name == "Aula"
    refused(lambda: desk.create("ajudan", request("bupati")))
    (event,) = desk.events("activity.confirmed.v1")
    assert event["data"]["letter_id"] == str(letter.letter_id)


def test_a_disposition_proposes_and_the_recipients_keeper_confirms(desk: Desk) -> None:
    letter = Letter()

    deliver(desk, letter.disposition("bupati", "kadis", minute=1))

    activity = activity_of(desk, letter)
    assert activity is not None
    assert activity.state == "proposed"
    assert lines_of(desk, letter) == {"kadis": ("pending", "proposed")}
    assert desk.confirm("tu.kominfo", activity.activity_id).state == "confirmed"


def test_agendakan_puts_the_giver_on_the_schedule(desk: Desk) -> None:
    letter = Letter()

    deliver(
        desk, letter.disposition("bupati", "ajudan", activity_for="giver", minute=1)
    )

    assert lines_of(desk, letter) == {"bupati": ("pending", "proposed")}


def test_an_instruction_without_activity_creates_none(desk: Desk) -> None:
    letter = Letter()

    deliver(desk, letter.disposition("bupati", "kadis", activity_for="", minute=1))
    deliver(desk, letter.attendance("bupati", "decline", minute=2))

    assert activity_of(desk, letter) is None


def test_later_words_add_participants_to_the_one_activity(desk: Desk) -> None:
    letter = Letter()

    deliver(
        desk,
        letter.attendance("bupati", "attend", minute=1),
        letter.disposition("bupati", "kadis", minute=2),
    )

    assert desk.count("activity") == 1
    assert lines_of(desk, letter) == {
        "bupati": ("attending", "binding"),
        "kadis": ("pending", "binding"),
    }


def test_who_is_sent_is_booked_and_the_sender_stays_free(desk: Desk) -> None:
    letter = Letter()

    deliver(desk, letter.attendance("bupati", "represent", "wabup"))

    assert lines_of(desk, letter) == {
        "bupati": ("represented", None),
        "wabup": ("attending", "binding"),
    }
    desk.create("ajudan", request("bupati"))
    refused(lambda: desk.create("wabup", request("wabup")))


def test_a_busy_leader_keeps_his_line_and_the_giver_is_told(desk: Desk) -> None:
    kept = desk.create("ajudan", request("bupati", title="Sudah ada"))
    letter = Letter()

    deliver(desk, letter.attendance("bupati", "attend"))

    activity = activity_of(desk, letter)
    assert activity is not None
    assert (activity.state, activity.blocked) == ("proposed", True)
    assert len(activity.alternatives) >= 3
    (event,) = desk.events("activity.blocked.v1")
    assert event["data"]["giver_position_id"] == str(key("bupati"))
    assert event["data"]["conflicts"][0]["activity_id"] == str(kept.activity_id)
    assert event["data"]["alternatives"]
    refused(lambda: desk.confirm("ajudan", activity.activity_id))
    moved = desk.update(
        "ajudan",
        activity.activity_id,
        starts_at=activity.alternatives[0].starts_at,
        ends_at=activity.alternatives[0].ends_at,
    )
    assert not moved.blocked
    assert desk.confirm("ajudan", activity.activity_id).state == "confirmed"


def test_a_busy_recipient_blocks_the_proposal_and_the_giver_is_told(
    desk: Desk,
) -> None:
    desk.create("kadis", request("kadis"))
    letter = Letter()

    deliver(desk, letter.disposition("bupati", "kadis", "kadinkes", minute=1))

    activity = activity_of(desk, letter)
    assert activity is not None
    assert activity.blocked
    (event,) = desk.events("activity.blocked.v1")
    assert event["data"]["giver_position_id"] == str(key("bupati"))
    assert event["data"]["blocked_position_ids"] == [str(key("kadis"))]


def test_a_busy_recipient_of_a_confirmed_activity_is_left_out(desk: Desk) -> None:
    desk.create("kadis", request("kadis"))
    letter = Letter()

    deliver(
        desk,
        letter.attendance("bupati", "attend", minute=1),
        letter.disposition("bupati", "kadis", minute=2),
    )

    assert lines_of(desk, letter)["kadis"] == ("pending", "blocked")
    assert lines_of(desk, letter)["bupati"] == ("attending", "binding")
    assert desk.double_bookings() == []


@pytest.mark.parametrize("secrecy", [Secrecy.TERBATAS, Secrecy.RAHASIA])
def test_nothing_of_a_restricted_letter_shows(desk: Desk, secrecy: Secrecy) -> None:
    letter = Letter(secrecy=secrecy)

    deliver(desk, letter.attendance("bupati", "attend"))

    activity = activity_of(desk, letter)
    assert activity is not None
    assert (activity.title, activity.visibility) == ("Kegiatan", "busy_only")
    assert activity.place is None
    assert desk.events()[0]["data"]["title"] is None
    for name, value in (("title", "Rapat"), ("visibility", Visibility.PUBLIC)):
        with pytest.raises(Invalid):
            desk.update("ajudan", activity.activity_id, **{name: value})


def test_a_voided_letter_takes_its_activity_along(desk: Desk) -> None:
    letter = Letter()

    deliver(desk, letter.attendance("bupati", "attend"), letter.voided(minute=5))

    activity = activity_of(desk, letter)
    assert activity is not None
    assert activity.state == "cancelled"
    assert desk.count("booking") == 0
    assert desk.events("activity.cancelled.v1")


def test_an_answer_of_ones_own_is_newer_than_the_letter(desk: Desk) -> None:
    letter = Letter()
    deliver(desk, letter.disposition("bupati", "kadis", minute=1))
    activity = activity_of(desk, letter)
    assert activity is not None
    desk.respond("kadis", activity.activity_id, "kadis", "not_attending")

    deliver(desk, letter.attendance("bupati", "attend", minute=2))

    assert lines_of(desk, letter)["kadis"] == ("not_attending", None)


def test_who_decides_to_come_after_all_revives_what_was_called_off(desk: Desk) -> None:
    letter = Letter()
    deliver(desk, letter.disposition("bupati", "kadis", minute=1))
    activity = activity_of(desk, letter)
    assert activity is not None
    desk.cancel("kadis", activity.activity_id)

    deliver(desk, letter.disposition("bupati", "kadinkes", minute=2))
    assert lines_of(desk, letter) == {}
    deliver(desk, letter.attendance("bupati", "attend", minute=180))

    assert lines_of(desk, letter)["bupati"] == ("attending", "binding")


def test_what_nobody_is_asked_to_any_more_is_called_off(desk: Desk) -> None:
    letter = Letter()
    deliver(desk, letter.disposition("bupati", "kadis", minute=1))

    deliver(desk, letter.withdrawal("bupati", "kadis", minute=2))

    activity = activity_of(desk, letter)
    assert activity is not None
    assert (activity.state, activity.participants) == ("cancelled", [])
    assert activity.reason == "Tidak ada lagi yang diminta hadir"
    (told,) = desk.events("activity.cancelled.v1")
    assert told["data"]["cause"] == "nobody_asked"
    assert str(key("tu.kominfo")) in told["data"]["keeper_position_ids"]


def test_the_next_who_is_asked_revives_it(desk: Desk) -> None:
    letter = Letter()
    deliver(desk, letter.disposition("bupati", "kadis", minute=1))
    deliver(desk, letter.withdrawal("bupati", "kadis", minute=2))

    deliver(desk, letter.disposition("bupati", "kadinkes", minute=3))

    activity = activity_of(desk, letter)
    assert activity is not None
    assert (activity.state, activity.reason) == ("proposed", None)
    assert lines_of(desk, letter) == {"kadinkes": ("pending", "proposed")}
    assert desk.count("activity") == 1
    assert len(desk.events("activity.proposed.v1")) == 2


def test_what_somebody_put_in_by_hand_stays_when_the_letter_asks_nobody(
    desk: Desk,
) -> None:
    letter = Letter()
    deliver(desk, letter.disposition("bupati", "kadis", minute=1))
    activity = activity_of(desk, letter)
    assert activity is not None
    desk.update("tu.kominfo", activity.activity_id, resource_ids=[key("aula")])

    deliver(desk, letter.withdrawal("bupati", "kadis", minute=2))

    kept = activity_of(desk, letter)
    assert kept is not None
    assert (kept.state, kept.participants) == ("proposed", [])
    assert kept.resource_ids == [key("aula")]


def test_a_postponed_activity_only_notes_who_is_to_come(desk: Desk) -> None:
    letter = Letter()
    deliver(desk, letter.disposition("bupati", "kadis", minute=1))
    activity = activity_of(desk, letter)
    assert activity is not None
    desk.postpone("kadis", activity.activity_id)

    deliver(desk, letter.attendance("bupati", "attend", minute=2))

    assert lines_of(desk, letter) == {
        "kadis": ("pending", None),
        "bupati": ("attending", None),
    }


def _acts() -> list[tuple[str, list[Message], Letter]]:
    first, second, third = Letter(), Letter(), Letter()
    return [
        (
            "all come",
            [
                first.attendance("bupati", "attend", minute=1),
                first.disposition("bupati", "kadis", "kadinkes", minute=2),
                first.withdrawal("bupati", "kadinkes", minute=3),
                first.attendance("bupati", "represent", "wabup", minute=4),
            ],
            first,
        ),
        (
            "called off",
            [
                second.attendance("bupati", "attend", minute=1),
                second.disposition("bupati", "kadis", minute=2),
                second.voided(minute=3),
            ],
            second,
        ),
        (
            "somebody is busy",
            [
                third.disposition("bupati", "camat", "kadis", minute=1),
                third.attendance("bupati", "attend", minute=2),
                third.attendance("sekda", "decline", minute=3),
            ],
            third,
        ),
    ]


@pytest.mark.parametrize("case", range(3))
def test_every_order_of_a_letters_events_ends_the_same(desk: Desk, case: int) -> None:
    ends = []
    _, messages, letter = _acts()[case]
    for order in permutations(messages):
        desk.clear()
        desk.create("mertua", request("kabid"))
        deliver(desk, *order)
        deliver(desk, order[0])  # a duplicate changes nothing
        ends.append(lines_of(desk, letter))

    assert all(end == ends[0] for end in ends)
