"""The disposition sheet on a real database: whose words are on it, and for whom."""

from __future__ import annotations

import base64
from collections.abc import Callable
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis.context import CallContext
from chassis.database import Database
from chassis.testing import RpcCall, RunService
from contracts.actor import Actor, ClientRef
from contracts.errors import NotFound
from services.directory import orm as directory
from services.directory.service import Service as Directory
from services.letters.documents.model import DispositionSheet
from services.letters.service import Service
from services.letters.use_cases import printing, working
from tests.integration.letters.desk import Desk, letter_body, recipient
from tests.integration.letters.sending import draft
from tests.integration.letters.serving import Served, fill_copy
from tests.unit.letters import documents as d
from tests.unit.letters import offices

SETDA = offices.unit_id("setda")


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


def test_the_directory_gives_rank_and_number_to_people_who_print(
    run_service: RunService,
    rpc_call: RpcCall,
    database: Database,
    database_of: Callable[[str], Database],
) -> None:
    """Both services on the bus; before the directory answers, the places are open."""
    fill_copy(database)
    with database_of("directory").session() as session:
        values = {
            "person_id": offices.person_id("asisten.1"),
            "name": "Pemegang asisten.1",
            "nip": "190001011920011777",
            "grade": "IV/b",
            "degrees_after": "M.Si.",
            "version": 1,
        }
        session.execute(sa.insert(directory.person).values(values))
        session.commit()
    run_service(Service)
    served = Served(rpc_call)
    body = letter_body(addressees=["asisten.1"])
    made = served.act("tu.setda", "register_letter", body=body, key="k1")
    key = {"letter_id": made["letter_id"]}
    line = recipient("kabag.kesra") | {
        "position_id": str(offices.position_id("kabag.kesra"))
    }
    given = {"recipients": [line]}
    served.act("asisten.1", "issue_disposition", body=given, key="k2", **key)

    def printed(context: CallContext) -> str:
        answer = rpc_call(
            "letters", "get_disposition_sheet", context=context, timeout=30.0, **key
        )
        return d.text_of(base64.b64decode(answer["content"]))

    registrar = CallContext(actor=offices.actor("tu.setda"), request_id="r")
    assert "Pangkat : ...." in printed(registrar)

    run_service(Directory)

    his = printed(registrar)
    assert "Nama : Pemegang asisten.1, M.Si." in his
    assert "Pangkat : Pembina Tingkat I (IV/b) NIP : 19000101 192001 1 777" in his
    ref = ClientRef(client_id=offices.person_id("app"), name="Siska", unit_id=SETDA)
    app = CallContext(actor=Actor(client=ref), request_id="a")
    assert "Pangkat : ...." in printed(app)


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
