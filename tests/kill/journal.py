"""What the client wrote: the only thing the ledger believes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.kill.client import UNCERTAIN


@dataclass
class Command:
    """One key: what it asked and everything it was answered."""

    key: str
    act: str
    sent: int = 0
    answers: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    @property
    def waiting(self) -> bool:
        return self.sent > len(self.answers)

    @property
    def success(self) -> dict[str, Any] | None:
        return next((body for status, body in self.answers if status == 201), None)

    @property
    def unexpected(self) -> list[tuple[int, dict[str, Any]]]:
        """Answers that are neither a success nor "ask again"."""
        return [
            (status, body)
            for status, body in self.answers
            if status != 201
            and status not in UNCERTAIN
            and body.get("code") != "idempotency_in_progress"
        ]


def read(path: Path) -> dict[str, Command]:
    """All commands so far, by key; a line still being written is left out."""
    commands: dict[str, Command] = {}
    text = path.read_text() if path.exists() else ""
    for line in text.splitlines()[: text.count("\n")]:
        entry = json.loads(line)
        command = commands.setdefault(entry["key"], Command(entry["key"], entry["act"]))
        if entry["event"] == "sent":
            command.sent += 1
        else:
            command.answers.append((entry["status"], entry["body"]))
    return commands


def disposals(commands: dict[str, Command]) -> list[Command]:
    return [command for command in commands.values() if command.act != "register"]
