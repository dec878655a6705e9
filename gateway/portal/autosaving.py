"""A draft saved while it is written: what of the form is sent, and who was faster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from gateway.portal import outgoing
from gateway.portal.asking import ask
from gateway.portal.outgoing import Draft
from gateway.portal.visitor import Visitor

WRITTEN = ("subject", "body_html", "file_ids", "invitation")
NOT_YET = "Belum tersimpan."


def hindrance(draft: Draft, letter: dict[str, Any]) -> str | None:
    """Why what is written waits for the button: it would be kept as something else.

    A text written as secret never goes to a letter that is not secret yet.
    """
    if draft.secrecy != letter["secrecy"]:
        return f"{NOT_YET} Sifatnya berubah, simpan dulu dengan tombol di bawah."
    if not draft.writes or letter["outgoing"]["body_html"] is None:
        return f"{NOT_YET} Berkas jadi disimpan dengan tombol di bawah."
    if not draft.subject:
        return f"{NOT_YET} Isi perihal surat."
    if not draft.text:
        return f"{NOT_YET} Tulis isi surat."
    return None


def written_of(draft: Draft, letter: dict[str, Any]) -> dict[str, Any]:
    """Request of ``PATCH /letters/{id}/draft``; who goes over the draft is not in it.

    The time of an invitation belongs to its kind, which is changed by hand.

    Raises: ValueError for a date that does not exist.
    """
    names = WRITTEN if draft.kind == letter["kind"] else WRITTEN[:-1]
    body = outgoing.changes_of(draft)
    return {name: body[name] for name in names}


@dataclass(frozen=True)
class Clash:
    """The draft as it is now was saved by somebody else, or by oneself elsewhere."""

    letter_id: str
    version: int
    name: str | None  # None = the visitor
    at: str


async def clash_of(
    request: web.Request, visitor: Visitor, letter: dict[str, Any]
) -> Clash:
    """Of a letter that was read just now."""
    letter_id = letter["letter_id"]
    found = await ask(
        request, visitor, "letters", "list_letter_revisions", letter_id=letter_id
    )
    last = max(found["items"], key=lambda row: row["revision"])
    person = last["by"]["person"] or {}
    own = person.get("person_id") == visitor.me["person"]["person_id"]
    name = person.get("name") or "aplikasi lain"
    return Clash(letter_id, letter["version"], None if own else name, last["at"])
