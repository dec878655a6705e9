"""`rakat token`: a session token for trying the API; development only."""

from __future__ import annotations

import secrets
from datetime import timedelta

import click

from chassis.clock import now
from chassis.config import Config
from chassis.database import Database
from chassis.ids import new_id
from ops.environment import load
from services.directory.repository_accounts import NewSession
from services.directory.sessions import digest
from services.directory.unit_of_work import opener

LIFETIME = timedelta(hours=12)


@click.command("token")
@click.argument("username")
def token_command(username: str) -> None:
    """Print a token of USERNAME's (a demo account) that is good for twelve hours."""
    load()
    config = Config.from_env()
    if not config.demo or config.http_host not in {"127.0.0.1", "::1", "localhost"}:
        raise click.ClickException("only with RAKAT_DEMO=1 and a gateway on loopback")
    db = Database.of_service(config, "directory", pool_size=1)
    click.echo(_new_token(db, username))
    db.close()


def _new_token(db: Database, username: str) -> str:
    token = secrets.token_urlsafe(32)
    with opener(db, now)() as uow:
        account = uow.accounts.find(username)
        if account is None or not account.demo:
            raise click.ClickException(f"{username} is no demo account")
        uow.sessions.add(
            NewSession(
                session_id=new_id(),
                token_sha256=digest(token),
                account_id=account.account_id,
                device_name="rakat token",
                now=now(),
                expires_at=now() + LIFETIME,
            )
        )
        uow.commit()
    return token
