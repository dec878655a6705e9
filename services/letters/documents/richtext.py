"""The text of a letter: paragraphs, lists, bold, italic, tables; nothing else."""

from __future__ import annotations


def clean(html: str) -> str:
    """`html` with only what a letter may have. Raises: Invalid ``/body_html``."""
    raise NotImplementedError
