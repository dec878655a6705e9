"""A local certificate authority: one key and certificate for each signer.

Files in one folder, closed to others; a lock file keeps two processes from making the
same key. Runs in the worker process: nothing here knows the service.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID, ObjectIdentifier

_CA_YEARS, _SIGNER_YEARS = 10, 2
_RENEW_BEFORE = timedelta(days=1)
_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
_LONGEST = 64  # of a name in a certificate (X.520)

Key = ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Identity:
    """Files of a signer, and of the authority that vouches for him."""

    certificate: Path
    key: Path
    authority: Path


def identity(
    folder: Path,
    *,
    person_id: str,
    position_id: str,
    name: str,
    title: str,
    unit: str,
    ca: tuple[Path, Path] | None = None,
) -> Identity:
    """The signer's files, made at first use, or anew when they are about to expire.

    A new name or title is another certificate; the old one stays, for what it signed.
    `ca`: certificate and key of an authority made elsewhere.
    """
    with _locked(folder):
        ca_cert, ca_key = ca or _own_authority(folder)
        subject = "|".join((person_id, position_id, name, title, unit, str(ca_cert)))
        stem = hashlib.sha256(subject.encode()).hexdigest()[:40]
        found = Identity(folder / f"{stem}.pem", folder / f"{stem}.key", ca_cert)
        if not _serves(found.certificate):
            key = ec.generate_private_key(ec.SECP256R1())
            issued = _issued(_name(name, title, unit), key, ca_cert, ca_key)
            _write(found.key, _pem_of(key))
            _write(found.certificate, issued)
        return found


def _own_authority(folder: Path) -> tuple[Path, Path]:
    certificate, key_file = folder / "ca.pem", folder / "ca.key"
    if not certificate.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        _write(key_file, _pem_of(key))
        _write(certificate, _self_signed(key))
    return certificate, key_file


def _self_signed(key: Key) -> bytes:
    name = _name("Otoritas Sertifikat Lokal Rakat", "", "")
    usage = _usage(signs_certificates=True)
    return (
        _builder(name, name, key.public_key(), _CA_YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )


def _issued(name: x509.Name, key: Key, ca_cert: Path, ca_key: Path) -> bytes:
    authority = x509.load_pem_x509_certificate(ca_cert.read_bytes())
    signing_key = serialization.load_pem_private_key(ca_key.read_bytes(), None)
    if not isinstance(signing_key, Key):
        raise TypeError("the authority's key must be an elliptic curve key")
    by = x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key())
    return (
        _builder(name, authority.subject, key.public_key(), _SIGNER_YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([_DOCUMENT_SIGNING]), critical=False)
        .add_extension(by, critical=False)
        .sign(signing_key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, years: int
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=365 * years))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common: str, title: str, unit: str) -> x509.Name:
    given = (
        (NameOID.COMMON_NAME, common),
        (NameOID.TITLE, title),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
    )
    parts = [x509.NameAttribute(oid, text[:_LONGEST]) for oid, text in given if text]
    return x509.Name([*parts, x509.NameAttribute(NameOID.COUNTRY_NAME, "ID")])


def _serves(certificate: Path) -> bool:
    if not certificate.exists():
        return False
    found = x509.load_pem_x509_certificate(certificate.read_bytes())
    return found.not_valid_after_utc - datetime.now(UTC) > _RENEW_BEFORE


def _pem_of(key: Key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, and never readable by others."""
    part = path.with_suffix(".part")
    with os.fdopen(
        os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"
    ) as f:
        f.write(content)
        f.flush()
        os.fsync(f.fileno())
    part.replace(path)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
