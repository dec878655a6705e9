"""Where all dates of a series are free: found, and given up in time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from services.schedule.domain import series_slots
from services.schedule.domain.series_slots import MOST_LOOKS, fitting, reach
from services.schedule.domain.slots import Claim, is_free
from services.schedule.domain.span import Span
from tests.unit.schedule.offices import at


def dates(count: int, step: int = 7) -> list[tuple[Span, list[Claim]]]:
    return [
        (Span(at(9, step * n), at(10, step * n)), [Claim(1, 30), Claim(2)])
        for n in range(count)
    ]


def test_what_is_free_on_all_dates_is_found_nearest_first() -> None:
    wanted = dates(10)
    busy = {1: [Span(at(9), at(10))], 2: [Span(at(8), at(9.5, 63))]}

    assert fitting(wanted, {}, at(0), weekly=False) == [
        Span(at(hour), at(hour + 1)) for hour in (8, 8.5, 9.5)
    ]
    assert fitting(wanted, {1: busy[1]}, at(0), weekly=False) == [
        Span(at(hour), at(hour + 1)) for hour in (8, 10.5, 11)
    ]
    assert fitting(wanted, busy, at(0), weekly=False) == []


def test_by_the_week_another_day_and_never_what_is_over() -> None:
    wanted = dates(4)
    thursdays = {2: [Span(at(0, 7), at(0, 8))]}

    found = fitting(wanted, thursdays, at(12), weekly=True)

    assert found == [Span(at(hour, 1), at(hour + 1, 1)) for hour in (8, 8.5, 9)]
    assert fitting(wanted, thursdays, at(12), weekly=True, hours=False) == [
        Span(at(9, day), at(10, day)) for day in (1, 4, 5)
    ]


def test_all_that_is_looked_at_is_fetched() -> None:
    wanted = dates(3)

    assert reach(wanted) == Span(at(9, -4), at(10, 14 + 7))


def test_it_gives_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two years of days, of which the last are taken: each try looks at nearly all."""
    looks = 0

    def counted(slot: Span, claims: list[Claim], taken: object) -> bool:
        nonlocal looks
        looks += len(claims)
        return really(slot, claims, taken)

    really: Callable[..., bool] = is_free
    monkeypatch.setattr(series_slots, "is_free", counted)
    wanted = [(span, claims * 2) for span, claims in dates(731, 1)]

    assert (
        fitting(wanted, {2: [Span(at(0, 725), at(0, 740))]}, at(0), weekly=True) == []
    )
    assert looks <= MOST_LOOKS + 4 * 731
