"""What stands under a signer's name: of civil servants and of contract staff."""

from __future__ import annotations

import pytest

from contracts.directory import Grade, SigningIdentity
from services.letters.documents.signature import rank_lines, titled

CIVIL, CONTRACT = "198609262015051001", "199205082023212001"


@pytest.mark.parametrize(
    ("nip", "grade", "lines"),
    [
        (CIVIL, "IV/b", ("Pembina Tingkat I (IV/b)", "NIP 19860926 201505 1 001")),
        (CIVIL, None, ("NIP 19860926 201505 1 001",)),
        (None, "III/d", ("Penata Tingkat I (III/d)",)),
        (CONTRACT, "IX", ("NI PPPK 19920508 202321 2 001",)),
        (CONTRACT, "I", ("NI PPPK 19920508 202321 2 001",)),
        (None, "XVII", ()),
        (None, None, ()),
    ],
)
def test_rank_and_number_as_they_are_printed(
    nip: str | None, grade: str | None, lines: tuple[str, ...]
) -> None:
    known = Grade(grade) if grade else None
    assert rank_lines(SigningIdentity(nip=nip, grade=known)) == lines


def test_seventeen_grades_have_no_rank() -> None:
    of_contract = [grade.value for grade in Grade if grade.of_contract]
    assert len(of_contract) == 17
    assert (of_contract[0], of_contract[-1]) == ("I", "XVII")


def test_contract_staff_keep_their_academic_titles() -> None:
    one = SigningIdentity(grade=Grade.PPPK_IX, degrees_after="S.Kom.")
    assert titled("Budi", one) == "Budi, S.Kom."
