"""Where letters are set, signed and stored: what a signing needs outside transactions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import obstore
from eventlet import tpool
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from chassis.config import Config
from contracts.errors import Unavailable
from contracts.letters import SigningMethod
from services.letters import blobs, signing
from services.letters.documents import outgoing, stamping
from services.letters.signing import errors
from services.letters.use_cases.signing import Sheet


@dataclass(frozen=True)
class LetterWorkshop:
    config: Config
    settings: signing.Settings

    @classmethod
    def from_env(cls) -> LetterWorkshop:
        return cls(Config.from_env(), signing.Settings.from_env())

    def require(self, method: SigningMethod, passphrase: str | None) -> None:
        backend = signing.backend(method, self.settings)
        if backend.needs_passphrase and not passphrase:
            raise errors.passphrase_required()

    def verify_url(self, token: str) -> str:
        return f"{self.config.public_address}/verify/{token}"

    def make(
        self, sheet: Sheet, method: SigningMethod, passphrase: str | None
    ) -> bytes:
        backend = signing.backend(method, self.settings)
        if sheet.document is not None:
            pdf = outgoing.render(sheet.document)
        else:
            pdf = stamping.stamp(self._load(sheet.uploaded or ""), sheet.fixed)
        secret = passphrase if backend.needs_passphrase else None
        return backend.sign(pdf, sheet.signer, secret)

    def store(self, pdf: bytes) -> str:
        sha256 = hashlib.sha256(pdf).hexdigest()
        store = blobs.open_store(self.config.need("blob_url"))
        tpool.execute(obstore.put, store, blobs.key_of(sha256), pdf)
        return sha256

    def pages(self, pdf: bytes) -> int | None:
        try:
            return int(PdfFileReader(BytesIO(pdf)).root["/Pages"]["/Count"])
        except (PdfError, KeyError, TypeError, ValueError):
            return None

    def _load(self, sha256: str) -> bytes:
        """Raises: Unavailable when the blob store lost or hides it."""
        store = blobs.open_store(self.config.need("blob_url"))
        try:
            got: Any = tpool.execute(obstore.get, store, blobs.key_of(sha256))
            return bytes(tpool.execute(got.bytes))
        except (FileNotFoundError, OSError) as error:
            raise Unavailable(retry_after=5) from error
