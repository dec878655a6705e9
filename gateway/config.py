"""The gateway's settings: environment only, read once, passed down."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEMO_PASSWORD = "rakat-demo-2026"  # noqa: S105 - public; refused off loopback


class ConfigError(Exception):
    """A setting is missing or wrong; the text names it."""


@dataclass(frozen=True, kw_only=True)
class GatewayConfig:
    """See `read_config` for the names of the variables."""

    amqp_uri: str
    blob_url: str
    host: str = "127.0.0.1"
    port: int = 8080
    ops_host: str = "127.0.0.1"
    ops_port: int = 9100
    demo: bool = False
    demo_password: str = DEMO_PASSWORD
    trusted_proxies: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = ()
    log_format: str = "json"
    file_limit: int = 25 * 1024 * 1024

    @property
    def on_loopback(self) -> bool:
        """Nobody but this machine can reach the gateway."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def demo_allowed(self) -> bool:
        """Demo accounts open nothing in a system that once was a demo, and nothing
        where others reach it: a proxy before a loopback address cannot be seen."""
        return self.demo and self.on_loopback


def read_config(environ: Mapping[str, str] = os.environ) -> GatewayConfig:
    """Raises `ConfigError`; secrets may also stand in a file, ``NAME_FILE``."""
    config = GatewayConfig(
        amqp_uri=_required(environ, "AMQP_URI"),
        blob_url=_required(environ, "BLOB_URL"),
        host=environ.get("RAKAT_HTTP_HOST", "127.0.0.1"),
        port=_number(environ, "RAKAT_HTTP_PORT", 8080),
        ops_host=environ.get("RAKAT_OPS_HOST", "127.0.0.1"),
        ops_port=_number(environ, "RAKAT_OPS_PORT", 9100),
        demo=environ.get("RAKAT_DEMO", "0") == "1",
        demo_password=_secret(environ, "RAKAT_DEMO_PASSWORD") or DEMO_PASSWORD,
        trusted_proxies=_networks(environ, "RAKAT_TRUSTED_PROXIES"),
        log_format=environ.get("RAKAT_LOG_FORMAT", "json"),
    )
    if config.demo and not config.on_loopback:
        raise ConfigError(
            "RAKAT_DEMO=1 needs RAKAT_HTTP_HOST on loopback: "
            "demo passwords are public knowledge"
        )
    return config


def _secret(environ: Mapping[str, str], name: str) -> str | None:
    if path := environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ConfigError(f"{name}_FILE cannot be read: {error.strerror}") from None
    return environ.get(name)


def _required(environ: Mapping[str, str], name: str) -> str:
    if value := _secret(environ, name):
        return value
    raise ConfigError(f"{name} is not set")


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    try:
        return int(environ.get(name, default))
    except ValueError:
        raise ConfigError(f"{name} must be a number") from None


def _networks(
    environ: Mapping[str, str], name: str
) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    try:
        parts = environ.get(name, "").replace(",", " ").split()
        return tuple(ipaddress.ip_network(part) for part in parts)
    except ValueError:
        raise ConfigError(f"{name} must be a list of networks") from None
