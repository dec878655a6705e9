"""The text a draft starts from, by kind; what somebody wrote is never overwritten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gateway.portal import forms, writing
from gateway.portal.outgoing import Draft

BUTTON = "templat"
_WRITTEN = (
    "Isi surat sudah ditulis dan tidak ditimpa. Kosongkan isinya dulu, lalu isi dengan"
    " templat."
)
_NONE = "Jenis ini belum punya templat. Tulis isinya sendiri."


def begin(draft: Draft, items: Iterable[Mapping[str, str]]) -> list[forms.Problem]:
    """Put the text of the draft's kind in its place, or say why not.

    `items` are those of the reference list ``letter_texts``. A text nobody touched,
    of whatever kind, gives way.
    """
    texts = {item["code"]: writing.to_text(item["html"]) for item in items}
    chosen = texts.get(draft.kind)
    if chosen is None:
        return [{"field": "naskah", "message": _NONE}]
    present = writing.to_text(draft.html)
    if present and present not in texts.values():
        return [{"field": "naskah", "message": _WRITTEN}]
    draft.text = chosen
    return []
