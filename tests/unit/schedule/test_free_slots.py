"""Free slots of a range, held against trying every half hour by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.schedule.domain.calendar import working_hours
from services.schedule.domain.slots import Claim, earliest
from services.schedule.domain.span import Span, local_date
from tests.unit.schedule.naive import free_by_hand
from tests.unit.schedule.offices import at

MANY = 10_000

quarters = st.integers(0, 4 * 24 * 6)
spans = st.tuples(quarters, st.integers(1, 60)).map(
    lambda pair: Span(at(pair[0] / 4), at((pair[0] + pair[1]) / 4))
)
claims = st.lists(
    st.builds(Claim, st.integers(1, 3), st.integers(0, 90), st.integers(0, 90)),
    max_size=3,
)
busy_times = st.dictionaries(st.integers(1, 3), st.lists(spans, max_size=8))


@given(
    bounds=spans.map(lambda span: Span(span.start, span.end + timedelta(days=2))),
    minutes=st.integers(5, 150),
    claims=claims,
    busy=busy_times,
    any_hour=st.booleans(),
)
def test_every_free_slot_is_found_and_no_other(
    bounds: Span,
    minutes: int,
    claims: list[Claim],
    busy: dict[int, list[Span]],
    any_hour: bool,
) -> None:
    length = timedelta(minutes=minutes)

    found = earliest(
        bounds, length, lambda _day: claims, busy, count=MANY, any_hour=any_hour
    )

    keyed = [(claim.key, claim) for claim in claims]
    assert found == free_by_hand(
        bounds, length, lambda _day: keyed, busy, any_hour=any_hour
    )


def test_who_holds_the_office_that_day_must_be_free() -> None:
    busy = {1: [Span(at(0), at(48))], 2: [Span(at(48), at(96))]}

    def holder(day: date) -> list[Claim]:
        return [Claim(1 if day == local_date(at(0)) else 2)]

    found = earliest(Span(at(0), at(72)), timedelta(hours=1), holder, busy, count=MANY)

    assert {local_date(slot.start) for slot in found} == {local_date(at(24))}


def test_reckoned_holidays_shape_suggestions_of_years_without_a_decree() -> None:
    idulfitri = date(2027, 3, 9)

    assert working_hours(idulfitri) == ()
    assert working_hours(date(2027, 3, 11)) != ()


def test_the_count_bounds_what_is_searched() -> None:
    found = earliest(
        Span(at(0), at(24)), timedelta(hours=1), lambda _day: [], {}, count=2
    )

    starts: list[datetime] = [slot.start for slot in found]
    assert starts == [at(8), at(8.5)]
