"""The retention schedule in the portal: rows of the form to the request, and back."""

from __future__ import annotations

from typing import Any

from multidict import MultiDict

from gateway.portal import forms
from gateway.portal.registering import classification_code

Row = dict[str, str]
_PARTS = ("kode", "aktif", "inaktif", "nasib")
MOST_YEARS = 100


def from_rules(rules: list[dict[str, Any]]) -> list[Row]:
    """As the form shows them, in order of the classification."""
    rows = [
        {
            "kode": rule["classification_code"],
            "aktif": str(rule["active_years"]),
            "inaktif": str(rule["inactive_years"]),
            "nasib": rule["fate"],
        }
        for rule in rules
    ]
    return sorted(rows, key=lambda row: row["kode"])


def rows_of(fields: MultiDict[str]) -> list[Row]:
    """Rules as posted, after the button that was pressed."""
    columns = [fields.getall(name, []) for name in _PARTS]
    rows = [
        dict(zip(_PARTS, cells, strict=True)) for cells in zip(*columns, strict=False)
    ]
    button, _, which = fields.get("aksi", "").partition(":")
    if button == "hapus":
        rows = [row for index, row in enumerate(rows) if str(index) != which]
    elif button == "tambah":
        rows.insert(0, {"kode": "", "aktif": "", "inaktif": "", "nasib": "destroy"})
    return rows


def body_of(rows: list[Row]) -> tuple[dict[str, Any], list[forms.Problem]]:
    """Request of ``PUT /retention-rules``, and what the form itself can tell."""
    problems: list[forms.Problem] = []
    rules = [_rule(index, row, problems) for index, row in enumerate(rows)]
    return {"rules": rules}, problems


def _rule(index: int, row: Row, problems: list[forms.Problem]) -> dict[str, Any]:
    code = classification_code(row["kode"])
    if code is None:
        problems.append({"field": f"kode-{index}", "message": "Isi kode klasifikasi."})
    return {
        "classification_code": code or "",
        "active_years": _years(index, row, "aktif", problems),
        "inactive_years": _years(index, row, "inaktif", problems),
        "fate": row["nasib"],
    }


def _years(index: int, row: Row, part: str, problems: list[forms.Problem]) -> int:
    years = forms.whole(row, part)
    if years is None or years > MOST_YEARS:
        message = f"Isi angka 0 sampai {MOST_YEARS}."
        problems.append({"field": f"{part}-{index}", "message": message})
        return 0
    return years


def error_fields(rows: list[Row]) -> dict[str, str]:
    """Where on the page a field error of the API belongs."""
    parts = {
        "classification_code": "kode",
        "active_years": "aktif",
        "inactive_years": "inaktif",
        "fate": "nasib",
    }
    found = {}
    for index in range(len(rows)):
        found[f"/rules/{index}"] = f"kode-{index}"
        for member, part in parts.items():
            found[f"/rules/{index}/{member}"] = f"{part}-{index}"
    return found
