"""`rakat outbox`: events that still wait to leave a service."""

from __future__ import annotations

import click

from chassis import outbox
from chassis.config import Config
from chassis.database import Database
from ops.commands.databases import SERVICES
from ops.environment import load


@click.group("outbox")
def outbox_command() -> None:
    """Events written with their change and not yet on the bus."""
    load()


@outbox_command.command("status")
def status() -> None:
    """How many events wait in each service, and since when the oldest."""
    config = Config.from_env()
    for service in SERVICES:
        db = Database.of_service(config, service, pool_size=1)
        with db.engine.connect() as connection:
            now = outbox.status(connection)
        db.close()
        click.echo(
            f"{service:10} {now.pending:6} waiting, oldest {now.oldest_seconds:.1f} s"
        )
