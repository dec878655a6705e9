"""The configuration that supervisor reads."""

from __future__ import annotations

from configparser import RawConfigParser
from pathlib import Path

from ops.stack import read_settings, state
from ops.stack.programs import Program
from ops.stack.supervisor import Supervisor


def written(folder: Path, *programs: Program) -> RawConfigParser:
    settings = read_settings({"RAKAT_STATE_DIR": str(folder)})
    state.prepare(settings)
    parser = RawConfigParser()
    parser.read(Supervisor(settings)._write_config(list(programs)))
    return parser


def test_groups_stop_in_the_order_gateway_services_stores(tmp_path: Path) -> None:
    config = written(
        tmp_path,
        Program("postgres", "stores", ("x",)),
        Program("letters", "services", ("x",)),
        Program("gateway", "edge", ("x",)),
    )

    order = [
        config.getint(f"group:{n}", "priority") for n in ("stores", "services", "edge")
    ]
    assert order == sorted(order)
    assert config.get("group:services", "programs") == "letters"


def test_percent_signs_and_spaces_survive(tmp_path: Path) -> None:
    folder = tmp_path / "100% state"
    program = Program("letters", "services", ("run", "a b"), {"URL": "x%20y"})

    config = written(folder, program)

    assert config.get("program:letters", "command") == "run 'a b'"
    assert "x%%20y" in config.get("program:letters", "environment")
    assert "100%% state" in config.get("program:letters", "stdout_logfile")


def test_a_crashed_program_is_restarted_without_end(tmp_path: Path) -> None:
    config = written(tmp_path, Program("letters", "services", ("x",)))

    assert config.get("program:letters", "autorestart") == "true"
    assert config.getint("program:letters", "startretries") > 10**6


def test_a_long_path_moves_the_socket_elsewhere(tmp_path: Path) -> None:
    config = written(tmp_path / ("x" * 120), Program("a", "stores", ("x",)))

    assert len(config.get("unix_http_server", "file")) < 100
