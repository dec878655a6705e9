"""The key that signs digests of trails: Ed25519, from ``RAKAT_TRAIL_KEY(_FILE)``.

Either a PEM (PKCS 8) or the 32 bytes of the seed as 64 hexadecimal digits, which is
what a stack on one machine makes for itself.
"""

from __future__ import annotations

import base64
import hashlib
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import load_pem_private_key

_SEED = re.compile(r"[0-9a-fA-F]{64}")


class BadKey(ValueError):
    """The setting holds no Ed25519 key; its text is in no message."""


class SealKey:
    def __init__(self, text: str) -> None:
        self._private = _read(text.strip())
        raw = self._private.public_key().public_bytes_raw()
        self.public = base64.b64encode(raw).decode()
        self.key_id = key_id_of(self.public)

    def sign(self, text: str) -> str:
        return base64.b64encode(self._private.sign(text.encode())).decode()


def key_id_of(public: str) -> str:
    """What people compare: the first 16 digits of the public key's SHA-256."""
    return hashlib.sha256(base64.b64decode(public)).hexdigest()[:16]


def is_signed(text: str, signature: str, public: str) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public))
        key.verify(base64.b64decode(signature), text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _read(text: str) -> Ed25519PrivateKey:
    if _SEED.fullmatch(text):
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text))
    try:
        key = load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError):
        raise BadKey("RAKAT_TRAIL_KEY is no Ed25519 key") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKey("RAKAT_TRAIL_KEY is no Ed25519 key")
    return key
