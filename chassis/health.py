"""Operations server: ``/livez``, ``/readyz``, ``/metrics``, on a socket of its own.

It runs beside the worker pool, not in it (N17): it answers exactly when the pool is
full. ``/livez`` says that the hub turns; ``/readyz`` says, check by check, whether
this process can do its work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import eventlet
import orjson
import structlog
from eventlet import wsgi

from chassis import metrics
from chassis.checks import Check, Checks

log = structlog.get_logger(__name__)

StartResponse = Callable[[str, list[tuple[str, str]]], Any]
JSON = "application/json"
TEXT = "text/plain; version=0.0.4; charset=utf-8"


class OpsServer:
    """Serves the operations pages of one process."""

    def __init__(self, service: str, checks: Checks) -> None:
        self.service = service
        self.checks = checks
        self.port = 0
        self._socket: Any = None
        self._serving: Any = None

    def start(self, host: str, port: int) -> None:
        self._socket = eventlet.listen((host, port), reuse_port=False)
        self.port = self._socket.getsockname()[1]
        self._serving = eventlet.spawn(self._serve)

    def stop(self) -> None:
        if self._serving is not None:
            self._serving.kill()
        if self._socket is not None:
            self._socket.close()

    def _serve(self) -> None:
        try:
            wsgi.server(
                self._socket,
                self.answer,
                log_output=False,
                max_size=16,
                socket_timeout=10,
                keepalive=False,
                debug=False,
            )
        except OSError as error:
            log.info("operations server ended", error=str(error))

    def answer(
        self, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        status, kind, body = self._page(environ.get("PATH_INFO", "/"))
        headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
        start_response(status, headers)
        return [body]

    def _page(self, path: str) -> tuple[str, str, bytes]:
        if path == "/livez":
            return "200 OK", JSON, b'{"status":"ok"}'
        if path == "/readyz":
            return self._readiness()
        if path == "/metrics":
            return "200 OK", TEXT, metrics.exposition(self.service)
        return "404 Not Found", JSON, b'{"status":"not found"}'

    def _readiness(self) -> tuple[str, str, bytes]:
        results = self.checks.run()
        ready = all(check.ok for check in results.values())
        body = orjson.dumps(
            {
                "status": "ready" if ready else "not ready",
                "service": self.service,
                "checks": {name: check._asdict() for name, check in results.items()},
            }
        )
        return ("200 OK" if ready else "503 Service Unavailable"), JSON, body


__all__ = ["Check", "Checks", "OpsServer"]
