"""The state folder: locked, checked, with secrets made once."""

from __future__ import annotations

import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from ops.stack import StackError, read_settings, state
from ops.stack.settings import Settings

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({"RAKAT_STATE_DIR": str(tmp_path / "state")})


def test_a_folder_is_held_by_one_stack_only(settings: Settings) -> None:
    state.prepare(settings)

    with state.lock(settings):
        assert state.is_running(settings)
        with pytest.raises(StackError, match="already runs"), state.lock(settings):
            pass

    assert not state.is_running(settings)


def test_a_folder_never_used_runs_nothing(settings: Settings) -> None:
    assert not state.is_running(settings)


def test_a_secret_is_made_once_and_kept_from_others(settings: Settings) -> None:
    state.prepare(settings)

    first = state.secret(settings, "postgres")

    assert state.secret(settings, "postgres") == first
    assert state.secret(settings, "rabbitmq") != first
    assert (settings.state / "secrets").stat().st_mode & 0o077 == 0


def test_others_on_the_machine_read_neither_letters_nor_passwords(
    settings: Settings,
) -> None:
    state.prepare(settings)
    state.write_private(settings.run / "password", "x")

    for name in ("blobs", "logs", "secrets"):
        assert (settings.state / name).stat().st_mode & 0o077 == 0
    assert settings.run.stat().st_mode & 0o066 == 0
    assert (settings.run / "password").stat().st_mode & 0o077 == 0


def test_a_full_disk_is_told_in_one_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = Usage(2**40, 2**40 - 2**20, 2**20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)

    with pytest.raises(StackError, match="full: 1 MB free"):
        state.prepare(settings)


def test_a_store_with_an_address_is_external(tmp_path: Path) -> None:
    secret = tmp_path / "uri"
    secret.write_text("amqp://elsewhere/\n")
    environ = {"DATABASE_URL": "postgresql://x/", "AMQP_URI_FILE": str(secret)}

    settings = read_settings(environ)

    assert settings.is_external("DATABASE_URL")
    assert settings.external["AMQP_URI"] == "amqp://elsewhere/"
    assert not settings.is_external("MONGO_URL")
