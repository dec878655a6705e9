"""Logging in and out: throttled, constant in time, the token never stored.

Logging in is three short transactions around the hash, so that no connection waits
for a slow sum: take a try from both buckets; read the account; write the session.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from chassis.ids import new_id
from chassis.organisation import Organisation
from contracts.actor import Actor, PersonRef
from contracts.directory import (
    OpenedSession,
    OpenSession,
    Session,
    SessionRevoked,
)
from contracts.errors import Forbidden, NotFound, TooMany, Unauthenticated
from services.directory import passwords, views
from services.directory.domain import throttle
from services.directory.domain.authority import person_of
from services.directory.repository_accounts import Account, NewSession
from services.directory.unit_of_work import DirectoryUnitOfWork

LIFETIME = timedelta(days=30)
#: A session in use moves its end not more often than this.
SLIDE = timedelta(hours=1)

OpenUow = Callable[[], DirectoryUnitOfWork]


def open_session(
    open_uow: OpenUow,
    org: Callable[[], Organisation],
    request: OpenSession,
    address: str,
) -> OpenedSession:
    """Raises: TooMany, Unauthenticated ``invalid_credentials``."""
    username = throttle.normalised(request.username)
    narrow = throttle.bucket("name", username, address)
    wide = throttle.bucket("address", address)
    _take_a_try(open_uow, narrow, wide)
    account = _find_account(open_uow, username)
    stored = account.password_hash if account else None
    if not passwords.matches(stored, request.password) or account is None:
        raise Unauthenticated("invalid_credentials")
    return _opened(open_uow, org, request, account, (narrow, wide))


def _take_a_try(open_uow: OpenUow, narrow: str, wide: str) -> None:
    """Counted before the password is looked at: a race cannot try more."""
    with open_uow() as uow:
        now = uow.clock()
        wait = uow.throttle.take(narrow, throttle.NAME_AT_ADDRESS, now)
        if wait is None:
            wait = uow.throttle.take(wide, throttle.ADDRESS, now)
        uow.commit()
    if wait is not None:
        raise TooMany(retry_after=wait)


def _find_account(open_uow: OpenUow, username: str) -> Account | None:
    with open_uow() as uow:
        return uow.accounts.find(username)


def _opened(
    open_uow: OpenUow,
    org: Callable[[], Organisation],
    request: OpenSession,
    account: Account,
    buckets: tuple[str, str],
) -> OpenedSession:
    token = secrets.token_urlsafe(32)
    with open_uow() as uow:
        now = uow.clock()
        expires_at = now + LIFETIME
        uow.throttle.forget(buckets[0])
        uow.throttle.give_back(buckets[1], throttle.ADDRESS.step)
        uow.sessions.add(
            NewSession(
                session_id=new_id(),
                token_sha256=digest(token),
                account_id=account.account_id,
                device_name=request.device_name,
                now=now,
                expires_at=expires_at,
            )
        )
        uow.commit()
    return OpenedSession(
        token=token,
        expires_at=expires_at,
        person=PersonRef(person_id=account.person_id, name=account.name),
        positions=views.my_positions(org(), account.person_id, now),
    )


def check_password(open_uow: OpenUow, actor: Actor | None, password: str) -> None:
    """Whether the one who is logged in knows his password; as slow and as often as a
    login, in a bucket of his own.

    Raises: TooMany, Forbidden ``wrong_password``.
    """
    person_id = person_of(actor)
    narrow = throttle.bucket("password", str(person_id))
    with open_uow() as uow:
        wait = uow.throttle.take(narrow, throttle.NAME_AT_ADDRESS, uow.clock())
        uow.commit()
    if wait is not None:
        raise TooMany(retry_after=wait)
    with open_uow() as uow:
        stored = uow.accounts.password_of(person_id)
    if not passwords.matches(stored, password):
        raise Forbidden("wrong_password")
    with open_uow() as uow:
        uow.throttle.forget(narrow)
        uow.commit()


def get_session(open_uow: OpenUow, token_sha256: str) -> Session:
    """Whose token this is; being used moves its end. Raises: NotFound."""
    with open_uow() as uow:
        now = uow.clock()
        found = uow.sessions.find(token_sha256, now)
        if found is None:
            raise NotFound
        session, seen_at = found
        if now - seen_at >= SLIDE:
            uow.sessions.seen(session.session_id, now, now + LIFETIME)
            uow.commit()
        return session


def close_session(
    uow: DirectoryUnitOfWork, actor: Actor | None, token_sha256: str
) -> UUID | None:
    """Log out; again is fine. The gateways are told to forget the token."""
    session_id = uow.sessions.close(token_sha256, person_of(actor))
    if session_id is not None:
        revoked = SessionRevoked(session_id=session_id, token_sha256=token_sha256)
        uow.publish(revoked, subject=f"session/{session_id}")
    return session_id


def forget_old(open_uow: OpenUow) -> None:
    """Expired sessions and buckets that are free again."""
    with open_uow() as uow:
        now = uow.clock()
        uow.sessions.forget_expired(now)
        uow.throttle.forget_free(now)
        uow.commit()


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
