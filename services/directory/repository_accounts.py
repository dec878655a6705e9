"""Accounts, sessions and the buckets of login tries in PostgreSQL."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as SqlSession

from contracts.directory import Session
from services.directory import orm
from services.directory.domain.throttle import Limit


class Account(NamedTuple):
    account_id: UUID
    person_id: UUID
    name: str
    password_hash: str
    demo: bool


class NewSession(NamedTuple):
    session_id: UUID
    token_sha256: str
    account_id: UUID
    device_name: str | None
    now: datetime
    expires_at: datetime


class Accounts:
    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def add(
        self,
        *,
        account_id: UUID,
        person_id: UUID,
        username: str,
        password_hash: str,
        demo: bool,
    ) -> None:
        self._session.execute(
            insert(orm.account).values(
                account_id=account_id,
                person_id=person_id,
                username=username,
                password_hash=password_hash,
                demo=demo,
            )
        )

    def usernames(self) -> dict[str, UUID]:
        """Every username and whose it is."""
        query = sa.select(orm.account.c.username, orm.account.c.person_id)
        return {row.username: row.person_id for row in self._session.execute(query)}

    def find(self, username: str) -> Account | None:
        """An account that may log in."""
        table = orm.account
        query = (
            sa.select(
                table.c.account_id,
                table.c.person_id,
                orm.person.c.name,
                table.c.password_hash,
                table.c.demo,
            )
            .join(orm.person, orm.person.c.person_id == table.c.person_id)
            .where(table.c.username == username, table.c.disabled_at.is_(None))
        )
        row = self._session.execute(query).first()
        return Account(*row) if row else None

    def password_of(self, person_id: UUID) -> str | None:
        """The password's hash of a person who may log in."""
        table = orm.account
        query = sa.select(table.c.password_hash).where(
            table.c.person_id == person_id, table.c.disabled_at.is_(None)
        )
        return self._session.scalar(query)


class Sessions:
    """Only the token's digest is stored; who steals the table cannot log in."""

    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def add(self, new: NewSession) -> None:
        self._session.execute(
            insert(orm.session).values(
                session_id=new.session_id,
                token_sha256=new.token_sha256,
                account_id=new.account_id,
                device_name=new.device_name,
                created_at=new.now,
                seen_at=new.now,
                expires_at=new.expires_at,
            )
        )

    def find(self, token_sha256: str, now: datetime) -> tuple[Session, datetime] | None:
        """The valid session of a token, and when it was last seen."""
        table = orm.session
        query = (
            sa.select(
                table.c.session_id,
                orm.account.c.person_id,
                orm.person.c.name,
                table.c.expires_at,
                orm.account.c.demo,
                table.c.seen_at,
                table.c.created_at.label("authenticated_at"),
            )
            .join(orm.account, orm.account.c.account_id == table.c.account_id)
            .join(orm.person, orm.person.c.person_id == orm.account.c.person_id)
            .where(
                table.c.token_sha256 == token_sha256,
                table.c.expires_at > now,
                orm.account.c.disabled_at.is_(None),
            )
        )
        row = self._session.execute(query).mappings().first()
        if row is None:
            return None
        facts = {name: row[name] for name in Session.__struct_fields__}
        return Session(**facts), row["seen_at"]

    def seen(self, session_id: UUID, now: datetime, expires_at: datetime) -> None:
        table = orm.session
        self._session.execute(
            sa.update(table)
            .where(table.c.session_id == session_id, table.c.seen_at < now)
            .values(seen_at=now, expires_at=expires_at)
        )

    def close(self, token_sha256: str, person_id: UUID) -> UUID | None:
        """Remove a session of this person; its id, or None when there is none."""
        table = orm.session
        mine = sa.select(orm.account.c.account_id).where(
            orm.account.c.person_id == person_id
        )
        return self._session.scalar(
            sa.delete(table)
            .where(table.c.token_sha256 == token_sha256, table.c.account_id.in_(mine))
            .returning(table.c.session_id)
        )

    def forget_expired(self, now: datetime) -> None:
        self._session.execute(
            sa.delete(orm.session).where(orm.session.c.expires_at <= now)
        )


class Throttle:
    """Buckets as rows, moved by one conditional statement: races cannot overfill."""

    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def take(self, key: str, limit: Limit, now: datetime) -> int | None:
        """Use up one try; else how many seconds to wait."""
        table = orm.login_throttle
        statement = insert(table).values(key=key, free_at=now + limit.step)
        moved = self._session.execute(
            statement.on_conflict_do_update(
                index_elements=["key"],
                set_={"free_at": sa.func.greatest(table.c.free_at, now) + limit.step},
                where=table.c.free_at <= limit.latest(now),
            ).returning(table.c.free_at)
        )
        if moved.first() is not None:
            return None
        free_at = self._session.scalar(
            sa.select(table.c.free_at).where(table.c.key == key)
        )
        return limit.retry_after(free_at or now, now)

    def give_back(self, key: str, step: timedelta) -> None:
        """A successful login was no guess."""
        table = orm.login_throttle
        self._session.execute(
            sa.update(table)
            .where(table.c.key == key)
            .values(free_at=table.c.free_at - step)
        )

    def forget(self, key: str) -> None:
        self._session.execute(
            sa.delete(orm.login_throttle).where(orm.login_throttle.c.key == key)
        )

    def forget_free(self, now: datetime) -> None:
        self._session.execute(
            sa.delete(orm.login_throttle).where(orm.login_throttle.c.free_at <= now)
        )
