"""An outgoing letter as PDF: the official form, by kind (domain.md 1.2, 1.7).

The same document gives the same bytes. What the signer saw and what is signed differ
in what signing fixes: number, date, the mark KONSEP, the foot with its QR (ADR 0088).
"""

from __future__ import annotations

from typing import Any

from contracts.letters import Secrecy, SigningMethod
from services.letters.documents import press, richtext, words
from services.letters.documents.model import InitialMark, OutgoingDocument
from services.letters.documents.signature import signature_lines, under_name

NOTES = frozenset({"nota_dinas", "telaahan_staf"})
LETTERS = frozenset({"surat_dinas", "undangan", "surat_pengantar", "permohonan"})

ELECTRONIC = (SigningMethod.LOCAL, SigningMethod.BSRE)

_OPEN_NUMBER = "…………………………"
_FEET = {
    SigningMethod.BSRE: "Dokumen ini ditandatangani secara elektronik dengan sertifikat"
    " elektronik dari BSrE, BSSN. Periksa keasliannya dengan memindai kode ini atau di",
    SigningMethod.LOCAL: "Dokumen ini ditandatangani secara elektronik."
    " Periksa keasliannya dengan memindai kode ini atau di",
    SigningMethod.NONE: "Periksa keaslian surat ini dengan memindai kode ini atau di",
}
_DRAFT = "Konsep: belum bernomor dan belum ditandatangani."
_SEALED = "Ditandatangani secara elektronik"


def render(document: OutgoingDocument) -> bytes:
    """The PDF. Works in a process apart, so never call it inside a transaction.

    Raises: Unavailable when it took too long; TooLarge.
    """
    return press.pdf("outgoing.typ", facts_of(document))


def layout_of(kind: str) -> str:
    """``letter``, ``note`` or ``titled``: where number, date and subject stand."""
    if kind in NOTES:
        return "note"
    return "letter" if kind in LETTERS else "titled"


def facts_of(document: OutgoingDocument) -> dict[str, Any]:
    """Everything in the words it is printed with."""
    line = press.line
    url, method, day = document.verify_url, document.method, document.dated_on
    return {
        "layout": layout_of(document.kind),
        "letterhead": press.letterhead(document.letterhead),
        "kind": line(document.kind_label),
        "subject": line(document.subject),
        "number": line(document.number or _OPEN_NUMBER),
        "numbered": document.number is not None or document.draft,
        "date": words.long_date(day),
        "day": day.timetuple()[:3] if day else None,  # an archived PDF has a date
        "place": line(document.place),
        "nature": words.nature(document.urgency, document.secrecy),
        "attachments": words.attachments(document.attachments),
        "secrecy_code": words.SECRECY_CODES[document.secrecy],
        "secret": document.secrecy.rank >= Secrecy.RAHASIA.rank,
        "recipients": [line(one) for one in document.recipients],
        "recipients_at": line(document.recipients_at),
        "sender": line(signature_lines(document.signature)[-1].rstrip(",")),
        "body": press.soft(richtext.blocks(document.body_html)),
        "signature": [line(one) for one in signature_lines(document.signature)],
        "signer": line(document.signature.name) if document.signature.name else None,
        "under": [
            line(one) for one in under_name(document.signature, draft=document.draft)
        ],
        "sealed": method in ELECTRONIC,
        "sealed_words": _SEALED,
        "initials": [[line(one.short_title), _mark(one)] for one in document.initials],
        "copies": [line(one) for one in document.copies],
        "draft": document.draft,
        "foot": _DRAFT if document.draft else foot_of(method, url),
        "verify_url": url,
        "qr": press.qr_svg(url) if url else "",
    }


def foot_of(method: SigningMethod | None, url: str | None) -> str:
    """Of a secret letter, which has no page, only how it was signed."""
    if url:
        return _FEET[method or SigningMethod.NONE]
    return f"{_SEALED}." if method in ELECTRONIC else ""


def _mark(one: InitialMark) -> str:
    if not one.approved:
        return ""
    return f"✓ {words.short_date(one.on)}".strip()
