"""psycopg2 under eventlet: waits yield to the hub, and no wait is without end.

eventlet's own callback has no timeout (eventlet#436): a server that accepts and
stays silent would hold the greenthread for ever. When this one raises, psycopg2
closes the connection, so the pool never sees a half-read answer.
"""

from __future__ import annotations

from typing import Any

import psycopg2
from eventlet.hubs import trampoline
from eventlet.timeout import Timeout
from psycopg2 import extensions

from chassis.database import STATEMENT_TIMEOUT

#: The server's own statement timeout comes first; this one is for a dead server.
WAIT_SECONDS = STATEMENT_TIMEOUT + 5


class WaitTimeout(psycopg2.OperationalError):
    """The server neither answered nor closed the connection."""


def install() -> None:
    """Make every psycopg2 connection of this process wait cooperatively."""
    extensions.set_wait_callback(_wait)


def _wait(connection: Any, timeout: float = WAIT_SECONDS) -> None:
    while True:
        state = connection.poll()
        if state == extensions.POLL_OK:
            return
        try:
            _trampoline(connection, state, timeout)
        except Timeout as error:
            if not isinstance(error, _Silence):
                raise
            raise WaitTimeout("the database stays silent") from None


class _Silence(Timeout):
    """Our own timeout, told apart from one around the whole query."""


def _trampoline(connection: Any, state: int, timeout: float) -> None:
    trampoline(
        connection.fileno(),
        read=state == extensions.POLL_READ,
        write=state == extensions.POLL_WRITE,
        timeout=timeout,
        timeout_exc=_Silence,
    )


def wait_readable(connection: Any, timeout: float) -> bool:
    """Wait until `connection` has something to read, such as a notification."""
    try:
        _trampoline(connection, extensions.POLL_READ, timeout)
    except _Silence:
        return False
    return True
