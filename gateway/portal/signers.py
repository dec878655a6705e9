"""Who signs, who initials before, and the lines that stand over a signature.

The lines shown while a letter is written are those that will be printed
(domain rules of signing forms); the service decides what is legal.
"""

from __future__ import annotations

from typing import Any

from gateway.portal import labels
from gateway.portal.offices import Offices

LEADING = ("head", "deputy")
_ACTING = {"plt": "plt", "plh": "plh"}


def superiors(position_id: str | None, known: Offices) -> list[str]:
    """Offices above, the nearest first."""
    found: list[str] = []
    row = known.get(position_id)
    while row and row["reports_to"] and row["reports_to"] not in found:
        found.append(row["reports_to"])
        row = known.get(row["reports_to"])
    return found


def usual_signer(drafter: str | None, known: Offices) -> str:
    """The head of the drafter's unit: the drafter, or the nearest one above."""
    row = known.get(drafter)
    if row is None:
        return ""
    own = str(row["position_id"])
    for each in (own, *superiors(drafter, known)):
        office = known.get(each)
        if office and office["duty"] in LEADING:
            return each
    return own


def usual_form(signer: str, known: Offices) -> str:
    """An acting official signs as such."""
    holder = (known.get(signer) or {}).get("holder") or {}
    return _ACTING.get(holder.get("capacity", ""), "self")


def ladder(drafter: str | None, signer: str, known: Offices) -> list[str]:
    """Who stands between drafter and signer, from below: each initials in turn."""
    above = superiors(drafter, known)
    return above[: above.index(signer)] if signer in above else []


def choices(drafter: str | None, chosen: str, known: Offices) -> list[dict[str, Any]]:
    """Signers at hand: the drafter's own office, those above, and who is chosen."""
    ids = [drafter or "", *superiors(drafter, known)]
    if chosen and chosen not in ids:
        ids.append(chosen)
    return [row for row in map(known.get, ids) if row]


def head_of(unit_id: str, known: Offices) -> str | None:
    """The office that leads a unit."""
    heads = [
        row
        for row in known.positions.values()
        if row["unit_id"] == unit_id and row["duty"] == "head"
    ]
    first = min(heads, key=lambda row: (row["level"], row["title"]), default=None)
    return first["position_id"] if first else None


def block(signer: str, form: str, known: Offices) -> list[str]:
    """Lines over the signature: whose name it bears, then who signs."""
    row = known.get(signer)
    if row is None:
        return []
    above = [known.title(each) for each in superiors(signer, known)]
    signs = f"{_prefix(row, form)}{row['title']},"
    if form == "an" and above:
        return [f"a.n. {above[0]},", signs]
    if form == "ub" and len(above) > 1:
        return [f"a.n. {above[1]},", f"{above[0]},", "u.b.", signs]
    return [signs]


def _prefix(row: dict[str, Any], form: str) -> str:
    """An acting official is named as such, whatever the form."""
    capacity = form if form in _ACTING else (row.get("holder") or {}).get("capacity")
    if capacity not in ("plt", "plh", "pj"):
        return ""
    return f"{labels.CAPACITIES[str(capacity)]} "


def holder_name(signer: str, known: Offices) -> str:
    """Who holds the office today; empty while it is vacant."""
    holder = (known.get(signer) or {}).get("holder") or {}
    return str(holder.get("name", ""))


def form_problem(signer: str, form: str, known: Offices) -> str:
    """Why the chosen form cannot be meant, in one sentence; else nothing."""
    above = superiors(signer, known)
    if form == "an" and not above:
        return "Tidak ada jabatan di atasnya untuk diatasnamakan."
    if form == "ub" and len(above) < 2:
        return "Bentuk u.b. memerlukan dua jabatan di atas penanda tangan."
    holder = (known.get(signer) or {}).get("holder") or {}
    if form in _ACTING and holder.get("capacity") != form:
        acting = labels.CAPACITIES[form]
        return f"Hari ini tidak ada {acting} untuk jabatan ini."
    return ""
