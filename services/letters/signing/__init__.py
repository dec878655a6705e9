"""Signing a PDF: one interface, three ways (ADR 0088).

``backend(method, settings).sign(pdf, signer, passphrase)`` gives the signed bytes, or
raises an error of `signing.errors`. It speaks to files or to a service, so never call
it inside a transaction; it keeps the hub free by itself.

The worker lives in this package and starts once a signature: names are loaded when they
are asked for, so that it waits neither for eventlet nor for an HTTP client.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from services.letters.signing.backends import available, backend
    from services.letters.signing.model import Backend, Settings, Signer

__all__ = ["Backend", "Settings", "Signer", "available", "backend"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(name)
    home = "backends" if name.islower() else "model"
    return getattr(import_module(f"{__name__}.{home}"), name)
