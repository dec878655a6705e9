"""Small real files of each kind, made here so that none is committed."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Sequence

from PIL import Image

ODT = "application/vnd.oasis.opendocument.text"


def pdf(pages: int = 2) -> bytes:
    """A plain PDF with a correct cross-reference table."""
    kids = " ".join(f"{3 + number} 0 R" for number in range(pages))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        *["<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"] * pages,
    ]
    return _pdf_of(objects)


def encrypted_pdf(owner: str = "00" * 32, user: str = "00" * 32) -> bytes:
    """Asks for a password nobody gave."""
    zeros = "<" + "00" * 32 + ">"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        f"<< /Filter /Standard /V 1 /R 2 /O <{owner}> /U <{user}> /P -4 >>",
    ]
    return _pdf_of(objects, f"/Encrypt 4 0 R /ID [{zeros} {zeros}]")


def locked_pdf() -> bytes:
    """Opens with the empty password, but is encrypted: an owner forbade something."""
    return encrypted_pdf(
        user="eae202af362ff7188e2459be41dd5c7af1382ad5bb7826d4e5d57b749ab047b4"
    )


def _pdf_of(objects: Sequence[str | bytes], trailer: str = "") -> bytes:
    body, offsets = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, start=1):
        offsets.append(len(body))
        content = text.encode() if isinstance(text, str) else text
        body += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start = len(body)
    size = len(objects) + 1
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    end = (
        f"trailer << /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n"
    )
    return body + f"xref\n0 {size}\n0000000000 65535 f \n{table}{end}".encode()


def image(form: str, size: tuple[int, int] = (400, 300)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, "white").save(buffer, form)
    return buffer.getvalue()


def container(members: dict[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def docx(**more: bytes) -> bytes:
    return container(
        {"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>", **more}
    )


def xlsx() -> bytes:
    return container({"[Content_Types].xml": "<x/>", "xl/workbook.xml": "<x/>"})


def odt() -> bytes:
    return container({"mimetype": ODT, "content.xml": "<x/>"})


def bomb_pdf(megabytes: int) -> bytes:
    """One page whose content unpacks to this much; a thousandth of it as a file."""
    packed = zlib.compress(b" " * (megabytes * 1024 * 1024), 9)
    head = f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n"
    objects: list[str | bytes] = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
        head.encode() + packed + b"\nendstream",
    ]
    return _pdf_of(objects)


def sized_pdf(box: str) -> bytes:
    """One page with this ``MediaBox``."""
    return _pdf_of(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] >>",
        ]
    )


def lying_pdf(count: int) -> bytes:
    """Says it has `count` pages and has one."""
    return _pdf_of(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            f"<< /Type /Pages /Kids [3 0 R] /Count {count} >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        ]
    )


def circular_pdf() -> bytes:
    """A tree of pages that bites its tail."""
    return _pdf_of(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 1000 >>",
        ]
    )


def huge_png(width: int, height: int) -> bytes:
    """Says it is this large; a few kilobytes of zeros."""
    rows = zlib.compress(bytes(1024), 9)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body))
        + kind
        + body
        + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b""))
    )


def zip_bomb() -> bytes:
    """A document whose picture unpacks to more than a machine has."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("word/document.xml", "<x/>")
        with archive.open("word/media/a.bmp", "w", force_zip64=True) as file:
            for _ in range(600):
                file.write(bytes(1024 * 1024))
    return buffer.getvalue()


def twice(name: str) -> bytes:
    """A document with two members of one name."""
    buffer = io.BytesIO(docx())
    with zipfile.ZipFile(buffer, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr(name, "<y/>")
    return buffer.getvalue()
