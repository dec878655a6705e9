"""What the directory says of whoever signs or gave a disposition: rank, NIP, titles.

They are in no read copy (ADR 0117). A letter is signed with the caller's own; those of
others are asked for the disposition sheets they gave. Nothing here keeps or logs them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from contracts import codec
from contracts.directory import PrintedIdentity, SigningIdentity
from contracts.errors import Forbidden, Unavailable
from services.letters.documents.model import DispositionSheet, OutgoingDocument
from services.letters.documents.signature import (
    identified,
    number_label,
    rank_of,
    spaced,
    titled,
)

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


def with_givers(
    sheets: Sequence[DispositionSheet], remote: Any
) -> list[DispositionSheet]:
    """The sheets with rank and NIP of who gave them. With the directory away, and for
    applications, their places stay open: looking depends on nobody else."""
    ids = {one.given_by for one in sheets if one.ranked and one.given_by}
    if not ids:
        return [*sheets]
    asked = sorted(str(each) for each in ids)
    try:
        answer = remote.call(
            "directory", "list_printed_identities", timeout=DEADLINE, person_ids=asked
        )
    except (Unavailable, Forbidden):
        return [*sheets]
    known: dict[UUID | None, PrintedIdentity] = {
        one.person_id: one for one in codec.load(list[PrintedIdentity], answer)
    }
    return [_given(one, known.get(one.given_by)) for one in sheets]


def _given(
    sheet: DispositionSheet, identity: PrintedIdentity | None
) -> DispositionSheet:
    if identity is None or not sheet.ranked:
        return sheet
    name = sheet.given_by_name
    return replace(
        sheet,
        given_by_name=titled(name, identity) if name else None,
        rank=rank_of(identity),
        nip=spaced(identity.nip) if identity.nip else "",
        nip_label=number_label(identity),
    )
