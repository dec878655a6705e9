"""The settings of a running stack, for `rakat …` typed beside it.

`make run` writes what its processes got to `<state>/run/environment`; an operator's
command takes what is missing from there, so it needs no settings of its own.
"""

from __future__ import annotations

import os

from ops.stack.settings import read_settings


def load() -> None:
    """Completes `os.environ`; what is set already wins."""
    path = read_settings().run / "environment"
    if not path.is_file():
        return
    for line in path.read_text().splitlines():
        name, _, value = line.partition("=")
        if name and not os.environ.get(f"{name}_FILE"):
            os.environ.setdefault(name, value)
