"""What the directory says of whoever signs: rank, NIP, academic titles.

They are in no read copy (ADR 0117). The directory gives them only to the person
himself, so nobody else's can be asked for; nothing here keeps or logs them.
"""

from __future__ import annotations

from typing import Any

from contracts import codec
from contracts.directory import SigningIdentity
from contracts.errors import Unavailable
from services.letters.documents.model import OutgoingDocument
from services.letters.documents.signature import identified

DEADLINE = 5.0


def identity_of_caller(remote: Any) -> SigningIdentity:
    """Never inside a transaction. Raises: Unavailable."""
    answer = remote.call("directory", "get_signing_identity", timeout=DEADLINE)
    return codec.load(SigningIdentity, answer)


def as_its_signer_sees(document: OutgoingDocument, remote: Any) -> OutgoingDocument:
    """The draft as it would be signed; with the directory away, as all others see it."""
    if not document.signature.ranked:
        return document
    try:
        return identified(document, identity_of_caller(remote))
    except Unavailable:
        return document
