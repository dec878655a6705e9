"""Blobs nobody refers to any more are deleted, with their page images.

The gateway writes a blob before it records the file, and writes it anew with every
upload, so a blob younger than `SPARED` may belong to a row that is about to appear.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import obstore
from obstore.store import ObjectStore, from_url

SPARED = timedelta(hours=1)


def open_store(url: str) -> ObjectStore:
    """The blob store behind ``file:///…`` or ``s3://…``."""
    return from_url(url, mkdir=True) if url.startswith("file:") else from_url(url)


def copy_blob(store: ObjectStore, sha256: str, path: Path) -> bool:
    """Write a blob to `path`; False when there is none."""
    try:
        path.write_bytes(bytes(obstore.get(store, key_of(sha256)).bytes()))
    except FileNotFoundError:
        return False
    return True


def delete_blobs(store: ObjectStore, hashes: Iterable[str], now: datetime) -> int:
    """How many blobs were deleted; what is gone already counts as done."""
    return sum(_delete(store, sha256, now) for sha256 in hashes)


def _delete(store: ObjectStore, sha256: str, now: datetime) -> bool:
    key = key_of(sha256)
    try:
        if now - obstore.head(store, key)["last_modified"] < SPARED:
            return False
    except FileNotFoundError:
        return False
    pages = obstore.list(store, prefix=f"pages/{sha256}").collect()
    obstore.delete(store, [*(page["path"] for page in pages), key])
    return True


def key_of(sha256: str) -> str:
    return f"blobs/{sha256[:2]}/{sha256}"
