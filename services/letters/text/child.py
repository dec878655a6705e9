"""The process that reads a stranger's file: bounded memory and time, nothing to lose.

``python -m services.letters.text.child`` takes one line of JSON (path, type, done,
can_ocr) and answers a line for each page as soon as it is read, then how it ended:
``{"end": "done" | "more" | "unreadable", "reason": …}``. Killed half-way, the pages it
wrote stand.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from services.letters.text.model import Unreadable
from services.letters.text.reading import NextTurn, pages_of

MEMORY_LIMIT = 1024 * 1024 * 1024
CPU_SECONDS = 40
_PR_SET_PDEATHSIG = 1


def main() -> None:
    _bound()
    job = json.loads(sys.stdin.readline())
    _say(_read(job))


def _bound() -> None:
    os.nice(10)  # whoever waits for an answer goes first
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # not to outlive a service that was killed
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _read(job: dict[str, Any]) -> dict[str, Any]:
    try:
        pages = pages_of(
            Path(job["path"]),
            job["type"],
            done=set(job["done"]),
            can_ocr=job["can_ocr"],
        )
        for page in pages:
            _say(asdict(page))
    except NextTurn:
        return {"end": "more"}
    except Unreadable as error:
        return {"end": "unreadable", "reason": error.reason}
    except (MemoryError, RecursionError):
        return {"end": "unreadable", "reason": "too_large"}
    return {"end": "done"}


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
