"""The public answer whether a letter is genuine, and that signing leaves no secret."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import obstore
import pytest
import sqlalchemy as sa

from chassis.database import Database
from contracts.errors import Conflict, NotFound, RakatError
from contracts.letters import AttachScan, RecordFile, SigningMethod, VoidLetter
from contracts.letters.documents import Verification
from services.letters import blobs, verifying, views_verify
from services.letters.use_cases import closing, dispatching, storing
from services.letters.workshop import LetterWorkshop
from tests.integration.letters.desk import Desk
from tests.integration.letters.esign_service import PASSPHRASE, PASSWORD, running
from tests.integration.letters.sending import reviewed, sign, workshop_in
from tests.unit.letters import documents, offices


@pytest.fixture
def workshop(tmp_path: Path) -> LetterWorkshop:
    return workshop_in(tmp_path)


def signed(desk: Desk, workshop: LetterWorkshop, **changes: Any) -> dict[str, Any]:
    method = changes.pop("method", "none")
    who = changes.pop("signer", "sekda")
    letter = reviewed(desk, **changes)
    answer = sign(desk, letter.letter_id, workshop, who, method=method)
    body: dict[str, Any] = answer["body"]
    if method == "none" and changes.get("secrecy") != "sangat_rahasia":
        inked(desk, letter.letter_id)
    return body


def inked(desk: Desk, letter_id: UUID) -> None:
    """The sheet with the ink on it was scanned."""
    scan = RecordFile(
        sha256="e" * 64,
        size_bytes=1,
        media_type="application/pdf",
        filename="pindaian.pdf",
        page_count=1,
    )
    file_id = desk.do("kabag.kesra", storing.record_file, scan).file_id
    body = AttachScan(file_id=file_id)
    desk.do("kabag.kesra", dispatching.attach_scan, letter_id, body)


def token_of(desk: Desk, letter_id: str) -> str:
    query = sa.text("SELECT verify_token FROM outgoing WHERE letter_id = :id")
    with desk.database.session() as session:
        return str(session.scalar(query, {"id": letter_id}))


def verify(desk: Desk, workshop: LetterWorkshop, token: str) -> Verification:
    issued = desk.look("bupati", views_verify.issued, token)
    url = workshop.config.need("blob_url")
    return verifying.verification(issued, url, workshop.settings)


def test_a_letter_signed_with_a_certificate_is_genuine(
    desk: Desk, workshop: LetterWorkshop
) -> None:
    letter = signed(desk, workshop, method="local", signing_form="an")

    found = verify(desk, workshop, token_of(desk, letter["letter_id"]))

    assert (found.verdict, found.integrity) == ("genuine", "intact")
    assert found.signature_valid is True
    assert found.number == letter["number"]
    assert found.subject == "Permintaan data SPBE"
    assert found.issued_by == "Sekretariat Daerah"
    assert found.signer.title == "Sekretaris Daerah"
    assert found.signer.on_behalf_of == "Bupati Hulu Sungai Selatan"
    assert found.sha256 == letter["files"][0]["sha256"]


def test_a_letter_is_not_genuine_before_its_ink_was_seen(
    desk: Desk, workshop: LetterWorkshop
) -> None:
    letter_id = reviewed(desk).letter_id
    sign(desk, letter_id, workshop)
    token = token_of(desk, str(letter_id))
    assert _verdict(verify(desk, workshop, token)) == ("issued", "intact")
    with pytest.raises(Conflict, match="scan_missing"):
        desk.do("kabag.kesra", dispatching.dispatch_letter, letter_id)

    inked(desk, letter_id)

    assert _verdict(verify(desk, workshop, token)) == ("genuine", "intact")
    sent = desk.do("kabag.kesra", dispatching.dispatch_letter, letter_id)
    assert sent.state == "dispatched"


def test_a_file_changed_in_the_store_is_found_out(
    desk: Desk, workshop: LetterWorkshop
) -> None:
    letter = signed(desk, workshop)
    token = token_of(desk, letter["letter_id"])
    sha256 = letter["files"][0]["sha256"]
    assert verify(desk, workshop, token).verdict == "genuine"
    store = blobs.open_store(workshop.config.need("blob_url"))

    obstore.put(store, blobs.key_of(sha256), b"%PDF-1.7 another letter")
    assert _verdict(verify(desk, workshop, token)) == ("changed", "changed")

    obstore.delete(store, blobs.key_of(sha256))
    assert _verdict(verify(desk, workshop, token)) == ("changed", "missing")


def test_a_file_whose_signature_does_not_hold_is_not_genuine(
    desk: Desk, workshop: LetterWorkshop
) -> None:
    """Signed and hashed as the row says, but the signature is none."""
    letter = signed(desk, workshop)
    token = token_of(desk, letter["letter_id"])
    issued = desk.look("bupati", views_verify.issued, token)
    claimed = replace(issued, method=SigningMethod.LOCAL)
    url = workshop.config.need("blob_url")

    found = verifying.verification(claimed, url, workshop.settings)

    assert (found.verdict, found.signature_valid) == ("changed", False)


def test_a_void_letter_says_so_and_since_when(
    desk: Desk, workshop: LetterWorkshop
) -> None:
    letter = signed(desk, workshop)
    body = VoidLetter(reason="Salah tujuan")
    desk.do("kabag.kesra", closing.void_letter, UUID(letter["letter_id"]), body)

    found = verify(desk, workshop, token_of(desk, letter["letter_id"]))

    assert found.verdict == "void"
    assert found.voided_on == offices.NOW.date()


def test_a_restricted_letter_keeps_its_subject(
    desk: Desk, workshop: LetterWorkshop
) -> None:
    letter = signed(desk, workshop, secrecy="terbatas")

    found = verify(desk, workshop, token_of(desk, letter["letter_id"]))

    assert (found.verdict, found.subject) == ("genuine", None)


@pytest.mark.parametrize("secrecy", ["rahasia", "sangat_rahasia"])
def test_of_a_secret_letter_nobody_learns_anything(
    desk: Desk, workshop: LetterWorkshop, secrecy: str
) -> None:
    changes: dict[str, Any] = {"secrecy": secrecy}
    if secrecy == "sangat_rahasia":
        changes["body_html"] = None
    letter = signed(desk, workshop, **changes)

    with pytest.raises(NotFound):
        verify(desk, workshop, token_of(desk, letter["letter_id"]))


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "a" * 22,
        "a" * 500,
        "a\x00" * 12,
        "' OR 1=1 --" * 3,
        "é" * 22,
        "a/" * 15,
    ],
)
def test_unknown_tokens_are_unknown(
    desk: Desk, workshop: LetterWorkshop, token: str
) -> None:
    with pytest.raises(NotFound):
        verify(desk, workshop, token)


def test_a_draft_is_not_verified(desk: Desk, workshop: LetterWorkshop) -> None:
    letter = reviewed(desk)
    with desk.database.session() as session:
        statement = "UPDATE outgoing SET verify_token = :t WHERE letter_id = :id"
        token = f"token-of-a-draft-{letter.letter_id}"
        session.execute(sa.text(statement), {"t": token, "id": letter.letter_id})
        session.commit()

    with pytest.raises(NotFound):
        verify(desk, workshop, token)


def test_a_token_leads_to_one_letter(desk: Desk, workshop: LetterWorkshop) -> None:
    """Held by the database."""
    first, second = (signed(desk, workshop)["letter_id"] for _ in range(2))
    statement = sa.text("UPDATE outgoing SET verify_token = :t WHERE letter_id = :id")
    with desk.database.session() as session, pytest.raises(sa.exc.IntegrityError):
        session.execute(statement, {"t": token_of(desk, first), "id": second})


def test_the_token_has_128_bits(desk: Desk, workshop: LetterWorkshop) -> None:
    tokens = {token_of(desk, signed(desk, workshop)["letter_id"]) for _ in range(2)}

    assert len(tokens) == 2
    assert all(len(token) >= 22 for token in tokens)


def test_the_code_on_the_letter_leads_to_its_page(
    desk: Desk, workshop: LetterWorkshop
) -> None:
    letter = signed(desk, workshop)
    sha256 = letter["files"][0]["sha256"]
    store = blobs.open_store(workshop.config.need("blob_url"))

    pdf = bytes(obstore.get(store, blobs.key_of(sha256)).bytes())

    token = token_of(desk, letter["letter_id"])
    assert f"https://rakat.id/verify/{token}" in documents.text_of(pdf)
    assert letter["number"] in documents.text_of(pdf)


# ---- the passphrase --------------------------------------------------------------


@pytest.fixture
def bsre(tmp_path: Path) -> Iterator[LetterWorkshop]:
    with running(tmp_path, offices.person_id("sekda")) as service:
        yield replace(workshop_in(tmp_path), settings=service.settings())


def test_a_passphrase_passes_through_and_stays_nowhere(
    desk: Desk, bsre: LetterWorkshop
) -> None:
    letter = reviewed(desk)
    wrong = "salah-sekali-2286"
    with pytest.raises(RakatError, match="wrong_passphrase"):
        sign(desk, letter.letter_id, bsre, method="bsre", passphrase=wrong)
    done = sign(desk, letter.letter_id, bsre, method="bsre", passphrase=PASSPHRASE)

    found = verify(desk, bsre, token_of(desk, str(letter.letter_id)))
    stored = everything_in(desk.database)

    assert done["body"]["state"] == "signed"
    assert (found.verdict, found.signature_valid) == ("genuine", True)
    assert str(letter.letter_id) in stored  # it does look where the letter is
    assert "signing_failed" in stored
    assert not any(one in stored for one in (PASSPHRASE, PASSWORD, wrong))


def everything_in(database: Database) -> str:
    """Every row of every table, as text: trail, outbox, idempotency and all."""
    tables = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
    with database.session() as session:
        return "".join(
            str(row)
            for table in list(session.scalars(sa.text(tables)))
            for row in session.scalars(sa.text(f"SELECT t::text FROM {table} t"))
        )


def _verdict(found: Verification) -> tuple[str, str]:
    return found.verdict, found.integrity
