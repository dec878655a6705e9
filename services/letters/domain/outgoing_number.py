"""Numbers of outgoing letters: a template per kind × unit, made of tokens.

======  ==========================================================
{KS}    code of secrecy: B T R SR
{N}     running number of the series, from 1 every calendar year
{K}     classification
{S}     code of the signer's unit
{Y}     year      {MM} month, two digits      {RM} month, Roman
======  ==========================================================

A series belongs to one register and one year; its numbers only ever rise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from contracts.codec import ZONE
from contracts.letters import Secrecy

SECRECY_CODES = {
    Secrecy.BIASA: "B",
    Secrecy.TERBATAS: "T",
    Secrecy.RAHASIA: "R",
    Secrecy.SANGAT_RAHASIA: "SR",
}
TOKENS = frozenset({"KS", "N", "K", "S", "Y", "MM", "RM"})
UNKNOWN = "…"
_TOKEN = re.compile(r"{([^{}]*)}")
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


@dataclass(frozen=True, kw_only=True)
class Template:
    pattern: str
    series: str
    unit_id: UUID | None = None
    kind: str | None = None
    signer_position_id: UUID | None = None


USUAL = Template(pattern="{KS}/{N}/{K}/{Y}", series="surat")
"""Where no template says otherwise."""


@dataclass(frozen=True, kw_only=True)
class Values:
    """What the tokens stand for; what is not known yet is printed as "…"."""

    seq: int
    day: date
    secrecy: Secrecy | None = None
    classification: str | None = None
    unit_code: str | None = None


def today(now: datetime) -> date:
    """The date on the office's wall: the year of a number changes at its midnight."""
    return now.astimezone(ZONE).date()


def mistake_in(pattern: str) -> str | None:
    """What is wrong with a pattern, in words; None when it will do."""
    tokens = _TOKEN.findall(pattern)
    unknown = [one for one in tokens if one not in TOKENS]
    if unknown:
        return f"Token tidak dikenal: {{{unknown[0]}}}"
    if re.search(r"[{}]", _TOKEN.sub("", pattern)):
        return "Kurung kurawal tidak lengkap"
    if tokens.count("N") != 1:
        return "Nomor urut {N} harus ada, satu kali"
    return None


def choose(
    templates: Iterable[Template],
    *,
    kind: str,
    units: Sequence[UUID],
    signer_position_id: UUID,
) -> Template:
    """The most particular one: of the nearest unit, then of the kind, then of the
    signer. `units`: the signer's unit and those above it, nearest first."""
    fitting = [
        one
        for one in templates
        if one.kind in (None, kind)
        and one.signer_position_id in (None, signer_position_id)
        and (one.unit_id is None or one.unit_id in units)
    ]

    def particular(one: Template) -> tuple[int, bool, bool]:
        distance = units.index(one.unit_id) if one.unit_id else len(units)
        return distance, one.kind is None, one.signer_position_id is None

    return min(fitting, key=particular, default=USUAL)


def render(pattern: str, values: Values) -> str:
    words = {
        "KS": SECRECY_CODES[values.secrecy] if values.secrecy else UNKNOWN,
        "N": str(values.seq),
        "K": values.classification or UNKNOWN,
        "S": values.unit_code or UNKNOWN,
        "Y": str(values.day.year),
        "MM": f"{values.day.month:02d}",
        "RM": _ROMAN[values.day.month - 1],
    }
    return _TOKEN.sub(lambda match: words[match[1]], pattern)


def unit_code(code: str) -> str:
    """``bag.hukum`` signs as ``HUKUM``."""
    return code.rpartition(".")[2].upper()
