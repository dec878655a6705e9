"""Which ports a stack uses, and whether they are free.

Everything follows from the HTTP port, so that `RAKAT_HTTP_PORT=8081 make run` beside a
running stack needs no other setting. Derived ports stay below 32768, where Linux begins
to hand out ports for outgoing connections.
"""

from __future__ import annotations

import random
import socket
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass

from ops.stack.faults import StackError

DEFAULT_HTTP = 8080
DEFAULT_OPS = 9100
SERVICES = ("directory", "letters", "schedule", "notify")

_FIRST = 10_000
_SLOTS = 2_000
_PER_SLOT = 10
_THROW_AWAY = range(30_000, 32_760)


@dataclass(frozen=True)
class Ports:
    """One port per listener; `ops` is the gateway's, the services follow at +1 … +4."""

    http: int
    ops: int
    postgres: int
    mongo: int
    amqp: int
    amqp_distribution: int
    epmd: int


def ports_from(environ: Mapping[str, str]) -> Ports:
    http = _number(environ, "RAKAT_HTTP_PORT", DEFAULT_HTTP)
    base = _FIRST + http % _SLOTS * _PER_SLOT
    default_ops = DEFAULT_OPS if http == DEFAULT_HTTP else base + 5
    amqp = _number(environ, "RAKAT_AMQP_PORT", base + 2)
    return Ports(
        http=http,
        ops=_number(environ, "RAKAT_OPS_PORT", default_ops),
        postgres=_number(environ, "RAKAT_PG_PORT", base),
        mongo=_number(environ, "RAKAT_MONGO_PORT", base + 1),
        amqp=amqp,
        amqp_distribution=_number(environ, "RAKAT_AMQP_DIST_PORT", base + 3),
        epmd=_number(environ, "RAKAT_EPMD_PORT", base + 4),
    )


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isdecimal() or not 0 < int(text) < 65_536:
        raise StackError(f"{name} must be a port between 1 and 65535, not {text!r}")
    return int(text)


def require_free(host: str, port: int, what: str, setting: str) -> None:
    """Raises: StackError when something else listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StackError(
                f"port {port} for {what} cannot be used ({error.strerror}); "
                f"stop what uses it or set {setting}"
            ) from error


_given: set[int] = set()


def free_ports(count: int) -> list[int]:
    """Ports nobody uses now; for throw-away stacks of tests.

    They are taken into use seconds later, so they are none that Linux gives to an
    outgoing connection meanwhile, and none that a real stack derives.
    """
    found: list[int] = []
    for port in random.sample(_THROW_AWAY, len(_THROW_AWAY)):
        if len(found) == count:
            return found
        if _is_free(port):
            found.append(port)
    raise StackError("no free port was found")


def free_run(count: int) -> int:
    """The first of `count` free ports in a row (the ops ports are counted up).

    None is given out twice by a process: the stack that got it may not listen yet.
    """
    for _ in range(100):
        first = free_ports(1)[0]
        run = range(first, first + count)
        if _given.isdisjoint(run) and all(map(_is_free, run)):
            _given.update(run)
            return first
    raise StackError("no run of free ports was found")


def _is_free(port: int) -> bool:
    try:
        require_free("127.0.0.1", port, "a test", "nothing")
    except StackError:
        return False
    return True
