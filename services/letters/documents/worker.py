"""The process that typesets. What people wrote comes in as JSON, never as source."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pypdfium2
import typst

from services.letters.apart_worker import Job, serve

_HERE = Path(__file__).parent


def work(job: Job, content: bytes) -> tuple[Job, bytes]:
    if "join" in job:
        return {}, _joined(content, job["join"])
    made = _set(job)
    if job.get("count"):
        with pypdfium2.PdfDocument(made) as document:
            return {"pages": len(document)}, made
    return {}, made


def _set(job: Job) -> bytes:
    template = _HERE / Path(job["template"]).name
    inputs = {"document": json.dumps(job["document"])}
    try:  # for the archive, which wants every glyph to have a font
        return _compiled(template, inputs, archive=True)
    except typst.TypstError:
        return _compiled(template, inputs, archive=False)


def _compiled(template: Path, inputs: dict[str, str], *, archive: bool) -> bytes:
    made = typst.compile(
        template,
        root=_HERE,
        sys_inputs=inputs,
        pdf_standards=["a-2b"] if archive else [],
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single document")
    return made


def _joined(content: bytes, sizes: list[int]) -> bytes:
    """The pages of several PDFs, given one after the other, as one PDF."""
    whole, start = pypdfium2.PdfDocument.new(), 0
    for size in sizes:
        with pypdfium2.PdfDocument(content[start : start + size]) as part:
            whole.import_pages(part)
        start += size
    out = io.BytesIO()
    whole.save(out)
    return out.getvalue()


if __name__ == "__main__":
    serve(work)
