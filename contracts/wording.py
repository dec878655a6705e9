"""What is wrong with a field, in plain words: of JSON Schema's rules and of msgspec.

The gateway words what the API is sent, `contracts.codec.load` what a service is sent
by the portal: people read the same words beside a field, whoever refuses it.
"""

from __future__ import annotations

import re
from typing import Any

from contracts.errors import FieldError

UNKNOWN = "Isian ini tidak dikenal."
OTHERWISE = "Bentuknya tidak sesuai."
_STEP = re.compile(r"\.([A-Za-z_]\w*)|\[(\d+|\.\.\.)\]")
_FIELD = re.compile(r"Object (?:missing required|contains unknown) field `(.+?)`")
_BOUND = re.compile(r"Expected `(\w+)` (of length )?(<=|>=) (\S+)")
_KINDS = re.compile(r"Expected `([^`]+)`, got ")
_TYPES = {
    "string": "teks",
    "integer": "bilangan bulat",
    "number": "bilangan",
    "boolean": "true atau false",
    "array": "daftar",
    "object": "objek",
    "null": "null",
}
_FORMATS = {
    "uuid": "Bukan pengenal yang sah.",
    "date": "Tulis tanggal yang ada, misalnya 2026-11-24.",
    "date-time": "Tulis waktu dengan zonanya, misalnya 2026-11-24T09:00:00+08:00.",
}
_LIMITS = {
    "const": "Harus {}.",
    "minLength": "Sedikitnya {} karakter.",
    "maxLength": "Paling banyak {} karakter.",
    "minItems": "Sedikitnya {}.",
    "maxItems": "Paling banyak {}.",
    "minimum": "Sedikitnya {}.",
    "exclusiveMinimum": "Lebih dari {}.",
    "maximum": "Paling banyak {}.",
    "exclusiveMaximum": "Kurang dari {}.",
}


def field_error(field: str, message: str) -> FieldError:
    return {"field": field, "message": message}


def message_of(rule: str, wanted: Any) -> str:
    """Of a rule of JSON Schema: ``maxLength`` with 500 and its like."""
    if rule == "type":
        names = [wanted] if isinstance(wanted, str) else list(wanted)
        return f"Harus berupa {' atau '.join(_TYPES.get(n, n) for n in names)}."
    if rule == "enum":
        return f"Pilih salah satu: {', '.join(map(str, wanted))}."
    if rule == "format":
        return _FORMATS.get(wanted, OTHERWISE)
    if rule == "minLength" and wanted == 1:
        return "Wajib diisi."
    return _LIMITS.get(rule, OTHERWISE).format(wanted)


def error_of(text: str) -> FieldError:
    """The one field msgspec names; its English gives way, a struct's own words stay."""
    message, pointer = split_message(text)
    if message.startswith("Object missing"):
        message = "Wajib diisi."
    elif message.startswith("Object contains unknown"):
        message = UNKNOWN
    elif message.startswith(_MSGSPEC_WORDS):
        message = _reworded(message)
    return field_error(pointer, message)


def split_message(text: str) -> tuple[str, str]:
    """``("Expected `int`", "/recipients/0/role")`` of a msgspec message."""
    message, _, path = text.partition(" - at `$")
    pointer = "".join(f"/{name or index}" for name, index in _STEP.findall(path))
    missing = _FIELD.match(message)
    return message, f"{pointer}/{missing.group(1)}" if missing else pointer


_MSGSPEC_WORDS = (
    "Expected",
    "Object",
    "Invalid",
    "Array",
    "Input",
    "Integer",
    "String",
)


def _reworded(message: str) -> str:
    """msgspec's "Expected `int` <= 200" and its like."""
    if bound := _BOUND.match(message):
        return _of_bound(*bound.groups())
    if kinds := _KINDS.match(message):
        return _of_kinds(kinds.group(1).split(" | "))
    if message.startswith("Invalid enum value"):
        return "Bukan pilihan yang dikenal."
    for word, words in _REWORDED.items():
        if word in message:
            return words
    return OTHERWISE


def _of_bound(kind: str, of_length: str | None, sign: str, number: str) -> str:
    least = sign == ">="
    if of_length is None:
        return message_of("minimum" if least else "maximum", number)
    if kind != "str":
        return message_of("minItems" if least else "maxItems", number)
    return message_of("minLength" if least else "maxLength", int(number))


def _of_kinds(kinds: list[str]) -> str:
    """That something may be absent as well helps nobody to fill it in."""
    wanted = [kind for kind in kinds if kind != "null"] or kinds
    if wanted[0] in _WRITTEN:
        return _FORMATS[_WRITTEN[wanted[0]]]
    return message_of("type", [_OF_MSGSPEC.get(kind, kind) for kind in wanted])


_WRITTEN = {"uuid": "uuid", "date": "date", "datetime": "date-time"}
_OF_MSGSPEC = {"str": "string", "int": "integer", "float": "number", "bool": "boolean"}
_REWORDED = {
    "UUID": _FORMATS["uuid"],
    "encoded datetime": _FORMATS["date-time"],
    "timezone": _FORMATS["date-time"],
    "encoded date": _FORMATS["date"],
    "{4}-": "Tulis tanggal, misalnya 2026-11-24, atau waktu dengan zonanya.",
}
