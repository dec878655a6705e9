"""`python -m chassis.run`: starts, answers, drains on SIGTERM, survives kill -9."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import eventlet
import orjson
import pytest
import sqlalchemy as sa

from chassis import crash
from chassis.config import Config
from chassis.database import Database
from chassis.testing import RpcCall, delete_queues, wait_until
from contracts.errors import RakatError
from tests.integration.chassis.toys import Echo, Sink, Source

TOYS = "tests.integration.chassis.toys"


class Process:
    """One service process, its log lines as they come."""

    def __init__(self, config: Config, toy: str, **environ: str) -> None:
        self.lines: list[dict[str, Any]] = []
        self._popen = subprocess.Popen(
            [sys.executable, "-m", "chassis.run", f"{TOYS}:{toy}"],
            stdout=subprocess.PIPE,
            env={
                **os.environ,
                "PYTHONPATH": str(Path.cwd()),
                "AMQP_URI": config.amqp_uri,
                "DATABASE_URL": config.database_url,
                "RAKAT_DB_PREFIX": config.db_prefix,
                "RAKAT_OPS_PORT": "0",
                "RAKAT_LOG_FORMAT": "json",
                "RAKAT_RETRY_DELAYS": "0.05,0.1,0.2",
                **environ,
            },
        )
        self._reader = eventlet.spawn(self._read)

    def started(self) -> dict[str, Any]:
        return wait_until(lambda: self.said("started"), timeout=15)

    def said(self, event: str) -> dict[str, Any]:
        found = (line for line in self.lines if line.get("event") == event)
        return next(found, {})

    def send(self, number: signal.Signals) -> None:
        self._popen.send_signal(number)

    def ended(self, timeout: float = 10.0) -> int:
        wait_until(lambda: self._popen.poll() is not None, timeout)
        self._reader.wait()
        return int(self._popen.returncode)

    def close(self) -> None:
        if self._popen.poll() is None:
            self._popen.kill()
        self._popen.wait()

    def _read(self) -> None:
        stream = self._popen.stdout
        assert stream is not None
        os.set_blocking(stream.fileno(), False)
        buffer = b""
        while True:
            eventlet.hubs.trampoline(stream.fileno(), read=True)
            chunk = os.read(stream.fileno(), 65536)
            if not chunk:
                return
            *lines, buffer = (buffer + chunk).split(b"\n")
            self.lines += [orjson.loads(line) for line in lines if line]


Start = Callable[..., Process]


@pytest.fixture
def start(config: Config) -> Iterator[Start]:
    running: list[Process] = []

    def begin(toy: str, **environ: str) -> Process:
        running.append(Process(config, toy, **environ))
        return running[-1]

    yield begin
    for process in running:
        process.close()
    for toy in (Echo, Sink, Source):
        delete_queues(config.amqp_uri, toy)


def test_process_answers_and_drains_on_sigterm(start: Start, rpc_call: RpcCall) -> None:
    process = start("Echo")
    port = process.started()["ops_port"]
    assert rpc_call("echo", "echo", value=1) == 1
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=3) as page:
        assert orjson.loads(page.read())["status"] == "ready"
    answers: list[Any] = []
    slow = eventlet.spawn(
        lambda: answers.append(rpc_call("echo", "sleep", seconds=0.8))
    )
    eventlet.sleep(0.2)
    process.send(signal.SIGTERM)
    slow.wait()
    assert answers == [0.8]
    assert process.ended() == 0
    assert process.said("stopped")["clean"] is True


def test_log_names_no_value_of_a_request(start: Start, rpc_call: RpcCall) -> None:
    process = start("Echo")
    process.started()
    with pytest.raises(RakatError, match="internal"):
        rpc_call("echo", "crash")
    line = wait_until(lambda: process.said("rpc failed"))
    assert line["error"] == "builtins.ValueError"
    assert line["request_id"]
    assert "secret letter" not in str(process.lines)


def test_process_waits_for_stores_and_stops_meanwhile(start: Start) -> None:
    process = start("Echo", AMQP_URI="amqp://guest:guest@127.0.0.1:1/")
    wait_until(lambda: process.said("waiting"), timeout=15)
    process.send(signal.SIGTERM)
    assert process.ended() == 0


@pytest.mark.parametrize(
    "place", ["read_before_publish", "published_before_delete", "deleted"]
)
def test_killed_relay_neither_loses_nor_repeats(
    start: Start, rpc_call: RpcCall, ledger: Callable[[str], Database], place: str
) -> None:
    ledger("source")
    sink = ledger("sink")
    start("Sink").started()
    first = start("Source", RAKAT_CRASH_AT=place)
    first.started()
    assert rpc_call("source", "count", n=1)["body"] == {"n": 1}
    assert first.ended() == crash.KILLED
    start("Source").started()
    rpc_call("source", "count", n=2)
    wait_until(lambda: _effects(sink) == {1: 1, 2: 1}, timeout=10)


def test_killed_handler_acts_once(
    start: Start, rpc_call: RpcCall, ledger: Callable[[str], Database]
) -> None:
    ledger("source")
    sink = ledger("sink")
    first = start("Sink", RAKAT_CRASH_AT="handled_before_ack")
    first.started()
    start("Source").started()
    rpc_call("source", "count", n=1)
    assert first.ended() == crash.KILLED
    assert _effects(sink) == {1: 1}
    start("Sink").started()
    rpc_call("source", "count", n=2)
    wait_until(lambda: _effects(sink) == {1: 1, 2: 1}, timeout=10)


def test_rolling_restart_under_load_loses_nothing(
    start: Start, rpc_call: RpcCall, ledger: Callable[[str], Database]
) -> None:
    ledger("source")
    sink = ledger("sink")
    start("Source").started()
    sinks = [start("Sink"), start("Sink")]
    for each in sinks:
        each.started()
    for n in range(120):
        rpc_call("source", "count", n=n)
        if n in (30, 60, 90):
            old = sinks.pop(0)
            old.send(signal.SIGTERM)
            sinks.append(start("Sink"))
    expected = dict.fromkeys(range(120), 1)
    wait_until(lambda: _effects(sink) == expected, timeout=20)
    time.sleep(0.1)
    assert _effects(sink) == expected


def _effects(database: Database) -> dict[int, int]:
    with database.engine.connect() as connection:
        rows = connection.execute(
            sa.text("SELECT n, count(*) AS times FROM effects GROUP BY n")
        )
        return {row.n: row.times for row in rows}
