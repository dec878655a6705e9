"""Signatures that hold, and what becomes of each failure of the signing service."""

from __future__ import annotations

import base64
import json
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import eventlet
import pytest
import structlog

from contracts.errors import RakatError
from contracts.letters import SigningMethod
from services.letters.documents import outgoing
from services.letters.signing import Settings, Signer, backend, checking
from services.letters.signing.bsre import SIGN_PATH, STATUS_PATH
from services.letters.signing.local import LocalBackend
from tests.integration.letters.esign_service import (
    EMAIL,
    NIK,
    PASSPHRASE,
    PASSWORD,
    PERSON,
    EsignService,
    running,
)
from tests.integration.letters.time_stamps import stamping
from tests.unit.letters import documents

SIGNER = Signer(
    person_id=PERSON,
    position_id=UUID(int=78),
    name="Pejabat Contoh",
    title="Sekretaris Daerah",
    unit_name="Sekretariat Daerah",
    reason="Menandatangani surat",
)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return outgoing.render(documents.outgoing())


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(folder=tmp_path_factory.mktemp("signing") / "keys")


@pytest.fixture(scope="module")
def signed(pdf: bytes, local: Settings) -> bytes:
    return backend(SigningMethod.LOCAL, local).sign(pdf, SIGNER, None)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[EsignService]:
    with running(tmp_path) as one:
        yield one


# ---- local -----------------------------------------------------------------------


def test_a_local_signature_holds_and_covers_the_whole_document(
    pdf: bytes, signed: bytes, local: Settings
) -> None:
    found = checking.check(signed, local)

    assert found is not None
    assert (found.intact, found.trusted, found.name) == (True, True, "Pejabat Contoh")
    assert signed.startswith(pdf)  # what was seen is what was signed


