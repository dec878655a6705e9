"""The columns of the buku agenda as the offices know it, and one line in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.codec import ZONE
from contracts.reference import LETTER_STATES, OUTCOMES

Row = dict[str, Any]

_STATES = {word.code: word.label_id for word in LETTER_STATES}
_OUTCOMES = {word.code: word.label_id for word in OUTCOMES}
HIDDEN = "Tertutup bagi pembaca ini"


@dataclass(frozen=True)
class Column:
    """`share`: its part of the paper's width."""

    title: str
    share: float


INCOMING = (
    Column("No.", 3.4),
    Column("Tanggal terima", 7),
    Column("Nomor agenda", 8),
    Column("Pengirim", 16),
    Column("Tanggal surat", 7),
    Column("Nomor surat", 13),
    Column("Isi ringkas", 22),
    Column("Lampiran", 5.6),
    Column("Diteruskan kepada", 15),
    Column("Keterangan", 10),
)
OUTGOING = (
    Column("No.", 4),
    Column("Tanggal kirim", 8),
    Column("Nomor agenda", 9),
    Column("Nomor surat", 16),
    Column("Tanggal surat", 8),
    Column("Dikirim kepada", 22),
    Column("Isi ringkas", 24),
    Column("Keterangan", 14),
)
OF_DIRECTION = {"incoming": INCOMING, "outgoing": OUTGOING}
TITLES = {
    "incoming": "Buku Agenda Surat Masuk",
    "outgoing": "Buku Agenda Surat Keluar",
}


def cells(direction: str, row: Row) -> list[str | int]:
    return _outgoing(row) if direction == "outgoing" else _incoming(row)


def _incoming(row: Row) -> list[str | int]:
    start = [row["agenda_seq"], day(row["day"]), row["agenda_number"]]
    if row["masked"]:
        return [*start, "", "", "", "", "", "", HIDDEN]
    return [
        *start,
        _sender(row["sender"]),
        day(row["dated_on"]),
        row["number"] or "Tanpa nomor",
        row["subject"] or "",
        row["attachments"] or "",
        "; ".join(one["title"] for one in row["forwarded_to"] or ()),
        remark(row),
    ]


def _outgoing(row: Row) -> list[str | int]:
    start = [row["agenda_seq"], day(row["day"]), row["agenda_number"]]
    if row["masked"]:
        return [*start, "", "", "", "", HIDDEN]
    return [
        *start,
        row["number"] or "",
        day(row["dated_on"]),
        "; ".join(row["recipients"] or ()),
        row["subject"] or "",
        remark(row),
    ]


def _sender(sender: Row) -> str:
    address = sender["address"]
    return f"{sender['name']}, {address}" if address else str(sender["name"])


def remark(row: Row) -> str:
    """Where the letter stands; of a void one why."""
    if row["state"] == "void":
        reason = row["void_reason"]
        return f"BATAL: {reason}" if reason else "BATAL"
    if row["outcome"]:
        return _OUTCOMES.get(row["outcome"], "")
    return _STATES.get(row["state"] or "", "")


def day(text: str | None) -> str:
    """``24-11-2026``, as registers write it."""
    return "-".join(reversed(text[:10].split("-"))) if text else ""


def moment(now: datetime) -> str:
    return now.astimezone(ZONE).strftime("%d-%m-%Y %H.%M WITA")
