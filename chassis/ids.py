"""Identifiers: UUIDv7, so that ids ascend in time and indexes stay dense."""

from __future__ import annotations

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A fresh id, greater than every id made before in this process."""
    return uuid7()
