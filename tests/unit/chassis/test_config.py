"""Configuration: one reading of the environment, secrets from files, named failures."""

from __future__ import annotations

from pathlib import Path

import pytest

from chassis.config import KEYS, Config, MissingSetting


def test_environment_is_cast_to_the_field_types() -> None:
    config = Config.from_env(
        {
            "AMQP_URI": "amqp://broker/",
            "RAKAT_HTTP_PORT": "81",
            "RAKAT_DEMO": "1",
            "RAKAT_HEARTBEAT": "2.5",
            "RAKAT_RETRY_DELAYS": "0.1,2,60",
        }
    )
    assert config.amqp_uri == "amqp://broker/"
    assert config.http_port == 81
    assert config.demo is True
    assert config.heartbeat == 2.5
    assert config.retry_delays == (0.1, 2.0, 60.0)


def test_secret_comes_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "database_url"
    secret.write_text("postgresql://host/db\n")
    config = Config.from_env({"DATABASE_URL_FILE": str(secret)})
    assert config.database_url == "postgresql://host/db"


def test_missing_setting_is_named() -> None:
    with pytest.raises(MissingSetting, match="DATABASE_URL"):
        Config.from_env({}).need("database_url")


def test_no_secret_in_the_representation() -> None:
    config = Config(amqp_uri="amqp://u:hidden@h/", demo_password="hidden")
    assert "hidden" not in repr(config)


def test_every_field_has_a_key() -> None:
    assert set(KEYS) == set(Config.__dataclass_fields__)


def test_each_process_has_its_operations_port() -> None:
    config = Config(ops_port=9100)
    names = ("gateway", "directory", "letters", "schedule", "notify")
    assert [config.ops_port_of(name) for name in names] == list(range(9100, 9105))
    assert config.ops_port_of("toy") == 0
    assert Config(ops_port=0).ops_port_of("letters") == 0
