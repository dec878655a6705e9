"""Signing with keys of our own authority: a real PAdES signature, trusted by whoever
trusts that authority. Who asked was made sure of before: there is no passphrase."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.letters import SigningMethod
from services.letters import apart
from services.letters.signing.model import Settings, Signer

SECONDS = 30.0
WORKER = "services.letters.signing.worker"


@dataclass(frozen=True)
class LocalBackend:
    settings: Settings
    method: SigningMethod = SigningMethod.LOCAL
    needs_passphrase: bool = False

    def sign(self, pdf: bytes, signer: Signer, passphrase: str | None = None) -> bytes:
        """Raises: Invalid ``unreadable_file``; ``signing_unavailable`` of the TSA."""
        given = self.settings
        own = (given.ca_cert, given.ca_key)
        job = {
            "do": "sign",
            "folder": str(given.folder),
            "ca": [str(one) for one in own] if all(own) else None,
            "tsa": given.tsa_url,
            "reason": signer.reason,
            "signer": {
                "person_id": str(signer.person_id),
                "position_id": str(signer.position_id),
                "name": signer.name,
                "title": signer.title,
                "unit": signer.unit_name,
            },
        }
        _, signed = apart.run(WORKER, job, pdf, seconds=SECONDS)
        return signed
