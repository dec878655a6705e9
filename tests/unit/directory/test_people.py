"""A civil servant's number as it is typed."""

from __future__ import annotations

from datetime import date

import pytest

from contracts.errors import Invalid
from services.directory.domain.people import civil_number

TODAY = date(2026, 11, 24)
NIP = "190001011920011001"


@pytest.mark.parametrize(
    "typed", [NIP, "19000101 192001 1 001", "19000101.192001.1.001"]
)
def test_a_number_is_kept_as_digits(typed: str) -> None:
    assert civil_number(typed, TODAY) == NIP


def test_contract_staff_have_no_month_of_service() -> None:
    assert civil_number("199205082023212001", TODAY) == "199205082023212001"


@pytest.mark.parametrize(
    "wrong",
    [
        NIP[:-1],
        "190013011920011001",  # month 13
        "202701011920011001",  # born tomorrow
        "199001011980011001",  # served before birth
        "190001011920013001",  # neither sex
        "190001011920011000",  # serial 0
        "１９0001011920011001",  # digits of another script
    ],
)
def test_what_is_no_number_is_refused_by_its_field(wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        civil_number(wrong, TODAY)
    assert refused.value.errors[0]["field"] == "/nip"
