"""A real broker, a stock nameko service in its own process, a proxy that fails.

This process must not be patched by eventlet: the gateway is asyncio and threads.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import kombu
import pytest

from gateway.bus import RabbitBus
from gateway.client import Client, RequestContext
from tests.faultproxy import FaultProxy

SERVICE = Path(__file__).with_name("echo_service.py")


@pytest.fixture(scope="session")
def amqp_uri() -> str:
    return os.environ["RAKAT_TEST_AMQP_URI"]


class EchoProcess:
    """The service under a name of its own; may be killed and started again."""

    def __init__(self, uri: str) -> None:
        self.uri = uri
        self.name = f"echo-{uuid.uuid4().hex[:8]}"
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(SERVICE), self.uri, self.name],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline().startswith("ready")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def remove_queue(self) -> None:
        with kombu.Connection(self.uri) as connection:
            connection.default_channel.queue_delete(f"rpc-{self.name}")


@pytest.fixture(scope="module")
def echo(amqp_uri) -> Iterator[EchoProcess]:
    process = EchoProcess(amqp_uri)
    process.start()
    yield process
    process.kill()
    process.remove_queue()


@pytest.fixture
def proxy(amqp_uri) -> Iterator[FaultProxy]:
    parts = urlsplit(amqp_uri)
    with FaultProxy(parts.hostname or "127.0.0.1", parts.port or 5672) as fault:
        yield fault


@pytest.fixture
def proxied_uri(amqp_uri, proxy) -> str:
    parts = urlsplit(amqp_uri)
    login = parts.netloc.rpartition("@")[0]
    return parts._replace(netloc=f"{login}@127.0.0.1:{proxy.port}").geturl()


@pytest.fixture
async def bus(amqp_uri):
    rabbit = RabbitBus(amqp_uri)
    await rabbit.open()
    yield rabbit
    await rabbit.close()


@pytest.fixture
async def frail_bus(proxied_uri):
    """Behind the proxy."""
    rabbit = RabbitBus(proxied_uri)
    await rabbit.open()
    yield rabbit
    await rabbit.close()


@pytest.fixture
def context() -> RequestContext:
    return RequestContext(request_id=str(uuid.uuid4()))


@pytest.fixture
def client(bus) -> Client:
    return Client(bus)


async def wait_until(condition, seconds: float = 5.0) -> None:
    """Until `condition()` holds; fails after `seconds`."""

    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        await asyncio.sleep(0.02)
