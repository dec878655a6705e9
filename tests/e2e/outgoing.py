"""Drafts of outgoing letters."""

from __future__ import annotations

from typing import Any

from tests.e2e.api import Api


def draft_of(api: Api, **more: Any) -> dict[str, Any]:
    """From the education section, signed by the Sekda after two initials."""
    return {
        "direction": "outgoing",
        "kind": "surat_dinas",
        "subject": "Permintaan data SPBE",
        "body_html": "<p>Mohon data <b>SPBE</b> tahun ini.</p><ul><li>satu</li></ul>",
        "signer_position_id": api.position("sekda"),
        "signing_form": "self",
        "initials": [api.position("asisten.1")],
        "coordinators": [api.position("kadis.kominfo")],
        "recipients": [
            {"position_id": api.position("kadis.dinkes")},
            {"name": "Kanwil Kemenag", "address": "Banjarmasin"},
        ],
        "copies": [],
        "classification_code": "400.14",
        "urgency": "segera",
        "secrecy": "biasa",
        **more,
    }
