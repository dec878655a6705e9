"""Small files as a registrar would drop them: a readable PDF, and a broken one."""

from __future__ import annotations

from pathlib import Path


def readable(path: Path, text: str = "Surat") -> Path:
    """One page, Helvetica, written by hand with a right table of offsets."""
    stream = f"BT /F1 24 Tf 72 720 Td ({text}) Tj ET".encode()
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
    page += b"/Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    body += b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table) + trailer % (
        count,
        len(body),
    )
    path.write_bytes(body)
    return path


def broken(path: Path) -> Path:
    """Says that it is a PDF and is none."""
    path.write_bytes(b"%PDF-1.4\nnothing that can be read\n%%EOF\n")
    return path
