"""`rakat migrate | seed | prepare`: what has to be there before the services start."""

from __future__ import annotations

import click

from chassis.config import Config
from ops.environment import load

SERVICES = ("directory", "letters", "schedule")


@click.command("migrate")
def migrate_command() -> None:
    """Make missing databases and bring each to its newest migration."""
    load()
    migrate(Config.from_env())


def migrate(config: Config) -> None:
    from chassis import migrations

    for service in SERVICES:
        migrations.migrate(config, service)


@click.command("seed")
def seed_command() -> None:
    """Fill empty databases with the demo organisation and a few days of work."""
    from ops.demo import seed

    load()
    click.echo(seed(Config.from_env()))


@click.command("prepare")
def prepare_command() -> None:
    """What a starting stack needs: migrate, seed a demo, declare the bus.

    The queues come before the first service, so that no event leaves an outbox
    before its listeners have one.
    """
    config = Config.from_env()
    migrate(config)
    if config.demo:
        from ops.demo import seed

        click.echo(seed(config))
    from ops.bus import declare

    declare(config)
