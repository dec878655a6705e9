"""A file that comes in: judged, stored and recorded, whichever way it was sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from aiohttp import web

from contracts.errors import UnsupportedMedia
from gateway import keys
from gateway.client import Done, RequestContext
from gateway.files.naming import clean_name
from gateway.files.spool import Spooled, spooled
from gateway.files.store import blob_key


async def receive(
    app: web.Application,
    context: RequestContext,
    name: str | None,
    chunks: AsyncIterator[bytes],
) -> Done:
    """The file as the letters service knows it, unattached.

    Raises: TooLarge, UnsupportedMedia, Invalid ``unreadable_file``, Unavailable.
    """
    async with spooled(chunks, limit=app[keys.CONFIG].file_limit) as file:
        facts = await _judged(app, file, name)
        await app[keys.BLOBS].put_file(blob_key(file.sha256), file.path)
    return await app[keys.CLIENT].command(context, "letters", "record_file", body=facts)


async def _judged(
    app: web.Application, file: Spooled, name: str | None
) -> dict[str, Any]:
    if file.size_bytes == 0:
        raise UnsupportedMedia()
    judgement = await app[keys.WORKSHOP].judge(file.path)
    return {
        "sha256": file.sha256,
        "size_bytes": file.size_bytes,
        "media_type": judgement.media_type,
        "page_count": judgement.page_count,
        "filename": clean_name(name, judgement.media_type),
    }
