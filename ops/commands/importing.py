"""`rakat import`: facts that come from files."""

from __future__ import annotations

from pathlib import Path

import click

from chassis.config import Config
from ops.environment import load

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("import")
def import_command() -> None:
    """Take over an organisation or reference lists from CSV files."""
    load()


@import_command.command("directory")
@click.option("--units", type=_FILE, required=True)
@click.option("--positions", type=_FILE, required=True)
@click.option(
    "--password",
    prompt=True,
    hide_input=True,
    envvar="RAKAT_IMPORT_PASSWORD",
    help="First password of accounts that are made.",
)
def directory(units: Path, positions: Path, password: str) -> None:
    """Bring units, positions and their first holders to what the files say."""
    from chassis.clock import now
    from chassis.database import Database
    from services.directory.importing import import_organisation
    from services.directory.unit_of_work import opener

    db = Database.of_service(Config.from_env(), "directory", pool_size=1)
    with opener(db, now)() as uow:
        done = import_organisation(uow, units, positions, password=password, demo=False)
        uow.commit()
    db.close()
    click.echo(f"{done.units} units, {done.positions} positions, {done.people} people")


@import_command.command("lists")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def lists(folder: Path) -> None:
    """Bring the lists of letters to kinds.csv, instructions.csv, classifications.csv
    and, if it is there, the retention schedule to retention.csv."""
    from chassis.database import Database
    from services.letters import reference, retention

    db = Database.of_service(Config.from_env(), "letters", pool_size=1)
    with db.session() as session:
        reference.load(session, folder)
        retention.load(session, folder)
        session.commit()
    db.close()
    click.echo("the lists of letters are up to date")
