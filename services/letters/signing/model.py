"""What every way of signing has in common."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from contracts.letters import SigningMethod


@dataclass(frozen=True, kw_only=True)
class Signer:
    """The person who signs, in the office he signs for."""

    person_id: UUID
    position_id: UUID
    name: str
    title: str  # "Plh. Sekretaris Daerah"
    unit_name: str = ""
    reason: str = ""  # "Menandatangani surat B/123/…"
    at: datetime | None = None


class Backend(Protocol):
    """One way of signing."""

    method: SigningMethod
    needs_passphrase: bool

    def sign(self, pdf: bytes, signer: Signer, passphrase: str | None) -> bytes:
        """The signed PDF: `pdf` with the signature appended, unchanged before it.

        Raises: an error of `signing.errors`; the passphrase is in none of them.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Read from the environment once; see docs/signing.md for the names."""

    folder: Path | None = None  # the local authority's keys
    bsre_url: str = ""
    bsre_user: str = field(default="", repr=False)
    bsre_password: str = field(default="", repr=False)
    bsre_timeout: float = 30.0
    identities: Path | None = None  # CSV person_id,nik,email
    tsa_url: str = ""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        env = os.environ if environ is None else environ
        folder, identities = (
            env.get("RAKAT_SIGNING_DIR"),
            env.get("RAKAT_SIGNING_IDENTITIES"),
        )
        return cls(
            folder=Path(folder) if folder else None,
            bsre_url=env.get("RAKAT_SIGNING_BSRE_URL", ""),
            bsre_user=env.get("RAKAT_SIGNING_BSRE_USER", ""),
            bsre_password=_secret(env, "RAKAT_SIGNING_BSRE_PASSWORD"),
            bsre_timeout=float(env.get("RAKAT_SIGNING_BSRE_TIMEOUT", "30")),
            identities=Path(identities) if identities else None,
            tsa_url=env.get("RAKAT_SIGNING_TSA_URL", ""),
        )


def _secret(env: Mapping[str, str], key: str) -> str:
    if env.get(key):
        return env[key]
    path = env.get(f"{key}_FILE")
    return Path(path).read_text().strip() if path else ""
