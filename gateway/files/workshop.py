"""Drives the worker process: one job at a time, with a time limit.

Started for the first job, stopped after a minute without one, killed when it
takes too long, and started again when it died.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import Any

import structlog

from contracts.errors import (
    Invalid,
    NotFound,
    RakatError,
    Unavailable,
    UnsupportedMedia,
)
from gateway.files.judging import Judgement

log = structlog.get_logger(__name__)

JOB_SECONDS = 15.0
_IDLE_SECONDS = 60.0
_MOST_JOBS = 500  # then a fresh process: what leaks, leaks to there
_QUEUE_SECONDS = 20.0

_KINDS: dict[str, type[RakatError]] = {
    "unsupported_media_type": UnsupportedMedia,
    "not_found": NotFound,
}


class Workshop:
    """Judges files and paints pages, outside of this process."""

    def __init__(self, *, job_seconds: float = JOB_SECONDS) -> None:
        self._job_seconds = job_seconds
        self._lock = asyncio.Lock()
        self._process: Process | None = None
        self._jobs = 0
        self._idle: asyncio.TimerHandle | None = None

    async def judge(self, path: Path) -> Judgement:
        """Raises `UnsupportedMedia`, or `Invalid` ``unreadable_file``."""
        answer, _ = await self._do({"do": "judge", "path": str(path)})
        return Judgement(answer["type"], answer["pages"])

    async def paint(self, path: Path, media_type: str, page: int, width: int) -> bytes:
        """Raises `NotFound` for a page that is not there, else as `judge`."""
        job = {"do": "paint", "path": str(path), "type": media_type}
        _, image = await self._do({**job, "page": page, "width": width})
        return image

    async def close(self) -> None:
        async with self._lock:
            process = self._process
            if self._idle is not None:
                self._idle.cancel()
            self._kill()
            if process is not None:
                await process.wait()

    async def _do(self, job: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        try:
            async with asyncio.timeout(_QUEUE_SECONDS):
                await self._lock.acquire()
        except TimeoutError:
            raise Unavailable(service="pages", retry_after=5) from None
        try:
            answer, image = await self._exchange(job)
        finally:
            self._lock.release()
        if "refused" in answer:
            raise _KINDS.get(answer["refused"], Invalid)(answer["refused"])
        return answer, image

    async def _exchange(self, job: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """A worker that dies or hangs over a file says that the file is bad."""
        process = await self._running()
        try:
            async with asyncio.timeout(self._job_seconds):
                return await _talk(process, job)
        except (TimeoutError, OSError, asyncio.IncompleteReadError) as error:
            log.warning("page worker lost", error=type(error).__name__, do=job["do"])
            self._kill()
            return {"refused": "unreadable_file"}, b""
        except BaseException:  # cancelled between question and answer: out of step
            self._kill()
            raise
        finally:
            self._rest()

    async def _running(self) -> Process:
        if self._idle is not None:
            self._idle.cancel()
        if self._jobs >= _MOST_JOBS:
            self._kill()
        if self._process is None or self._process.returncode is not None:
            self._process = await _start()
            self._jobs = 0
        self._jobs += 1
        return self._process

    def _rest(self) -> None:
        loop = asyncio.get_running_loop()
        self._idle = loop.call_later(_IDLE_SECONDS, self._kill_if_idle)

    def _kill_if_idle(self) -> None:
        if not self._lock.locked():
            self._kill()

    def _kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            if self._process.stdin is not None:
                self._process.stdin.close()
        self._process = None


async def _start() -> Process:
    environment = {
        name: os.environ[name]
        for name in ("PATH", "PYTHONPATH", "LANG", "TMPDIR")
        if name in os.environ
    }
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "gateway.files.worker"),
        stdin=PIPE,
        stdout=PIPE,
        env=environment,
    )


async def _talk(process: Process, job: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    questions, answers = process.stdin, process.stdout
    if questions is None or answers is None:  # it was started with both
        raise BrokenPipeError
    questions.write(json.dumps(job).encode() + b"\n")
    await questions.drain()
    line = await answers.readline()
    if not line:
        raise asyncio.IncompleteReadError(line, None)
    answer: dict[str, Any] = json.loads(line)
    image = b""
    if size := answer.get("size"):
        image = await answers.readexactly(size)
    return answer, image
