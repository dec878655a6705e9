"""Our own icons, inlined: ``icon("bell")`` in a template gives an ``<svg>``.

Inlined rather than referenced, because the stylesheet does not reach into an
external file (the filled parts of the status glyphs need it).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from markupsafe import Markup

SPRITE = Path(__file__).parent / "static" / "ikon.svg"
_SYMBOL = re.compile(
    r'<symbol id="([^"]+)" viewBox="([^"]+)">(.*?)</symbol>', re.DOTALL
)


@cache
def _symbols() -> dict[str, tuple[str, str]]:
    found = _SYMBOL.findall(SPRITE.read_text(encoding="utf-8"))
    return {name: (box, body) for name, box, body in found}


@cache
def icon(name: str, extra: str = "") -> Markup:
    """One icon; names starting with ``st-`` are status glyphs."""
    box, body = _symbols()[name]
    kind = "rk-g" if name.startswith("st-") else "rk-i"
    classes = f"{kind} {extra}".strip()
    return Markup(  # noqa: S704 - our own file, no input
        f'<svg class="{classes}" viewBox="{box}" aria-hidden="true">{body}</svg>'
    )


@cache
def urgency_bars(level: int) -> Markup:
    """Four bars, `level` of them filled."""
    bars = "".join(_bar(n, filled=n < level) for n in range(4))
    return Markup(  # noqa: S704 - numbers only
        f'<svg viewBox="0 0 16 14" aria-hidden="true">{bars}</svg>'
    )


def _bar(n: int, *, filled: bool) -> str:
    box = f'x="{4 * n}" y="{9 - 3 * n}" width="3" height="{5 + 3 * n}" rx=".5"'
    return f"<rect {box} class='{'on' if filled else 'off'}'/>"
