"""`rakat bus`: what exists on the broker."""

from __future__ import annotations

import json

import click

from chassis.config import Config
from ops import bus
from ops.environment import load


@click.group("bus")
def bus_command() -> None:
    """Exchanges, queues and bindings of our services."""


@bus_command.command("definitions")
@click.option("--vhost", default="/", show_default=True)
def definitions(vhost: str) -> None:
    """Print them as RabbitMQ definitions (load_definitions)."""
    click.echo(json.dumps(bus.definitions(Config.from_env(), vhost), indent=2))


@bus_command.command("declare")
def declare() -> None:
    """Declare them on the broker of AMQP_URI."""
    load()
    for queue in bus.declare(Config.from_env()):
        click.echo(queue)
