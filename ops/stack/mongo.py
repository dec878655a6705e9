"""The embedded MongoDB-protocol server: `secantusdb` (ADR D7).

It is GPL software and therefore only ever a separate process, for one machine; a
regency in production gives `MONGO_URL` of a replica set.
"""

from __future__ import annotations

import sys
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
    (settings.state / "mongo").mkdir(exist_ok=True)
