"""The process that typesets. What people wrote comes in as JSON, never as source."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import typst

from chassis import fonts
from services.letters.apart_worker import Job, serve
from services.letters.documents.overlay import Size, laid_over

_HERE = Path(__file__).parent


def work(job: Job, content: bytes) -> tuple[Job, bytes]:
    if "stamp" in job:
        return {}, laid_over(content, partial(_feet, job))
    return {}, _set(job)


def _feet(job: Job, sizes: list[Size]) -> bytes:
    return _set({**job, "document": {**job["stamp"], "sizes": sizes}})


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
        font_paths=[fonts.FOLDER],
        sys_inputs=inputs,
        pdf_standards=["a-2b"] if archive else [],
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single document")
    return made


if __name__ == "__main__":
    serve(work)
