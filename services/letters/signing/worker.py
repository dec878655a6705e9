"""The process that signs with local keys and that checks signatures, with pyHanko."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pypdfium2
from asn1crypto import pem, x509
from pyhanko.keys import load_private_key_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from contracts.errors import Invalid
from services.letters.apart_worker import Job, serve
from services.letters.signing import authority, errors


def work(job: Job, content: bytes) -> tuple[Job, bytes]:
    if job["do"] == "check":
        return {"signatures": _checked(content, job["roots"])}, b""
    if job["do"] == "compare":
        sent, signed = content[: job["sent"]], content[job["sent"] :]
        return {"same": _same(sent, signed), "signatures": _checked(signed, [])}, b""
    return {}, _signed(content, job)


def _signed(pdf: bytes, job: Job) -> bytes:
    """`pdf` with a PAdES signature appended: B-B, or B-T with a time stamp."""
    files = authority.identity(
        Path(job["folder"]), ca=_paths(job["ca"]), **job["signer"]
    )
    (certificate,) = _certificates(files.certificate)
    vouched = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # the library's
    vouched.register_multiple(_certificates(files.authority))
    signer = signers.SimpleSigner(
        signing_cert=certificate,
        signing_key=load_private_key_from_pemder(str(files.key), None),
        cert_registry=vouched,
    )
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
        field = f"TandaTangan{_count(writer.prev) + 1}"
        details = signers.PdfSignatureMetadata(
            field_name=field,
            name=job["signer"]["name"],
            reason=job["reason"] or None,
            subfilter=SigSeedSubFilter.PADES,
            md_algorithm="sha256",
        )
        made = signers.PdfSigner(
            details,
            signer,
            timestamper=HTTPTimeStamper(job["tsa"]) if job["tsa"] else None,
            new_field_spec=SigFieldSpec(field),
        ).sign_pdf(writer)
    except PdfError:
        raise Invalid("unreadable_file") from None
    except OSError:  # only the time stamp speaks to anybody
        raise errors.unavailable() from None
    return bytes(made.getbuffer())


def _count(reader: PdfFileReader) -> int:
    return len(reader.embedded_signatures)


def _checked(pdf: bytes, roots: list[str]) -> list[dict[str, Any]]:
    """What can be said of each signature, the latest last."""
    try:
        found = PdfFileReader(io.BytesIO(pdf), strict=False).embedded_signatures
    except Exception:  # no PDF that could be read holds a signature
        return []
    context = ValidationContext(
        trust_roots=[one for path in roots for one in _certificates(Path(path))],
        allow_fetching=False,
    )
    return [_found_of(one, context) for one in found]


def _found_of(one: EmbeddedPdfSignature, context: ValidationContext) -> dict[str, Any]:
    """Whatever breaks while a signature is read: it does not hold."""
    try:
        return _facts(validate_pdf_signature(one, context))
    except Exception:
        nothing = dict.fromkeys(("intact", "whole", "trusted"), False)
        return {**nothing, "name": "", "at": None}


def _facts(status: PdfSignatureStatus) -> dict[str, Any]:
    signed_at = status.timestamp_validity or status
    at = getattr(signed_at, "timestamp", None) or status.signer_reported_dt
    return {
        "intact": bool(status.intact and status.valid),
        "whole": status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        "trusted": bool(status.trusted),
        "name": status.signing_cert.subject.native.get("common_name", ""),
        "at": at.isoformat() if at else None,
    }


def _same(sent: bytes, signed: bytes) -> bool:
    """Appended to, or written anew by the signing service with the same pages."""
    return signed.startswith(sent) or _texts(signed) == _texts(sent)


def _texts(pdf: bytes) -> list[tuple[str, tuple[float, float]]]:
    try:
        with pypdfium2.PdfDocument(pdf) as document:
            return [
                (page.get_textpage().get_text_bounded(), page.get_size())
                for page in document
            ]
    except pypdfium2.PdfiumError:
        return []


def _certificates(path: Path) -> list[x509.Certificate]:
    content = path.read_bytes()
    if not pem.detect(content):
        return [x509.Certificate.load(content)]
    return [
        x509.Certificate.load(der) for _, _, der in pem.unarmor(content, multiple=True)
    ]


def _paths(given: list[str] | None) -> tuple[Path, Path] | None:
    return (Path(given[0]), Path(given[1])) if given else None


if __name__ == "__main__":
    serve(work)
