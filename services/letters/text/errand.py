"""Sends a file to the child and waits, without holding up the hub of the service."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from services.letters.text.model import PageRead

WALL_SECONDS = 24.0
_PAUSE = 0.05
_ROOT = Path(__file__).parents[3]
_ENVIRONMENT = ("PATH", "LANG", "TMPDIR", "HOME", "TESSDATA_PREFIX")


@dataclass
class Outcome:
    """`end`: done, more, unreadable (with `reason`), or lost: it died or hung."""

    end: str = "lost"
    reason: str | None = None
    pages: list[PageRead] = field(default_factory=list)


def read(
    path: Path,
    media_type: str,
    *,
    done: Collection[int],
    can_ocr: bool,
    seconds: float = WALL_SECONDS,
) -> Outcome:
    """What the child read of the file at `path`; never raises for a bad file."""
    job = {
        "path": str(path),
        "type": media_type,
        "done": sorted(done),
        "can_ocr": can_ocr,
    }
    # Files, not pipes: no buffer fills, and what a killed child wrote can be read.
    with tempfile.TemporaryFile() as question, tempfile.TemporaryFile() as answer:
        question.write(json.dumps(job).encode() + b"\n")
        question.seek(0)
        _run(question, answer, seconds)
        answer.seek(0)
        return _outcome(answer.read())


def _run(question: IO[bytes], answer: IO[bytes], seconds: float) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "services.letters.text.child"],
        stdin=question,
        stdout=answer,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
        cwd=_ROOT,
        start_new_session=True,  # killed with whatever it started
    )
    try:
        end = time.monotonic() + seconds
        while process.poll() is None and time.monotonic() < end:
            time.sleep(_PAUSE)  # yields: the service runs patched
    finally:
        if process.poll() is None:
            os.killpg(process.pid, 9)
        process.wait()


def _outcome(written: bytes) -> Outcome:
    found = Outcome()
    for line in written.splitlines():
        try:
            said: dict[str, Any] = json.loads(line)
        except ValueError:  # the line it was killed over
            break
        if "end" in said:
            found.end, found.reason = said["end"], said.get("reason")
        else:
            found.pages.append(PageRead(**said))
    return found