def test_a_flipped_byte_anywhere_breaks_it(
    pdf: bytes, signed: bytes, local: Settings
) -> None:
    for place in (len(pdf) // 2, len(pdf) + 300):
        changed = bytearray(signed)
        changed[place] ^= 1

        found = checking.check(bytes(changed), local)

        assert found is None or not found.intact, place


def test_whatever_was_done_to_the_signature_there_is_an_answer(
    signed: bytes, local: Settings
) -> None:
    """One file with many wounds: each reader of it meets another one."""
    start = signed.rindex(b"/Contents <") + 11
    # Its end is the signature's value; a wound in a certificate alone breaks no seal.
    end = start + len(signed[start : signed.index(b">", start)].rstrip(b"0"))
    for wound in range(1, 4):
        changed = bytearray(signed)
        for place in range(start + 8 * wound, end, 37 * wound):
            changed[place] = ord("1") if changed[place] == ord("0") else ord("0")

        found = checking.check(bytes(changed), local)

        assert found is None or not found.intact


def test_something_appended_is_not_covered(signed: bytes, local: Settings) -> None:
    found = checking.check(signed + b"\n% lagi\n", local)

    assert found is None or not found.intact


def test_an_authority_we_do_not_trust_does_not_vouch_for_it(signed: bytes) -> None:
    found = checking.check(signed, Settings())

    assert found is not None
    assert (found.intact, found.trusted) == (True, False)


def test_a_file_without_a_signature_has_none(pdf: bytes, local: Settings) -> None:
    assert checking.check(pdf, local) is None


def test_an_authority_made_elsewhere_signs_too(
    pdf: bytes, local: Settings, signed: bytes, tmp_path: Path
) -> None:
    assert local.folder is not None
    given = Settings(
        folder=tmp_path,
        ca_cert=local.folder / "ca.pem",
        ca_key=local.folder / "ca.key",
    )

    made = LocalBackend(given).sign(pdf, SIGNER)

    found = checking.check(made, local)
    assert found is not None
    assert found.trusted
    assert not (tmp_path / "ca.pem").exists()


def test_a_time_stamp_service_says_when(pdf: bytes, local: Settings) -> None:
    with stamping() as (url, asked):
        made = LocalBackend(replace(local, tsa_url=url)).sign(pdf, SIGNER)

    found = checking.check(made, local)
    assert found is not None
    assert (found.intact, found.trusted) == (True, True)
    assert found.at == datetime(2026, 11, 20, 6, 0, tzinfo=UTC)  # as the service said
    assert asked


def test_without_its_time_stamp_nothing_is_signed(pdf: bytes, local: Settings) -> None:
    down = LocalBackend(replace(local, tsa_url="http://127.0.0.1:1/tsa"))

    assert _code(lambda: down.sign(pdf, SIGNER)) == "signing_unavailable"


def test_two_signatures_at_once_make_one_authority_and_both_hold(
    pdf: bytes, tmp_path: Path
) -> None:
    given = Settings(folder=tmp_path / "new")
    pool = eventlet.GreenPool()
    made = list(pool.imap(lambda _: LocalBackend(given).sign(pdf, SIGNER), range(2)))

    assert all((checking.check(one, given) or _NOTHING).trusted for one in made)


_NOTHING = checking.Checked(intact=False, trusted=False, name="", at=None)


def test_keys_are_closed_to_others(signed: bytes, local: Settings) -> None:
    assert local.folder is not None
    assert local.folder.stat().st_mode & 0o077 == 0
    keys = [path for path in local.folder.iterdir() if path.suffix == ".key"]
    assert len(keys) == 2
    assert all(path.stat().st_mode & 0o077 == 0 for path in keys)


def test_others_go_on_while_somebody_signs(pdf: bytes, local: Settings) -> None:
    beats = 0

    def beat() -> None:
        nonlocal beats
        while True:
            beats += 1
            eventlet.sleep(0.01)

    other = eventlet.spawn(beat)
    try:
        LocalBackend(local).sign(pdf, SIGNER)
    finally:
        other.kill()

    assert beats > 10


def test_what_cannot_be_read_is_not_signed(local: Settings) -> None:
    assert _code(lambda: LocalBackend(local).sign(b"x", SIGNER)) == "unreadable_file"


def test_without_a_signature_the_file_stays_as_it_is(pdf: bytes) -> None:
    assert backend(SigningMethod.NONE, Settings()).sign(pdf, SIGNER, None) == pdf


@pytest.mark.parametrize("method", [SigningMethod.LOCAL, SigningMethod.BSRE])
def test_a_way_that_is_not_set_up_says_so(method: SigningMethod) -> None:
    assert _code(lambda: backend(method, Settings())) == "signing_not_configured"


# ---- BSrE ------------------------------------------------------------------------


def test_the_service_signs_and_the_signature_holds(
    service: EsignService, pdf: bytes
) -> None:
    given = service.settings()

    made = backend(SigningMethod.BSRE, given).sign(pdf, SIGNER, PASSPHRASE)

    found = checking.check(made, given)
    assert found is not None
    assert (found.intact, found.trusted, found.name) == (True, True, "Penanda Tangan")
    assert [path for path, _ in service.seen] == [STATUS_PATH, SIGN_PATH]
    assert service.seen[0][1] == {"nik": NIK, "email": EMAIL}


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("EXPIRED", "certificate_expired"),
        ("REVOKE", "certificate_revoked"),
        ("NOT_REGISTERED", "signer_not_registered"),
    ],
)
def test_who_cannot_sign_never_sends_a_passphrase(
    service: EsignService, pdf: bytes, state: str, code: str
) -> None:
    service.status = state

    assert _code(lambda: _sign(service, pdf)) == code
    assert [path for path, _ in service.seen] == [STATUS_PATH]


_FAULTS: list[tuple[str, Any, str]] = [
    (STATUS_PATH, (500, b"oops"), "signing_unavailable"),
    (SIGN_PATH, (503, b""), "signing_unavailable"),
    (SIGN_PATH, (200, b"<html>proxy</html>"), "signing_bad_answer"),
    (SIGN_PATH, (200, b'{"file": []}'), "signing_bad_answer"),
    (SIGN_PATH, (200, b'{"file": ["JVBERi0xLjcK"]}'), "signing_bad_answer"),
    (SIGN_PATH, (307, b""), "signing_bad_answer"),
    (SIGN_PATH, (401, b""), "signing_misconfigured"),
    (STATUS_PATH, (401, b""), "signing_misconfigured"),
    (SIGN_PATH, (400, b'{"error": "lain", "status_code": 9}'), "signing_refused"),
    (SIGN_PATH, 1.5, "signing_timeout"),
]


