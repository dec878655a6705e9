"""The lines above a signature: in whose name, and as what (domain.md 1.7)."""

from __future__ import annotations

from contracts.letters import SigningForm
from services.letters.documents.model import SignatureBlock

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
