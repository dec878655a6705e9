"""`rakat run | start | stop | status`: the stack of one state folder."""

from __future__ import annotations

import signal
import sys
import time
from types import FrameType

import click

from ops.stack import services, state
from ops.stack.boot import bring_up
from ops.stack.faults import StackError
from ops.stack.settings import Settings, read_settings
from ops.stack.supervisor import Supervisor

ACCOUNTS = "bupati, sekda, kadis.kominfo, tu.setda, protokol, admin"


class _Stopped(BaseException):
    """A signal asked us to end."""


def _stop_on_signals() -> None:
    def leave(number: int, frame: FrameType | None) -> None:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise _Stopped

    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, leave)


def _say(text: str) -> None:
    click.echo(f"  {text}")
    sys.stdout.flush()


@click.command("run")
def run_command() -> None:
    """Run everything in the foreground; Ctrl-C stops it."""
    settings = read_settings(demo=True)
    supervisor: Supervisor | None = None
    _stop_on_signals()
    try:
        supervisor = _up(settings, detached=False)
        click.echo("  Ctrl-C stops it.\n")
        sys.stdout.flush()
        supervisor.wait()
        click.echo("Rakat was stopped.")
    except _Stopped:
        if supervisor is not None:
            click.echo("\nStopping …")
            supervisor.shutdown()
        click.echo("Rakat is stopped.")


@click.command("start")
def start_command() -> None:
    """Start everything in the background; returns when it is ready."""
    settings = read_settings(demo=True)
    if state.is_running(settings):
        click.echo(f"Rakat already runs in {settings.state} (make status).")
        return
    _stop_on_signals()
    try:
        _up(settings, detached=True)
    except _Stopped:
        raise StackError("the start was interrupted; nothing is left running") from None


def _up(settings: Settings, *, detached: bool) -> Supervisor:
    began = time.monotonic()
    click.echo(f"Rakat starts in {settings.state}")
    supervisor = bring_up(settings, _say, detached=detached)
    click.echo(f"Rakat is ready after {time.monotonic() - began:.1f} s.\n")
    click.echo(f"  Portal   {settings.address}/")
    click.echo(f"  API      {settings.address}/api/v1/  (openapi.json there)")
    if settings.demo:
        password = services.environ(settings)["RAKAT_DEMO_PASSWORD"]
        click.echo(f"  Accounts {ACCOUNTS} … (every position's code)")
        click.echo(f"  Password {password}")
    click.echo(f"  Logs     {settings.logs}")
    return supervisor


@click.command("stop")
def stop_command() -> None:
    """Stop the stack of this state folder."""
    settings = read_settings(demo=True)
    if not state.is_running(settings):
        click.echo("Rakat is not running.")
        return
    Supervisor(settings).shutdown()
    click.echo("Rakat is stopped.")


@click.command("status")
def status_command() -> None:
    """The state of every process; exit status 3 when the stack does not run."""
    settings = read_settings(demo=True)
    if not state.is_running(settings):
        click.echo("Rakat is not running.")
        raise click.exceptions.Exit(3)
    ours = {program.name for program in services.programs()}
    for name, row in Supervisor(settings).processes().items():
        health = ""
        if name in ours:
            answer, body = services.readiness(services.ops_port(settings, name))
            health = str(body.get("status", answer or "no answer"))
        click.echo(f"{name:10} {row['statename']:9} {row['description']:32} {health}")
    click.echo(f"{settings.address}/")
