"""Numbers of outgoing letters: tokens, the template that fits, the office's midnight."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.letters import Secrecy
from services.letters.domain.outgoing_number import (
    USUAL,
    Template,
    Values,
    choose,
    mistake_in,
    render,
    today,
    unit_code,
)
from tests.unit.letters.offices import position_id, unit_id

VALUES = Values(
    seq=123,
    day=date(2026, 4, 9),
    secrecy=Secrecy.RAHASIA,
    classification="000.8.3.3",
    unit_code="SETDA",
)


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        ("{KS}/{N}/{K}/{Y}", "R/123/000.8.3.3/2026"),
        ("{N}/{K}/{Y}", "123/000.8.3.3/2026"),
        ("{K}/{N}/{Y}", "000.8.3.3/123/2026"),
        ("{KS}/{N}/{K}/{S}/{Y}", "R/123/000.8.3.3/SETDA/2026"),
        ("{KS}-{N}/IJ/{K}/{MM}/{Y}", "R-123/IJ/000.8.3.3/04/2026"),
        ("{K}/{N}/OR", "000.8.3.3/123/OR"),
        ("{N}/{RM}/{Y}", "123/IV/2026"),
    ],
)
def test_the_patterns_of_the_field(pattern: str, number: str) -> None:
    assert mistake_in(pattern) is None
    assert render(pattern, VALUES) == number


def test_what_is_not_known_yet_stays_open() -> None:
    values = Values(seq=7, day=date(2026, 4, 9))
    assert render("{KS}/{N}/{K}/{S}/{Y}", values) == "…/7/…/…/2026"


@pytest.mark.parametrize(
    "pattern", ["{K}/{Y}", "{N}/{N}", "{N}/{X}", "{N/{Y}", "{N}}", "{N}{", "{ N }/{N}"]
)
def test_a_bad_pattern_is_named(pattern: str) -> None:
    assert mistake_in(pattern)


@given(st.text("KSNYMR{}/.-1", max_size=30))
def test_whatever_is_accepted_prints_its_number_once(pattern: str) -> None:
    if mistake_in(pattern) is None:
        before, _, after = pattern.partition("{N}")
        shown = render(pattern, VALUES)
        assert shown == f"{render(before, VALUES)}123{render(after, VALUES)}"


HUKUM, SETDA = unit_id("bag.hukum"), unit_id("setda")
PLAIN = Template(pattern="1{N}", series="a")
KIND = Template(pattern="2{N}", series="a", kind="nota_dinas")
SIGNER = Template(pattern="3{N}", series="a", signer_position_id=position_id("sekda"))
OF_UNIT = Template(pattern="4{N}", series="a", unit_id=SETDA)
NEAR = Template(pattern="5{N}", series="a", unit_id=HUKUM, kind="nota_dinas")
OTHER = Template(pattern="6{N}", series="a", unit_id=unit_id("dinkes"))


@pytest.mark.parametrize(
    ("templates", "expected"),
    [
        ([], USUAL),
        ([OTHER], USUAL),
        ([PLAIN, OTHER], PLAIN),
        ([PLAIN, KIND], KIND),
        ([PLAIN, SIGNER], SIGNER),
        ([SIGNER, KIND], KIND),
        ([KIND, OF_UNIT], OF_UNIT),
        ([OF_UNIT, NEAR, KIND], NEAR),
    ],
)
def test_the_most_particular_template_wins(
    templates: list[Template], expected: Template
) -> None:
    found = choose(
        templates,
        kind="nota_dinas",
        units=(HUKUM, SETDA),
        signer_position_id=position_id("sekda"),
    )
    assert found == expected


def test_the_day_changes_at_midnight_in_makassar() -> None:
    assert today(datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)) == date(2026, 12, 31)
    assert today(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("code", "short"), [("setda", "SETDA"), ("bag.hukum", "HUKUM")]
)
def test_a_unit_signs_by_the_last_part_of_its_code(code: str, short: str) -> None:
    assert unit_code(code) == short
