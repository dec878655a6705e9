"""`rakat import`: facts that come from files, and registers of older applications."""

from __future__ import annotations

from pathlib import Path

import click

from chassis.config import Config
from ops.environment import load

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("import")
def import_command() -> None:
    """Take over an organisation, reference lists, or an older application's letters."""
    load()


@import_command.command("directory")
@click.option("--units", type=_FILE, required=True)
@click.option("--positions", type=_FILE, required=True)
@click.option(
    "--officials", type=_FILE, help="NIP and rank of new holders, by office code."
)
@click.option(
    "--password",
    prompt=True,
    hide_input=True,
    envvar="RAKAT_IMPORT_PASSWORD",
    help="First password of accounts that are made.",
)
def directory(
    units: Path, positions: Path, officials: Path | None, password: str
) -> None:
    """Bring units, positions and their first holders to what the files say."""
    from chassis.clock import now
    from chassis.database import Database
    from services.directory.importing import import_organisation
    from services.directory.unit_of_work import opener

    db = Database.of_service(Config.from_env(), "directory", pool_size=1)
    with opener(db, now)() as uow:
        done = import_organisation(
            uow,
            units,
            positions,
            password=password,
            officials_csv=officials,
            demo=False,
        )
        uow.commit()
    db.close()
    click.echo(f"{done.units} units, {done.positions} positions, {done.people} people")


@import_command.command("lists")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def lists(folder: Path) -> None:
    """Bring the lists of letters to kinds.csv, instructions.csv, classifications.csv,
    the texts drafts start from to texts/ and, if it is there, the retention schedule to retention.csv."""
    from chassis.database import Database
    from services.letters import reference, retention

    db = Database.of_service(Config.from_env(), "letters", pool_size=1)
    with db.session() as session:
        reference.load(session, folder)
        retention.load(session, folder)
        session.commit()
    db.close()
    click.echo("the lists of letters are up to date")


@import_command.command("letters")
@click.option(
    "--from", "where", required=True, help="SQLAlchemy URL, CSV file, folder."
)
@click.option("--mapping", "mapping_path", type=_FILE, required=True)
@click.option("--register", help="Code of the unit whose register takes them in.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be done, write nothing.")
@click.option(
    "--update", is_flag=True, help="Take later changes of rows nobody touched here."
)
def letters(
    where: str,
    mapping_path: Path,
    register: str | None,
    report: Path | None,
    dry_run: bool,
    update: bool,
) -> None:
    """Adopt the register of an older application as legacy letters.

    Run again it goes on where it was stopped and tells which rows were changed since;
    with --update it takes them, unless somebody used the letter here. Ends with 1 when
    a row was refused; the report says which and why.
    """
    from ops.importing import Failed, take_over

    try:
        counts = take_over(
            where,
            mapping_path,
            register,
            report=report,
            dry_run=dry_run,
            update=update,
        )
    except Failed as error:
        raise click.ClickException(str(error)) from error
    told = "would be taken over" if dry_run else "taken over"
    click.echo(
        f"{counts['ok']} {told}, {counts['skipped']} there already,"
        f" {counts['updated']} updated, {counts['changed']} changed there and not taken,"
        f" {counts['error']} refused"
    )
    raise click.exceptions.Exit(1 if counts["error"] else 0)
