"""The lines around a signature: in whose name, as what, and by whom (domain.md 1.7)."""

from __future__ import annotations

from dataclasses import replace

from contracts.directory import SigningIdentity
from contracts.letters import SigningForm
from contracts.reference import GRADES
from services.letters.documents.model import OutgoingDocument, SignatureBlock

DECIDING = frozenset({"instruksi", "surat_edaran", "surat_keputusan"})
"""Kinds that rule or decide: names stand there without academic titles."""

OPEN_LINES = ("Pangkat (golongan)", "NIP …………………………")
"""What a draft shows to all but its signer."""

_RANKS = {word.code: word.label_id for word in GRADES}
_PREFIXES = {"plt": "Plt.", "plh": "Plh.", "pj": "Pj."}


def signature_lines(block: SignatureBlock) -> list[str]:
    """In print order: ``a.n. <top>,`` / ``<superior>,`` / ``u.b.`` / ``<signer>,``.

    Raises: ValueError when the form needs a superior that is not given.
    """
    signer = f"{_acting(block)}{block.title},"
    if block.form is SigningForm.AN:
        (nearest,) = block.superiors[:1] or _missing(block)
        return [f"a.n. {nearest},", signer]
    if block.form is SigningForm.UB:
        if len(block.superiors) < 2:
            _missing(block)
        nearest, top = block.superiors[0], block.superiors[1]
        return [f"a.n. {top},", f"{nearest},", "u.b.", signer]
    return [signer]


def _acting(block: SignatureBlock) -> str:
    by_form = {SigningForm.PLT: "plt", SigningForm.PLH: "plh"}
    prefix = _PREFIXES.get(by_form.get(block.form, block.capacity))
    return f"{prefix} " if prefix else ""


def _missing(block: SignatureBlock) -> list[str]:
    raise ValueError(f"form {block.form.value} needs the titles above the signer")


def under_name(block: SignatureBlock, *, draft: bool) -> tuple[str, ...]:
    """Rank and NIP; a draft that does not know them yet keeps their place."""
    if block.ranked and draft and not block.lines_under_name:
        return OPEN_LINES
    return tuple(block.lines_under_name)


def identified(
    document: OutgoingDocument, identity: SigningIdentity
) -> OutgoingDocument:
    """The same letter with what its signer is printed with, if the rule wants it."""
    block = document.signature
    if not block.ranked:
        return document
    name = block.name
    if name and document.kind not in DECIDING:
        name = titled(name, identity)
    block = replace(block, name=name, lines_under_name=rank_lines(identity))
    return replace(document, signature=block)


def titled(name: str, identity: SigningIdentity) -> str:
    """``Dr. Nama, S.Sos., M.Si.``"""
    before, after = identity.degrees_before, identity.degrees_after
    return f"{before + ' ' if before else ''}{name}{', ' + after if after else ''}"


def rank_lines(identity: SigningIdentity) -> tuple[str, ...]:
    """``Pembina Tingkat I (IV/b)``, ``NIP 19860926 201505 1 001``; what there is of it.

    Contract staff have no rank: their number alone, as ``NI PPPK``.
    """
    rank, nip = rank_of(identity), identity.nip
    number = [f"{number_label(identity)} {spaced(nip)}"] if nip else []
    return (*([rank] if rank else []), *number)


def rank_of(identity: SigningIdentity) -> str:
    grade = identity.grade
    if grade is None or grade.of_contract:
        return ""
    return f"{_RANKS[grade.value]} ({grade.value})"


def number_label(identity: SigningIdentity) -> str:
    grade = identity.grade
    return "NI PPPK" if grade is not None and grade.of_contract else "NIP"


def spaced(nip: str) -> str:
    """As it is printed: birth, beginning of service, sex, serial."""
    parts = (nip[:8], nip[8:14], nip[14:15], nip[15:])
    return " ".join(part for part in parts if part)
