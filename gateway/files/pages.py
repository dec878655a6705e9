"""Page images: from the cache in the blob store, or painted once and kept there."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from contracts.errors import NotFound, RakatError
from gateway.files.store import BlobStore, blob_key, page_key
from gateway.files.workshop import Workshop
from gateway.metrics import page_renders

WIDTHS = (120, 240, 360, 480, 640, 800, 1024, 1280, 1600)


def step(width: int) -> int:
    """The next width we keep images for, so that nobody fills the cache."""
    return next((each for each in WIDTHS if each >= width), WIDTHS[-1])


class Pages:
    """`image` of the same page asked for twice at once is painted once."""

    def __init__(self, store: BlobStore, workshop: Workshop) -> None:
        self._store = store
        self._workshop = workshop
        self._painting: dict[str, asyncio.Task[bytes]] = {}

    async def image(self, sha256: str, media_type: str, page: int, width: int) -> bytes:
        """WebP; raises `NotFound` for a page that is not there."""
        key = page_key(sha256, page, width)
        try:
            return await self._store.get(key)
        except NotFound:
            pass
        task = self._painting.get(key)
        if task is None:
            task = asyncio.create_task(
                self._paint(key, sha256, media_type, page, width)
            )
            self._painting[key] = task
            task.add_done_callback(lambda _: self._painting.pop(key, None))
        return await asyncio.shield(task)

    async def _paint(
        self, key: str, sha256: str, media_type: str, page: int, width: int
    ) -> bytes:
        content = await self._store.get(blob_key(sha256))
        with tempfile.NamedTemporaryFile(prefix="rakat-page-") as file:
            file.write(content)
            file.flush()
            path = Path(file.name)
            try:
                image = await self._workshop.paint(path, media_type, page, width)
            except RakatError as error:
                page_renders.labels(error.code).inc()
                raise
        page_renders.labels("ok").inc()
        await self._store.put(key, image)
        return image
