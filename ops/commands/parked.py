"""`rakat parked`: messages that were set aside after bounded retries."""

from __future__ import annotations

import json
from collections.abc import Iterable

import click

from chassis import parked
from chassis.config import Config
from ops.environment import load
from ops.stack.ports import SERVICES

_SERVICE = click.argument("service", type=click.Choice(SERVICES))
_IDS = click.argument("ids", nargs=-1)


@click.group("parked")
def parked_command() -> None:
    """Look at parked messages, send them back, throw them away."""
    load()


def _uri() -> str:
    return Config.from_env().need("amqp_uri")


@parked_command.command("list")
@click.argument("service", required=False, type=click.Choice(SERVICES))
def list_parked(service: str | None) -> None:
    """Every parked message, oldest first (of SERVICE only)."""
    for name in (service,) if service else SERVICES:
        for row in parked.look(_uri(), name):
            click.echo(
                f"{name:10} {row.parked_at:32} {row.message_id} {row.type:30} "
                f"{row.size:6} B  {row.reason}"
            )


@parked_command.command("show")
@_SERVICE
@click.argument("message_id")
def show(service: str, message_id: str) -> None:
    """One message: where it came from, why it was parked, its body."""
    found = parked.show(_uri(), service, message_id)
    if found is None:
        raise click.ClickException(f"no parked message {message_id} of {service}")
    for name in ("message_id", "type", "queue", "parked_at", "reason", "size"):
        click.echo(f"{name + ':':12} {getattr(found, name)}")
    try:
        click.echo(json.dumps(json.loads(found.body), indent=2, ensure_ascii=False))
    except ValueError:
        click.echo(repr(found.body))


@parked_command.command("requeue")
@_SERVICE
@_IDS
@click.option("--all", "everything", is_flag=True, help="Every message of SERVICE.")
def requeue(service: str, ids: tuple[str, ...], everything: bool) -> None:
    """Send IDS back to the queues they came from."""
    chosen = _chosen(ids, everything)
    count = parked.requeue(_uri(), service, chosen)
    click.echo(f"{count} sent back")


@parked_command.command("drop")
@_SERVICE
@_IDS
@click.option("--all", "everything", is_flag=True, help="Every message of SERVICE.")
def drop(service: str, ids: tuple[str, ...], everything: bool) -> None:
    """Throw IDS away for good."""
    chosen = _chosen(ids, everything)
    count = parked.drop(_uri(), service, chosen)
    click.echo(f"{count} thrown away")


def _chosen(ids: Iterable[str], everything: bool) -> list[str] | None:
    chosen = list(ids)
    if bool(chosen) == everything:
        raise click.UsageError("name message ids, or give --all")
    return None if everything else chosen
