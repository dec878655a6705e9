"""Static files under addresses that carry the build: cached for a year.

All of them are small enough to be read once and kept, plain and compressed. What
is ours lies in ``static/``; ``static/vendor/`` is filled at set-up from npm.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from aiohttp import web

ROOT = Path(__file__).parent / "static"
YEAR = "public, max-age=31536000, immutable"
SHORT = "public, max-age=300"


@dataclass(frozen=True)
class Asset:
    """One file, ready to be sent."""

    body: bytes
    packed: bytes
    content_type: str


@cache
def _assets() -> dict[str, Asset]:
    files = (path for path in sorted(ROOT.rglob("[!.]*")) if path.is_file())
    return {path.relative_to(ROOT).as_posix(): _read(path) for path in files}


def _read(path: Path) -> Asset:
    body = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(body, gzip.compress(body, 9, mtime=0), kind)


@cache
def build() -> str:
    """Changes when any static file does."""
    digest = hashlib.sha256()
    for name, asset in _assets().items():
        digest.update(name.encode() + asset.body)
    return digest.hexdigest()[:12]


def static(name: str) -> str:
    """Address of a static file."""
    return f"/static/{build()}/{name}"


async def serve(request: web.Request) -> web.Response:
    """``GET /static/{build}/{name}``"""
    asset = _assets().get(request.match_info["name"])
    if asset is None:
        raise web.HTTPNotFound
    current = request.match_info["build"] == build()
    headers = {
        "Cache-Control": YEAR if current else SHORT,
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    body = asset.body
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = asset.packed
    return web.Response(body=body, headers=headers, content_type=asset.content_type)
