"""`rakat suite`: the tests of `make test`, all or some groups of them."""

from __future__ import annotations

import click

from ops import suite


@click.command("suite")
@click.argument("groups", nargs=-1)
def suite_command(groups: tuple[str, ...]) -> None:
    """Run the test groups whose names start with GROUPS (all by default)."""
    raise click.exceptions.Exit(suite.run(groups))
