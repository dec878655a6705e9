"""NIP, grade and academic titles of a person: form to body, answers to fields.

The directory never shows a whole NIP again (ADR 0117): the field is empty, and empty
means that the number stays; taking it away is a tick of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contracts.directory import Grade
from contracts.reference import GRADES
from gateway.portal import forms

ERROR_FIELDS = {
    "/nip": "nip",
    "/grade": "golongan",
    "/degrees_before": "gelar-depan",
    "/degrees_after": "gelar-belakang",
}
CIVIL, CONTRACT = "PNS", "PPPK"


def filled(person: Mapping[str, Any]) -> dict[str, str]:
    """The form of what is recorded."""
    return {
        "golongan": person["grade"] or "",
        "gelar-depan": person["degrees_before"] or "",
        "gelar-belakang": person["degrees_after"] or "",
        "versi": str(person["version"]),
    }


def body_of(fields: Mapping[str, str]) -> dict[str, Any]:
    """Request of ``PATCH /people/{person_id}``; null takes away."""
    body: dict[str, Any] = {
        "grade": fields.get("golongan") or None,
        "degrees_before": fields.get("gelar-depan") or None,
        "degrees_after": fields.get("gelar-belakang") or None,
    }
    if fields.get("hapus-nip"):
        body["nip"] = None
    elif fields.get("nip"):
        body["nip"] = fields["nip"]
    return body


def problems_in(fields: Mapping[str, str]) -> list[forms.Problem]:
    """What no number can be; which numbers there are, the directory knows."""
    digits = fields.get("nip", "").replace(" ", "").replace(".", "")
    if not digits or fields.get("hapus-nip"):
        return []
    if len(digits) != 18 or not (digits.isascii() and digits.isdigit()):
        return [{"field": "nip", "message": "NIP terdiri atas 18 angka."}]
    return []


def groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """Choices under the two kinds of staff: ``Pembina (IV/a)``, ``Golongan IX``."""
    contract = [one.code for one in GRADES if Grade(one.code).of_contract]
    civil = [one for one in GRADES if one.code not in contract]
    return [
        (CIVIL, [(one.code, f"{one.label_id} ({one.code})") for one in civil]),
        (CONTRACT, [(code, f"Golongan {code}") for code in contract]),
    ]
