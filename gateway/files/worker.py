"""The process that opens strangers' files: bounded memory, nothing to lose.

Reads one JSON job per line, answers one JSON line each and, after a painted page, its
bytes. It is killed when a job takes too long and started again for the next.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

from gateway.files.judging import Refused, judge
from gateway.files.painting import paint

MEMORY_LIMIT = 1024 * 1024 * 1024


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = sys.stdout.buffer
    for line in sys.stdin.buffer:
        answer, image = _answer(json.loads(line))
        answers.write(json.dumps(answer).encode() + b"\n" + image)
        answers.flush()


def _answer(job: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    try:
        if job["do"] == "judge":
            found = judge(Path(job["path"]))
            return {"type": found.media_type, "pages": found.page_count}, b""
        image = paint(Path(job["path"]), job["type"], job["page"], job["width"])
        return {"size": len(image)}, image
    except Refused as refused:
        return {"refused": refused.code}, b""
    except (MemoryError, RecursionError):
        return {"refused": "unreadable_file"}, b""


if __name__ == "__main__":
    main()
