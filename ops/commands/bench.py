"""`rakat bench`: the measurements of `make bench`."""

from __future__ import annotations

import subprocess
import sys

import click

from ops.stack.settings import ROOT


@click.command("bench", context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def bench_command(arguments: tuple[str, ...]) -> None:
    """Write one table of measurements, taken in one run."""
    command = [sys.executable, "-m", "tests.bench", *arguments]
    raise click.exceptions.Exit(
        subprocess.run(command, cwd=ROOT, check=False).returncode
    )
