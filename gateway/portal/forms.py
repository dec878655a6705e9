"""Posted fields to the bodies of the API, and its field errors back to fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from aiohttp import web
from multidict import MultiDict

from contracts.codec import ZONE
from contracts.errors import RakatError
from gateway.csrf import form_of
from gateway.portal import faults

Problem = dict[str, str]  # {"field": id of the input or "", "message": …}


async def posted(request: web.Request) -> MultiDict[str]:
    """Text fields of the form, trimmed; files are not read here."""
    return trimmed(await form_of(request))


def trimmed(given: Mapping[str, Any]) -> MultiDict[str]:
    """Text as it is kept; what is no text is left out."""
    fields: MultiDict[str] = MultiDict()
    for name, value in given.items():
        if isinstance(value, str):
            fields.add(name, value.strip().replace("\r\n", "\n"))
    return fields


def chosen(fields: Mapping[str, str], name: str) -> list[str]:
    """All values of a field, once each, in order."""
    values = fields.getall(name, []) if isinstance(fields, MultiDict) else []
    return list(dict.fromkeys(value for value in values if value))


def text_or_none(fields: Mapping[str, str], name: str) -> str | None:
    return fields.get(name) or None


def whole(fields: Mapping[str, str], name: str) -> int | None:
    """A hidden number of ours; None for anything else."""
    text = fields.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def local_instant(text: str) -> datetime:
    """Of ``<input type="datetime-local">``; raises `ValueError`."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=ZONE) if moment.tzinfo is None else moment


def join_day_time(day: str, clock: str) -> datetime:
    """Of two inputs; raises `ValueError`."""
    return datetime.combine(date.fromisoformat(day), _clock(clock), ZONE)


def _clock(text: str) -> time:
    """``09:00``, also written ``9.00``."""
    hours, _, minutes = text.replace(".", ":").partition(":")
    return time(int(hours), int(minutes or 0))


def problems_of(error: RakatError, fields: Mapping[str, str]) -> list[Problem]:
    """Field errors of the API beside the inputs they are about.

    `fields` maps a JSON Pointer, or its beginning, to the id of an input.
    """
    if not error.errors:
        return [{"field": "", "message": faults.sentence(error)}]
    return [
        {"field": _field(item["field"], fields), "message": item["message"]}
        for item in error.errors
    ]


def _field(pointer: str, fields: Mapping[str, str]) -> str:
    while pointer:
        if pointer in fields:
            return fields[pointer]
        pointer = pointer.rpartition("/")[0]
    return ""


def without_empty(body: dict[str, Any]) -> dict[str, Any]:
    """The body without absent values; the API treats absent and null alike."""
    return {name: value for name, value in body.items() if value not in (None, [], "")}


async def as_written(request: web.Request, *names: str) -> dict[str, str]:
    """Secrets of a form, untrimmed: a password may begin or end with a space."""
    fields = await form_of(request)
    found = {name: fields.get(name, "") for name in names}
    return {name: text if isinstance(text, str) else "" for name, text in found.items()}
