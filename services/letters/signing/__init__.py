"""Signing a PDF: one interface, three ways (ADR 0088).

``backend(method, settings).sign(pdf, signer, passphrase)`` gives the signed bytes, or
raises an error of `signing.errors`. It speaks to files or to a service, so never call
it inside a transaction; it keeps the hub free by itself.
"""

from __future__ import annotations

from services.letters.signing.backends import available, backend
from services.letters.signing.model import Backend, Settings, Signer

__all__ = ["Backend", "Settings", "Signer", "available", "backend"]
