"""Context managers around `boot.bring_up`: a whole stack, or its stores alone."""

from __future__ import annotations

import os
import shlex
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from ops.stack import rabbitmq, services
from ops.stack.boot import bring_up
from ops.stack.faults import StackError
from ops.stack.ports import free_run
from ops.stack.settings import Settings, read_settings
from ops.stack.supervisor import Supervisor

_PORT_SETTINGS = (
    "RAKAT_HTTP_PORT",
    "RAKAT_PG_PORT",
    "RAKAT_MONGO_PORT",
    "RAKAT_AMQP_PORT",
    "RAKAT_AMQP_DIST_PORT",
    "RAKAT_EPMD_PORT",
)

_OPS_PORTS = 5  # gateway and four services, counted up


def _quiet(_: str) -> None:
    pass


class Stores:
    """PostgreSQL, the MongoDB-protocol server and RabbitMQ, without our services."""

    stores_only = True

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.environ: dict[str, str] = {}
        self._supervisor: Supervisor | None = None

    @classmethod
    def throw_away(
        cls,
        folder: Path,
        *,
        external: Mapping[str, str] | None = None,
        environ: Mapping[str, str] | None = None,
        demo: bool = True,
    ) -> Self:
        """On free ports in `folder`, with nothing of the caller's own settings."""
        inherited = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith("RAKAT_")
            and key not in {"AMQP_URI", "DATABASE_URL", "MONGO_URL", "BLOB_URL"}
        }
        env = {
            **inherited,
            **_free_port_settings(),
            "RAKAT_STATE_DIR": str(folder),
            **(external or {}),
            **(environ or {}),
        }
        return cls(read_settings(env, demo=demo, durable=False))

    def __enter__(self) -> Self:
        self._supervisor = bring_up(
            self.settings, _quiet, detached=False, stores_only=self.stores_only
        )
        self.environ = services.environ(self.settings)
        return self

    def __exit__(self, *_: object) -> None:
        if self._supervisor is not None:
            self._supervisor.shutdown()
            self._supervisor = None

    # --- single processes, by name -------------------------------------------

    @property
    def supervisor(self) -> Supervisor:
        if self._supervisor is None:
            raise StackError("the stack is not running")
        return self._supervisor

    def pid(self, name: str) -> int:
        """0 while it does not run."""
        return self.supervisor.pid(name)

    def kill(self, name: str, number: int = signal.SIGKILL) -> int:
        """Kills the process (−9); the supervisor starts it again. Returns its pid."""
        return self.supervisor.kill(name, number)

    def stop(self, name: str) -> None:
        """Stops it cleanly; it stays away until `start`."""
        self.supervisor.stop(name)

    def start(self, name: str) -> None:
        self.supervisor.start(name)

    def log(self, name: str) -> str:
        path = self.settings.logs / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def wait_ready(
        self, name: str, *, other_than: int = 0, timeout: float = 60
    ) -> None:
        """Waits for a running, answering process with another pid than `other_than`."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self.pid(name) not in {0, other_than} and self._answers(name, deadline):
                return
            time.sleep(0.05)
        raise StackError(f"{name} is not ready after {timeout} s")

    def _answers(self, name: str, deadline: float) -> bool:
        soon = min(deadline, time.monotonic() + 1)
        if name == "rabbitmq":
            return rabbitmq.wait_ready(self.settings, soon)
        if name in {"postgres", "mongo", "epmd"}:
            return True
        return services.wait_ready(self.settings, name, soon)

    # --- what tests of stores get ----------------------------------------------

    def test_environ(self, *, virtual_host: str = "") -> dict[str, str]:
        """`RAKAT_TEST_…` addresses of the stores, for integration tests; with
        `virtual_host` on a bus of their own, made here."""
        bus = self.environ["AMQP_URI"]
        if virtual_host:
            bus = rabbitmq.add_virtual_host(self.settings, virtual_host)
        control = rabbitmq.environ(self.settings)
        words = ["env", *(f"{key}={value}" for key, value in control.items())]
        return {
            "RAKAT_TEST_AMQP_URI": bus,
            "RAKAT_TEST_DATABASE_URL": self.environ["DATABASE_URL"],
            "RAKAT_TEST_MONGO_URL": self.environ["MONGO_URL"],
            "RAKAT_TEST_RABBITMQCTL": shlex.join(
                [*words, str(rabbitmq.SCRIPTS / "rabbitmqctl")]
            ),
        }


class Stack(Stores):
    """The whole: stores, services and gateway; ready when `with` is entered."""

    stores_only = False

    @property
    def url(self) -> str:
        return self.settings.address

    def readiness(self, name: str = "gateway") -> tuple[int, Any]:
        """Status and body of `/readyz` of one of our processes."""
        return services.readiness(services.ops_port(self.settings, name))


def _free_port_settings() -> dict[str, str]:
    """One run of ports, so that no two of its listeners meet."""
    first = free_run(_OPS_PORTS + len(_PORT_SETTINGS))
    names = ("RAKAT_OPS_PORT", *_PORT_SETTINGS)
    ports = (first, *range(first + _OPS_PORTS, first + _OPS_PORTS + len(names)))
    return {name: str(port) for name, port in zip(names, ports, strict=False)}
