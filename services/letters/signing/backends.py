"""Which backend does which method."""

from __future__ import annotations

from contracts.letters import SigningMethod
from services.letters.signing import errors
from services.letters.signing.model import Backend, Settings, Signer


class Unsigned:
    """The PDF goes to the printer and to a pen; what is kept is the scan."""

    method = SigningMethod.NONE
    needs_passphrase = False

    def sign(self, pdf: bytes, signer: Signer, passphrase: str | None) -> bytes:
        return pdf


def backend(method: SigningMethod, settings: Settings | None = None) -> Backend:
    """Raises: Conflict ``signing_not_configured``."""
    if method == SigningMethod.NONE:
        return Unsigned()
    raise errors.not_configured()
