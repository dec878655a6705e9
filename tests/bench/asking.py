"""A service asked over RPC beside the very statements it sends, sent bare.

The statements go out by threads with a connection each. Every round of one contestant
is followed by a round of the other.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from chassis.config import Config
from chassis.database import Database
from contracts.errors import RakatError, Unavailable
from gateway.client import Client, RequestContext
from tests.bench import letters_regency as regency
from tests.bench.figures import REFUSED, Once, Sample
from tests.bench.letters_plans import Sent

CONTESTANTS = ("bare", "service")


@dataclass(frozen=True)
class Ask:
    """One call of the service, and the statements it leads to.

    `whole`: a list with all its pages; `changes`: a command.
    """

    reader: int
    method: str
    arguments: dict[str, Any]
    sent: tuple[Sent, ...] = ()
    whole: bool = False
    changes: bool = False

    def following(self, cursor: str) -> dict[str, Any]:
        """The arguments for the next page."""
        query = {**self.arguments.get("query", {}), "cursor": cursor}
        return {**self.arguments, "query": query}


@dataclass(frozen=True)
class Line:
    """One row of the table; `samples` by contestant."""

    what: str
    size: int
    clients: int
    samples: Mapping[str, Sample]
    refused: int  # calls of the service that got no answer in time

    def growth(self, small: Line, name: str) -> float:
        return self.samples[name].at(0.5) / small.samples[name].at(0.5)


@contextmanager
def running(config: Config, service: str) -> Iterator[None]:
    """One process of the service, on the copy of the organisation it has."""
    environ = {
        **os.environ,
        "AMQP_URI": config.amqp_uri,
        "DATABASE_URL": config.database_url or "",
        "RAKAT_DB_PREFIX": config.db_prefix,
        "RAKAT_OPS_PORT": str(config.ops_port),
        "RAKAT_LOG_LEVEL": "WARNING",
    }
    command = [sys.executable, "-m", "chassis.run", service]
    process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


class OverRpc:
    """A call of the service; one that is not answered in time is counted."""

    def __init__(self, client: Client, service: str, asks: Iterable[Ask]) -> None:
        self._client, self._service = client, service
        self._turn = iter(asks)
        self.refused = 0

    async def __call__(self) -> object:
        ask = next(self._turn)
        try:
            return await self._asked(ask)
        except Unavailable:
            self.refused += 1
            return REFUSED

    async def _asked(self, ask: Ask) -> object:
        context = RequestContext(
            request_id=str(uuid.uuid4()), actor=regency.actor(ask.reader)
        )
        if ask.changes:
            return await self._client.command(
                context, self._service, ask.method, **ask.arguments
            )
        arguments = ask.arguments
        while True:
            found = await self._client.call(
                context, self._service, ask.method, **arguments
            )
            if not ask.whole or found["next_cursor"] is None:
                return found
            arguments = ask.following(found["next_cursor"])


def bare(database: Database, asks: Iterable[Ask]) -> Once:
    turn = iter(asks)
    own = threading.local()

    def send(ask: Ask) -> None:
        if not hasattr(own, "connection"):
            own.connection = database.engine.raw_connection()
        cursor = own.connection.cursor()
        for one in ask.sent:
            if isinstance(one.values, list):
                cursor.executemany(one.text, one.values)
            else:
                cursor.execute(one.text, one.values)
            if cursor.description is not None:
                cursor.fetchall()
        if ask.changes:
            own.connection.commit()
        else:
            own.connection.rollback()

    return lambda: asyncio.to_thread(send, next(turn))


async def until_answers(client: Client, service: str, ask: Ask) -> None:
    for _ in range(150):
        context = RequestContext(
            request_id=str(uuid.uuid4()), actor=regency.actor(ask.reader)
        )
        try:
            await client.call(context, service, ask.method, **ask.arguments)
        except RakatError:
            await asyncio.sleep(0.2)
        else:
            return
    raise RuntimeError(f"the service {service} does not answer")


def said(line: Line) -> str:
    first, second = line.samples["bare"], line.samples["service"]
    return (
        f"{line.what}, {line.size:,}, {line.clients}:"
        f" bare {first.at(0.5):.1f} / {first.at(0.99):.1f},"
        f" service {second.at(0.5):.1f} / {second.at(0.99):.1f}"
        f"{f', {line.refused} not in time' if line.refused else ''}"
    )


def table(lines: list[Line]) -> list[str]:
    sizes = sorted({line.size for line in lines})
    by_key = {(line.what, line.clients, line.size): line for line in lines}
    head = " | ".join(f"{size:,}: bare | service" for size in sizes)
    rows = [
        f"| read, clients | {head} | p50 to {sizes[0]:,}: bare, service |",
        "|---|" + "---|" * (2 * len(sizes) + 1),
    ]
    for what, clients in dict.fromkeys((line.what, line.clients) for line in lines):
        found = [by_key[what, clients, size] for size in sizes]
        cells = [_cell(line, name) for line in found for name in CONTESTANTS]
        ratios = ", ".join(
            f"{found[-1].growth(found[0], name):.1f}" for name in CONTESTANTS
        )
        rows.append(f"| {what}, {clients} | {' | '.join(cells)} | {ratios} |")
    return rows


def _cell(line: Line, name: str) -> str:
    sample = line.samples[name]
    text = f"{sample.at(0.5):.1f} / {sample.at(0.99):.1f}"
    if name == "service" and line.refused:
        text += f", {line.refused} not in time"
    return text


def endless(asks: list[Ask]) -> Iterator[Ask]:
    return itertools.cycle(asks)
