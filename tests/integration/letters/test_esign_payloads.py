"""What we send to the Esign Client Service and make of its answers, by the fixtures."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.errors import RakatError
from services.letters.signing import bsre
from services.letters.signing.identities import BsreIdentity
from tests.integration.letters.esign_service import body_of

WHO = BsreIdentity(nik="6306000000000001", email="penanda.tangan@example.go.id")


def test_the_request_for_the_state_of_a_signer() -> None:
    assert bsre.whose(WHO) == body_of("status_request")


def test_a_signer_without_nik_is_asked_for_by_email() -> None:
    assert bsre.whose(BsreIdentity(email="a@example.go.id")) == {
        "email": "a@example.go.id"
    }


def test_the_request_to_sign() -> None:
    made = bsre.sign_payload(
        WHO,
        "Rahasia-Sekali-9137",
        b"%PDF-1.7 contoh",
        "Menandatangani surat B/123/000.8.3.3/SETDA/2026",
    )

    assert made == body_of("sign_request")


def test_the_signed_file_is_read_from_the_answer() -> None:
    assert bsre.signed_of(body_of("sign_answer")) == b"%PDF-1.7 contoh ditandatangani"


@pytest.mark.parametrize("name", ["ISSUE", "nested", "userStatus"])
def test_a_signer_whose_certificate_serves_may_sign(name: str) -> None:
    bsre.require_certificate(body_of("status_answers")[name])


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("EXPIRED", "certificate_expired"),
        ("RENEW", "certificate_renew"),
        ("WAITING_FOR_VERIFICATION", "certificate_waiting"),
        ("NEW", "certificate_new"),
        ("NO_CERTIFICATE", "signer_not_registered"),
        ("NOT_REGISTERED", "signer_not_registered"),
        ("SUSPEND", "certificate_suspended"),
        ("REVOKE", "certificate_revoked"),
    ],
)
def test_every_other_state_has_its_own_code(name: str, code: str) -> None:
    assert _code(bsre.require_certificate, body_of("status_answers")[name]) == code


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("wrong_passphrase_answer", "wrong_passphrase"),
        ("not_registered_answer", "signer_not_registered"),
    ],
)
def test_known_refusals_to_sign(answer: str, code: str) -> None:
    assert _code(bsre.signed_of, body_of(answer)) == code


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        "",
        7,
        {},
        {"file": []},
        {"file": [7]},
        {"file": ["***"]},
        {"file": "x"},
    ],
)
def test_whatever_else_comes_is_a_bad_answer(answer: Any) -> None:
    assert _code(bsre.signed_of, answer) == "signing_bad_answer"
    if not isinstance(answer, dict):
        assert _code(bsre.require_certificate, answer) == "signing_bad_answer"


def test_a_refusal_nobody_knows_has_its_own_code_and_keeps_its_words() -> None:
    answer = {"error": "Kuota habis untuk NIK 6306", "status_code": 2999}

    with pytest.raises(RakatError) as refused:
        bsre.signed_of(answer)

    assert refused.value.code == "signing_refused"
    assert "6306" not in repr(refused.value.to_wire())


def _code(reader: Any, answer: Any) -> str:
    with pytest.raises(RakatError) as refused:
        reader(answer)
    return refused.value.code
