"""The index against naive answers, over random organisations."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chassis.organisation import Organisation
from contracts.directory import Capacity
from tests.unit.directory.organisations import (
    NOW,
    PEOPLE,
    POSITIONS,
    UNITS,
    assignment,
    delegation,
    key,
    position,
)

NAMES = [row.name for row in PEOPLE]
CODES = [row.code for row in POSITIONS]
FIRST = date(2026, 11, 15)

days = st.integers(0, 20).map(lambda count: FIRST + timedelta(days=count))
appointments = st.builds(
    lambda who, where, capacity, first, length: assignment(
        who, where, capacity, first, first + timedelta(days=length)
    ),
    st.sampled_from(NAMES),
    st.sampled_from(CODES),
    st.sampled_from(["definitive", "plt", "plh", "pj"]),
    days,
    st.integers(0, 15),
)
loans = st.builds(
    lambda who, of, to, right, secret: delegation(
        who, of, to, right, include_secret=secret
    ),
    st.sampled_from(NAMES),
    st.sampled_from(CODES),
    st.sampled_from(CODES),
    st.sampled_from(["read", "prepare", "act"]),
    st.booleans(),
).filter(lambda row: row.position_id != row.to_position_id)
instants = st.integers(-48, 48 * 20).map(
    lambda hours: NOW - timedelta(days=10) + timedelta(minutes=30 * hours)
)


def organisation(assigned, lent=()):
    return Organisation(UNITS, POSITIONS, PEOPLE, assigned, lent)


@given(st.lists(appointments, max_size=12), instants)
def test_who_holds_a_position_is_the_same_from_both_sides(assigned, at):
    org = organisation(assigned)

    expected = {(a.person_id, a.position_id) for a in assigned if a.in_force(at)}

    by_position = {
        (holder.person_id, key(code))
        for code in CODES
        for holder in org.holders(key(code), at)
    }
    by_person = {
        (key(name), held.position_id)
        for name in NAMES
        for held in org.held_by(key(name), at)
    }
    assert by_position == by_person == expected


@given(st.lists(appointments, max_size=12), instants)
def test_holder_is_acting_whenever_anybody_acts(assigned, at):
    org = organisation(assigned)

    for code in CODES:
        holders = org.holders(key(code), at)
        acting = [row for row in holders if row.capacity is not Capacity.DEFINITIVE]
        assert org.holder(key(code), at) == next(iter([*acting, *holders]), None)


@given(st.lists(appointments, max_size=12), st.lists(loans, max_size=6), instants)
def test_exactly_one_position_is_primary_and_it_is_one_s_own(assigned, lent, at):
    org = organisation(assigned, lent)

    for name in NAMES:
        held = org.held_by(key(name), at)
        assert [row.primary for row in held] == [True, *[False] * (len(held) - 1)][
            : len(held)
        ]
        assert all(row.own for row in held[:1])
        assert len({row.position_id for row in held}) == len(held)


@given(st.lists(appointments, max_size=12), st.lists(loans, max_size=6), instants)
def test_delegation_gives_only_what_a_present_holder_lent(assigned, lent, at):
    org = organisation(assigned, lent)
    present = {(a.person_id, a.position_id) for a in assigned if a.in_force(at)}

    expected = {
        (person, row.position_id)
        for row in lent
        if row.in_force(at) and (row.given_by, row.position_id) in present
        for person, own in present
        if own == row.to_position_id and (person, row.position_id) not in present
    }

    found = {
        (key(name), held.position_id)
        for name in NAMES
        for held in org.held_by(key(name), at)
        if not held.own
    }
    readers = {
        (reader.person_id, key(code))
        for code in CODES
        for reader in org.readers(key(code), at)
    }
    assert found == expected
    assert readers == present | expected


@given(st.lists(st.integers(-1, 11), min_size=12, max_size=12))
def test_trees_with_cycles_end_and_agree(superiors):
    """Whatever a broken import writes, the walks end; above and below are mirrors."""
    positions = [
        position(f"p{own}", "kominfo", 4, f"p{upper}" if upper >= 0 else None)
        for own, upper in enumerate(superiors)
    ]
    org = Organisation(UNITS, positions)

    for own in positions:
        for other in positions:
            if own is not other:
                assert (other.position_id in org.below(own.position_id)) == (
                    org.is_above(own.position_id, other.position_id)
                )
        assert own.position_id not in org.above(own.position_id)
        assert own.position_id not in org.below(own.position_id)


standing = st.builds(assignment, st.sampled_from(NAMES), st.sampled_from(CODES))


@given(
    st.lists(st.one_of(appointments, standing), max_size=8),
    instants,
    st.lists(st.integers(0, 48 * 30), max_size=8),
)
def test_where_nothing_will_change_the_holder_stays(assigned, since, later):
    org = organisation(assigned)

    for code in CODES:
        if org.unchanging(key(code), since):
            now = org.holder(key(code), since)
            ahead = [since + timedelta(minutes=30 * step) for step in later]
            assert all(org.holder(key(code), at) == now for at in ahead)
        else:
            assert any(row.position_id == key(code) for row in assigned)
