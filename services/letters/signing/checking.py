"""Whether the signature of a PDF holds: it covers the whole file, and nothing changed.

Checking costs a process, so what was found for one content is remembered: the content
is named by its hash and cannot change.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from services.letters import apart
from services.letters.signing.local import SECONDS, WORKER
from services.letters.signing.model import Settings

_MOST = 2_000
_known: OrderedDict[str, Checked | None] = OrderedDict()


@dataclass(frozen=True)
class Checked:
    """The latest signature of a file; `trusted`: by a root we were told to trust."""

    intact: bool
    trusted: bool
    name: str
    at: datetime | None


def check(pdf: bytes, settings: Settings) -> Checked | None:
    """None when the file has no signature. Raises: Unavailable."""
    job = {"do": "check", "roots": [str(path) for path in roots(settings)]}
    answer, _ = apart.run(WORKER, job, pdf, seconds=SECONDS)
    found = answer["signatures"]
    if not found:
        return None
    last = found[-1]
    return Checked(
        intact=all(one["intact"] for one in found) and last["whole"],
        trusted=last["trusted"],
        name=last["name"],
        at=datetime.fromisoformat(last["at"]) if last["at"] else None,
    )


def remembered(sha256: str, pdf: bytes, settings: Settings) -> Checked | None:
    """`check`, once for each content."""
    if sha256 not in _known:
        _known[sha256] = check(pdf, settings)
        while len(_known) > _MOST:
            _known.popitem(last=False)
    return _known[sha256]


def roots(settings: Settings) -> list[Path]:
    own = settings.ca_cert or (settings.folder / "ca.pem" if settings.folder else None)
    return [path for path in (own, settings.trust) if path and path.exists()]
