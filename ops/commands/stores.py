"""`rakat stores`: throw-away stores around one command (see `ops.stack`)."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import click

from ops.stack import Stores


@click.command("stores", context_settings={"ignore_unknown_options": True})
@click.option("--state-dir", type=click.Path(path_type=Path), required=True)
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def stores_command(state_dir: Path, command: tuple[str, ...]) -> None:
    """Run COMMAND with RAKAT_TEST_… addresses of stores that live as long as it."""
    with Stores.throw_away(state_dir) as stores:
        environ = {**os.environ, **stores.test_environ()}
        code = subprocess.run(command, env=environ, check=False).returncode
    raise click.exceptions.Exit(code)
