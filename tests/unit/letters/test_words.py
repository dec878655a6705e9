"""What a person types becomes a query that PostgreSQL always accepts."""

from __future__ import annotations

import pytest

from services.letters.views_matches import parts_of
from services.letters.words import looked_for


@pytest.mark.parametrize("typed", [None, "", "   ", "/", "./-", " . "])
def test_nothing_to_look_for_is_no_condition(typed: str | None) -> None:
    assert looked_for(typed) is None


@pytest.mark.parametrize("typed", ["005/117/KESRA/2026", "005.117-KESRA 2026"])
def test_a_number_is_looked_for_in_its_whole_parts(typed: str) -> None:
    found = looked_for(typed)
    assert found is not None
    assert found.values == {"words": "005 117 KESRA 2026"}


def test_the_last_word_is_also_looked_for_by_its_beginning() -> None:
    found = looked_for("rapat koord")
    assert found is not None
    assert found.values == {"words": "rapat", "last": "koord", "beginning": "koord:*"}


@pytest.mark.parametrize(
    "typed", ["rapat un", '"rapat koordinasi"', "rapat -desa", "rapat or desa", "a&b|c"]
)
def test_operators_phrases_and_short_endings_stay_as_they_are(typed: str) -> None:
    found = looked_for(typed)
    assert found is not None
    assert found.values == {"words": typed}


def test_a_hyphen_inside_a_word_parts_it_and_before_a_word_negates_it() -> None:
    found = looked_for("rapat-rapat -desa")
    assert found is not None
    assert found.values == {"words": "rapat rapat -desa"}


def test_a_snippet_is_cut_at_its_marks() -> None:
    parts = parts_of("ada \x02rapat\x03 besok\n \x02di\x03")
    assert [(part.text, part.found) for part in parts] == [
        ("ada", False),
        ("rapat", True),
        ("besok", False),
        ("di", True),
    ]
