"""What an operator reads when a stack cannot start: one line, and nothing is left."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ops.stack import Stack
from ops.stack.ports import free_ports
from ops.stack.settings import ROOT


def start(**settings: str) -> subprocess.CompletedProcess[str]:
    """`make start` as an operator types it, with settings of its own."""
    inherited = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "ops", "start"],
        env={**inherited, **settings},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def the_line(done: subprocess.CompletedProcess[str]) -> str:
    lines = done.stderr.strip().splitlines()
    assert done.returncode != 0
    assert len(lines) == 1
    assert lines[0].startswith("rakat: ")
    return lines[0]


def test_a_taken_port_is_named_with_its_setting(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        done = start(RAKAT_HTTP_PORT=str(port), RAKAT_STATE_DIR=str(tmp_path / "s"))

    assert f"port {port}" in the_line(done)
    assert "RAKAT_HTTP_PORT" in done.stderr


def test_a_taken_store_port_is_named_with_its_setting(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        done = start(
            RAKAT_HTTP_PORT=str(free_ports(1)[0]),
            RAKAT_PG_PORT=str(port),
            RAKAT_STATE_DIR=str(tmp_path / "s"),
        )

    assert f"port {port} for PostgreSQL" in the_line(done)


def test_a_state_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "state"
    broken.write_text("not a folder")

    done = start(RAKAT_STATE_DIR=str(broken))

    assert str(broken) in the_line(done)
    assert "RAKAT_STATE_DIR" in done.stderr


def test_a_state_folder_with_a_spoilt_cluster_is_refused(tmp_path: Path) -> None:
    state = tmp_path / "state"
    (state / "postgres").mkdir(parents=True)
    (state / "postgres").chmod(0o777)
    (state / "postgres" / "rakat-complete").touch()

    done = start(RAKAT_HTTP_PORT=str(free_ports(1)[0]), RAKAT_STATE_DIR=str(state))

    assert "postgres" in the_line(done)


def test_a_missing_rabbitmq_is_told_with_the_command_to_type(tmp_path: Path) -> None:
    done = start(
        RAKAT_HTTP_PORT=str(free_ports(1)[0]),
        RAKAT_STATE_DIR=str(tmp_path / "s"),
        RAKAT_RABBITMQ_SCRIPTS=str(tmp_path / "nothing"),
        RAKAT_NO_INSTALL="1",
    )

    assert "apt-get install" in the_line(done)
    assert "AMQP_URI" in done.stderr


@pytest.mark.parametrize("text", ["0", "65536", "eighty", "-1"])
def test_a_port_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    done = start(RAKAT_HTTP_PORT=text, RAKAT_STATE_DIR=str(tmp_path / "s"))

    assert "RAKAT_HTTP_PORT" in the_line(done)


def test_ports_of_stacks_side_by_side_do_not_meet() -> None:
    settings = [Stack.throw_away(Path("unused")).settings.ports for _ in range(5)]

    numbers = [number for ports in settings for number in vars(ports).values()]

    assert len(set(numbers)) == len(numbers)
