"""Files of a draft or a report in its form: sent with it without scripts, taken off.

With scripts a file goes to the API by itself and the form carries its id; without
them it comes in the form, which is sent again with the id in its place.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from aiohttp import web
from multidict import MultiDict

from contracts.errors import RakatError
from gateway import mixed
from gateway.files.receiving import receive
from gateway.portal import forms
from gateway.portal.visitor import Visitor

FINISHED, ATTACHED = "berkas", "lampiran"
"""Fields of file ids: the letter as a finished file, files beside a text."""
SENT = {"berkas-kirim": FINISHED, "lampiran-kirim": ATTACHED}
"""Fields with the files themselves."""
REFUSED = {
    "too_large": "Lebih dari 25 MB. Simpan dengan mutu sedang.",
    "unsupported_media_type": "Jenis berkas tidak diterima. Kirim PDF.",
    "unreadable_file": "Terkunci kata sandi atau rusak. Simpan ulang tanpa kunci.",
}
"""As `unggah.js` says it."""
_OTHER = "Belum terunggah. Pilih berkasnya lagi."

File = dict[str, Any]


async def posted(
    request: web.Request, visitor: Visitor
) -> tuple[MultiDict[str], list[forms.Problem]]:
    """Fields of the form, with the ids of files that came in it; which did not."""
    if not mixed.is_mixed(request):
        return await forms.posted(request), []
    came = _Came(request, visitor)
    fields = forms.trimmed(await mixed.fields_of(request, came.take))
    fields.extend(came.fields)
    return fields, came.problems


class _Came:
    """Files taken out of one form."""

    def __init__(self, request: web.Request, visitor: Visitor) -> None:
        self._request, self._visitor = request, visitor
        self.fields: MultiDict[str] = MultiDict()
        self.problems: list[forms.Problem] = []

    async def take(
        self, name: str, filename: str, chunks: AsyncIterator[bytes]
    ) -> None:
        """One refused file keeps neither the others nor the text from coming."""
        if name not in SENT:
            return
        field, context = SENT[name], self._visitor.context
        try:
            done = await receive(self._request.app, context, filename, chunks)
        except RakatError as error:
            message = f"{filename[:80]}: {REFUSED.get(error.code, _OTHER)}"
            self.problems.append({"field": field, "message": message})
            return
        self.fields.add(field, done.body["file_id"])
        self.fields.add(f"nama-{done.body['file_id']}", done.body["filename"])


def files_in(fields: MultiDict[str], name: str) -> list[File]:
    """What the form carries of a field of files, with the name each was given."""
    found = [
        {"file_id": each, "filename": fields.get(f"nama-{each}", "Berkas")}
        for each in forms.chosen(fields, name)
    ]
    return found[-1:] if name == FINISHED else found  # one letter, one file


def without(files: list[File], file_id: str) -> list[File]:
    return [file for file in files if file["file_id"] != file_id]
