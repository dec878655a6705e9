"""RPC echo: stock nameko : ours : bare kombu, through the gateway's own bus client."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from contracts.errors import RakatError
from gateway.bus import RabbitBus
from gateway.client import Client, RequestContext
from tests.bench.figures import Once, Row, alternate, rows_of

SERVERS = ("stock", "ours", "bare")


@contextmanager
def servers(environ: Mapping[str, str], ops_port: int) -> Iterator[None]:
    """The three echo servers, each in its own process."""
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.bench.echoes", which],
            env={**os.environ, **environ, "RAKAT_OPS_PORT": str(ops_port)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for which in SERVERS
    ]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


async def measure(uri: str, *, quick: bool) -> list[Row]:
    bus = RabbitBus(uri)
    await bus.open()
    try:
        echoes = {name: _echo(Client(bus), name) for name in SERVERS}
        for echo in echoes.values():
            await _until_answers(echo)
        rows = []
        for in_flight, calls in ((1, 150), (16, 1200)):
            samples = await alternate(
                echoes,
                rounds=3 if quick else 7,
                calls=calls // (3 if quick else 1),
                in_flight=in_flight,
            )
            rows += rows_of(samples, f"RPC echo, {in_flight} in flight", "stock")
        return rows
    finally:
        await bus.close()


def _echo(client: Client, name: str) -> Once:
    body = {"letter_id": str(uuid.uuid4()), "note": "x" * 200}

    async def once() -> object:
        context = RequestContext(request_id=str(uuid.uuid4()))
        return await client.call(context, f"bench_{name}", "echo", body=body)

    return once


async def _until_answers(echo: Once) -> None:
    for _ in range(150):
        try:
            await echo()
        except RakatError:
            await asyncio.sleep(0.2)
        else:
            return
    raise RuntimeError("an echo server does not answer")
