"""The embedded MongoDB-protocol server: `secantusdb` (ADR D7).

It is GPL software and therefore only ever a separate process, for one machine; a
regency in production gives `MONGO_URL` of a replica set.
"""

from __future__ import annotations

import socket
import sys
import time
from pathlib import Path

from ops.stack.programs import Program, tied
from ops.stack.settings import Settings


def address(settings: Settings) -> str:
    return f"mongodb://127.0.0.1:{settings.ports.mongo}"


def program(settings: Settings) -> Program:
    command = (
        str(Path(sys.executable).parent / "secantusd-py"),
        *("--host", "127.0.0.1", "--port", str(settings.ports.mongo)),
        *("--storage-path", str(settings.state / "mongo")),
        *("--cache-size", "32M", "--log-level", "WARNING"),
        *(("--sync-on-commit",) if settings.durable else ()),
    )
    return Program("mongo", "stores", tied(command))


def prepare(settings: Settings) -> None:
    folder = settings.state / "mongo"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)


def wait_ready(settings: Settings, deadline: float) -> bool:
    """It listens when its storage is open."""
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", settings.ports.mongo), 1):
                return True
        except OSError:
            time.sleep(0.05)
    return False
