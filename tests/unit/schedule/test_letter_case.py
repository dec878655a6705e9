"""Words of a letter fold to the same wishes in every order."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from contracts.schedule import ActivityState, ParticipantRole, Response
from services.schedule.domain.activity import Attendee
from services.schedule.domain.letter_case import (
    Word,
    WordKind,
    asks_for_an_activity,
    merge,
    wishes_of,
)
from tests.unit.schedule.offices import NOW, activity, key


def word(
    kind: str, position: str, minute: int = 0, by: str | None = None, task: int = 0
) -> Word:
    asked = kind in ("ask", "drop")
    return Word(
        f"task:{task}" if asked else f"attendance:{position}",
        WordKind(kind),
        key(position),
        NOW + timedelta(minutes=minute),
        key(by) if by else None,
        key("sekda"),
    )


words = st.lists(
    st.builds(
        word,
        st.sampled_from(["ask", "attend", "decline"]),
        st.sampled_from(["bupati", "wabup", "kadis"]),
        st.integers(0, 5),
        task=st.integers(0, 5),
    ),
    max_size=6,
    unique_by=lambda each: each.source,
)


@given(words=words, chance=st.randoms(use_true_random=False))
def test_order_does_not_matter(words: list[Word], chance: object) -> None:
    shuffled = list(words)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    assert wishes_of(words) == wishes_of(shuffled)


def test_an_own_answer_outweighs_being_asked() -> None:
    wishes = wishes_of([word("decline", "kadis", 1), word("ask", "kadis", 2)])

    assert wishes[key("kadis")].response is Response.NOT_ATTENDING
    assert not asks_for_an_activity(wishes)


def test_who_is_sent_comes_unless_he_answered_later() -> None:
    sent = word("represent", "bupati", 1, by="wabup")

    assert wishes_of([sent])[key("wabup")].represents == key("bupati")
    declined = wishes_of([sent, word("decline", "wabup", 2)])
    assert declined[key("wabup")].response is Response.NOT_ATTENDING
    earlier = wishes_of([word("decline", "wabup", 0), sent])
    assert earlier[key("wabup")].response is Response.ATTENDING


def test_a_dropped_task_asks_nobody() -> None:
    assert wishes_of([word("drop", "kadis")]) == {}


def test_merging_keeps_what_people_did() -> None:
    guest = Attendee(key("camat"), ParticipantRole.INVITED)
    refused = Attendee(
        key("kadis"),
        ParticipantRole.REQUIRED,
        Response.NOT_ATTENDING,
        from_letter=True,
        decided_at=NOW + timedelta(hours=1),
    )
    gone = Attendee(key("wabup"), ParticipantRole.REQUIRED, from_letter=True)
    meeting = activity(guest, refused, gone, state=ActivityState.PROPOSED)
    wishes = wishes_of([word("attend", "kadis", 1), word("attend", "bupati", 1)])

    assert merge(meeting, wishes)
    assert not merge(meeting, wishes)

    assert {line.position_id: line.response for line in meeting.attendees} == {
        key("camat"): Response.PENDING,
        key("kadis"): Response.NOT_ATTENDING,
        key("bupati"): Response.ATTENDING,
    }
