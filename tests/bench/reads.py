"""Reads through gateway and service against the same query straight from a script."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import aiohttp

from tests.bench.figures import Once, Row, alternate, rows_of
from tests.bench.script import Script


async def measure(url: str, token: str, script: Script, *, quick: bool) -> list[Row]:
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(url, headers=headers) as http:
        # A read of a secret letter also writes its line of the trail.
        page = await _get(http, "/api/v1/letters?limit=1&secrecy=biasa")
        letter_id = page["items"][0]["letter_id"]
        rows: list[Row] = []
        pairs: Mapping[str, tuple[Once, Once]] = {
            "GET /letters/{id}": (
                _over_http(http, f"/api/v1/letters/{letter_id}"),
                _in_script(lambda: script.letter(UUID(letter_id))),
            ),
            "GET /tasks?state=open": (
                _over_http(http, "/api/v1/tasks?state=open"),
                _in_script(script.tasks),
            ),
        }
        for what, (system, direct) in pairs.items():
            rows += await _compare(what, system, direct, quick=quick)
        return rows


async def _compare(what: str, system: Once, direct: Once, *, quick: bool) -> list[Row]:
    rows = []
    for in_flight in (1, 16):
        samples = await alternate(
            {"script": direct, "gateway and service": system},
            rounds=3 if quick else 7,
            calls=(40 if quick else 100) * (1 if in_flight == 1 else 3),
            in_flight=in_flight,
        )
        rows += rows_of(samples, f"{what}, {in_flight} in flight", "script")
    return rows


def _over_http(http: aiohttp.ClientSession, path: str) -> Once:
    return lambda: _get(http, path)


async def _get(http: aiohttp.ClientSession, path: str) -> Any:
    async with http.get(path) as answer:
        answer.raise_for_status()
        return await answer.json()


def _in_script(query: Any) -> Once:
    """A thread each, as a script with a pool would do it."""
    return lambda: asyncio.to_thread(query)
