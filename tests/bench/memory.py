"""Memory of the whole system at rest: proportional set size, shared pages once."""

from __future__ import annotations

from collections import Counter

import psutil

from ops.stack import Stack
from tests.bench.figures import Row

NAMES = (
    "postgres",
    "mongo",
    "rabbitmq",
    "directory",
    "letters",
    "schedule",
    "notify",
    "gateway",
)


def measure(stack: Stack) -> list[Row]:
    sizes = Counter({name: _tree(stack.pid(name)) for name in NAMES})
    total = sum(sizes.values())
    parts = ", ".join(f"{name} {size:.0f}" for name, size in sizes.most_common())
    return [
        Row("memory at rest, MB", f"{total:.0f} ({parts})", "aim: ≤ 700"),
    ]


def _tree(pid: int) -> float:
    """A process and all it started, in MB."""
    root = psutil.Process(pid)
    family = [root, *root.children(recursive=True)]
    return sum(each.memory_full_info().pss for each in family) / 1e6
