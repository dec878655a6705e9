"""What the supervisor runs: one `Program` per process, and the rules all share."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Program:
    """One process. Groups stop together: gateway, then services, then stores."""

    name: str
    group: str
    command: tuple[str, ...]
    environ: Mapping[str, str] = field(default_factory=dict)
    priority: int = 100
    stop_signal: str = "TERM"
    stop_seconds: int = 20


def tied(command: tuple[str, ...]) -> tuple[str, ...]:
    """The kernel ends the process when the supervisor dies, even by kill -9."""
    setpriv = shutil.which("setpriv")
    return (setpriv, "--pdeathsig", "TERM", *command) if setpriv else command
