"""Documents with everything in them, and their text read back from the PDF."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pypdfium2

from contracts.letters import Secrecy, SigningForm, Urgency
from services.letters.documents.model import (
    DispositionSheet,
    InitialMark,
    Letterhead,
    OutgoingDocument,
    RegisterDocument,
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
        "given_on": date(2026, 11, 23),
        "tracking_url": "https://surat.example.go.id/surat/x/posisi",
    }
    return DispositionSheet(**{**given, **changes})


def register(**changes: Any) -> RegisterDocument:
    given: dict[str, Any] = {
        "unit_name": "Sekretariat Daerah",
        "direction": "incoming",
        "year": 2026,
        "printed_at": datetime(2026, 11, 23, 2, 0, tzinfo=UTC),
    }
    return RegisterDocument(**{**given, **changes})


def text_of(pdf: bytes) -> str:
    """All pages' text, each run of blanks as one space."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return " ".join(" ".join(pages).split())


def pages_of(pdf: bytes) -> int:
    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)
