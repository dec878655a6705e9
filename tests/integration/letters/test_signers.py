"""What stands under a signature: asked of the directory once, printed, kept (ADR 0117)."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import obstore
import pytest
import sqlalchemy as sa

from chassis.database import Database
from chassis.testing import RpcCall, RunService
from contracts.directory import Grade, SigningIdentity
from contracts.errors import Forbidden, Unavailable
from contracts.letters import Letter, LettersQuery
from services.directory import orm as directory
from services.directory.passwords import hash_password
from services.directory.service import Service as Directory
from services.letters import blobs, views_letters, views_verify
from services.letters.documents.signature import OPEN_LINES
from services.letters.service import Service
from services.letters.use_cases import searching
from services.letters.workshop import LetterWorkshop
from tests.integration.letters.desk import Desk
from tests.integration.letters.esign_service import PASSPHRASE, running
from tests.integration.letters.sending import (
    dispatch,
    draft_body,
    reviewed,
    sign,
    workshop_in,
)
from tests.integration.letters.serving import Served, fill_copy
from tests.unit.letters import documents, offices

NIP = "190001011920011777"
PRINTED = "NIP 19000101 192001 1 777"
KADIS = SigningIdentity(
    nip=NIP, grade=Grade.IV_B, degrees_before="Dr.", degrees_after="M.Si."
)


@pytest.fixture
def workshop(tmp_path: Path) -> LetterWorkshop:
    return workshop_in(tmp_path)


def from_dinkes(desk: Desk, **changes: Any) -> Letter:
    given = {"signer_position_id": "kadis.dinkes", "who": "sekretaris.dinkes"}
    return reviewed(desk, **{**given, **changes})


def text_of(signed: dict[str, Any], workshop: LetterWorkshop) -> str:
    store = blobs.open_store(workshop.config.need("blob_url"))
    pdf = obstore.get(store, blobs.key_of(signed["files"][0]["sha256"])).bytes()
    return documents.text_of(bytes(pdf))


def kept(desk: Desk, letter: Letter) -> Any:
    query = sa.text("SELECT printed FROM outgoing WHERE letter_id = :id")
    with desk.database.session() as session:
        return session.scalar(query, {"id": letter.letter_id})


@pytest.mark.parametrize("method", ["none", "local", "bsre"])
def test_title_rank_and_number_stand_under_the_name(
    desk: Desk, workshop: LetterWorkshop, tmp_path: Path, method: str
) -> None:
    letter, more = from_dinkes(desk), {}
    with running(tmp_path) as service:
        service.person = offices.person_id("kadis.dinkes")
        if method == "bsre":
            workshop = replace(workshop, settings=service.settings())
            more = {"passphrase": PASSPHRASE}
        done = sign(
            desk,
            letter.letter_id,
            workshop,
            "kadis.dinkes",
            method=method,
            identify=lambda: KADIS,
            **more,
        )

    text = text_of(done["body"], workshop)
    assert (
        f"Dr. Pemegang kadis.dinkes, M.Si. Pembina Tingkat I (IV/b) {PRINTED}" in text
    )
    assert kept(desk, letter) == {
        "name": "Dr. Pemegang kadis.dinkes, M.Si.",
        "under": ["Pembina Tingkat I (IV/b)", PRINTED],
    }


@pytest.mark.parametrize("who", ["bupati", "wabup", "sekda"])
@pytest.mark.parametrize("capacity", ["definitive", "plh"])
def test_the_heads_of_the_region_are_printed_by_name_only(
    database: Database, workshop: LetterWorkshop, who: str, capacity: str
) -> None:
    signer, also = who, []
    if capacity == "plh":
        signer, also = "asisten.2", [offices.holds("asisten.2", who, "plh")]
    desk = Desk(database, offices.regency(also=also))
    letter = reviewed(desk, signer_position_id=who)

    done = sign(desk, letter.letter_id, workshop, signer, identify=away)

    text = text_of(done["body"], workshop)
    assert f"Pemegang {signer}" in text
    assert "NIP" not in text
    assert kept(desk, letter)["under"] == []


def test_a_deciding_document_has_no_titles(
    desk: Desk, workshop: LetterWorkshop
) -> None:
    letter = from_dinkes(desk, kind="surat_edaran")

    done = sign(
        desk, letter.letter_id, workshop, "kadis.dinkes", identify=lambda: KADIS
    )

    text = text_of(done["body"], workshop)
    assert f"Pemegang kadis.dinkes Pembina Tingkat I (IV/b) {PRINTED}" in text


def away() -> SigningIdentity:
    raise Unavailable(retry_after=1)


def test_without_the_directory_nothing_is_half_signed(
    desk: Desk, workshop: LetterWorkshop
) -> None:
    letter = from_dinkes(desk)

    with pytest.raises(Unavailable) as refused:
        sign(desk, letter.letter_id, workshop, "kadis.dinkes", identify=away)

    assert (refused.value.status, refused.value.code) == (503, "service_unavailable")
    seen = desk.look("kadis.dinkes", views_letters.one, letter.letter_id)
    assert seen.state.value == "in_review"
    assert kept(desk, letter) is None
    done = sign(desk, letter.letter_id, workshop, "kadis.dinkes")["body"]  # at once
    assert done["state"] == "signed"


def test_the_number_is_on_paper_and_nowhere_else(
    desk: Desk, workshop: LetterWorkshop
) -> None:
    letter = from_dinkes(desk)
    done = sign(
        desk,
        letter.letter_id,
        workshop,
        "kadis.dinkes",
        method="local",
        identify=lambda: KADIS,
    )
    dispatch(desk, letter.letter_id, "sekretaris.dinkes")
    query = LettersQuery(limit=200)
    with desk.database.session() as session:
        token = session.scalar(sa.text("SELECT verify_token FROM outgoing"))
        tables = "trail", "outbox", "idempotency", "letter", "outgoing_revision"
        stored = [
            session.execute(sa.text(f"SELECT * FROM {name}")).all() for name in tables
        ]
    told = [
        done,
        desk.look("kadis.dinkes", views_letters.one, letter.letter_id),
        desk.do("kadis.dinkes", searching.list_letters, query),
        desk.look("bupati", views_verify.issued, token),
        stored,
    ]

    assert NIP not in str(told)
    assert PRINTED not in str(told)


def test_a_draft_keeps_their_place_and_its_signer_sees_them(
    run_service: RunService,
    rpc_call: RpcCall,
    database: Database,
    database_of: Callable[[str], Database],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """Both services on the bus: the directory answers for its caller only."""
    monkeypatch.setenv("BLOB_URL", (tmp_path / "blobs").as_uri())
    fill_copy(database)
    with database_of("directory").session() as session:
        values = {
            "person_id": offices.person_id("kadis.dinkes"),
            "name": "Pemegang kadis.dinkes",
            "nip": NIP,
            "grade": "IV/b",
            "version": 1,
        }
        session.execute(sa.insert(directory.person).values(values))
        account = {
            "account_id": offices.person_id("kadis.dinkes"),
            "person_id": offices.person_id("kadis.dinkes"),
            "username": "kadis.dinkes",
            "password_hash": hash_password("sandi kadis dinkes"),
            "demo": False,
        }
        session.execute(sa.insert(directory.account).values(account))
        session.commit()
    run_service(Directory)
    run_service(Service)
    served = Served(rpc_call)
    body = draft_body(signer_position_id="kadis.dinkes", initials=[])
    made = served.act("sekretaris.dinkes", "register_letter", body=body, key="k1")
    key = {"letter_id": made["letter_id"]}
    served.act("sekretaris.dinkes", "submit_letter", key="k2", **key)

    his = printed(served.call("kadis.dinkes", "get_letter_preview", **key))
    theirs = printed(served.call("sekretaris.dinkes", "get_letter_preview", **key))

    assert f"Pembina Tingkat I (IV/b) {PRINTED}" in his
    assert PRINTED not in theirs
    assert OPEN_LINES[0] in theirs
    body = {"method": "none", "password": "sandi kadis dinkes"}
    with pytest.raises(Forbidden, match="reauthentication_required"):
        served.act("kadis.dinkes", "sign_letter", body={"method": "none"}, **key)
    signed = served.act("kadis.dinkes", "sign_letter", body=body, key="k3", **key)
    assert signed["state"] == "signed"


def printed(answer: dict[str, Any]) -> str:
    return documents.text_of(base64.b64decode(answer["content"]))
