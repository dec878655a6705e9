"""What a file is, by its content; its name and its declared type do not count.

Runs in the worker process: the readers used here meet whatever strangers send.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, UnidentifiedImageError

Image.MAX_IMAGE_PIXELS = None  # we count ourselves, and refuse rather than warn

_OFFICE = "application/vnd.openxmlformats-officedocument"
_DOCX = f"{_OFFICE}.wordprocessingml.document"
_XLSX = f"{_OFFICE}.spreadsheetml.sheet"
_ODT = "application/vnd.oasis.opendocument.text"
_MOST_MEMBERS = 20_000
_MOST_UNPACKED = 512 * 1024 * 1024
_LONGEST_LIST = 4 * 1024 * 1024
_MOST_PAGES = 20_000
_MOST_PIXELS = 100_000_000
_MACRO_MEMBERS = ("vbaproject.bin", "vbadata.xml")
_MACRO_FOLDERS = (
    "xl/macrosheets/",
    "basic/",
    "scripts/",
    "word/activex/",
    "xl/activex/",
)
_MACRO_WORDS = (b"macroenabled", b"vbaproject", b"macrosheet", b"ms-office.activex")
_ZIP_ERRORS = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError),
    *(ValueError, NotImplementedError, RuntimeError),
)
IMAGE_ERRORS = (UnidentifiedImageError, OSError, ValueError, SyntaxError)


class Refused(Exception):
    """`code` is one of the API's: the type is none of ours, or it cannot be read."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Judgement:
    media_type: str
    page_count: int | None


def judge(path: Path) -> Judgement:
    """Raises `Refused`."""
    with path.open("rb") as file:
        head = file.read(1024)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _image(path, "image/png", "PNG")
    if head.startswith(b"\xff\xd8\xff"):
        return _image(path, "image/jpeg", "JPEG")
    if head.startswith(b"PK\x03\x04"):
        return Judgement(_container(path), None)
    if b"%PDF-" in head and not head.startswith((b"MZ", b"\x7fELF", b"<", b"#!")):
        return Judgement("application/pdf", _pdf_pages(path))
    raise Refused("unsupported_media_type")


def _image(path: Path, media_type: str, form: str) -> Judgement:
    try:
        with Image.open(path, formats=[form]) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise Refused("unreadable_file")
            image.load()
    except IMAGE_ERRORS:
        raise Refused("unreadable_file") from None
    return Judgement(media_type, 1)


def _pdf_pages(path: Path) -> int:
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        raise Refused("unreadable_file") from None
    try:
        count = len(document)
        if not 1 <= count <= _MOST_PAGES or _is_encrypted(document):
            raise Refused("unreadable_file")
        for place in {0, count - 1}:  # a count may lie; the last page must be there
            document[place].close()
        return count
    except pypdfium2.PdfiumError:
        raise Refused("unreadable_file") from None
    finally:
        document.close()


def _is_encrypted(document: pypdfium2.PdfDocument) -> bool:
    """Also one that opens without a password: its rights forbid print or text."""
    return bool(pdfium.FPDF_GetSecurityHandlerRevision(document.raw) >= 0)


def _container(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > _MOST_MEMBERS:
                raise Refused("unreadable_file")
            return _office_type(archive, members)
    except _ZIP_ERRORS:
        raise Refused("unreadable_file") from None


def _office_type(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> str:
    names = {member.filename for member in members}
    # Of two members of one name each program takes another one.
    if len(names) < len(members) or sum(m.file_size for m in members) > _MOST_UNPACKED:
        raise Refused("unreadable_file")
    if _has_macros(archive, names):
        raise Refused("unsupported_media_type")
    found = _by_names(archive, names)
    if found is None:
        raise Refused("unsupported_media_type")
    if any(member.flag_bits & 1 for member in members):
        raise Refused("unreadable_file")  # encrypted
    return found


def _has_macros(archive: zipfile.ZipFile, names: set[str]) -> bool:
    """By the names of its parts, and by what its list of types calls them."""
    lower = [name.lower() for name in names]
    if any(name.endswith(_MACRO_MEMBERS) for name in lower):
        return True
    if any(name.startswith(_MACRO_FOLDERS) for name in lower):
        return True
    types = _text_of(archive, names, "[Content_Types].xml")
    if any(word in types for word in _MACRO_WORDS):
        return True
    template = _text_of(archive, names, "word/_rels/settings.xml.rels")
    return b"attachedtemplate" in template and b'target="http' in template


def _text_of(archive: zipfile.ZipFile, names: set[str], name: str) -> bytes:
    """Lower case, in whatever encoding: without the zeros of UTF-16."""
    if name not in names:
        return b""
    with archive.open(name) as file:
        return file.read(_LONGEST_LIST).replace(b"\0", b"").lower()


def _by_names(archive: zipfile.ZipFile, names: set[str]) -> str | None:
    if "[Content_Types].xml" in names:
        if "word/document.xml" in names:
            return _DOCX
        return _XLSX if "xl/workbook.xml" in names else None
    if {"mimetype", "content.xml"} <= names:
        with archive.open("mimetype") as file:
            return _ODT if file.read(100).strip() == _ODT.encode() else None
    return None
