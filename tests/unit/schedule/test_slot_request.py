"""How long a request waits, and how its state follows its activity."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.schedule import ActivityKind, ActivityState
from contracts.schedule_slot_requests import SlotRequestState
from services.schedule.domain.slot_request import (
    DEFAULT_PATIENCE,
    LEAST_PATIENCE,
    PATIENCE,
    ask,
    expiry,
    state_of,
)
from tests.unit.schedule.offices import NOW, activity, at

LONGEST = max(DEFAULT_PATIENCE, *PATIENCE.values())


@given(
    kind=st.sampled_from(ActivityKind),
    ahead=st.timedeltas(timedelta(days=-400), timedelta(days=400)),
)
def test_a_request_waits_neither_for_ever_nor_for_a_moment(
    kind: ActivityKind, ahead: timedelta
) -> None:
    until = expiry(kind, NOW + ahead, NOW)

    assert NOW + LEAST_PATIENCE <= until <= NOW + LONGEST
    assert until <= max(NOW + ahead, NOW + LEAST_PATIENCE)


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (ActivityState.PROPOSED, SlotRequestState.OPEN),
        (ActivityState.TENTATIVE, SlotRequestState.ACCEPTED),
        (ActivityState.CONFIRMED, SlotRequestState.ACCEPTED),
        (ActivityState.COMPLETED, SlotRequestState.ACCEPTED),
        (ActivityState.POSTPONED, SlotRequestState.POSTPONED),
        (ActivityState.CANCELLED, SlotRequestState.WITHDRAWN),
    ],
)
def test_the_state_is_read_off_the_activity(
    state: ActivityState, shown: SlotRequestState
) -> None:
    meeting = activity(state=state)

    assert state_of(ask(meeting, NOW), meeting, NOW) is shown


def test_an_offer_lasts_while_its_time_stands_and_an_ending_for_ever() -> None:
    meeting = activity(state=ActivityState.PROPOSED)
    slot = ask(meeting, NOW)
    offered = replace(slot, offered_starts_at=meeting.starts_at)
    other = replace(slot, offered_starts_at=at(15))
    ended = replace(slot, ending=SlotRequestState.REFUSED)

    assert state_of(offered, meeting, NOW) is SlotRequestState.OFFERED
    assert state_of(other, meeting, NOW) is SlotRequestState.OPEN
    assert state_of(slot, meeting, slot.expires_at) is SlotRequestState.EXPIRED
    assert state_of(ended, meeting, NOW) is SlotRequestState.REFUSED
