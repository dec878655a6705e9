"""`rakat migrate | seed | prepare`: the databases before the services start."""

from __future__ import annotations

import click

from chassis.config import Config


@click.command("migrate")
def migrate_command() -> None:
    """Bring every database to the newest migration."""
    from ops.databases import migrate

    migrate(Config.from_env())


@click.command("seed")
def seed_command() -> None:
    """Fill empty databases with the demo organisation and a few days of work."""
    from ops.demo import seed

    click.echo(seed(Config.from_env()))


@click.command("prepare")
def prepare_command() -> None:
    """What a starting stack needs: migrate and, with RAKAT_DEMO=1, seed."""
    from ops.databases import migrate
    from ops.demo import seed

    config = Config.from_env()
    migrate(config)
    if config.demo:
        click.echo(seed(config))
