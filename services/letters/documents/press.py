"""Sets a template with data: prepares text, runs the worker, bounds time and size."""

from __future__ import annotations

import io
import re
from typing import Any

import segno

from contracts.errors import TooLarge
from services.letters import apart
from services.letters.documents import richtext
from services.letters.documents.model import Letterhead

SECONDS = 15.0
LARGEST = 25 * 1024 * 1024

WORKER = "services.letters.documents.worker"
_LONG_WORD = re.compile(r"(\S{40})(?=\S)")


def pdf(template: str, document: Any, *, seconds: float = SECONDS) -> bytes:
    """`template` filled with `document`; the same input gives the same bytes.

    Raises: Unavailable, TooLarge.
    """
    job = {"template": template, "document": document}
    _, made = apart.run(WORKER, job, seconds=seconds)
    return bounded(made)


def bounded(made: bytes) -> bytes:
    if len(made) > LARGEST:
        raise TooLarge(limit=LARGEST)
    return made


def line(text: str) -> str:
    """A field's text: one line, nothing unseen, words that fit the paper."""
    return _breakable(richtext.plain(text))


def soft(tree: Any) -> Any:
    """The same for every text inside a tree of `richtext.blocks`."""
    if isinstance(tree, str):
        return _breakable(tree)
    if isinstance(tree, list):
        return [soft(one) for one in tree]
    if isinstance(tree, dict):
        return {key: soft(value) for key, value in tree.items()}
    return tree


def letterhead(head: Letterhead) -> dict[str, Any]:
    return {
        "over": line(head.over) if head.over else None,
        "unit": line(head.unit_name),
        "address": line(head.address),
    }


def qr_svg(text: str) -> str:
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=0)
    return out.getvalue().decode()


def _breakable(text: str) -> str:
    return _LONG_WORD.sub("\\1\u200b", text)
