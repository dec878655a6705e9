"""Small real files of each kind, made here so that none is committed."""

from __future__ import annotations

import io
import zipfile

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


def _pdf_of(objects: list[str], trailer: str = "") -> bytes:
    body, offsets = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n".encode()
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
