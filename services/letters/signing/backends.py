"""Which backend does which method, and whether it is set up here."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.letters import SigningMethod
from services.letters.signing import errors
from services.letters.signing.bsre import BsreBackend
from services.letters.signing.local import LocalBackend
from services.letters.signing.model import Backend, Settings, Signer


@dataclass(frozen=True)
class Unsigned:
    """The PDF goes to the printer and to a pen; what is kept is the scan."""

    method: SigningMethod = SigningMethod.NONE
    needs_passphrase: bool = False

    def sign(self, pdf: bytes, signer: Signer, passphrase: str | None = None) -> bytes:
        return pdf


def backend(method: SigningMethod, settings: Settings | None = None) -> Backend:
    """Raises: Conflict ``signing_not_configured``."""
    given = settings or Settings.from_env()
    if method is SigningMethod.NONE:
        return Unsigned()
    if method is SigningMethod.LOCAL and given.folder is not None:
        return LocalBackend(given)
    if method is SigningMethod.BSRE and given.bsre_url:
        return BsreBackend(given)
    raise errors.not_configured()


def available(settings: Settings | None = None) -> list[SigningMethod]:
    """Ways that are set up here, the strongest first; ink is always there."""
    given = settings or Settings.from_env()
    found = [SigningMethod.NONE]
    if given.folder is not None:
        found.insert(0, SigningMethod.LOCAL)
    if given.bsre_url:
        found.insert(0, SigningMethod.BSRE)
    return found
