"""The client of the kill test: a process of its own, outside everything that dies.

``python -m tests.kill.client JOB.json`` registers letters, prints ``READY``, then
disposes of them with many requests in flight. Every request sent and every answer
goes to the journal *before* the next step; what has no certain outcome is repeated
with the same `Idempotency-Key` until it has one.

The job: ``{"url", "password", "count", "in_flight", "journal", "seconds"}``.
Journal lines: ``{"key", "act", "event": "sent"|"answer", "status", "body"?}``.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
import uuid
from pathlib import Path
from typing import Any, TextIO

import aiohttp

#: Answers after which nobody knows (or nothing has happened yet): repeat.
UNCERTAIN = frozenset({0, 401, 429, 502, 503, 504})
#: Every fifth letter is an invitation, so that an activity must follow it.
INVITATION_EVERY = 5


class Journal:
    """An append-only file of what was asked and answered."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, **line: Any) -> None:
        self._file.write(json.dumps({"at": time.time(), **line}) + "\n")
        self._file.flush()


class Client:
    """Two sessions (registrar and regent) and the rule for repeating."""

    def __init__(self, job: dict[str, Any], journal: Journal) -> None:
        self.job = job
        self.journal = journal
        self.deadline = time.monotonic() + job["seconds"]
        self.http = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=10),
            connector=aiohttp.TCPConnector(limit=0),
        )

    async def log_in(self, username: str) -> dict[str, str]:
        body = {"username": username, "password": self.job["password"]}
        answer = await self.get_or_post("/sessions", {}, body)
        return {"Authorization": f"Bearer {answer['token']}"}

    async def get_or_post(
        self, path: str, headers: dict[str, str], body: Any = None
    ) -> Any:
        """A call of the quiet phase: it must succeed at once."""
        method = "GET" if body is None else "POST"
        async with self.http.request(
            method, self._url(path), json=body, headers=headers
        ) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def command(
        self, act: str, path: str, headers: dict[str, str], body: Any
    ) -> dict[str, Any] | None:
        """Send until the outcome is certain; None when time ran out."""
        key = str(uuid.uuid4())
        keyed = {**headers, "Idempotency-Key": key}
        while time.monotonic() < self.deadline:
            self.journal.write(key=key, act=act, event="sent")
            status, answer = await self._send(path, keyed, body)
            self.journal.write(
                key=key, act=act, event="answer", status=status, body=answer
            )
            if status == 201:
                return answer
            if not _uncertain(status, answer):
                return None
            await asyncio.sleep(random.uniform(0.05, 0.4))
        return None

    async def _send(
        self, path: str, headers: dict[str, str], body: Any
    ) -> tuple[int, dict[str, Any]]:
        try:
            async with self.http.post(
                self._url(path), json=body, headers=headers
            ) as answer:
                return answer.status, await answer.json(content_type=None) or {}
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            return 0, {"error": type(error).__name__}

    def _url(self, path: str) -> str:
        return f"{self.job['url']}/api/v1{path}"


def _uncertain(status: int, answer: dict[str, Any]) -> bool:
    return status in UNCERTAIN or answer.get("code") == "idempotency_in_progress"


async def run(job: dict[str, Any], journal: Journal) -> None:
    client = Client(job, journal)
    async with client.http:
        registrar = await client.log_in("tu.setda")
        regent = await client.log_in("bupati")
        heads = await _heads(client, regent)
        regent_position = (await client.get_or_post("/me", regent))["positions"][0]
        addressee = regent_position["position_id"]
        letters = await _in_flight(
            8, job["count"], lambda n: _register(client, registrar, addressee, n)
        )
        print("READY", flush=True)
        await _in_flight(
            job["in_flight"],
            len(letters),
            lambda n: _dispose(client, regent, letters[n], heads, n),
        )


async def _heads(client: Client, headers: dict[str, str]) -> list[str]:
    """Heads of agencies, each held by another person."""
    page = await client.get_or_post("/positions?duty=head&limit=200", headers)
    held = {
        position["holder"]["person_id"]: position["position_id"]
        for position in page["items"]
        if position["holder"] and position["level"] == 3
    }
    return list(held.values())


async def _register(
    client: Client, headers: dict[str, str], addressee: str, number: int
) -> dict[str, Any]:
    invitation = number % INVITATION_EVERY == 0
    body = {
        "direction": "incoming",
        "kind": "undangan" if invitation else "surat_dinas",
        "number": f"UJI/{number}/{uuid.uuid4().hex[:8]}",
        "received_at": "2026-11-23T09:10:00+08:00",
        "sender": {"name": "Instansi Penguji"},
        "subject": f"Surat uji nomor {number}",
        "urgency": "segera",
        "secrecy": "biasa",
        "addressees": [addressee],
    }
    if invitation:
        body["invitation"] = _invitation(number)
    answer = await client.command("register", "/letters", headers, body)
    if answer is None:
        raise SystemExit("a letter could not be registered in the quiet phase")
    return {**answer, "wants_activity": invitation}


def _invitation(number: int) -> dict[str, str]:
    day, hour = 1 + number // 50 % 27, 8 + number // 5 % 8
    return {
        "starts_at": f"2027-02-{day:02}T{hour:02}:00:00+08:00",
        "ends_at": f"2027-02-{day:02}T{hour:02}:30:00+08:00",
        "place": "Aula",
    }


async def _dispose(
    client: Client,
    headers: dict[str, str],
    letter: dict[str, Any],
    heads: list[str],
    number: int,
) -> None:
    first, second = (heads[(number * 2 + side) % len(heads)] for side in (0, 1))
    instructions = ["hadiri"] if letter["wants_activity"] else ["tindaklanjuti"]
    body = {
        "note": "Mohon ditindaklanjuti.",
        "recipients": [
            {"position_id": first, "role": "handle", "instructions": instructions},
            {"position_id": second, "role": "coordinate", "instructions": []},
        ],
    }
    path = f"/letters/{letter['letter_id']}/dispositions"
    act = "invite" if letter["wants_activity"] else "dispose"
    await client.command(act, path, headers, body)


async def _in_flight(limit: int, count: int, make: Any) -> list[Any]:
    """Run `make(0…count-1)`, at most `limit` at a time; results in order."""
    gate = asyncio.Semaphore(limit)

    async def one(number: int) -> Any:
        async with gate:
            return await make(number)

    return await asyncio.gather(*(one(number) for number in range(count)))


def main() -> None:
    job = json.loads(Path(sys.argv[1]).read_text())
    with Path(job["journal"]).open("a") as file:
        asyncio.run(run(job, Journal(file)))


if __name__ == "__main__":
    main()
