"""``python -m chassis.run letters``: one service in one process.

The patch comes before every other import, or half of the process would block the
other half. SIGTERM drains: no new work, what runs is finished, then the end (N3).
"""

from __future__ import annotations

import os
import warnings

os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")
warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated")
warnings.filterwarnings("ignore", category=DeprecationWarning, module="eventlet")

import eventlet  # noqa: E402

eventlet.monkey_patch()

import gc  # noqa: E402
import importlib  # noqa: E402
import resource  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import structlog  # noqa: E402
from eventlet.event import Event  # noqa: E402

from chassis import green, logs, metrics, waiting, watchdog  # noqa: E402
from chassis.checks import Checks  # noqa: E402
from chassis.config import Config  # noqa: E402
from chassis.container import Container  # noqa: E402
from chassis.health import OpsServer  # noqa: E402
from contracts import holidays, lengths  # noqa: E402

log = structlog.get_logger("chassis.run")

OPEN_FILES = 8192
SETTLED_SECONDS = 10.0  # by then the copy of the organisation is there, too


def main(arguments: list[str]) -> int:
    """Run the named service until it is told to stop; 0 = stopped cleanly."""
    service = load(arguments[0])
    name = service.name
    config = Config.from_env()
    logs.configure(
        name, fmt=config.log_format, level=config.log_level, version=config.version
    )
    if config.days_off:
        holidays.use(holidays.read(Path(config.days_off)))
    if config.activity_kinds:
        lengths.use(lengths.read(Path(config.activity_kinds)))
    metrics.build_info.labels(config.version).set(1)
    raise_open_files()
    green.install()
    watchdog.start()
    stop = _stop_on_signals()
    if not waiting.until_stores_answer(config, service, stop):
        return 0
    return serve(Container(service, config), config, stop)


def load(name: str) -> Any:
    """The class of service `name`; ``module:Class`` names any other (tests do)."""
    module, _, attribute = name.partition(":")
    if attribute:
        return getattr(importlib.import_module(module), attribute)
    return importlib.import_module(f"services.{name}.service").Service


def serve(container: Container, config: Config, stop: Event) -> int:
    """Start `container`, wait for the end, drain."""
    ops = OpsServer(container.service_name, Checks(container))
    ops.start(config.ops_host, config.ops_port_of(container.service_name))
    container.start()
    _freeze()
    eventlet.spawn_after(SETTLED_SECONDS, _freeze)
    log.info("started", workers=container.max_workers, ops_port=ops.port)
    died = eventlet.spawn(_watch, container, stop)
    stop.wait()
    clean = container.drain() and not died.wait()
    ops.stop()
    log.info("stopped", clean=clean)
    return 0 if clean else 1


def _freeze() -> None:
    """What lives as long as the process need not be looked at by each collection: a
    full one stopped every call for tens of milliseconds."""
    gc.collect()
    gc.freeze()


def raise_open_files() -> None:
    """A soft limit of 1024 files is too few for sockets, and never meant for us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _stop_on_signals() -> Event:
    stop = Event()

    def ask(number: int, _: Any) -> None:
        # a signal may come inside any greenthread: only leave a note for the hub
        hub = eventlet.hubs.get_hub()
        hub.schedule_call_global(0, _send_once, stop)

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    return stop


def _watch(container: Container, stop: Event) -> bool:
    """True when the container died by itself; then the process ends too."""
    try:
        container.wait()
    except Exception:  # border: the supervisor starts a new process
        log.exception("container died")
        _send_once(stop)
        return True
    return False


def _send_once(stop: Event) -> None:
    if not stop.ready():
        stop.send(None)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
