"""What the public may know of a signed letter, by its token; nothing of secret ones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contracts import codec
from contracts.actor import ActorRef
from contracts.codec import ZONE
from contracts.errors import NotFound
from contracts.letters import (
    LetterState,
    Secrecy,
    SigningForm,
    SigningMethod,
)
from contracts.letters.documents import VerifiedSigner
from services.letters.caller import Caller
from services.letters.views_sheet import ACTING

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22,64}")  # 128 bits and more
_BY_TOKEN = sa.text(
    "SELECT o.letter_id, o.signer_position_id, o.signing_form, o.method, o.signed_at,"
    " o.signed_by, l.number, l.dated_on, l.subject, l.secrecy_rank, l.state,"
    " f.sha256, s.sha256 AS scan_sha256, (SELECT max(t.at) FROM trail t WHERE"
    " t.letter_id = l.letter_id AND t.action = 'voided') AS voided_at"
    " FROM outgoing o JOIN letter l ON l.letter_id = o.letter_id"
    " LEFT JOIN file f ON f.file_id = o.final_file_id"
    " LEFT JOIN file s ON s.file_id = o.scan_file_id"
    " WHERE o.verify_token = :token AND o.signed_at IS NOT NULL"
    " AND l.secrecy_rank < :secret"
)


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A signed letter as it was issued, before its file is looked at."""

    number: str | None
    dated_on: date | None
    subject: str | None
    issued_by: str
    signer: VerifiedSigner
    method: SigningMethod
    signed_at: datetime
    void: bool
    voided_on: date | None
    sha256: str | None
    scan_sha256: str | None


def issued(session: Session, caller: Caller, token: str) -> Issued:
    """Raises: NotFound, the same for unknown tokens and for secret letters."""
    if not _TOKEN.fullmatch(token):
        raise NotFound
    values = {"token": token, "secret": Secrecy.RAHASIA.rank}
    row = session.execute(_BY_TOKEN, values).mappings().first()
    if row is None:
        raise NotFound
    position = caller.org.position(row["signer_position_id"])
    open_to_all = row["secrecy_rank"] == Secrecy.BIASA.rank
    voided_at = row["voided_at"]
    return Issued(
        number=row["number"],
        dated_on=row["dated_on"],
        subject=row["subject"] if open_to_all else None,
        issued_by=position.unit_name if position else "",
        signer=_signer(caller, row),
        method=SigningMethod(row["method"]),
        signed_at=row["signed_at"],
        void=row["state"] == LetterState.VOID,
        voided_on=voided_at.astimezone(ZONE).date() if voided_at else None,
        sha256=row["sha256"],
        scan_sha256=row["scan_sha256"],
    )


def _signer(caller: Caller, row: Any) -> VerifiedSigner:
    """The office and capacity of the moment; who it stands below, as of today."""
    by = codec.load(ActorRef, row["signed_by"])
    position = caller.org.position(row["signer_position_id"])
    title = position.title if position else by.position.title if by.position else ""
    form = SigningForm(row["signing_form"])
    above = [
        found.title
        for one in caller.org.above(row["signer_position_id"])
        if (found := caller.org.position(one)) is not None
    ]
    rank = {SigningForm.AN: 0, SigningForm.UB: 1}.get(form)
    behalf = above[rank] if rank is not None and rank < len(above) else None
    return VerifiedSigner(
        title=ACTING.get(by.capacity or "", "") + title, form=form, on_behalf_of=behalf
    )
