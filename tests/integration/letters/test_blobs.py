"""Blobs nobody refers to are deleted with their pages, unless they are young."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import obstore

from services.letters import blobs


def test_old_blobs_go_with_their_pages(tmp_path: Path) -> None:
    store = blobs.open_store(f"file://{tmp_path}/blobs")
    gone, kept = "a" * 64, "b" * 64
    for sha256 in (gone, kept):
        obstore.put(store, f"blobs/{sha256[:2]}/{sha256}", b"x")
        obstore.put(store, f"pages/{sha256}/1@640.webp", b"y")
    now = datetime.now(UTC)
    assert blobs.delete_blobs(store, [gone], now) == 0  # may be about to be recorded
    assert blobs.delete_blobs(store, [gone, "c" * 64], now + timedelta(hours=2)) == 1
    left = sorted(one["path"] for one in obstore.list(store).collect())
    assert left == [f"blobs/bb/{kept}", f"pages/{kept}/1@640.webp"]
