"""Who is asking: a session token from the header or the cookie, made an actor.

A session is asked of the directory once and kept for 30 s; while the directory is
away, for 5 min. A revocation is broadcast and drops it at once.
"""

from __future__ import annotations

import asyncio
import collections
import hashlib
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from aiohttp import web

from contracts import codec
from contracts.actor import Actor
from contracts.directory import Session
from contracts.errors import Forbidden, NotFound, Unauthenticated, Unavailable
from gateway import csrf, keys
from gateway.client import Client, RequestContext

COOKIE = "rakat_session"
FRESH_SECONDS = 30.0
OUTAGE_SECONDS = 300.0
_MOST_SESSIONS = 20_000
_LONGEST_TOKEN = 200
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass
class _Kept:
    session: Session
    asked_at: float

    def age(self) -> float:
        return time.monotonic() - self.asked_at


class Sessions:
    """The cache of sessions by the token's hash; the token itself is not kept."""

    def __init__(self, client: Client, *, demo_allowed: bool) -> None:
        self._client = client
        self._demo_allowed = demo_allowed
        self._kept: collections.OrderedDict[str, _Kept] = collections.OrderedDict()
        self._asking: dict[str, asyncio.Task[Session]] = {}

    async def of(self, token: str, request_id: str) -> Session:
        """Raises `Unauthenticated` for a token that is not or no longer valid."""
        key = token_key(token)
        kept = self._kept.get(key)
        if kept is not None and kept.age() < FRESH_SECONDS:
            return self._valid(kept.session)
        try:
            return self._valid(await self._ask_once(key, request_id))
        except Unavailable:
            if kept is None or key not in self._kept or kept.age() > OUTAGE_SECONDS:
                raise
            return self._valid(kept.session)

    def drop(self, revoked: dict[str, Any]) -> None:
        """A ``session.revoked.v1`` envelope: forget that session now."""
        key = revoked.get("data", revoked).get("token_sha256", "")
        self._kept.pop(key, None)
        self._asking.pop(key, None)

    def forget_all(self) -> None:
        """Revocations may have been missed: ask again, but survive an outage."""
        for kept in self._kept.values():
            kept.asked_at = min(kept.asked_at, time.monotonic() - FRESH_SECONDS)

    async def _ask_once(self, key: str, request_id: str) -> Session:
        task = self._asking.get(key)
        if task is None:
            task = asyncio.create_task(self._ask(key, request_id))
            self._asking[key] = task
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        return await asyncio.shield(task)

    async def _ask(self, key: str, request_id: str) -> Session:
        context = RequestContext(request_id=request_id)
        try:
            answer = await self._client.call(
                context, "directory", "get_session", token_sha256=key
            )
        except (NotFound, Unauthenticated):
            self._kept.pop(key, None)
            raise Unauthenticated() from None
        session = codec.load(Session, answer)
        if asyncio.current_task() is self._asking.get(key):  # else revoked meanwhile
            self._keep(key, session)
        return session

    def _keep(self, key: str, session: Session) -> None:
        self._kept[key] = _Kept(session, time.monotonic())
        self._kept.move_to_end(key)
        while len(self._kept) > _MOST_SESSIONS:
            self._kept.popitem(last=False)

    def _valid(self, session: Session) -> Session:
        if session.expires_at.timestamp() <= time.time():
            raise Unauthenticated()
        if session.demo and not self._demo_allowed:
            raise Unauthenticated()
        return session


def token_key(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


async def authenticate(request: web.Request) -> Actor:
    """The actor of `request`, once; also checks CSRF for cookie requests."""
    if keys.ACTOR in request:
        return request[keys.ACTOR]
    token, by_cookie = token_of(request)
    if token is None:
        raise Unauthenticated()
    if by_cookie and request.method not in _SAFE_METHODS:
        await csrf.check(request, token)
    session = await request.app[keys.SESSIONS].of(token, request[keys.REQUEST_ID])
    request[keys.TOKEN] = token
    request[keys.ACTOR] = _actor(session, _acting_as(request))
    return request[keys.ACTOR]


def token_of(request: web.Request) -> tuple[str | None, bool]:
    """The token, and whether it came by cookie; a header goes before a cookie."""
    header = request.headers.get("Authorization")
    if header is not None:
        scheme, _, token = header.partition(" ")
        return (
            _plausible(token.strip()) if scheme.lower() == "bearer" else None
        ), False
    return _plausible(request.cookies.get(COOKIE, "")), True


def _plausible(token: str) -> str | None:
    return token if 0 < len(token) <= _LONGEST_TOKEN and token.isascii() else None


def _acting_as(request: web.Request) -> UUID | None:
    """A position nobody can hold is refused like one the caller does not hold."""
    header = request.headers.get("X-Acting-As")
    if not header:
        return None
    try:
        return UUID(header)
    except ValueError:
        raise Forbidden("position_not_held") from None


def _actor(session: Session, acting_as: UUID | None) -> Actor:
    return Actor(
        person_id=session.person_id,
        name=session.name,
        session_id=session.session_id,
        acting_as=acting_as,
        authenticated_at=session.authenticated_at,
    )


async def context_of(request: web.Request) -> RequestContext:
    """The call context of an authenticated request."""
    actor = await authenticate(request)
    return RequestContext(request_id=request[keys.REQUEST_ID], actor=actor)


def anonymous_context(request: web.Request) -> RequestContext:
    return RequestContext(request_id=request[keys.REQUEST_ID])


def set_session_cookie(
    request: web.Request, response: web.StreamResponse, token: str, max_age: int
) -> None:
    response.set_cookie(
        COOKIE,
        token,
        max_age=max_age,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=is_secure(request),
    )


def clear_session_cookie(response: web.StreamResponse) -> None:
    response.del_cookie(COOKIE, path="/")


def is_secure(request: web.Request) -> bool:
    """Whether cookies are `Secure`: unless he came over plain http on loopback."""
    proto = request.headers.get("X-Forwarded-Proto", request.scheme)
    return not (proto == "http" and request.app[keys.CONFIG].on_loopback)
