"""A client disposes under load while letters, notify, gateway and broker are killed."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen
from uuid import UUID

import psycopg2
import pytest

from chassis import parked
from ops.stack import Stack
from ops.stack.settings import DEMO_PASSWORD
from tests.kill import journal, killer
from tests.kill.ledger import Stores, settle

LONG = os.environ.get("RAKAT_TEST_LONG") == "1"
COUNT = 2000 if LONG else 100
ROUNDS = 5 if LONG else 1
IN_FLIGHT = 24
SECONDS = 1500 if LONG else 240


@pytest.mark.timeout(SECONDS + 240)
def test_nothing_is_lost_or_done_twice_whatever_is_killed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = random.SystemRandom().randrange(2**32)
    dice = random.Random(seed)
    tmp_path.chmod(0o755)
    path = tmp_path / "journal.jsonl"

    with Stack.throw_away(tmp_path / "stack") as stack:
        client = _start_client(stack, path, tmp_path)
        assert client.stdout is not None
        assert client.stdout.readline() == b"READY\n", "the quiet phase failed"
        order = killer.order_of(ROUNDS, dice)
        watch = killer.Watch(path)
        kills = killer.kill_along(stack, order, watch, COUNT, dice, client)
        status = client.wait(timeout=SECONDS)
        commands = journal.disposals(journal.read(path))
        stores = Stores(stack.environ)
        _drain(stack, stores, commands)
        balance = settle(commands, stores, _holders(stack))
        waiting = _parked(stack)

    met = [kill for kill in kills if kill.in_flight]
    repeated = sum(len(command.answers) - 1 for command in commands)
    with capsys.disabled():  # the ledger is told also when it balances
        print(
            f"\nkill test, seed {seed}: {len(commands)} dispositions,"
            f" {repeated} repeated, {len(kills)} kills, {len(met)} of them in flight"
            f" ({', '.join(f'{k.victim} {k.in_flight}' for k in kills)}): {balance}"
        )
    assert status == 0
    assert len(commands) == COUNT
    assert balance.even, balance
    assert waiting == {}
    assert len(met) == len(kills), "a kill met no load"


def _start_client(stack: Stack, path: Path, folder: Path) -> subprocess.Popen[bytes]:
    job = {
        "url": stack.url,
        "password": DEMO_PASSWORD,
        "count": COUNT,
        "in_flight": IN_FLIGHT,
        "journal": str(path),
        "seconds": SECONDS,
    }
    job_file = folder / "job.json"
    job_file.write_text(json.dumps(job))
    command = [sys.executable, "-m", "tests.kill.client", str(job_file)]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


def _drain(stack: Stack, stores: Stores, commands: list[journal.Command]) -> None:
    """Everybody is back, every outbox empty, every event handled (retries: 5 s)."""
    for victim in killer.VICTIMS:
        stack.wait_ready(victim, timeout=90)
    deadline = time.monotonic() + 90
    previous = -1
    letters = [
        body["tasks"][0]["letter_id"] for each in commands if (body := each.success)
    ]
    while time.monotonic() < deadline:
        try:
            told = _told(stores, letters)
            if not stores.outbox() and told == previous and told >= len(letters) * 2:
                time.sleep(6)  # a duplicate would come with the 5 s retry queue
                return
            previous = told
        except psycopg2.OperationalError:
            previous = -1
        time.sleep(1)


def _told(stores: Stores, letters: list[str]) -> int:
    return len(stores.notifications([UUID(letter) for letter in letters]))


def _holders(stack: Stack) -> dict[str, set[str]]:
    """Position → the people who hold it, asked of the directory over the API."""
    session = {"username": "bupati", "password": DEMO_PASSWORD}
    token = _call(stack, "/sessions", None, session)["token"]
    page = _call(stack, "/positions?duty=head&limit=200", token)
    return {
        each["position_id"]: {holder["person_id"] for holder in each["holders"]}
        for each in page["items"]
    }


def _call(stack: Stack, path: str, token: str | None, body: Any = None) -> Any:
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    payload = None if body is None else json.dumps(body).encode()
    request = Request(f"{stack.url}/api/v1{path}", payload, headers)
    with urlopen(request, timeout=10) as answer:
        return json.load(answer)


def _parked(stack: Stack) -> dict[str, int]:
    uri = stack.environ["AMQP_URI"]
    counts = {
        name: parked.count(uri, name) for name in ("letters", "schedule", "notify")
    }
    return {name: count for name, count in counts.items() if count}
