"""Whether an issued letter is still what was issued: its file, and its signature.

Reads the blob store and may start a process, so never inside a transaction.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import obstore
from eventlet import tpool
from obstore.exceptions import BaseError

from contracts.errors import Unavailable
from contracts.letters.documents import Integrity, Verdict, Verification
from services.letters import blobs
from services.letters.documents.outgoing import ELECTRONIC
from services.letters.signing import Settings, checking
from services.letters.views_verify import Issued


@dataclass(frozen=True)
class Found:
    integrity: Integrity
    signature_valid: bool | None


def verification(issued: Issued, blob_url: str, settings: Settings) -> Verification:
    """Raises: Unavailable when the file cannot be looked at now."""
    found = _looked_at(issued, blob_url, settings)
    return Verification(
        verdict=_verdict(issued, found),
        integrity=found.integrity,
        signature_valid=found.signature_valid,
        number=issued.number,
        dated_on=issued.dated_on,
        subject=issued.subject,
        issued_by=issued.issued_by,
        signer=issued.signer,
        method=issued.method,
        signed_at=issued.signed_at,
        voided_on=issued.voided_on if issued.void else None,
        sha256=issued.sha256,
        scan_sha256=issued.scan_sha256,
    )


def _verdict(issued: Issued, found: Found) -> Verdict:
    if issued.void:
        return "void"
    holds = found.integrity == "intact" and found.signature_valid is not False
    if not holds:
        return "changed"
    unsigned = issued.method not in ELECTRONIC and issued.scan_sha256 is None
    return "issued" if unsigned else "genuine"


def _looked_at(issued: Issued, blob_url: str, settings: Settings) -> Found:
    content = _content(issued.sha256, blob_url) if issued.sha256 else None
    if content is None or issued.sha256 is None:
        return Found("missing", None)
    if hashlib.sha256(content).hexdigest() != issued.sha256:
        return Found("changed", False if issued.method in ELECTRONIC else None)
    if issued.method not in ELECTRONIC:
        return Found("intact", None)
    signature = checking.remembered(issued.sha256, content, settings)
    return Found("intact", signature is not None and signature.intact)


def _content(sha256: str, blob_url: str) -> bytes | None:
    store = blobs.open_store(blob_url)
    try:
        got: Any = tpool.execute(obstore.get, store, blobs.key_of(sha256))
        return bytes(tpool.execute(got.bytes))
    except FileNotFoundError:
        return None
    except (BaseError, OSError) as error:
        raise Unavailable(retry_after=5) from error
