"""Heavy or risky work in a process of its own: typesetting, signing, checking.

One job, one process: it starts, answers and ends. It has no secret of ours in its
environment, a bound on memory and time, and the hub of this process goes on while it
works. Wire, both ways: one line of JSON, then the bytes of a file.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import eventlet
import structlog
from eventlet.green import subprocess
from eventlet.semaphore import Semaphore

from contracts.errors import Unavailable, from_wire

log = structlog.get_logger(__name__)

_ROOT = Path(__file__).parents[2]
_AT_ONCE = 2  # more would only share the same processors
_QUEUE_SECONDS = 20.0
_slots = Semaphore(_AT_ONCE)

Job = dict[str, Any]


class WorkFailed(Exception):
    """The job broke in a way nobody foresaw: ours to mend. Holds the error's type."""


def run(
    module: str, job: Job, content: bytes = b"", *, seconds: float
) -> tuple[Job, bytes]:
    """What `module` answers to `job`.

    Raises: the error the job raised; Unavailable when it took too long, died, or
    waited too long for its turn; WorkFailed. Their texts hold nothing of the job.
    """
    if not _slots.acquire(timeout=_QUEUE_SECONDS):
        raise Unavailable(retry_after=5)
    try:
        answer, made = _exchange(module, job, content, seconds)
    finally:
        _slots.release()
    if "refused" in answer:
        raise from_wire(answer["refused"])
    if "failed" in answer:
        raise WorkFailed(module, answer["failed"])
    return answer, made


def _exchange(
    module: str, job: Job, content: bytes, seconds: float
) -> tuple[Job, bytes]:
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
    )
    try:
        with eventlet.Timeout(seconds):
            answered, _ = process.communicate(
                json.dumps(job).encode() + b"\n" + content
            )
            line, _, made = answered.partition(b"\n")
            return json.loads(line), made
    except (eventlet.Timeout, OSError, ValueError) as error:
        log.warning("work apart lost", module=module, error=type(error).__name__)
        raise Unavailable(retry_after=5) from None
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _environment() -> dict[str, str]:
    kept = ("PATH", "LANG", "TMPDIR", "HOME")
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "PYTHONPATH": path,
        # Address space is bounded, and arenas and threads of many processors eat it.
        "MALLOC_ARENA_MAX": "2",
        "RAYON_NUM_THREADS": "2",
    }
