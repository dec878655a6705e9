"""Outgoing letters in the states that pages and tests need, made through the API."""

from __future__ import annotations

from tests.browser.api import Api, Row

DRAFTER, INITIALLER, SIGNER = "kabid.kominfo.1", "kadis.kominfo", "sekda"


def drafted(api: Api, subject: str, **changes: object) -> Row:
    """A draft of the division head, for the secretary of the regency to sign."""
    body: Row = {
        "direction": "outgoing",
        "kind": "surat_dinas",
        "subject": subject,
        "body_html": "<p>Dengan hormat.</p>",
        "signer_position_id": api.position(SIGNER),
        "signing_form": "self",
        "initials": [api.position(INITIALLER)],
        "recipients": [{"position_id": api.position("kadis.disdikbud")}],
        "classification_code": "500.12",
        "urgency": "biasa",
        "secrecy": "biasa",
        **changes,
    }
    return api.post(DRAFTER, "/letters", body)


def submitted(api: Api, subject: str, **changes: object) -> Row:
    """In review, the initials asked."""
    letter = drafted(api, subject, **changes)
    return api.post(DRAFTER, f"/letters/{letter['letter_id']}/submit", {})


def ready(api: Api, subject: str) -> Row:
    """Waits for the signature alone."""
    return submitted(api, subject, initials=[])


def signed(api: Api, subject: str) -> Row:
    """Numbered and not sent yet."""
    here = f"/letters/{ready(api, subject)['letter_id']}"
    return api.post(
        SIGNER, f"{here}/sign", {"method": "local", "password": api.password}
    )
