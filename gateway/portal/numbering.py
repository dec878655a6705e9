"""Patterns of outgoing numbers in the portal: an example of each as it is written.

The service decides what a pattern may be; here is only what it will look like.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from multidict import MultiDict

from gateway.portal import forms

TOKENS = {
    "KS": "kode sifat: B, T, R, SR",
    "N": "nomor urut",
    "K": "klasifikasi",
    "S": "kode unit",
    "Y": "tahun",
    "MM": "bulan, dua angka",
    "RM": "bulan, Romawi",
}
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_TOKEN = re.compile(r"{([^{}]*)}")
Row = dict[str, Any]


def example(pattern: str, unit_code: str, today: date) -> str:
    """``B/123/000.8.3/HUKUM/2026``; a token nobody knows stays as it is."""
    values = {
        "KS": "B",
        "N": "123",
        "K": "000.8.3",
        "S": unit_code.rpartition(".")[2].upper() or "SETDA",
        "Y": str(today.year),
        "MM": f"{today.month:02d}",
        "RM": ROMAN[today.month - 1],
    }
    return _TOKEN.sub(lambda found: values.get(found[1], found[0]), pattern)


def rows_of(fields: MultiDict[str]) -> list[Row]:
    """Templates as posted, after the button that was pressed."""
    columns = [fields.getall(name, []) for name in ("jenis", "pola", "seri")]
    rows = [
        {"kind": kind or None, "pattern": pattern, "series": series}
        for kind, pattern, series in zip(*columns, strict=False)
    ]
    signers = fields.getall("penanda", [])
    for row, signer in zip(rows, signers, strict=False):
        row["signer_position_id"] = signer or None
    button, _, which = fields.get("aksi", "").partition(":")
    if button == "hapus":
        rows = [row for index, row in enumerate(rows) if str(index) != which]
    elif button == "tambah":
        rows.append(new_row())
    return rows


def new_row() -> Row:
    return {
        "kind": None,
        "pattern": "{KS}/{N}/{K}/{Y}",
        "series": "surat",
        "signer_position_id": None,
    }


def body_of(unit_id: str | None, rows: list[Row]) -> Row:
    """Request of ``PUT /number-templates``."""
    members = ("kind", "pattern", "series", "signer_position_id")
    items = [
        forms.without_empty({name: row.get(name) for name in members}) for row in rows
    ]
    return {"unit_id": unit_id, "items": items}


def error_fields(rows: list[Row]) -> dict[str, str]:
    """Where on the page a field error of the API belongs."""
    found = {}
    for index in range(len(rows)):
        found[f"/items/{index}"] = f"pola-{index}"
        found[f"/items/{index}/series"] = f"seri-{index}"
        found[f"/items/{index}/kind"] = f"jenis-{index}"
    return found
