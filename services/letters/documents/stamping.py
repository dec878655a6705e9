"""A letter that came as a PDF gets a foot: number, date, and the QR of its page.

The file is written anew for it, before it is signed. One that carries a signature
already stays as it is, for a change would break that signature.
"""

from __future__ import annotations

from datetime import date

from contracts.letters import SigningMethod
from services.letters import apart
from services.letters.documents import press, words
from services.letters.documents.outgoing import FEET


def stamp(
    pdf: bytes,
    *,
    verify_url: str,
    number: str | None,
    dated_on: date,
    method: SigningMethod,
) -> bytes:
    """Raises: Invalid ``unreadable_file``; Unavailable; TooLarge."""
    document = {
        "number": press.line(number or ""),
        "date": words.long_date(dated_on),
        "foot": FEET[method],
        "verify_url": verify_url,
        "qr": press.qr_svg(verify_url),
    }
    job = {"template": "stamp.typ", "stamp": document}
    _, made = apart.run(press.WORKER, job, pdf, seconds=press.SECONDS)
    return press.bounded(made)
