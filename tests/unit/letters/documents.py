"""Documents with everything in them, and their text read back from the PDF."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any

import pypdfium2

from contracts.letters import Secrecy, SigningForm, Urgency
from services.letters.documents.model import (
    DispositionSheet,
    InitialMark,
    Letterhead,
    OutgoingDocument,
    SheetRecipient,
    SignatureBlock,
)

HEAD = Letterhead(
    unit_name="Sekretariat Daerah", address="Jalan Contoh 1, Kandangan 71211"
)
URL = "https://surat.example.go.id/verify/AbCdEfGhIjKlMnOpQrStUv"


def outgoing(**changes: Any) -> OutgoingDocument:
    given: dict[str, Any] = {
        "letterhead": HEAD,
        "kind": "surat_dinas",
        "kind_label": "Surat Dinas",
        "subject": "Penetapan hari kerja akhir tahun",
        "urgency": Urgency.SEGERA,
        "secrecy": Secrecy.BIASA,
        "place": "Kandangan",
        "body_html": "<p>Dengan hormat disampaikan hal berikut.</p>",
        "signature": SignatureBlock(
            form=SigningForm.AN,
            title="Sekretaris Daerah",
            superiors=["Bupati Hulu Sungai Selatan"],
            name="Pejabat Contoh",
        ),
        "attachments": 12,
        "recipients": ["Kepala Dinas Kesehatan", "Camat Kandangan"],
        "copies": ["Inspektur"],
        "initials": [InitialMark(short_title="Asisten 3", approved=True)],
    }
    return OutgoingDocument(**{**given, **changes})


def sheet(**changes: Any) -> DispositionSheet:
    given: dict[str, Any] = {
        "letterhead": HEAD,
        "sender": "Kanwil Contoh",
        "number": "005/117/2026",
        "dated_on": date(2026, 11, 20),
        "received_at": datetime(2026, 11, 23, 1, 10, tzinfo=UTC),
        "agenda_number": "SM/0001/2026",
        "urgency": Urgency.SEGERA,
        "secrecy": Secrecy.BIASA,
        "subject": "Undangan rapat koordinasi",
        "recipients": [SheetRecipient(title="Asisten 3", role_label="menangani")],
        "instructions": [("Tindak lanjuti", True), ("Pelajari", False)],
        "note": "Siapkan bahannya",
        "given_by_title": "Bupati Hulu Sungai Selatan",
        "given_by_name": "Pejabat Contoh",
        "ranked": True,
        "given_on": date(2026, 11, 23),
        "tracking_url": "https://surat.example.go.id/surat/x/posisi",
    }
    return DispositionSheet(**{**given, **changes})


def text_of(pdf: bytes) -> str:
    """All pages' text, each run of blanks as one space."""
    return " ".join(texts_of(pdf))


def texts_of(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return [" ".join(text.split()) for text in pages]


def turned(pdf: bytes, degrees: int) -> bytes:
    out = io.BytesIO()
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            page.set_rotation(degrees)
        document.save(out)
    return out.getvalue()


def place_of(pdf: bytes, words: str) -> tuple[float, float]:
    """Distance of these words from the left and the lower edge of the page seen."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        text = page.get_textpage()
        start, _ = text.search(words).get_next()
        left, bottom, _, _ = text.get_charbox(start)
        width, height = page.get_size()
        return {
            90: (bottom, height - left),
            180: (width - left, height - bottom),
            270: (width - bottom, left),
        }[page.get_rotation()]


def pages_of(pdf: bytes) -> int:
    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)
