"""Files in and out. Who may see a file, the letters service decides per request."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

import msgspec
from aiohttp import BodyPartReader, web

from contracts.errors import Malformed, NotFound, TooLarge
from contracts.letters import File
from gateway import keys
from gateway.api.v1.operation import Operation
from gateway.api.v1.router import BASE, answer_with, path_arguments, require_scope
from gateway.api.v1.validation import read_query, read_struct
from gateway.auth import authenticate, context_of
from gateway.files.naming import disposition
from gateway.files.pages import step
from gateway.files.ranges import Unsatisfiable, wanted
from gateway.files.receiving import receive
from gateway.files.store import blob_key
from gateway.mixed import UNREADABLE

_CHUNK = 64 * 1024
_FORM_OVERHEAD = 64 * 1024


class FileQuery(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`download`: to be saved rather than shown."""

    download: bool = False


class PageQuery(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Rounded up to the next width that is kept."""

    width: Annotated[int, msgspec.Meta(ge=120, le=1600)] = 800


UPLOAD = Operation(
    name="upload_file",
    method="POST",
    path="/files",
    service="letters",
    summary="Upload a file: raw body with X-Filename, or multipart field `file`",
    tag="files",
    response=File,
    status=201,
    scope="letters:write",
    errors=("too_large", "unsupported_media_type", "unreadable_file"),
)
DOWNLOAD = Operation(
    name="get_letter_file",
    method="GET",
    path="/letters/{letter_id}/files/{file_id}",
    service="letters",
    summary="The bytes of a letter's file; Range is honoured",
    tag="files",
    query=FileQuery,
    scope="letters:read",
)
PAGE = Operation(
    name="get_letter_page",
    method="GET",
    path="/letters/{letter_id}/files/{file_id}/pages/{n}",
    service="letters",
    summary="A page as a WebP image",
    tag="files",
    query=PageQuery,
    scope="letters:read",
    errors=("unreadable_file",),
)
OPERATIONS = (UPLOAD, DOWNLOAD, PAGE)


def add_routes(app: web.Application) -> None:
    app.router.add_post(BASE + UPLOAD.path, upload_file, name=UPLOAD.name)
    app.router.add_get(BASE + DOWNLOAD.path, get_letter_file, name=DOWNLOAD.name)
    app.router.add_get(BASE + PAGE.path, get_letter_page, name=PAGE.name)


# ---- in --------------------------------------------------------------------------


async def upload_file(request: web.Request) -> web.StreamResponse:
    require_scope(await authenticate(request), UPLOAD)
    context = await context_of(request)
    read_query(None, request.query)
    limit = request.app[keys.CONFIG].file_limit
    if (request.content_length or 0) > limit + _FORM_OVERHEAD:
        raise TooLarge(limit=limit)
    name, chunks = await _incoming(request)
    done = await receive(request.app, context, name, chunks)
    return answer_with(request, UPLOAD, done.body)


async def _incoming(
    request: web.Request,
) -> tuple[str | None, AsyncIterator[bytes]]:
    if request.content_type != "multipart/form-data":
        return request.headers.get("X-Filename"), request.content.iter_chunked(_CHUNK)
    part = await _file_part(request)
    return part.filename, _chunks_of(part)


async def _file_part(request: web.Request) -> BodyPartReader:
    """The first part must be the file; what follows it is not read."""
    try:
        part = await (await request.multipart()).next()
    except UNREADABLE as error:
        raise Malformed(reason="multipart cannot be read") from error
    if not isinstance(part, BodyPartReader) or part.name != "file":
        raise Malformed(reason="the first part must be the field `file`")
    return part


async def _chunks_of(part: BodyPartReader) -> AsyncIterator[bytes]:
    try:
        while chunk := await part.read_chunk(_CHUNK):
            yield bytes(chunk)
    except UNREADABLE as error:
        raise Malformed(reason="multipart cannot be read") from error


# ---- out -------------------------------------------------------------------------


async def get_letter_file(request: web.Request) -> web.StreamResponse:
    query = read_struct(FileQuery, request.query)
    file = await _permitted(request, DOWNLOAD)
    return await send_file(request, file, download=query.download)


async def send_file(
    request: web.Request, file: dict[str, Any], *, download: bool = False
) -> web.StreamResponse:
    """The bytes of a file the caller is known to see; Range and ETag are honoured."""
    tag = f'"{file["sha256"]}"'
    if _has(request, tag):
        return web.Response(status=304, headers={"ETag": tag, **_KEPT})
    try:
        part = wanted(_range(request, tag), file["size_bytes"])
    except Unsatisfiable:
        whole = f"bytes */{file['size_bytes']}"
        return web.Response(status=416, headers={"Content-Range": whole})
    return await _send(request, file, part, _headers(file, tag, download))


_KEPT = {"Cache-Control": "private, no-cache"}  # asked about each time


async def _permitted(request: web.Request, operation: Operation) -> dict[str, Any]:
    require_scope(await authenticate(request), operation)
    context = await context_of(request)
    ids = path_arguments(request, operation)
    found: dict[str, Any] = await request.app[keys.CLIENT].call(
        context,
        "letters",
        "get_letter_file",
        letter_id=ids["letter_id"],
        file_id=ids["file_id"],
    )
    return found


def _has(request: web.Request, tag: str) -> bool:
    return tag in [
        t.strip() for t in request.headers.get("If-None-Match", "").split(",")
    ]


def _range(request: web.Request, tag: str) -> str | None:
    """Of another version than the one the caller has parts of, he gets the whole."""
    if request.headers.get("If-Range", tag) != tag:
        return None
    return request.headers.get("Range")


def _headers(file: dict[str, Any], tag: str, download: bool) -> dict[str, str]:
    is_document = file["media_type"].startswith("application/vnd.")
    return {
        **_KEPT,
        "ETag": tag,
        "Accept-Ranges": "bytes",
        "Content-Type": file["media_type"],
        "Content-Disposition": disposition(
            file["filename"], inline=not (download or is_document)
        ),
    }


async def _send(
    request: web.Request,
    file: dict[str, Any],
    part: tuple[int, int] | None,
    headers: dict[str, str],
) -> web.StreamResponse:
    """Everything that can fail with an answer happens before the first byte."""
    start, end = part or (0, file["size_bytes"])
    stream = await request.app[keys.BLOBS].stream(blob_key(file["sha256"]), start, end)
    headers["Content-Length"] = str(end - start)
    if part is not None:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{file['size_bytes']}"
    response = web.StreamResponse(status=206 if part else 200, headers=headers)
    await response.prepare(request)
    if request.method != "HEAD":
        async for chunk in stream:
            await response.write(bytes(chunk))
    await response.write_eof()
    return response


async def get_letter_page(request: web.Request) -> web.StreamResponse:
    query = read_struct(PageQuery, request.query)
    page, width = _page_number(request.match_info["n"]), step(query.width)
    file = await _permitted(request, PAGE)
    if page > (file["page_count"] or 0):
        raise NotFound()
    tag = f'"{file["sha256"]}-{page}-{width}"'
    if _has(request, tag):
        return web.Response(status=304, headers={"ETag": tag, **_KEPT})
    image = await request.app[keys.PAGES].image(
        file["sha256"], file["media_type"], page, width
    )
    return web.Response(
        body=image, content_type="image/webp", headers={"ETag": tag, **_KEPT}
    )


def _page_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and int(text) > 0):
        raise NotFound()
    return int(text)
