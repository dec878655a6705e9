"""Addresses of pages, for QR codes."""

from __future__ import annotations

from uuid import UUID

from chassis.config import Config


def tracking_url(letter_id: UUID) -> str:
    return f"{Config.from_env().public_address}/surat/{letter_id}/posisi"
