"""Pieces of scenarios: a real PDF, a letter, a free hour, the event stream."""

from __future__ import annotations

import json
import random
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import typst

from tests.e2e.api import Api

ZONE = ZoneInfo("Asia/Makassar")
T = TypeVar("T")


def eventually(find: Callable[[], T | None], seconds: float = 10.0) -> T:
    """The first true answer of `find`; fails after `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := find():
            return found
        time.sleep(0.05)
    raise AssertionError("waited in vain")


def real_pdf(title: str) -> bytes:
    """Two pages as a word processor would make them."""
    source = f'#set text(lang: "id")\n= {title}\n#lorem(300)\n#pagebreak()\n#lorem(80)'
    return bytes(typst.compile(source.encode()))


def free_hour() -> datetime:
    """A working hour some time ahead that no other test has taken."""
    days = random.randint(40, 400)
    day = datetime.now(ZONE).replace(hour=9, minute=0, second=0, microsecond=0)
    day += timedelta(days=days)
    return day + timedelta(hours=random.randint(0, 5))


def new_letter(api: Api, addressees: list[str], **more: Any) -> dict[str, Any]:
    """The smallest body that is legal, and what `more` says."""
    return {
        "direction": "incoming",
        "kind": "surat_dinas",
        "number": f"005/{random.randint(1, 10**6)}/UJI/2026",
        "received_at": datetime.now(ZONE).isoformat(timespec="seconds"),
        "sender": {"name": "Kanwil Kemenag Kalimantan Selatan"},
        "subject": "Permohonan data",
        "urgency": "segera",
        "secrecy": "biasa",
        "addressees": [api.position(code) for code in addressees],
        **more,
    }


def register(api: Api, addressees: list[str], **more: Any) -> dict[str, Any]:
    body = new_letter(api, addressees, **more)
    found: dict[str, Any] = api.post("/letters", body, expect=201).body
    return found


def task_of(api: Api, letter_id: str) -> dict[str, Any]:
    """The caller's only open task of a letter."""
    items = api.get(f"/tasks?letter_id={letter_id}&state=open", expect=200)["items"]
    assert len(items) == 1, items
    found: dict[str, Any] = items[0]
    return found


class Listener:
    """Somebody's notification stream, read by a thread; `with` closes it."""

    def __init__(self, api: Api, last_event_id: str | None = None) -> None:
        headers = {"Authorization": f"Bearer {api.token}"}
        if last_event_id:
            headers["Last-Event-ID"] = last_event_id
        self.events: list[tuple[str, dict[str, Any]]] = []
        self._connection = HTTPConnection(urlsplit(api.url).netloc, timeout=60)
        self._connection.request("GET", "/api/v1/notifications/stream", None, headers)
        self._answer = self._connection.getresponse()
        assert self._answer.status == 200
        assert self._answer.headers["Content-Type"].startswith("text/event-stream")
        self._answer.readline()  # the stream is open: nothing after this is missed
        self._thread = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._connection.sock is not None:
            self._connection.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._connection.close()

    def _read(self) -> None:
        event_id = ""
        with suppress(OSError, HTTPException):  # closed under us
            while line := self._answer.readline():
                text = line.decode().rstrip()
                if text.startswith("id: "):
                    event_id = text[4:]
                elif text.startswith("data: "):
                    self.events.append((event_id, json.loads(text[6:])))

    def about(self, **facts: Any) -> list[dict[str, Any]]:
        """Notifications with these members."""
        return [
            data for _, data in self.events
            if all(data.get(name) == value for name, value in facts.items())
        ]  # fmt: skip
