"""`rakat audit`: whether the trails of letters and registers are what they were."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chassis.config import Config
from ops.environment import load

if TYPE_CHECKING:
    from chassis.database import Database

_DAY = click.DateTime(formats=["%Y-%m-%d"])
_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group("audit")
def audit_command() -> None:
    """The sealed trail that every letter keeps of its acts."""
    load()


@audit_command.command("verify")
@click.option("--since", type=_DAY, help="Only letters that changed from this day on.")
@click.option("--digests", type=_FOLDER, help="A folder of exported digests.")
@click.option("--key-id", multiple=True, help="A key that signed before; repeatable.")
def verify(
    since: datetime | None, digests: Path | None, key_id: tuple[str, ...]
) -> None:
    """Check every chain, of letters and registers, and every daily digest; names what
    does not hold."""
    from ops.audit import check

    db = _letters()
    day = since.date() if since else None
    found = check(db, since=day, keys=_trusted(key_id), exported=digests)
    db.close()
    for letter_id, seq in found.broken:
        click.echo(f"letter {letter_id}: line {seq} does not hold")
    for fault in found.faults:
        click.echo(fault)
    click.echo(f"{found.letters} letters, {len(found.broken)} broken")
    click.echo(f"{found.digests} digests, {len(found.faults)} faults")
    raise click.exceptions.Exit(0 if found.intact else 1)


@audit_command.group("digest")
def digest_group() -> None:
    """The signed digest of every day."""


@digest_group.command("export")
@click.argument("folder", type=_FOLDER)
@click.option("--day", type=_DAY, help="Only this day.")
def export_digests(folder: Path, day: datetime | None) -> None:
    """Write each digest with its heads to FOLDER, to be kept outside this machine."""
    from ops.audit import export

    db = _letters()
    written = export(db, folder, day.date() if day else None)
    db.close()
    for path in written:
        click.echo(path)
    click.echo(f"{len(written)} written")


@digest_group.command("key")
def show_key() -> None:
    """The public key that digests of this machine are signed with."""
    from services.letters.sealing import SealKey

    text = Config.from_env().trail_key
    if not text:
        raise click.ClickException("RAKAT_TRAIL_KEY is not set: no digest is made")
    key = SealKey(text)
    click.echo(f"{key.key_id} {key.public}")


def _letters() -> Database:
    from chassis.database import Database

    return Database.of_service(Config.from_env(), "letters", pool_size=1)


def _trusted(named: tuple[str, ...]) -> frozenset[str]:
    """This machine's key and those named; where neither is known, whoever signed."""
    from services.letters.sealing import SealKey

    text = Config.from_env().trail_key
    own = (SealKey(text).key_id,) if text else ()
    return frozenset((*own, *named))
