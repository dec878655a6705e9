"""A form with files in it, as a page sends it without scripts: read part by part.

Its first field must be the CSRF token, so that nothing of a forged form is received.
Fields have the limit of every form; each file goes to whoever reads the form, and what
he leaves of it is thrown away, so that the fields behind it are not lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.http_exceptions import HttpProcessingError
from multidict import MultiDict

from contracts.errors import Malformed, TooLarge
from gateway import keys
from gateway.problems import body_too_large

TYPE = "multipart/form-data"
FILES_LIMIT = 4  # files of the greatest size, refused ones too
_READER: web.RequestKey[MultipartReader] = web.RequestKey("mixed", MultipartReader)
_CHUNK = 64 * 1024
_PART_OVERHEAD = 128
MOST_PARTS = 2_000
"""An empty part is nothing but its head, and takes as long to find as any other."""
_SECONDS = 300

UNREADABLE = (ValueError, AssertionError, LookupError, HttpProcessingError)
"""What aiohttp raises for parts that are none; the last for heads of parts."""

Receive = Callable[[str, str, AsyncIterator[bytes]], Awaitable[None]]
"""Name of the field, name of the file, its bytes."""


def is_mixed(request: web.Request) -> bool:
    return request.content_type == TYPE


async def first_field(request: web.Request, name: str) -> str:
    """The value of the form's first field; empty when it is not called `name`."""
    part = await _next(await _opened(request))
    if part is None or part.name != name or part.filename is not None:
        return ""
    return await _text(part, request.client_max_size)


async def fields_of(request: web.Request, receive: Receive) -> MultiDict[str]:
    """The fields that were not read yet. Raises: Malformed, TooLarge."""
    fields: MultiDict[str] = MultiDict()
    left, parts = request.client_max_size, 0
    room = _Room(request.app[keys.CONFIG].file_limit * FILES_LIMIT)
    reader = await _opened(request)
    try:
        async with asyncio.timeout(_SECONDS):
            while (part := await _next(reader)) is not None:
                name = part.name or ""
                left, parts = left - len(name) - _PART_OVERHEAD, parts + 1
                if left < 0 or parts > MOST_PARTS:
                    raise body_too_large()
                if part.filename is None:
                    text = await _text(part, left)
                    left -= len(text)
                    fields.add(name, text)
                else:
                    await _file(part, name, room, receive)
    except TimeoutError:
        raise Malformed(reason="upload too slow") from None
    return fields


async def _opened(request: web.Request) -> MultipartReader:
    if _READER not in request:
        request[_READER] = await _guarded(request.multipart())
    return request[_READER]


async def _next(reader: MultipartReader) -> BodyPartReader | None:
    part = await _guarded(reader.next())
    if part is not None and not isinstance(part, BodyPartReader):
        raise Malformed(reason="multipart within multipart")
    return part


async def _text(part: BodyPartReader, limit: int) -> str:
    read = bytearray()
    while chunk := await _guarded(part.read_chunk(_CHUNK)):
        read += chunk
        if len(read) > limit:
            raise body_too_large()
    return read.decode("utf-8", "replace")


async def _file(part: BodyPartReader, name: str, room: _Room, receive: Receive) -> None:
    """A field for files that was left empty comes as a file without a name."""
    chunks = room.count(part)
    if part.filename:
        await receive(name, part.filename, chunks)
    async for _ in chunks:
        pass


class _Room:
    """How many bytes of files may still come with this form."""

    def __init__(self, limit: int) -> None:
        self._limit = self._left = limit

    async def count(self, part: BodyPartReader) -> AsyncIterator[bytes]:
        while chunk := await _guarded(part.read_chunk(_CHUNK)):
            self._left -= len(chunk)
            if self._left < 0:
                raise TooLarge(limit=self._limit)
            yield bytes(chunk)


async def _guarded(reading: Awaitable[Any]) -> Any:
    try:
        return await reading
    except UNREADABLE as error:
        raise Malformed(reason="form cannot be read") from error
