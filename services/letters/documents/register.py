"""A register (buku agenda) as PDF, set in chunks so that its length costs no memory."""

from __future__ import annotations

from collections.abc import Iterable

from services.letters.documents.model import RegisterDocument, RegisterRow


def render(header: RegisterDocument, rows: Iterable[RegisterRow]) -> bytes:
    raise NotImplementedError
