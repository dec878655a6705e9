"""File names in and out: what a stranger called his file, made harmless."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, unquote

from gateway.files.kinds import FILE_TYPES

_LONGEST = 120
_UNSAFE = re.compile(
    r'[\x00-\x1f\x7f-\x9f"*:<>?|\\/\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]'
)
_SAME = {"jpg": ("jpg", "jpeg")}


def clean_name(given: str | None, media_type: str) -> str:
    """The last part of a path, without tricks, ending as the content demands."""
    text = unquote(given or "").replace("\\", "/").rsplit("/", 1)[-1]
    text = unicodedata.normalize("NFC", text)
    text = _UNSAFE.sub("", text.encode("utf-8", "ignore").decode()).rstrip(" .")
    ending = FILE_TYPES[media_type]
    stem, dot, last = text.rpartition(".")
    if dot and last.lower() in _SAME.get(ending, (ending,)):
        text = stem
    return f"{text[:_LONGEST].strip(' .') or 'berkas'}.{ending}"


def disposition(filename: str, *, inline: bool) -> str:
    """``Content-Disposition`` of RFC 6266, readable by old and new browsers."""
    plain = unicodedata.normalize("NFKD", filename).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^\w. ()-]", "_", plain)
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
