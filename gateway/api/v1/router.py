"""An `Operation` becomes a route: read, authorise, call, answer."""

from __future__ import annotations

import hashlib
import re
from typing import Any
from uuid import UUID

import msgspec
from aiohttp import web

from contracts import codec
from contracts.actor import Actor
from contracts.errors import (
    Forbidden,
    Malformed,
    NotFound,
    PreconditionRequired,
    Stale,
)
from gateway import keys
from gateway.api.v1.body import is_storable, read_object
from gateway.api.v1.operation import Operation
from gateway.api.v1.validation import check_body, read_query
from gateway.auth import authenticate
from gateway.client import RequestContext

BASE = "/api/v1"
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_ETAG = re.compile(r'"(\d{1,18})(?:-[0-9a-f]+)?"')
_WITH_BODY = frozenset({"POST", "PATCH", "PUT"})


def add_operation(app: web.Application, operation: Operation) -> None:
    async def endpoint(request: web.Request) -> web.StreamResponse:
        return await serve(request, operation)

    path = BASE + operation.path
    if operation.method == "GET":
        app.router.add_get(path, endpoint, name=operation.name)  # HEAD as well
    else:
        app.router.add_route(operation.method, path, endpoint, name=operation.name)


async def serve(request: web.Request, operation: Operation) -> web.StreamResponse:
    """Authorise first, so that nobody learns the rules of what is closed to him."""
    context = await _context(request, operation)
    arguments = path_arguments(request, operation)
    query = read_query(operation.query, request.query)
    if query is not None:
        arguments["query"] = codec.dump(query)
    if operation.needs_if_match:
        arguments["expected_version"] = expected_version(request)
    key = idempotency_key(request) if operation.command else None
    if operation.method in _WITH_BODY:
        body = await read_object(request)
        check_body(operation.body, body)
        if operation.body is not None:
            arguments["body"] = body
    return await _call(request, operation, context, arguments, key)


async def _context(request: web.Request, operation: Operation) -> RequestContext:
    actor = None if operation.public else await authenticate(request)
    if actor is not None:
        require_scope(actor, operation)
    return RequestContext(request_id=request[keys.REQUEST_ID], actor=actor)


def require_scope(actor: Actor, operation: Operation) -> None:
    """Applications need the operation's scope; without one it is for people only."""
    if actor.client is None:
        return
    if operation.scope is None:
        raise Forbidden()
    if operation.scope not in actor.client.scopes:
        raise Forbidden("insufficient_scope", scope=operation.scope)


def path_arguments(request: web.Request, operation: Operation) -> dict[str, Any]:
    """Ids in one form; what cannot be an id is not found."""
    found: dict[str, Any] = {}
    for name in operation.parameters:
        text = request.match_info[name]
        found[name] = _id(text) if name.endswith("_id") else _word(text)
    return found


def _id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise NotFound() from None


def _word(text: str) -> str:
    if not is_storable(text) or len(text) > 200:
        raise NotFound()
    return text


async def _call(
    request: web.Request,
    operation: Operation,
    context: RequestContext,
    arguments: dict[str, Any],
    key: str | None,
) -> web.StreamResponse:
    client = request.app[keys.CLIENT]
    if not operation.command:
        answer = await client.call(
            context, operation.service, operation.name, **arguments
        )
        return answer_with(request, operation, answer)
    done = await client.command(
        context,
        operation.service,
        operation.name,
        key=key,
        **arguments,
    )
    return answer_with(request, operation, done.body, replayed=done.replayed)


def answer_with(
    request: web.Request, operation: Operation, body: Any, *, replayed: bool = False
) -> web.Response:
    """JSON with its ETag; 304 when the caller has it already."""
    headers = {"Cache-Control": "no-store"}
    if replayed:
        headers["Idempotency-Replayed"] = "true"
    if operation.status == 204:
        return web.Response(status=204, headers=headers)
    raw = msgspec.json.encode(body)
    if operation.etag and isinstance(body, dict) and "version" in body:
        headers["ETag"] = etag(body["version"], raw)
        # A copy may be kept, but is asked about each time.
        headers["Cache-Control"] = "private, no-cache"
        if request.method in ("GET", "HEAD") and _has(request, headers["ETag"]):
            return web.Response(status=304, headers=headers)
    return web.Response(
        status=operation.status,
        body=raw,
        content_type="application/json",
        charset="utf-8",
        headers=headers,
    )


def etag(version: int, raw: bytes) -> str:
    """The version for If-Match, and a hash: tasks change a letter's view, too."""
    return f'"{version}-{hashlib.blake2s(raw, digest_size=8).hexdigest()}"'


def _has(request: web.Request, tag: str) -> bool:
    given = [
        each.strip() for each in request.headers.get("If-None-Match", "").split(",")
    ]
    return "*" in given or tag in given or f"W/{tag}" in given


def expected_version(request: web.Request) -> int:
    """The version in ``If-Match``; ``*`` names none, so it does not do."""
    header = request.headers.get("If-Match", "").strip()
    if header in ("", "*"):
        raise PreconditionRequired()
    match = _ETAG.fullmatch(header)
    if match is None:
        raise Stale()  # a tag we never gave matches nothing
    return int(match[1])


def idempotency_key(request: web.Request) -> str | None:
    """The caller's key; raises `Malformed` for one that is no key."""
    header = request.headers.get("Idempotency-Key")
    if header is None:
        return None
    if not _KEY.fullmatch(header):
        raise Malformed(reason="Idempotency-Key: 1 to 255 visible ASCII characters")
    return header