@pytest.mark.parametrize(("path", "fault", "code"), [*_FAULTS, (None, None, None)])
def test_every_failure_has_its_own_code_and_no_log_or_error_has_the_passphrase(
    service: EsignService,
    pdf: bytes,
    path: str,
    fault: Any,
    code: str | None,
    capfd: pytest.CaptureFixture[str],
) -> None:
    service.faults[path] = fault
    happened, told = None, ""

    with structlog.testing.capture_logs() as logged:
        try:
            _sign(service, pdf, bsre_timeout=0.4 if fault else 5)
        except RakatError as error:
            happened = error.code
            told = "".join(traceback.format_exception(error)) + _everything_of(error)

    written = "".join(capfd.readouterr()) + repr(logged) + told
    assert happened == code
    assert logged
    assert not any(secret in written for secret in (PASSPHRASE, PASSWORD, NIK))


def test_a_service_that_is_down(service: EsignService, pdf: bytes) -> None:
    down = _code(lambda: _sign(service, pdf, bsre_url="http://127.0.0.1:1"))

    assert down == "signing_unavailable"


def test_wrong_user_of_the_service(service: EsignService, pdf: bytes) -> None:
    assert _code(lambda: _sign(service, pdf, bsre_user="x")) == "signing_misconfigured"


def test_another_document_back_is_refused(service: EsignService, pdf: bytes) -> None:
    other = service.sign(outgoing.render(documents.outgoing(subject="Lain")))
    answer = {"file": [base64.b64encode(other).decode()]}
    service.faults[SIGN_PATH] = (200, json.dumps(answer).encode())

    assert _code(lambda: _sign(service, pdf)) == "signing_bad_answer"


def test_an_unsigned_document_back_is_refused(
    service: EsignService, pdf: bytes
) -> None:
    answer = {"file": [base64.b64encode(pdf).decode()]}
    service.faults[SIGN_PATH] = (200, json.dumps(answer).encode())

    assert _code(lambda: _sign(service, pdf)) == "signing_bad_answer"


def test_nobody_on_file_for_the_signer(service: EsignService, pdf: bytes) -> None:
    given = service.settings()
    assert given.identities is not None
    given.identities.write_text("person_id,nik,email\n")

    made = backend(SigningMethod.BSRE, given)

    assert _code(lambda: made.sign(pdf, SIGNER, PASSPHRASE)) == "signer_not_identified"
    assert service.seen == []


@pytest.mark.parametrize("passphrase", [None, ""])
def test_no_passphrase(
    service: EsignService, pdf: bytes, passphrase: str | None
) -> None:
    made = backend(SigningMethod.BSRE, service.settings())

    assert _code(lambda: made.sign(pdf, SIGNER, passphrase)) == "passphrase_required"


def test_a_wrong_passphrase_is_named_at_its_field(
    service: EsignService, pdf: bytes
) -> None:
    made = backend(SigningMethod.BSRE, service.settings())

    with pytest.raises(RakatError) as refused:
        made.sign(pdf, SIGNER, "salah-sekali-2286")

    assert refused.value.code == "wrong_passphrase"
    assert refused.value.errors[0]["field"] == "/passphrase"


def _everything_of(error: BaseException | None) -> str:
    """The error, what it holds and came from, and the locals an error page would show."""
    if error is None:
        return ""
    chain = _everything_of(error.__cause__) + _everything_of(error.__context__)
    return repr(error) + repr(vars(error)) + chain


def test_settings_show_no_secret(service: EsignService) -> None:
    assert PASSWORD not in repr(service.settings())


def test_settings_come_from_the_environment(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("sandi\n")

    made = Settings.from_env(
        {
            "RAKAT_STATE_DIR": str(tmp_path),
            "RAKAT_SIGNING_BSRE_URL": "https://esign.example.go.id/",
            "RAKAT_SIGNING_BSRE_USER": "rakat",
            "RAKAT_SIGNING_BSRE_PASSWORD_FILE": str(secret),
            "RAKAT_SIGNING_BSRE_TIMEOUT": "7",
        }
    )

    assert made.folder == tmp_path / "signing"
    assert made.bsre_url == "https://esign.example.go.id"
    assert (made.bsre_user, made.bsre_password) == ("rakat", "sandi")
    assert made.bsre_timeout == 7


def _sign(service: EsignService, pdf: bytes, **changes: Any) -> bytes:
    made = backend(SigningMethod.BSRE, service.settings(**changes))
    return made.sign(pdf, SIGNER, PASSPHRASE)


def _code(act: Any) -> str:
    with pytest.raises(RakatError) as refused:
        act()
    return refused.value.code
