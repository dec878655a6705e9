"""Printed documents and the public page that says whether one is genuine."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from contracts.letters.words import SigningForm, SigningMethod

Verdict = Literal["genuine", "issued", "changed", "void"]
Integrity = Literal["intact", "changed", "missing"]


class SheetQuery(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`disposition_id`: this one alone; else a page for each of the letter."""

    disposition_id: UUID | None = None


class PrintedDocument(msgspec.Struct, kw_only=True):
    """A PDF on its way to the gateway: in base64, or the letter's file that it is."""

    filename: str
    content: str | None = None
    file_id: UUID | None = None


class VerifiedSigner(msgspec.Struct, kw_only=True):
    """The office; `on_behalf_of` with the forms ``an`` and ``ub``."""

    title: str
    form: SigningForm
    on_behalf_of: str | None


class Verification(msgspec.Struct, kw_only=True):
    """What anybody may know of a signed letter who holds its token.

    `sha256`: of the issued file, for whoever has one to compare; `scan_sha256`: of the
    scan with the ink on it. `integrity`: whether the stored file still is that file;
    `signature_valid`: whether its electronic signature holds, null when there is none.
    `subject` is null from `terbatas` on. Verdict ``issued``: the file is what was issued,
    to be signed with ink, but no sheet with that ink has been seen yet.
    """

    verdict: Verdict
    number: str | None
    dated_on: date | None
    subject: str | None
    issued_by: str
    signer: VerifiedSigner
    method: SigningMethod
    signed_at: datetime
    voided_on: date | None
    sha256: str | None
    scan_sha256: str | None
    integrity: Integrity
    signature_valid: bool | None
