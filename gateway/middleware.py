"""What happens around every handler, from the outside in: see `MIDDLEWARES`."""

from __future__ import annotations

import time
import uuid
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import hdrs, web

from chassis.logs import bind
from contracts.errors import (
    Malformed,
    NotFound,
    RakatError,
    Unauthenticated,
    UnsupportedMedia,
)
from gateway import keys
from gateway.bus import RemoteFault
from gateway.metrics import http_duration, http_requests
from gateway.problems import body_too_large, problem

METH_ALL = frozenset(hdrs.METH_ALL)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

access = structlog.get_logger("gateway.access")
log = structlog.get_logger(__name__)

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
API_POLICY = "default-src 'none'; frame-ancestors 'none'"
PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class MethodNotAllowed(RakatError):
    """The path exists, the method does not; only the router raises it."""

    status = 405
    default_code = "method_not_allowed"


@web.middleware
async def request_id(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The caller's id when it is a UUID, else a new one; named in every answer."""
    request[keys.REQUEST_ID] = _uuid_or_new(request.headers.get("X-Request-Id", ""))
    bind(request_id=request[keys.REQUEST_ID])
    return await handler(request)


def _uuid_or_new(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return str(uuid.uuid4())


@web.middleware
async def access_log(request: web.Request, handler: Handler) -> web.StreamResponse:
    """One line and one count per request; never bodies, tokens or query strings."""
    started = time.perf_counter()
    status = 499  # the caller went away
    try:
        response = await handler(request)
        status = response.status
        return response
    finally:
        _record(request, status, time.perf_counter() - started)


def _record(request: web.Request, status: int, seconds: float) -> None:
    resource = request.match_info.route.resource
    route = resource.canonical if resource is not None else "unknown"
    http_requests.labels(route, _method(request), status).inc()
    http_duration.labels(route).observe(seconds)
    actor = request.get(keys.ACTOR)
    access.info(
        "request",
        method=_method(request),
        route=route,
        status=status,
        duration_ms=round(seconds * 1000, 1),
        actor=actor.key if actor is not None else None,
    )


def _method(request: web.Request) -> str:
    """Methods anybody may invent must not become label values."""
    return request.method if request.method in METH_ALL else "other"


async def on_prepare(request: web.Request, response: web.StreamResponse) -> None:
    """Headers of every answer, streams included, unless the handler set them."""
    headers = response.headers
    headers["Server"] = "rakat"  # not which versions of what
    headers.setdefault("X-Request-Id", request.get(keys.REQUEST_ID, ""))
    for name, value in SECURITY_HEADERS.items():
        headers.setdefault(name, value)
    policy = API_POLICY if is_api(request) else PAGE_POLICY
    headers.setdefault("Content-Security-Policy", policy)
    if request.headers.get("X-Forwarded-Proto", request.scheme) == "https":
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every error becomes the same problem document, or the portal's page."""
    try:
        return await handler(request)
    except RakatError as error:
        return await _answer(request, error)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return await _answer(request, _of_http(error), _kept_headers(error))
    except RemoteFault as error:
        log.error("service failed", fault=error.kind)
        return await _answer(request, RakatError())
    except Exception:
        log.exception("request failed")
        return await _answer(request, RakatError())


def is_api(request: web.Request) -> bool:
    programs = request.path.startswith(("/api/", "/calendars/"))
    return programs or request.path in ("/livez", "/readyz")


async def _answer(
    request: web.Request, error: RakatError, headers: dict[str, str] | None = None
) -> web.StreamResponse:
    page = request.app.get(keys.ERROR_PAGE)
    if page is not None and not is_api(request):
        return await page(request, error, request[keys.REQUEST_ID])
    status, own, body = problem(error, request[keys.REQUEST_ID])
    return web.Response(status=status, headers={**own, **(headers or {})}, body=body)


def _kept_headers(error: web.HTTPException) -> dict[str, str]:
    return {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}


_OF_HTTP: dict[int, type[RakatError]] = {
    401: Unauthenticated,
    404: NotFound,
    405: MethodNotAllowed,
    415: UnsupportedMedia,
}


def _of_http(error: web.HTTPException) -> RakatError:
    """aiohttp's own refusals; a 4xx without a kind here could not be read."""
    if error.status >= 500:
        return RakatError()
    if error.status == 413:
        return body_too_large()
    return _OF_HTTP.get(error.status, Malformed)()


MIDDLEWARES = (request_id, access_log, errors)
"""From the outside in."""
