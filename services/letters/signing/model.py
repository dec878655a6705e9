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
    reason: str = ""  # "Menandatangani surat B/123/…"; stands in the signature
    at: datetime | None = None  # when he asked; the signature has its own time


class Backend(Protocol):
    """One way of signing."""

    @property
    def method(self) -> SigningMethod: ...

    @property
    def needs_passphrase(self) -> bool: ...

    def sign(self, pdf: bytes, signer: Signer, passphrase: str | None) -> bytes:
        """The signed PDF: `pdf` with the signature appended, unchanged before it.

        Raises: an error of `signing.errors`; the passphrase is in none of them.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Read from the environment; docs/signing.md says what each is for."""

    folder: Path | None = None  # where the local authority keeps its keys
    ca_cert: Path | None = None  # an authority made elsewhere
    ca_key: Path | None = field(default=None, repr=False)
    tsa_url: str = ""
    trust: Path | None = None  # PEM bundle: roots besides our own, as BSrE's
    bsre_url: str = ""
    bsre_user: str = field(default="", repr=False)
    bsre_password: str = field(default="", repr=False)
    bsre_timeout: float = 30.0
    identities: Path | None = None  # CSV: person_id,nik,email

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        env = os.environ if environ is None else environ
        state = env.get("RAKAT_STATE_DIR")
        return cls(
            folder=_path(env, "DIR") or (Path(state, "signing") if state else None),
            ca_cert=_path(env, "CA_CERT"),
            ca_key=_path(env, "CA_KEY"),
            tsa_url=env.get("RAKAT_SIGNING_TSA_URL", ""),
            trust=_path(env, "TRUST"),
            bsre_url=env.get("RAKAT_SIGNING_BSRE_URL", "").rstrip("/"),
            bsre_user=env.get("RAKAT_SIGNING_BSRE_USER", ""),
            bsre_password=_secret(env, "RAKAT_SIGNING_BSRE_PASSWORD"),
            bsre_timeout=float(env.get("RAKAT_SIGNING_BSRE_TIMEOUT") or 30),
            identities=_path(env, "IDENTITIES"),
        )


def _path(env: Mapping[str, str], name: str) -> Path | None:
    given = env.get(f"RAKAT_SIGNING_{name}")
    return Path(given) if given else None


def _secret(env: Mapping[str, str], key: str) -> str:
    if env.get(key):
        return env[key]
    path = env.get(f"{key}_FILE")
    return Path(path).read_text().strip() if path else ""
