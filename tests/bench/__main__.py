"""``make bench``: one table of measurements, also in ``artifacts/bench.md``.

``--quick`` takes fewer and shorter rounds; ``letters`` measures the letters service at a
million letters only, ``schedule`` the schedule at a million lines, ``system`` the rest.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen
from uuid import UUID

from ops.stack import Stack
from ops.stack.ports import free_run
from ops.stack.settings import DEMO_PASSWORD, ROOT
from tests.bench import bus, letters, live, memory, reads, schedule
from tests.bench.figures import Row, table
from tests.bench.script import Script

REST_SECONDS = 15


def main() -> None:
    quick = "--quick" in sys.argv
    wanted = {name for name in PARTS if name in sys.argv} or PARTS
    parts = [part(quick=quick) for name, part in PARTS.items() if name in wanted]
    text = "\n\n".join([_machine(), *parts]) + "\n"
    target = ROOT / "artifacts" / "bench.md"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)
    print(text)


def _system(*, quick: bool) -> str:
    with tempfile.TemporaryDirectory(prefix="rakat-bench-") as folder:
        Path(folder).chmod(0o755)
        stack = Stack.throw_away(Path(folder) / "stack")
        # Unlike in tests, a commit here costs what it costs in production.
        stack.settings = dataclasses.replace(stack.settings, durable=True)
        with stack:
            return table(_rows(stack, quick=quick))


def _rows(stack: Stack, *, quick: bool) -> list[Row]:
    regent, registrar = _session(stack, "bupati"), _session(stack, "tu.setda")
    time.sleep(REST_SECONDS)
    rows = memory.measure(stack)
    with bus.servers(stack.environ, free_run(5)):
        rows += asyncio.run(bus.measure(stack.environ["AMQP_URI"], quick=quick))
    database = f"{stack.environ['DATABASE_URL'].rsplit('/', 1)[0]}/rakat_letters"
    script = Script(database, UUID(regent["person"]["person_id"]))
    rows += asyncio.run(reads.measure(stack.url, regent["token"], script, quick=quick))
    rows += asyncio.run(
        live.measure(
            stack.url,
            registrar["token"],
            regent["token"],
            regent["positions"][0]["position_id"],
            seconds=10 if quick else 30,
        )
    )
    return rows


def _session(stack: Stack, username: str) -> Any:
    body = json.dumps({"username": username, "password": DEMO_PASSWORD}).encode()
    headers = {"Content-Type": "application/json"}
    request = Request(f"{stack.url}/api/v1/sessions", body, headers)
    with urlopen(request, timeout=10) as answer:
        return json.load(answer)


def _machine() -> str:
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, Python"
        f" {platform.python_version()}; everything on this machine"
    )


PARTS = {
    "system": _system,
    "letters": letters.timed_main,
    "schedule": schedule.timed_main,
}


if __name__ == "__main__":
    main()
