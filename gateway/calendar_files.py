"""Calendar files on their way in: how large, how long, and what is said beyond that.

The REST part and the portal take the same files.
"""

from __future__ import annotations

from typing import Final

from contracts.errors import TooLarge, UnsupportedMedia

LIMIT: Final = 2 * 1024 * 1024
SECONDS: Final = 60.0  # hundreds of bookings, each checked
FORM_LIMIT: Final = 3 * LIMIT + 64 * 1024
"""A form writes what is no letter or digit with three octets."""

TOO_LARGE: Final = (
    "Berkas kalender lebih dari 2 MB. Ekspor rentang waktu yang lebih pendek, lalu "
    "impor tiap bagiannya."
)
NO_CALENDAR: Final = "Kirim berkas kalender (.ics, UTF-8) sebagai text/calendar."


def too_large() -> TooLarge:
    return TooLarge(errors=[{"field": "", "message": TOO_LARGE}], limit=LIMIT)


def no_calendar() -> UnsupportedMedia:
    return UnsupportedMedia(
        errors=[{"field": "", "message": NO_CALENDAR}], expected="text/calendar"
    )
