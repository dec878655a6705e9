"""`rakat audit`: whether the trails of letters are what they were."""

from __future__ import annotations

import click

from chassis.config import Config
from ops.environment import load


@click.group("audit")
def audit_command() -> None:
    """The sealed trail that every letter keeps of its acts."""
    load()


@audit_command.command("verify")
def verify() -> None:
    """Check every letter's chain; names the first broken line of each."""
    from chassis.database import Database
    from ops.audit import check

    db = Database.of_service(Config.from_env(), "letters", pool_size=1)
    checked, broken = check(db)
    db.close()
    for letter_id, seq in broken:
        click.echo(f"letter {letter_id}: line {seq} does not hold")
    click.echo(f"{checked} letters, {len(broken)} broken")
    raise click.exceptions.Exit(1 if broken else 0)
