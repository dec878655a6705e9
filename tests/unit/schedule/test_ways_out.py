"""Ways out of a collision: another time, a shorter one, somebody from below."""

from __future__ import annotations

import pytest

from services.schedule.domain.slots import Claim
from services.schedule.domain.span import Span
from services.schedule.domain.ways_out import another_time, candidates, shortened
from tests.unit.schedule.offices import NOW, at, key, organisation


def span(start: float, end: float) -> Span:
    return Span(at(start), at(end))


@pytest.mark.parametrize(
    ("taken", "left"),
    [
        ([span(11, 12)], span(9, 11)),  # cut at the end
        ([span(8, 9.5)], span(9.5, 12)),  # begun later
        ([span(11, 13), span(8, 9.25)], None),  # nothing half as long is left over
        ([span(10, 11)], None),
        ([span(12, 13)], None),  # back to back is no collision
        ([], None),
    ],
)
def test_what_is_left_is_half_of_it_at_least(
    taken: list[Span], left: Span | None
) -> None:
    assert shortened(span(9, 12), [Claim(1)], {1: taken}) == left


def test_travel_shortens_more() -> None:
    found = shortened(span(9, 12), [Claim(1, after=30)], {1: [span(11.5, 13)]})

    assert found == span(9, 11)


def test_less_than_half_an_hour_is_no_meeting() -> None:
    assert shortened(span(9, 9.5), [Claim(1)], {1: [span(9.25, 10)]}) is None


def test_another_time_is_free_for_all() -> None:
    busy = {1: [span(9, 10)], 2: [span(10, 11)]}

    found = another_time(span(9, 10), [Claim(1), Claim(2)], busy, NOW)

    assert found is not None
    assert found == span(8, 9)


def test_occupied_offices_directly_below_may_be_sent_the_highest_first() -> None:
    org = organisation()

    def below(code: str) -> list[str]:
        position = org.position(key(code))
        assert position is not None
        return [row.code for row, _ in candidates(org, position, at(9))]

    assert below("bupati") == ["wabup", "sekda", "ajudan"]
    assert below("kadis") == ["kabid", "sekretaris"]  # `vacant` has nobody to send
    assert below("staf.dinkes") == []
