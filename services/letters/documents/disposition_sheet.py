"""The *lembar disposisi* as PDF: one half-folio page for each disposition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from contracts.letters import Secrecy, Urgency
from services.letters.documents import press, words
from services.letters.documents.model import DispositionSheet, SheetRecipient

_NATURES = (
    ("Amat segera", Urgency.AMAT_SEGERA),
    ("Segera", Urgency.SEGERA),
    ("Penting", Urgency.PENTING),
)
_SECRETS = (
    ("Terbatas", Secrecy.TERBATAS),
    ("Rahasia", Secrecy.RAHASIA),
    ("Sangat rahasia", Secrecy.SANGAT_RAHASIA),
)


def render(sheets: Sequence[DispositionSheet]) -> bytes:
    """Raises: Unavailable, TooLarge."""
    document = {"sheets": [facts_of(one) for one in sheets]}
    return press.pdf("disposition_sheet.typ", document)


def facts_of(sheet: DispositionSheet) -> dict[str, Any]:
    line = press.line
    return {
        "letterhead": press.letterhead(sheet.letterhead),
        "secrecy_code": words.SECRECY_CODES[sheet.secrecy],
        "secret": sheet.secrecy.rank >= Secrecy.RAHASIA.rank,
        "sender": line(sheet.sender),
        "number": line(sheet.number or "tanpa nomor"),
        "dated": words.long_date(sheet.dated_on) if sheet.dated_on else "-",
        "received": words.moment(sheet.received_at),
        "agenda": line(sheet.agenda_number),
        "natures": [[name, sheet.urgency == one] for name, one in _NATURES]
        + [[name, sheet.secrecy == one] for name, one in _SECRETS],
        "subject": line(sheet.subject),
        "recipients": [_recipient(one) for one in sheet.recipients],
        "instructions": [[line(name), on] for name, on in sheet.instructions],
        "note": line(sheet.note or ""),
        "giver": line(sheet.given_by_title or ""),
        "name": line(sheet.given_by_name or ""),
        "ranked": sheet.ranked,
        "rank": sheet.rank,
        "nip": sheet.nip,
        "nip_label": sheet.nip_label,
        "given_on": words.long_date(sheet.given_on) if sheet.given_on else "",
        "electronic": sheet.given_on is not None,
        "qr": press.qr_svg(sheet.tracking_url) if sheet.tracking_url else "",
    }


def _recipient(one: SheetRecipient) -> dict[str, str]:
    due = f"paling lambat {words.moment(one.due_at)}" if one.due_at else ""
    detail = ", ".join(part for part in (one.role_label, due) if part)
    return {
        "title": press.line(one.title),
        "detail": detail,
        "note": press.line(one.note or ""),
    }
