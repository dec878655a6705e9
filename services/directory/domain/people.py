"""A civil servant's number: how it is read, and how little of it is shown."""

from __future__ import annotations

from datetime import date

from contracts.errors import invalid

_SHOWN = 4
_DIGITS = 18


def masked(nip: str | None) -> str | None:
    """The last four digits of a civil servant's number; the rest is nobody's."""
    if nip is None:
        return None
    hidden = max(0, len(nip) - _SHOWN)
    return "•" * hidden + nip[hidden:]


def civil_number(text: str, today: date) -> str:
    """The 18 digits: day of birth, beginning of service, sex, serial (domain.md 5).

    The month of service is not judged: contract staff have another number there.
    Raises: Invalid at ``/nip``.
    """
    digits = text.replace(" ", "").replace(".", "")
    if len(digits) != _DIGITS or not digits.isascii() or not digits.isdigit():
        raise invalid("/nip", "NIP terdiri atas 18 angka")
    if not _born_before(digits, today):
        raise invalid("/nip", "Delapan angka pertama NIP bukan tanggal lahir")
    if int(digits[8:12]) <= int(digits[:4]):
        raise invalid("/nip", "Tahun pengangkatan dalam NIP mendahului tahun lahir")
    if digits[14] not in "12" or digits[15:] == "000":
        raise invalid("/nip", "Empat angka terakhir NIP tidak dikenal")
    return digits


def _born_before(digits: str, today: date) -> bool:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])) < today
    except ValueError:
        return False
