"""Who binds to what, and the moves an activity may make."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Conflict
from contracts.schedule import (
    ActivityState,
    ParticipantRole,
    Response,
    Standing,
)
from services.schedule.domain.activity import Activity, Attendee, Equipment
from services.schedule.domain.lines import Bookable, BookableKind, lines_of
from services.schedule.domain.transitions import LIVE, TABLE, Act, next_state
from tests.unit.schedule.offices import (
    NOW,
    activity,
    assignment,
    at,
    key,
    organisation,
)

ROLES, RESPONSES = list(ParticipantRole), list(Response)


def attendee(
    code: str = "bupati",
    role: str = "required",
    response: Response = Response.PENDING,
) -> Attendee:
    return Attendee(key(code), ParticipantRole(role), response)


@pytest.mark.parametrize(("role", "response"), list(product(ROLES, RESPONSES)))
def test_who_binds_in_a_confirmed_activity(
    role: ParticipantRole, response: Response
) -> None:
    lines = lines_of(activity(attendee("bupati", role.value, response)), organisation())

    if response in (Response.NOT_ATTENDING, Response.REPRESENTED):
        assert lines == []
    elif role is ParticipantRole.INVITED and response is Response.PENDING:
        assert [line.standing for line in lines] == [Standing.INVITED]
    else:
        assert [line.binds for line in lines] == [True]


@pytest.mark.parametrize("state", ActivityState)
def test_only_live_states_lay_lines_and_only_confirmed_ones_bind(
    state: ActivityState,
) -> None:
    lines = lines_of(activity(attendee(), state=state), organisation())

    assert bool(lines) == (state in LIVE)
    confirmed = state in (ActivityState.CONFIRMED, ActivityState.COMPLETED)
    assert all(line.binds == confirmed for line in lines)


def test_a_line_is_bound_to_the_acting_official_of_the_day() -> None:
    org = organisation(
        assignment("kadis", "bupati", "plh", date(2026, 11, 26), date(2026, 11, 26))
    )

    (today,) = lines_of(activity(attendee()), org)
    (later,) = lines_of(
        activity(attendee(), starts_at=at(9, day=1), ends_at=at(10, day=1)), org
    )

    assert today.bookable == Bookable(BookableKind.PERSON, key("kadis"))
    assert later.bookable == Bookable(BookableKind.PERSON, key("bupati"))


def test_a_vacant_office_is_bound_to_itself() -> None:
    (line,) = lines_of(activity(attendee("vacant")), organisation())

    assert line.bookable == Bookable(BookableKind.POSITION, key("vacant"))


def test_two_offices_of_one_person_lay_one_line_the_binding_one() -> None:
    lines = lines_of(
        activity(attendee("camat", "invited"), attendee("kabid")), organisation()
    )

    assert [line.standing for line in lines] == [Standing.BINDING]


def test_travel_widens_people_and_vehicles_only() -> None:
    room = Equipment(key("aula"), "aula", "Aula", travels=False)
    car = Equipment(key("mobil"), "mobil", "Mobil", travels=True)
    trip = activity(
        attendee(), equipment=[room, car], travel_before=30, travel_after=60
    )

    spans = {
        line.resource_id: (line.span.start, line.span.end)
        for line in lines_of(trip, organisation())
    }

    wide = (at(8.5), at(11))
    assert spans == {None: wide, key("aula"): (at(9), at(10)), key("mobil"): wide}


def test_an_attendance_is_as_old_as_itself() -> None:
    late = attendee("kadis", "invited", Response.ATTENDING)
    late.decided_at = NOW + timedelta(hours=1)

    since = {
        line.position_id: line.since
        for line in lines_of(activity(attendee(), late), organisation())
    }

    assert since == {key("bupati"): NOW, key("kadis"): NOW + timedelta(hours=1)}


@given(st.lists(st.sampled_from(list(Act)), max_size=8))
def test_an_activity_never_leaves_the_table(acts: list[Act]) -> None:
    meeting: Activity = activity(attendee(), state=ActivityState.PROPOSED)
    for act in acts:
        before = meeting.state
        following = TABLE[before].get(act)
        if following is None:
            with pytest.raises(Conflict) as caught:
                meeting.act(act, meeting.starts_at)
            assert caught.value.facts == {"state": before.value}
        elif act is not Act.CONFIRM or not meeting.confirmed:
            meeting.act(act, meeting.starts_at)
        assert meeting.state is (before if following is None else following)


def test_confirming_again_is_for_lines_that_lost_their_time() -> None:
    meeting = activity(attendee())

    with pytest.raises(Conflict, match="illegal_transition"):
        meeting.act(Act.CONFIRM, NOW)
    meeting.attendees[0].standing = Standing.DISPLACED
    meeting.act(Act.CONFIRM, NOW)


def test_every_state_stands_in_the_table() -> None:
    assert set(TABLE) == set(ActivityState)
    minutes = (ActivityState.COMPLETED, Act.RECORD)
    for state in (ActivityState.CANCELLED, ActivityState.COMPLETED):
        for act in Act:
            if (state, act) == minutes:
                continue
            with pytest.raises(Conflict):
                next_state(state, act)
    assert next_state(*minutes) is ActivityState.COMPLETED
