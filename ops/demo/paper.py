"""The PDF of a demo letter, set with typst from `letter.typ` (ADR D11)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst

_TEMPLATE = Path(__file__).with_name("letter.typ")


def set_letter(facts: dict[str, Any]) -> bytes:
    made = typst.compile(
        _TEMPLATE, format="pdf", sys_inputs={"letter": json.dumps(facts)}
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single document")
    return made
