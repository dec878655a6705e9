"""The order in which a stack comes up, and what is said meanwhile.

Stores start together; the databases are made and filled as soon as PostgreSQL answers,
while RabbitMQ still boots. Then the four services together, then the gateway.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from ops.stack import mongo, postgres, rabbitmq, services, state
from ops.stack.faults import StackError
from ops.stack.ports import SERVICES, require_free
from ops.stack.programs import Program
from ops.stack.settings import ROOT, Settings
from ops.stack.supervisor import Supervisor

Say = Callable[[str], None]

STORE_SECONDS = 120
SERVICE_SECONDS = 90
FAILED_LOOKS = 4
"""So often, a second apart, a program is seen waiting after a failed start."""


def bring_up(
    settings: Settings, say: Say, *, detached: bool, stores_only: bool = False
) -> Supervisor:
    """Starts everything; whatever was started is stopped again when a step fails.

    Raises: StackError with one line for the operator.
    """
    state.prepare(settings)
    supervisor = Supervisor(settings)
    with state.lock(settings) as lock:
        _require_ports(settings, stores_only=stores_only)
        _prepare_stores(settings, say)
        stores = _store_programs(settings)
        programs = stores if stores_only else [*stores, *services.programs()]
        environ = services.environ(settings)
        _write_environment(settings, environ)
        supervisor.launch(programs, environ, lock, detached=detached)
    try:
        _start(settings, supervisor, environ, say, stores, stores_only=stores_only)
    except BaseException:
        with suppress(Exception):
            supervisor.shutdown()
        raise
    return supervisor


def _start(
    settings: Settings,
    supervisor: Supervisor,
    environ: dict[str, str],
    say: Say,
    stores: list[Program],
    *,
    stores_only: bool,
) -> None:
    if stores:
        say("Starting " + ", ".join(p.name for p in stores if p.name != "epmd"))
    for program in stores:
        supervisor.start(program.name)
    wait = _Waiting(settings, supervisor, time.monotonic() + STORE_SECONDS)
    if not settings.is_external("DATABASE_URL"):
        wait.until("postgres", lambda soon: postgres.wait_ready(settings, soon))
    if not settings.is_external("MONGO_URL"):
        wait.until("mongo", lambda soon: mongo.wait_ready(settings, soon))
    if not stores_only:
        say("Preparing the databases")
        prepare_databases(settings, environ)
    if not settings.is_external("AMQP_URI"):
        wait.until("rabbitmq", lambda soon: rabbitmq.wait_ready(settings, soon))
    if not stores_only:
        _start_services(settings, supervisor, say)


def _start_services(settings: Settings, supervisor: Supervisor, say: Say) -> None:
    say("Starting " + ", ".join(SERVICES) + " and the gateway")
    names = [*SERVICES, "gateway"]
    for name in names:
        supervisor.start(name)
    wait = _Waiting(settings, supervisor, time.monotonic() + SERVICE_SECONDS)
    for name in names:
        wait.until(name, partial(services.wait_ready, settings, name))


def prepare_databases(settings: Settings, environ: dict[str, str]) -> None:
    """Migrates and, for a demo, seeds; in a process of its own, which then is gone."""
    done = subprocess.run(
        [sys.executable, "-m", "ops", "prepare"],
        env={**settings.environ, **environ},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    (settings.logs / "prepare.log").write_text(done.stdout)
    if done.returncode:
        last = (done.stdout.strip().splitlines() or ["no message"])[-1]
        raise StackError(f"the databases cannot be prepared: {last}")


def _store_programs(settings: Settings) -> list[Program]:
    programs: list[Program] = []
    if not settings.is_external("DATABASE_URL"):
        programs.append(postgres.program(settings))
    if not settings.is_external("MONGO_URL"):
        programs.append(mongo.program(settings))
    if not settings.is_external("AMQP_URI"):
        programs.extend(rabbitmq.programs(settings))
    return programs


def _prepare_stores(settings: Settings, say: Say) -> None:
    if not settings.is_external("AMQP_URI"):
        rabbitmq.prepare(settings)
    if not settings.is_external("MONGO_URL"):
        mongo.prepare(settings)
    if not settings.is_external("DATABASE_URL"):
        if not (settings.state / "postgres").exists():
            say("Making the PostgreSQL cluster")
        try:
            postgres.prepare(settings)
        except OSError as error:
            raise StackError(f"PostgreSQL cannot be prepared: {error}") from error


def _require_ports(settings: Settings, *, stores_only: bool) -> None:
    ports = settings.ports
    wanted = []
    if not stores_only:
        wanted.append(
            (settings.http_host, ports.http, "the gateway", "RAKAT_HTTP_PORT")
        )
        wanted += [
            ("127.0.0.1", ports.ops + place, "health and metrics", "RAKAT_OPS_PORT")
            for place in range(len(SERVICES) + 1)
        ]
    if not settings.is_external("DATABASE_URL"):
        wanted.append(("127.0.0.1", ports.postgres, "PostgreSQL", "RAKAT_PG_PORT"))
    if not settings.is_external("MONGO_URL"):
        wanted.append(("127.0.0.1", ports.mongo, "MongoDB", "RAKAT_MONGO_PORT"))
    if not settings.is_external("AMQP_URI"):
        wanted += [
            ("127.0.0.1", ports.amqp, "RabbitMQ", "RAKAT_AMQP_PORT"),
            ("127.0.0.1", ports.amqp_distribution, "Erlang", "RAKAT_AMQP_DIST_PORT"),
            ("127.0.0.1", ports.epmd, "epmd", "RAKAT_EPMD_PORT"),
        ]
    for host, port, what, setting in wanted:
        require_free(host, port, what, setting)


class _Waiting:
    """Waits for one program after the other; gives up early on one that cannot live."""

    def __init__(
        self, settings: Settings, supervisor: Supervisor, deadline: float
    ) -> None:
        self._settings = settings
        self._supervisor = supervisor
        self._deadline = deadline

    def until(self, name: str, is_ready: Callable[[float], bool]) -> None:
        """Raises: StackError with the last line the program wrote."""
        failures = 0
        while time.monotonic() < self._deadline:
            if is_ready(min(self._deadline, time.monotonic() + 1)):
                return
            state = self._supervisor.processes()[name]["statename"]
            failures += state == "BACKOFF"
            if failures >= FAILED_LOOKS:
                break
        log = self._settings.logs / f"{name}.log"
        text = log.read_text(errors="replace") if log.exists() else ""
        last = (text.strip().splitlines() or ["it wrote nothing"])[-1][:300]
        raise StackError(f"{name} does not become ready ({log}): {last}")


def _write_environment(settings: Settings, environ: dict[str, str]) -> None:
    """For `rakat …` on the same machine, which then needs no settings of its own."""
    path = settings.run / "environment"
    text = "".join(f"{key}={value}\n" for key, value in environ.items())
    state.write_private(path, text)
