"""Our own processes: the four services and the gateway, and how their health is asked."""

from __future__ import annotations

import json
import sys
import time
from http.client import HTTPConnection, HTTPException
from typing import Any

from ops.stack import mongo, postgres, rabbitmq, state
from ops.stack.ports import SERVICES
from ops.stack.programs import Program, tied
from ops.stack.settings import DEMO_PASSWORD, Settings


def environ(settings: Settings) -> dict[str, str]:
    """The settings every process of the stack sees (also `rakat …` beside it)."""
    addresses = {
        "DATABASE_URL": postgres.address,
        "MONGO_URL": mongo.address,
        "AMQP_URI": rabbitmq.address,
    }
    given = {
        name: settings.external[name] if settings.is_external(name) else make(settings)
        for name, make in addresses.items()
    }
    env = settings.environ
    return {
        **given,
        **_trail_key(settings),
        "BLOB_URL": env.get("BLOB_URL") or (settings.state / "blobs").as_uri(),
        "RAKAT_HTTP_HOST": settings.http_host,
        "RAKAT_HTTP_PORT": str(settings.ports.http),
        "RAKAT_OPS_PORT": str(settings.ports.ops),
        "RAKAT_STATE_DIR": str(settings.state),
        "RAKAT_DEMO": "1" if settings.demo else "0",
        "RAKAT_DEMO_PASSWORD": env.get("RAKAT_DEMO_PASSWORD") or DEMO_PASSWORD,
        "PYTHONUNBUFFERED": "1",
        # glibc otherwise keeps an arena per thread; this halves the idle memory.
        "MALLOC_ARENA_MAX": "2",
    }


def _trail_key(settings: Settings) -> dict[str, str]:
    """What signs the daily digest of trails; made here unless the operator has one."""
    for name in ("RAKAT_TRAIL_KEY", "RAKAT_TRAIL_KEY_FILE"):
        if settings.environ.get(name):
            return {name: settings.environ[name]}
    made = state.secret_file(settings, "trail_key", size=32)
    return {"RAKAT_TRAIL_KEY_FILE": str(made)}


def programs() -> list[Program]:
    services = [
        Program(
            name,
            "services",
            tied((sys.executable, "-m", "chassis.run", name)),
            priority=200 + place,
            stop_seconds=30,
        )
        for place, name in enumerate(SERVICES)
    ]
    gateway = tied((sys.executable, "-m", "gateway"))
    return [*services, Program("gateway", "edge", gateway, priority=300)]


def ops_port(settings: Settings, name: str) -> int:
    if name == "gateway":
        return settings.ports.ops
    return settings.ports.ops + 1 + SERVICES.index(name)


def readiness(port: int, *, timeout: float = 2) -> tuple[int, Any]:
    """Status and JSON of `/readyz`; status 0 when nobody answers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read() or b"{}")
    except (OSError, ValueError, HTTPException):
        return 0, {}
    finally:
        connection.close()


def wait_ready(settings: Settings, name: str, deadline: float) -> bool:
    port = ops_port(settings, name)
    while time.monotonic() < deadline:
        status, body = readiness(port)
        # A gateway without its services answers 200, too: "degraded".
        if status == 200 and body.get("status") in {"ok", "ready"}:
            return True
        time.sleep(0.1)
    return False
