"""The REST API for arranging what a browser test needs, and for checking it."""

from __future__ import annotations

import json
import os
import secrets
import urllib.error
import urllib.request
from datetime import datetime, timedelta
from typing import Any

from contracts.codec import ZONE
from gateway.config import DEMO_PASSWORD

Row = dict[str, Any]


class Api:
    """One token per account; answers are dicts, refusals raise."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.password = os.environ.get("RAKAT_DEMO_PASSWORD", DEMO_PASSWORD)
        self._tokens: dict[str, str] = {}
        self._positions: dict[str, str] = {}

    def token(self, username: str) -> str:
        if username not in self._tokens:
            body = {"username": username, "password": self.password}
            opened = self._send("POST", "/sessions", body, {})
            self._tokens[username] = opened["token"]
        return self._tokens[username]

    def get(self, username: str, path: str) -> Row:
        return self._send("GET", path, None, self._headers(username))

    def post(self, username: str, path: str, body: Row) -> Row:
        return self._send("POST", path, body, self._headers(username))

    def position(self, code: str) -> str:
        """Id of the office with this code."""
        if code not in self._positions:
            found = self.get("admin", f"/positions?code={code}")["items"]
            self._positions[code] = found[0]["position_id"]
        return self._positions[code]

    def register(self, subject: str, **changes: Any) -> Row:
        """A letter to the regent, registered by the clerk of the secretariat."""
        body: Row = {
            "direction": "incoming",
            "kind": "surat_dinas",
            "number": None,
            "received_at": datetime.now(ZONE).isoformat(),
            "sender": {"name": "Camat Loksado"},
            "subject": subject,
            "urgency": "segera",
            "secrecy": "biasa",
            "addressees": [self.position("bupati")],
            **changes,
        }
        return self.post("tu.setda", "/letters", body)

    def dispose(self, username: str, letter: Row, recipients: list[Row]) -> Row:
        path = f"/letters/{letter['letter_id']}/dispositions"
        return self.post(username, path, {"recipients": recipients})

    def habit(self, sender: str) -> None:
        """The regent has passed letters of this sender on in the same way before."""
        line = {"role": "handle", "instructions": ["tindaklanjuti", "laporkan"]}
        recipients = [
            {**line, "position_id": self.position("sekda")},
            {
                "position_id": self.position("wabup"),
                "role": "inform",
                "instructions": ["untuk_diketahui"],
            },
        ]
        for number in range(3):
            letter = self.register(f"Kebiasaan {number}", sender={"name": sender})
            self.dispose("bupati", letter, recipients)

    def book(self, title: str, day: datetime, hour: int, **changes: Any) -> Row:
        """A confirmed activity of the regent, two hours long."""
        start = day.replace(hour=hour, minute=0, second=0, microsecond=0)
        body: Row = {
            "title": title,
            "kind": "rapat",
            "starts_at": start.isoformat(),
            "ends_at": (start + timedelta(hours=2)).isoformat(),
            "organiser_unit_id": self.get("protokol", "/me")["positions"][0]["unit_id"],
            "state": "confirmed",
            "participants": [{"position_id": self.position("bupati"), "role": "host"}],
            **changes,
        }
        return self.post("protokol", "/activities", body)

    def _headers(self, username: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(username)}"}

    def _send(
        self, method: str, path: str, body: Row | None, headers: dict[str, str]
    ) -> Row:
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(
            f"{self.base_url}/api/v1{path}",
            data=data,
            method=method,
            headers={"Content-Type": "application/json", **headers},
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                found: Row = json.load(answer)
                return found
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.read()!r}") from error


def some_day(first: int = 60, days: int = 3000) -> datetime:
    """A working day that no other test has taken; the stack may be an old one."""
    day = datetime.now(ZONE) + timedelta(days=first + secrets.randbelow(days))
    while day.weekday() > 3:  # Friday prayer and weekends shape suggestions
        day += timedelta(days=1)
    return day
