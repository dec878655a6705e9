"""Dates of a list's query: whole local days, instants as given, never an overflow."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from contracts.errors import Invalid
from contracts.letters import LettersQuery
from services.letters.views_listing import _values, day_start


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-24", datetime(2026, 11, 23, 16, tzinfo=UTC)),
        ("2026-11-24T09:00", datetime(2026, 11, 24, 1, tzinfo=UTC)),
        ("2026-11-24T09:00:00Z", datetime(2026, 11, 24, 9, tzinfo=UTC)),
        ("2026-11-24T09:00:00+07:00", datetime(2026, 11, 24, 2, tzinfo=UTC)),
        ("2026-11-24T09:00:00 07:00", datetime(2026, 11, 24, 2, tzinfo=UTC)),
        ("2026-11-24 09:00:00.5 07:00", datetime(2026, 11, 24, 2, 0, 0, 500_000, UTC)),
        ("2026-11-24 09:00", datetime(2026, 11, 24, 1, tzinfo=UTC)),
    ],
)
def test_a_day_is_local_and_an_instant_as_given(text: str, moment: datetime) -> None:
    assert day_start("/from", text) == moment


def test_the_last_day_is_taken_in_whole() -> None:
    assert day_start("/to", "2026-11-24", following=True) == day_start(
        "/from", "2026-11-25"
    )


def test_the_last_day_there_is_has_no_day_after() -> None:
    assert day_start("/from", "9999-12-31") < datetime.max.replace(tzinfo=UTC)
    with pytest.raises(Invalid):
        day_start("/to", "9999-12-31", following=True)


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30",
        "2026-13-01",
        "0000-01-01",
        "9999-12-31T23:59:59.999999Z",
        "9999-12-31T23:59:59-23:59",
        "2026-11-24T25:00:00Z",
        "2026-11-24T09:00:00+99:00",
    ],
)
@pytest.mark.parametrize("name", ["from", "to"])
def test_a_day_that_is_none_is_refused_by_its_field(name: str, text: str) -> None:
    query = LettersQuery(**{"from_" if name == "from" else name: text})  # type: ignore[arg-type]

    with pytest.raises(Invalid) as refused:
        _values(query)

    assert [error["field"] for error in refused.value.errors] == [f"/{name}"]


@pytest.mark.parametrize(
    "text", ["0001-01-02", "0001-01-01T00:00:00+14:00", "1969-12-31"]
)
def test_long_ago_is_before_everything(text: str) -> None:
    values = _values(LettersQuery(from_=text, to=text))

    assert values["first_id"].int == 0
    assert values["last_id"].int == 0
