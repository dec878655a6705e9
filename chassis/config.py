"""Configuration: the environment, read once into a frozen `Config`.

A secret may also be given as a file: ``DATABASE_URL_FILE=/run/secrets/db`` is read
when ``DATABASE_URL`` is absent. A missing key fails with its name.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: Distance of each process's operations port from ``RAKAT_OPS_PORT``.
OPS_OFFSETS = {"gateway": 0, "directory": 1, "letters": 2, "schedule": 3, "notify": 4}


class MissingSetting(Exception):
    """A key that this process needs is not set."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key} (or {key}_FILE) is not set")


@dataclass(frozen=True, kw_only=True)
class Config:
    """What a process is told from outside; defaults are safe on any machine."""

    amqp_uri: str = field(default="", repr=False)
    database_url: str = field(default="", repr=False)
    mongo_url: str = field(default="", repr=False)
    blob_url: str = field(default="", repr=False)
    db_prefix: str = "rakat_"
    http_host: str = "127.0.0.1"
    http_port: int = 8080
    public_url: str = ""  # how people outside reach the portal; in QR codes
    ops_host: str = "127.0.0.1"
    ops_port: int = 9100
    demo: bool = False
    demo_password: str = field(default="", repr=False)
    log_format: str = "auto"  # json, pretty, or by whether stdout is a terminal
    log_level: str = "INFO"
    heartbeat: float = 30.0
    confirm_timeout: float = 5.0
    rpc_prefetch: int = 20
    event_prefetch: int = 8
    handler_timeout: float = 60.0
    drain_timeout: float = 25.0
    retry_delays: tuple[float, ...] = (5.0, 30.0, 120.0)
    transient_attempts: int = 30
    trail_key: str = field(default="", repr=False)
    days_off: str = ""  # CSV of holidays; empty: the demo's
    activity_kinds: str = ""  # CSV of assumed lengths; empty: the demo's
    version: str = "dev"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Config:
        """Read every known key; unknown keys are ignored."""
        env = os.environ if environ is None else environ
        given = {name: _read(env, key) for name, key in KEYS.items()}
        return cls(**{k: _cast(k, v) for k, v in given.items() if v is not None})

    def need(self, name: str) -> str:
        """The setting `name`; raises `MissingSetting` when it is empty."""
        value = str(getattr(self, name))
        if not value:
            raise MissingSetting(KEYS[name])
        return value

    @property
    def public_address(self) -> str:
        """How others open our pages, e.g. from a QR code; without a slash at the end."""
        here = f"http://{self.http_host}:{self.http_port}"
        return (self.public_url or here).rstrip("/")

    def ops_port_of(self, process: str) -> int:
        """Port of the operations server; 0 (any free port) when switched off."""
        if not self.ops_port or process not in OPS_OFFSETS:
            return 0
        return self.ops_port + OPS_OFFSETS[process]

    def database_name(self, service: str) -> str:
        """Each service owns one database of this name."""
        return f"{self.db_prefix}{service}"


#: attribute -> environment variable; `make config` prints this table.
KEYS = {
    "amqp_uri": "AMQP_URI",
    "database_url": "DATABASE_URL",
    "mongo_url": "MONGO_URL",
    "blob_url": "BLOB_URL",
    "db_prefix": "RAKAT_DB_PREFIX",
    "http_host": "RAKAT_HTTP_HOST",
    "http_port": "RAKAT_HTTP_PORT",
    "public_url": "RAKAT_PUBLIC_URL",
    "ops_host": "RAKAT_OPS_HOST",
    "ops_port": "RAKAT_OPS_PORT",
    "demo": "RAKAT_DEMO",
    "demo_password": "RAKAT_DEMO_PASSWORD",
    "log_format": "RAKAT_LOG_FORMAT",
    "log_level": "RAKAT_LOG_LEVEL",
    "heartbeat": "RAKAT_HEARTBEAT",
    "confirm_timeout": "RAKAT_CONFIRM_TIMEOUT",
    "rpc_prefetch": "RAKAT_RPC_PREFETCH",
    "event_prefetch": "RAKAT_EVENT_PREFETCH",
    "handler_timeout": "RAKAT_HANDLER_TIMEOUT",
    "drain_timeout": "RAKAT_DRAIN_TIMEOUT",
    "retry_delays": "RAKAT_RETRY_DELAYS",
    "transient_attempts": "RAKAT_TRANSIENT_ATTEMPTS",
    "trail_key": "RAKAT_TRAIL_KEY",
    "days_off": "RAKAT_DAYS_OFF",
    "activity_kinds": "RAKAT_ACTIVITY_KINDS",
    "version": "RAKAT_VERSION",
}


def _read(env: Mapping[str, str], key: str) -> str | None:
    if env.get(key):
        return env[key]
    path = env.get(f"{key}_FILE")
    return Path(path).read_text().strip() if path else None


def _cast(name: str, text: str) -> Any:
    default = Config.__dataclass_fields__[name].default
    if isinstance(default, bool):
        return text.lower() in ("1", "true", "yes", "on")
    if isinstance(default, int):
        return int(text)
    if isinstance(default, float):
        return float(text)
    if isinstance(default, tuple):
        return tuple(float(part) for part in text.split(","))
    return text
