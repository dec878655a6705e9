"""A TCP proxy that fails on purpose: down, black hole one way or both, latency.

Plain sockets and threads: under eventlet's patch they are greenthreads, elsewhere
real ones.

::

    with FaultProxy("127.0.0.1", 5672) as proxy:
        proxy.black_hole(up=True)    # what the client sends vanishes
        proxy.heal()
        proxy.down()                 # connections reset, new ones refused
"""

from __future__ import annotations

import socket
import struct
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Self

CHUNK = 65536
POLL = 0.05


class FaultProxy:
    """Listens on a free port of loopback and forwards to `host:port`."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.up_hole = False
        self.down_hole = False
        self.latency = 0.0
        self.port = 0
        self._listener: socket.socket | None = None
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._closed = False

    def __enter__(self) -> Self:
        self._listen(0)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closed = True
        self.down()

    def down(self) -> None:
        """Reset every connection and refuse new ones."""
        if self._listener is not None:
            _hang_up(self._listener)
            self._listener = None
        self.reset()

    def heal(self) -> None:
        """Forward again, on the same port."""
        self.up_hole = self.down_hole = False
        self.latency = 0.0
        if self._listener is None:
            self._listen(self.port)

    def reset(self) -> None:
        """Reset every connection; new ones are accepted."""
        pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for each in pair:
                _hang_up(each)

    def black_hole(self, *, up: bool = False, down: bool = False) -> None:
        """Swallow bytes of a direction while TCP goes on acknowledging them."""
        self.up_hole, self.down_hole = up, down

    @property
    def connections(self) -> int:
        return len(self._pairs)

    def _listen(self, port: int) -> None:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(64)
        listener.settimeout(POLL)
        self.port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while not self._closed and self._listener is listener:
            try:
                client, _ = listener.accept()
            except TimeoutError:
                continue
            except OSError:
                break
            self._join(client)
        _close(listener)

    def _join(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(self.target, timeout=5)
        except OSError:
            _close(client)
            return
        self._pairs.append((client, server))
        for source, sink, name in (
            (client, server, "up_hole"),
            (server, client, "down_hole"),
        ):
            source.settimeout(POLL)
            threading.Thread(
                target=self._pump, args=(source, sink, name), daemon=True
            ).start()

    def _pump(self, source: socket.socket, sink: socket.socket, hole: str) -> None:
        while not self._closed:
            try:
                chunk = source.recv(CHUNK)
            except TimeoutError:
                continue
            except (OSError, EOFError):  # eventlet says EOFError of a closed socket
                break
            if not chunk:
                break
            if self.latency:
                time.sleep(self.latency)
            if getattr(self, hole):
                continue
            try:
                sink.sendall(chunk)
            except OSError:
                break
        _hang_up(sink)
        _close(source)


def _hang_up(each: socket.socket) -> None:
    """Wake the reader, which then closes: never close a socket somebody waits on."""
    now = struct.pack("ii", 1, 0)  # linger on, for no time: RST instead of FIN
    with suppress(OSError):
        each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, now)
    with suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)


def _close(each: socket.socket) -> None:
    with suppress(OSError):
        each.close()
