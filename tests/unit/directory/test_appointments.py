"""Terms of office: dates of the decree, instants in force, limits of a Plt."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.codec import ZONE
from contracts.directory import AppointedCapacity, CreateAssignment, EndAssignment
from contracts.errors import Conflict, Invalid
from services.directory.domain.appointments import (
    PAUSE,
    Term,
    after_months,
    appoint,
    check_acting_terms,
    end,
    midnight,
)
from tests.unit.directory.organisations import NOW, assignment, key

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def request(capacity="definitive", starts_on=date(2026, 11, 24), ends_on=None):
    return CreateAssignment(
        person_id=key("alice"),
        position_id=key("kadis"),
        capacity=AppointedCapacity(capacity),
        starts_on=starts_on,
        ends_on=ends_on,
    )


def appointed(wanted, not_before=None):
    return appoint(wanted, assignment_id=UUID(int=1), version=1, not_before=not_before)


def code_of(refused):
    return refused.value.code, [error["field"] for error in refused.value.errors]


# ---- beginning -------------------------------------------------------------------


def test_assignment_is_in_force_from_midnight_to_the_midnight_after_its_last_day():
    row = appointed(request("plh", date(2026, 11, 24), date(2026, 11, 25)))

    assert row.starts_at == datetime(2026, 11, 24, tzinfo=ZONE)
    assert row.ends_at == datetime(2026, 11, 26, tzinfo=ZONE)


@pytest.mark.parametrize("capacity", ["plt", "plh"])
def test_acting_officials_need_an_end(capacity):
    with pytest.raises(Invalid) as refused:
        appointed(request(capacity))

    assert code_of(refused) == ("invalid", ["/ends_on"])


@pytest.mark.parametrize("capacity", ["definitive", "pj"])
def test_others_may_be_open_ended(capacity):
    assert appointed(request(capacity)).ends_at is None


def test_end_before_the_beginning_is_refused():
    with pytest.raises(Invalid):
        appointed(request("plh", date(2026, 11, 24), date(2026, 11, 23)))


def test_successor_of_the_same_day_follows_when_the_office_fell_vacant():
    assert appointed(request(), not_before=NOW).starts_at == NOW


# ---- how long a Plt may serve ----------------------------------------------------


def test_plt_serves_three_months_and_one_extension():
    first = Term(date(2026, 1, 1), date(2026, 3, 31))
    second = Term(date(2026, 4, 1), date(2026, 6, 30))

    check_acting_terms(first, [])
    check_acting_terms(second, [first])


@pytest.mark.parametrize(
    ("new", "earlier"),
    [
        (Term(date(2026, 1, 1), date(2026, 4, 2)), []),
        (
            Term(date(2026, 7, 1), date(2026, 7, 2)),
            [
                Term(date(2026, 1, 1), date(2026, 3, 31)),
                Term(date(2026, 4, 1), date(2026, 6, 30)),
            ],
        ),
        (
            Term(date(2026, 1, 1), date(2026, 1, 31)),
            [
                Term(date(2026, 2, 1), date(2026, 4, 30)),
                Term(date(2026, 5, 1), date(2026, 7, 31)),
            ],
        ),
        (
            Term(date(2026, 4, 10), date(2026, 7, 10)),
            [Term(date(2026, 1, 1), date(2026, 3, 31))],
        ),
    ],
    ids=["long", "third", "third put before", "over six months with a pause"],
)
def test_longer_service_as_plt_is_refused(new, earlier):
    with pytest.raises(Invalid) as refused:
        check_acting_terms(new, earlier)

    assert code_of(refused) == ("acting_term_too_long", ["/ends_on"])


def test_corrected_entries_do_not_count_as_terms():
    day = date(2026, 1, 1)
    mistaken = [Term(day, day), Term(day, day), Term(day, date(2026, 1, 3))]

    check_acting_terms(Term(day, date(2026, 3, 31)), mistaken)
    check_acting_terms(
        Term(date(2026, 4, 1), date(2026, 6, 30)),
        [*mistaken, Term(day, date(2026, 3, 31))],
    )


def test_real_pause_begins_a_new_count():
    served = [
        Term(date(2026, 1, 1), date(2026, 3, 31)),
        Term(date(2026, 4, 1), date(2026, 6, 30)),
    ]

    check_acting_terms(Term(date(2026, 8, 15), date(2026, 11, 14)), served)


@given(st.lists(st.tuples(DAYS, st.integers(0, 120)), max_size=6))
def test_accepted_terms_never_add_up_to_more_than_six_months(wanted):
    served: list[Term] = []
    for starts_on, days in wanted:
        term = Term(starts_on, starts_on + timedelta(days=days))
        try:
            check_acting_terms(term, served)
        except Invalid:
            continue
        served.append(term)

    for run in runs(outermost(served)):
        assert len(run) <= 2
        last = max(term.ends_on for term in run)
        assert last <= after_months(run[0].starts_on, 6)


def outermost(terms):
    """Naively: those that no other one holds."""
    return sorted(
        term
        for term in set(terms)
        if not any(
            other != term
            and other.starts_on <= term.starts_on
            and term.ends_on <= other.ends_on
            for other in terms
        )
    )


def runs(terms):
    """Naively: terms that are not a real pause apart from some term before."""
    found = []
    for term in terms:
        if found and any(term.starts_on <= each.ends_on + PAUSE for each in found[-1]):
            found[-1].append(term)
        else:
            found.append([term])
    return found


@given(DAYS, st.integers(0, 36))
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day, months):
    later = after_months(day, months)

    assert (later.year - day.year) * 12 + later.month - day.month == months
    next_day = later + timedelta(days=1)
    assert later.day == day.day or next_day.month != later.month


# ---- ending ----------------------------------------------------------------------


def test_immediate_end_counts_from_this_moment():
    ended = end(assignment("alice", "kadis"), immediately(), now=NOW, version=2)

    assert ended.ends_at == NOW
    assert ended.ends_on == date(2026, 11, 24)
    assert ended.version == 2


def test_end_on_a_day_lasts_through_that_day():
    ended = end(
        assignment("alice", "kadis"), on(date(2026, 11, 30)), now=NOW, version=2
    )

    assert ended.ends_at == midnight(date(2026, 12, 1))


def test_late_decree_ends_the_office_now_and_not_in_the_past():
    ended = end(
        assignment("alice", "kadis"), on(date(2026, 11, 20)), now=NOW, version=2
    )

    assert ended.ends_on == date(2026, 11, 20)
    assert ended.ends_at == NOW


def test_assignment_that_never_began_is_never_in_force():
    future = assignment("alice", "kadis", starts_on=date(2027, 1, 1))

    ended = end(future, immediately(), now=NOW, version=2)

    assert ended.ends_at == ended.starts_at
    assert not ended.in_force(ended.starts_at)


def test_ended_assignment_does_not_end_again():
    over = assignment("alice", "kadis", ends_on=date(2026, 11, 1))

    with pytest.raises(Conflict) as refused:
        end(over, immediately(), now=NOW, version=2)

    assert refused.value.facts == {"state": "ended"}


@pytest.mark.parametrize(
    "wanted",
    [
        EndAssignment(),
        EndAssignment(ends_on=date(2026, 11, 30), immediately=True),
        EndAssignment(ends_on=date(2025, 12, 31)),
        EndAssignment(ends_on=date(2027, 1, 1)),
    ],
    ids=["nothing", "both", "before it began", "later than it ends"],
)
def test_unclear_end_is_refused(wanted):
    row = assignment("alice", "kadis", "plt", ends_on=date(2026, 12, 1))

    with pytest.raises(Invalid):
        end(row, wanted, now=NOW, version=2)


def immediately():
    return EndAssignment(immediately=True)


def on(day):
    return EndAssignment(ends_on=day)
