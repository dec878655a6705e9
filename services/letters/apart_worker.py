"""The other side of `apart.run`: one job from stdin, its answer to stdout.

Apart from `apart` so that a worker does not load eventlet.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from typing import Any

from contracts.errors import RakatError

_MEMORY = 1024 * 1024 * 1024

Job = dict[str, Any]
Work = Callable[[Job, bytes], tuple[Job, bytes]]


def serve(work: Work) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    job = json.loads(sys.stdin.buffer.readline())
    answer, made = _done(work, job, sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + made)
    sys.stdout.buffer.flush()


def _done(work: Work, job: Job, content: bytes) -> tuple[Job, bytes]:
    try:
        return work(job, content)
    except RakatError as error:
        return {"refused": error.to_wire()}, b""
    except Exception as error:  # border: its text may hold what people wrote
        return {"failed": type(error).__name__}, b""
