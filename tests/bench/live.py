"""Commit → notification on the event stream, at a steady rate."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import datetime
from typing import Any

import aiohttp

from tests.bench.figures import Row, percentile

RATE = 20


async def measure(
    url: str, registrar: str, regent: str, addressee: str, *, seconds: float
) -> list[Row]:
    """`registrar` registers letters to `addressee`; `regent` listens."""
    heard: dict[str, float] = {}
    async with aiohttp.ClientSession(
        url, timeout=aiohttp.ClientTimeout(total=None)
    ) as http:
        listening = asyncio.create_task(_listen(http, regent, heard))
        await asyncio.sleep(1)
        sent = await _register(http, registrar, addressee, int(seconds * RATE))
        await _until_heard(sent, heard)
        listening.cancel()
    delays = [(heard[one] - at) * 1000 for one, at in sent.items() if one in heard]
    return [
        Row(
            f"commit → notification on the stream, {RATE}/s",
            f"p50 {percentile(delays, 0.5):.0f} ms, p99"
            f" {percentile(delays, 0.99):.0f} ms, {len(delays)} of {len(sent)} heard",
            "aim: p99 ≤ 250 ms",
        )
    ]


async def _register(
    http: aiohttp.ClientSession, token: str, addressee: str, count: int
) -> dict[str, float]:
    """Letter id → the instant its row was made (just before the commit)."""
    began, made = time.monotonic(), []
    for number in range(count):
        await asyncio.sleep(max(0, began + number / RATE - time.monotonic()))
        made.append(asyncio.create_task(_one(http, token, addressee, number)))
    letters = await asyncio.gather(*made)
    return {
        each["letter_id"]: datetime.fromisoformat(each["created_at"]).timestamp()
        for each in letters
    }


async def _one(
    http: aiohttp.ClientSession, token: str, addressee: str, number: int
) -> Any:
    body = {
        "direction": "incoming",
        "kind": "surat_dinas",
        "number": f"UKUR/{number}",
        "received_at": datetime.now().astimezone().isoformat(),
        "sender": {"name": "Instansi Pengukur"},
        "subject": "Surat untuk pengukuran",
        "urgency": "biasa",
        "secrecy": "biasa",
        "addressees": [addressee],
    }
    headers = {"Authorization": f"Bearer {token}"}
    async with http.post("/api/v1/letters", json=body, headers=headers) as answer:
        body = await answer.json()
        if answer.status != 201:
            raise RuntimeError(f"{answer.status} {body}")
        return body


async def _listen(
    http: aiohttp.ClientSession, token: str, heard: dict[str, float]
) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    async with http.get("/api/v1/notifications/stream", headers=headers) as stream:
        async for line in stream.content:
            if line.startswith(b"data:"):
                at = time.time()
                letter_id = json.loads(line[5:]).get("letter_id")
                heard.setdefault(letter_id, at)


async def _until_heard(sent: dict[str, float], heard: dict[str, float]) -> None:
    for _ in range(100):
        if sent.keys() <= heard.keys():
            return
        await asyncio.sleep(0.1)
