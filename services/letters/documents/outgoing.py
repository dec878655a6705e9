"""An outgoing letter as PDF."""

from __future__ import annotations

from services.letters.documents.model import OutgoingDocument


def render(document: OutgoingDocument) -> bytes:
    raise NotImplementedError
