"""Small files of letters with known words, made here so that none is committed."""

from __future__ import annotations

import io
import zipfile
import zlib

from PIL import Image, ImageDraw, ImageFont

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"


def pdf(*pages: str | Image.Image) -> bytes:
    """A page for each: text as a text layer, a picture as a scan."""
    objects: list[bytes] = [b"", b""]
    kids = []
    for page in pages:
        at = len(objects)  # objects are numbered from 1
        resources, stream, more = _content(page, at + 3)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << %s >> >>" % (at + 2, resources)
        )
        objects += [_stream(stream), more]
        kids.append(b"%d 0 R" % (at + 1))
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (
        b" ".join(kids),
        len(kids),
    )
    return _file_of(objects)


def _content(page: str | Image.Image, number: int) -> tuple[bytes, bytes, bytes]:
    """Resources, drawing and the object they use."""
    if isinstance(page, str):
        lines = b"".join(
            b"(%s) Tj 0 -16 Td " % line.encode("latin-1") for line in page.split("\n")
        )
        font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
        text = b"BT /F1 12 Tf 72 760 Td " + lines + b"ET"
        return b"/Font << /F1 %d 0 R >>" % number, text, font
    grey = page.convert("L")
    head = b"/Type /XObject /Subtype /Image /Width %d /Height %d" % grey.size
    head += b" /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode"
    picture = _stream(zlib.compress(grey.tobytes()), head)
    return b"/XObject << /I %d 0 R >>" % number, b"595 0 0 842 0 0 cm /I Do", picture


def _stream(content: bytes, head: bytes = b"") -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (head, len(content), content)


def _file_of(objects: list[bytes]) -> bytes:
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
        + end % (size, len(body))
    )


def scan(text: str = "") -> Image.Image:
    """A page as a scanner sees it."""
    page = Image.new("L", (1240, 1754), 255)
    font = ImageFont.load_default(size=44)
    ImageDraw.Draw(page).text((120, 200), text, fill=0, font=font)
    return page


def png(text: str) -> bytes:
    buffer = io.BytesIO()
    scan(text).save(buffer, "PNG")
    return buffer.getvalue()


def container(**members: str | bytes) -> bytes:
    """A zip archive; in names `__` stands for a slash and `_xml` for the ending."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            path = name.replace("__", "/").replace("_xml", ".xml")
            archive.writestr(path, content)
    return buffer.getvalue()


def docx(*paragraphs: str) -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    xml = f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    return container(Content_Types="<x/>", word__document_xml=xml)


def xlsx(rows: list[list[str | int]]) -> bytes:
    """Strings shared, numbers in their cells."""
    shared: list[str] = []
    lines = []
    for row in rows:
        cells = []
        for value in row:
            if isinstance(value, str):
                shared.append(value)
                cells.append(f'<c t="s"><v>{len(shared) - 1}</v></c>')
            else:
                cells.append(f"<c><v>{value}</v></c>")
        lines.append(f"<row>{''.join(cells)}</row>")
    strings = "".join(f"<si><t>{text}</t></si>" for text in shared)
    return container(
        xl__workbook_xml="<x/>",
        xl__sharedStrings_xml=f'<sst xmlns="{SHEET}">{strings}</sst>',
        xl__worksheets__sheet1_xml=f'<worksheet xmlns="{SHEET}"><sheetData>'
        f"{''.join(lines)}</sheetData></worksheet>",
    )


def odt(*paragraphs: str) -> bytes:
    body = "".join(f"<text:p>{text}</text:p>" for text in paragraphs)
    xml = (
        f'<office:document-content xmlns:office="{OFFICE}" xmlns:text="{TEXT}">'
        f"<office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>"
    )
    return container(
        mimetype="application/vnd.oasis.opendocument.text", content_xml=xml
    )


def zip_bomb() -> bytes:
    """A DOCX of a few kilobytes that unpacks to 40 MB."""
    text = b"<w:t>" + b"a" * (40 * 1024 * 1024) + b"</w:t>"
    return container(word__document_xml=text)


def entity_bomb() -> bytes:
    """A billion laughs."""
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    xml = f'<!DOCTYPE x [<!ENTITY a0 "ha">{entities}]><x>&a9;</x>'
    return container(word__document_xml=xml)
