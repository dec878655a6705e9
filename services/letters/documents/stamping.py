"""A letter that came as a PDF gets a foot: number, date, and the QR of its page.

The file is written anew for it, before it is signed. One that carries a signature
already stays as it is, for a change would break that signature.
"""

from __future__ import annotations

from services.letters import apart
from services.letters.documents import press, words
from services.letters.documents.model import Fixed
from services.letters.documents.outgoing import foot_of


def stamp(pdf: bytes, fixed: Fixed) -> bytes:
    """Raises: Invalid ``unreadable_file``; Unavailable; TooLarge."""
    url = fixed.verify_url
    document = {
        "number": press.line(fixed.number or ""),
        "date": words.long_date(fixed.dated_on),
        "foot": foot_of(fixed.method, url),
        "verify_url": url or "",
        "qr": press.qr_svg(url) if url else "",
    }
    job = {"template": "stamp.typ", "stamp": document}
    _, made = apart.run(press.WORKER, job, pdf, seconds=press.SECONDS)
    return press.bounded(made)
