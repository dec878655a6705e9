"""The blob store: content-addressed, written once, local folder or S3."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import from_url

from contracts.errors import NotFound, Unavailable

_CHUNK = 256 * 1024


def blob_key(sha256: str) -> str:
    return f"blobs/{sha256[:2]}/{sha256}"


def page_key(sha256: str, page: int, width: int) -> str:
    return f"pages/{sha256}/{page}@{width}.webp"


class BlobStore:
    """`url` is ``file:///…`` or ``s3://…``; credentials come from the environment."""

    def __init__(self, url: str) -> None:
        if urlsplit(url).scheme == "file":
            Path(urlsplit(url).path).mkdir(parents=True, exist_ok=True)
        self._store: Any = from_url(url)

    async def put_file(self, key: str, path: Path) -> None:
        """Keep the file at `path`; the same content twice is the same blob.

        It is written anew all the same: the collector of letters spares young blobs,
        so one it is about to delete must not be taken for one that stays.
        """
        await self._put(key, path)

    async def put(self, key: str, content: bytes) -> None:
        await self._put(key, content)

    async def _put(self, key: str, content: Any) -> None:
        try:
            await obstore.put_async(self._store, key, content)
        except (BaseError, OSError) as error:
            raise Unavailable(service="blob store", retry_after=5) from error

    async def get(self, key: str) -> bytes:
        """Raises `NotFound`."""
        try:
            answer = await obstore.get_async(self._store, key)
            return bytes(await answer.bytes_async())
        except FileNotFoundError:
            raise NotFound() from None
        except (BaseError, OSError) as error:
            raise Unavailable(service="blob store", retry_after=5) from error

    async def stream(self, key: str, start: int, end: int) -> AsyncIterator[Any]:
        """The bytes from `start` up to `end`; opened before this returns."""
        try:
            answer = await obstore.get_async(
                self._store, key, options={"range": (start, end)}
            )
        except FileNotFoundError:
            raise NotFound() from None
        except (BaseError, OSError) as error:
            raise Unavailable(service="blob store", retry_after=5) from error
        stream: AsyncIterator[Any] = answer.stream(min_chunk_size=_CHUNK)
        return stream
