"""The disposition sheet on a real database: whose words are on it, and for whom."""

from __future__ import annotations

from uuid import UUID

import pytest
import sqlalchemy as sa

from contracts.errors import Forbidden, NotFound, Unavailable
from services.letters.documents.model import DispositionSheet
from services.letters.use_cases import printing, working
from services.letters.use_cases.signer_identity import with_givers
from tests.integration.letters.desk import Desk
from tests.integration.letters.sending import draft
from tests.unit.letters import documents as d
from tests.unit.letters import offices


def disposed(desk: Desk, **changes: object) -> UUID:
    """By the regent to the secretary, and by him to two below, with notes."""
    letter = desk.register(**changes)
    desk.dispose(
        "bupati",
        letter.letter_id,
        ("sekda", "handle", "tindaklanjuti", "laporkan"),
        note="Catatan bupati",
    )
    desk.later(minutes=5).dispose(
        "sekda",
        letter.letter_id,
        ("asisten.1", "handle", "siapkan_bahan"),
        ("asisten.2", "coordinate", "koordinasikan"),
        note="Catatan sekda",
    )
    return letter.letter_id


def sheets(
    desk: Desk, who: str, letter_id: UUID, *only: UUID
) -> list[DispositionSheet]:
    return desk.do(who, printing.disposition_sheets, letter_id, *only)


def test_a_sheet_for_each_disposition_with_what_was_given(desk: Desk) -> None:
    letter_id = disposed(desk)

    first, second = sheets(desk, "bupati", letter_id)

    assert first.letterhead.unit_name == "Pemerintah Kabupaten Hulu Sungai Selatan"
    assert second.letterhead.over == "Pemerintah Kabupaten Hulu Sungai Selatan"
    assert first.given_by_title == "Bupati Hulu Sungai Selatan"
    assert first.given_by_name == "Pemegang bupati"
    assert [one.title for one in first.recipients] == ["Sekretaris Daerah"]
    ticked = [label for label, on in first.instructions if on]
    assert ticked == ["Tindak lanjuti sesuai ketentuan", "Laporkan hasilnya"]
    assert [one.role_label for one in second.recipients] == [
        "menangani, siapkan bahan / sambutan",
        "koordinasi, koordinasikan / konfirmasikan",
    ]
    assert first.tracking_url.endswith(f"/surat/{letter_id}/posisi")


@pytest.mark.parametrize(
    ("who", "notes"),
    [
        ("bupati", ["Catatan bupati", "Catatan sekda"]),
        ("sekda", ["Catatan bupati", "Catatan sekda"]),
        ("asisten.1", [None, "Catatan sekda"]),
        ("tu.setda", [None, None]),
    ],
)
def test_notes_are_there_for_who_may_read_them(
    desk: Desk, who: str, notes: list[str | None]
) -> None:
    letter_id = disposed(desk)

    assert [one.note for one in sheets(desk, who, letter_id)] == notes


def test_without_a_disposition_it_is_blank_for_the_pen(desk: Desk) -> None:
    letter = desk.register(addressees=["sekda"])

    (blank,) = sheets(desk, "tu.setda", letter.letter_id)

    assert blank.given_by_title == "Sekretaris Daerah"
    assert (blank.given_by_name, blank.given_on, blank.recipients) == (None, None, ())
    assert blank.instructions
    assert not any(on for _, on in blank.instructions)


def test_rank_and_number_are_asked_of_all_but_the_heads_of_the_region(
    desk: Desk,
) -> None:
    letter_id = disposed(desk)
    task_id = desk.task_of(letter_id, "asisten.1")
    desk.later(minutes=9).dispose("asisten.1", letter_id, ("kabag.kesra", "handle"))
    assert task_id

    found = sheets(desk, "bupati", letter_id)

    assert [one.ranked for one in found] == [False, False, True]
    assert found[2].given_by == offices.person_id("asisten.1")


class Directory:
    """What the bus would answer; counts how often it is asked."""

    def __init__(self, answer: object) -> None:
        self.answer, self.asked = answer, []

    def call(self, *names: str, **given: object) -> object:
        self.asked.append((names, given))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def test_one_question_for_all_sheets_and_places_when_nobody_answers() -> None:
    person = offices.person_id("asisten.1")
    two = [d.sheet(given_by=person), d.sheet(given_by=person, ranked=False)]
    identity = {"person_id": str(person), "nip": "190001011920011777"}
    directory = Directory([identity | {"grade": "IV/b", "degrees_after": "M.Si."}])

    first, second = with_givers(two, directory)

    assert (first.rank, first.nip) == (
        "Pembina Tingkat I (IV/b)",
        "19000101 192001 1 777",
    )
    assert first.given_by_name == "Pejabat Contoh, M.Si."
    assert second == two[1]
    assert [given["person_ids"] for _, given in directory.asked] == [[str(person)]]
    for error in (Unavailable(retry_after=1), Forbidden()):
        assert with_givers(two, Directory(error)) == two
    nobody = Directory([])
    assert with_givers([two[1]], nobody) == [two[1]]
    assert nobody.asked == []


def test_one_disposition_alone(desk: Desk) -> None:
    letter_id = disposed(desk)
    query = sa.text(
        "SELECT disposition_id FROM disposition WHERE letter_id = :id"
        " ORDER BY issued_at"
    )
    with desk.database.session() as session:
        ids = list(session.scalars(query, {"id": letter_id}))

    (second,) = sheets(desk, "bupati", letter_id, ids[1])

    assert second.given_by_title == "Sekretaris Daerah"
    other = desk.register().letter_id
    with pytest.raises(NotFound):
        sheets(desk, "bupati", other, ids[1])


def test_what_was_taken_back_says_so(desk: Desk) -> None:
    letter_id = disposed(desk)
    task_id = desk.task_of(letter_id, "asisten.2")
    desk.do("sekda", working.withdraw_task, task_id)

    second = sheets(desk, "sekda", letter_id)[1]

    assert "ditarik" in second.recipients[1].role_label


def test_who_does_not_see_the_letter_gets_no_sheet(desk: Desk) -> None:
    letter_id = disposed(desk, secrecy="rahasia")

    for who in ("kadis.dinkes", "wabup", "admin"):
        with pytest.raises(NotFound):
            sheets(desk, who, letter_id)
    with pytest.raises(NotFound):
        sheets(desk, "bupati", offices.unit_id("nothing"))


def test_printing_a_secret_letter_is_recorded_as_a_read(desk: Desk) -> None:
    letter_id = disposed(desk, secrecy="rahasia")

    sheets(desk, "sekda", letter_id)

    query = sa.text(
        "SELECT detail ->> 'what' FROM trail WHERE letter_id = :id AND action = 'viewed'"
        " ORDER BY seq DESC LIMIT 1"
    )
    with desk.database.session() as session:
        assert session.scalar(query, {"id": letter_id}) == "disposition_sheet"


def test_an_outgoing_letter_has_no_disposition_sheet(desk: Desk) -> None:
    letter = draft(desk)

    with pytest.raises(NotFound):
        sheets(desk, "kabag.kesra", letter.letter_id)
