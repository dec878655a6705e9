"""Signing at BSrE: the Esign Client Service of the agency, version 2, HTTP Basic.

First the state of the signer's certificate, then the file with the passphrase. The
passphrase is in one request body and nowhere else: it is in no log, no error, and no
answer of the service is passed on.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

import requests
import structlog

from contracts.errors import RakatError
from contracts.letters import SigningMethod
from services.letters import apart
from services.letters.signing import errors
from services.letters.signing.identities import BsreIdentity, identity_of
from services.letters.signing.local import SECONDS, WORKER
from services.letters.signing.model import Settings, Signer

log = structlog.get_logger(__name__)

STATUS_PATH = "/api/v2/user/check/status"
SIGN_PATH = "/api/v2/sign/pdf"
CONNECT_SECONDS = 5.0
_LARGEST = 64 * 1024 * 1024  # of an answer: a PDF of 25 MiB in base64, and room

_STATES = {
    "EXPIRED": "certificate_expired",
    "RENEW": "certificate_renew",
    "WAITING_FOR_VERIFICATION": "certificate_waiting",
    "NEW": "certificate_new",
    "NO_CERTIFICATE": "signer_not_registered",
    "NOT_REGISTERED": "signer_not_registered",
    "SUSPEND": "certificate_suspended",
    "REVOKE": "certificate_revoked",
}
_WRONG_PASSPHRASE, _NOT_REGISTERED = 2031, 2011


@dataclass(frozen=True)
class BsreBackend:
    settings: Settings
    method: SigningMethod = SigningMethod.BSRE
    needs_passphrase: bool = True

    def sign(self, pdf: bytes, signer: Signer, passphrase: str | None) -> bytes:
        if not passphrase:
            raise errors.passphrase_required()
        identity = identity_of(self.settings.identities, signer.person_id)
        if identity is None:
            raise errors.not_identified()
        require_certificate(self._post(STATUS_PATH, whose(identity)))
        payload = sign_payload(identity, passphrase, pdf, signer.reason)
        signed = signed_of(self._post(SIGN_PATH, payload))
        _require_ours(pdf, signed)
        return signed

    def _post(self, path: str, payload: dict[str, Any]) -> Any:
        """The JSON of the answer, whatever its status says of the signer."""
        failure: RakatError
        try:
            with requests.post(
                self.settings.bsre_url + path,
                json=payload,
                auth=(self.settings.bsre_user, self.settings.bsre_password),
                timeout=(CONNECT_SECONDS, self.settings.bsre_timeout),
                headers={"Accept": "application/json"},
                allow_redirects=False,  # never the passphrase to another address
                stream=True,
            ) as answer:
                return _read(answer, path)
        except requests.Timeout:
            failure = errors.timeout()
        except requests.RequestException:
            failure = errors.unavailable()
        log.warning("esign service failed", path=path, code=failure.code)
        raise failure  # apart from the cause, which holds the request


def whose(identity: BsreIdentity) -> dict[str, str]:
    given = {"nik": identity.nik, "email": identity.email}
    return {name: value for name, value in given.items() if value}


def sign_payload(
    identity: BsreIdentity, passphrase: str, pdf: bytes, reason: str
) -> dict[str, Any]:
    """An invisible signature: the page has its QR already, before it is signed."""
    appearance = {"tampilan": "INVISIBLE", "location": None, "reason": reason}
    return {
        **whose(identity),
        "passphrase": passphrase,
        "signatureProperties": [appearance],
        "file": [base64.b64encode(pdf).decode()],
    }


def require_certificate(answer: Any) -> None:
    """Raises: why this signer cannot sign now."""
    state = _state_of(answer)
    if state == "ISSUE":
        return
    if state in _STATES:
        raise errors.of_status(_STATES[state])
    raise _refusal(answer)


def signed_of(answer: Any) -> bytes:
    """The file in the answer. Raises: why there is none."""
    files = answer.get("file") if isinstance(answer, dict) else None
    if not (isinstance(files, list) and files and isinstance(files[0], str)):
        raise _refusal(answer)
    try:
        return base64.b64decode(files[0], validate=True)
    except (binascii.Error, ValueError):
        raise errors.bad_answer() from None


def _require_ours(sent: bytes, signed: bytes) -> None:
    """What came back is what was sent, signed as a whole. Raises ``…_bad_answer``."""
    job = {"do": "compare", "sent": len(sent)}
    found, _ = apart.run(WORKER, job, sent + signed, seconds=SECONDS)
    last = found["signatures"][-1:]
    if not (found["same"] and last and last[0]["intact"] and last[0]["whole"]):
        raise errors.bad_answer()


def _state_of(answer: Any) -> str:
    inner = answer.get("data") if isinstance(answer, dict) else None
    for place in (answer, inner):
        if isinstance(place, dict):
            for name in ("status", "userStatus"):
                if isinstance(place.get(name), str):
                    return str(place[name]).upper()
    return ""


def _refusal(answer: Any) -> RakatError:
    """The service's own words are not passed on: nobody knows what they hold."""
    code = answer.get("status_code") if isinstance(answer, dict) else None
    words = str(answer.get("error") or "").lower() if isinstance(answer, dict) else ""
    if code == _WRONG_PASSPHRASE or "passphrase" in words:
        return errors.wrong_passphrase()
    if code == _NOT_REGISTERED or "tidak terdaftar" in words:
        return errors.of_status("signer_not_registered")
    return errors.refused() if words or code else errors.bad_answer()


def _read(answer: requests.Response, path: str) -> Any:
    status = answer.status_code
    log.info("esign service answered", path=path, status=status)
    if status in (401, 403):  # our own user and password, not the signer's
        raise errors.misconfigured()
    if status >= 500:
        raise errors.unavailable()
    if 300 <= status < 400:
        raise errors.bad_answer()
    content = b""
    for chunk in answer.iter_content(256 * 1024):
        content += chunk
        if len(content) > _LARGEST:
            raise errors.bad_answer()
    try:
        return json.loads(content)
    except ValueError:
        raise errors.bad_answer() from None
