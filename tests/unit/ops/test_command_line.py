"""`rakat`: every command loads, and mistakes are told in one line."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from ops.cli import COMMANDS, rakat
from ops.stack.settings import ROOT


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    done = CliRunner().invoke(rakat, [name, "--help"])

    assert done.exit_code == 0
    assert "Usage" in done.output


def test_every_command_has_a_short_help() -> None:
    context = click.Context(rakat)
    commands = [rakat.get_command(context, name) for name in COMMANDS]

    assert all(command and command.get_short_help_str() for command in commands)


def test_an_unknown_command_is_refused() -> None:
    assert CliRunner().invoke(rakat, ["nonsense"]).exit_code == 2


def test_requeue_wants_ids_or_all() -> None:
    done = CliRunner().invoke(rakat, ["parked", "requeue", "letters"])

    assert done.exit_code == 2
    assert "--all" in done.output


def test_locks_name_no_registry_and_pin_every_package() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        pins = [line for line in text.splitlines() if line and line[0].isalnum()]
        assert "://" not in text
        assert all("==" in line for line in pins)
        assert text.count("--hash=sha256:") >= len(pins)
    node = (ROOT / "deploy/node/package-lock.json").read_text()
    assert '"resolved"' not in node
    assert node.count('"integrity"') >= 3
