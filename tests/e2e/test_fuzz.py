"""Random nonsense at every operation: an answer of the document, never a 5xx.

Bodies are made after the published schema and then spoilt in one place, so that most
get past the first check and reach the services. The seed is printed with a failure.
"""

from __future__ import annotations

import os
import random
import uuid
from typing import Any
from urllib.parse import quote

import pytest

from tests.e2e.outgoing import draft_of
from tests.e2e.scenes import register, task_of

ROUNDS = 60 if os.environ.get("RAKAT_TEST_LONG") == "1" else 6
SKIPPED = {"stream_notifications", "close_session", "upload_file", "open_session"}

NONSENSE: list[Any] = [
    None, True, 0, -1, 2**63 - 1, 1e300, 0.5, "", " ", "x" * 3000, "\u202e", "é" * 50,
    "'; DROP TABLE letter; --", "../../etc/passwd", "{{7*7}}", "<script>", "%00",
    "2026-02-30", "2026-11-24", "9999-12-31T23:59:59+08:00", "1900-01-01T00:00:00Z",
    [], {}, [None], [[]], {"a": {"b": {}}}, "💥", "\r\nX: y", "null", "-",
]  # fmt: skip


class Maker:
    """Values after a schema, by a generator of its own."""

    def __init__(self, seed: int, document: dict[str, Any], ids: list[str]) -> None:
        self._random = random.Random(seed)
        self._schemas = document["components"]["schemas"]
        self._ids = ids

    def spoilt(self, schema: Any) -> Any:
        """A value that fits, with one part replaced by nonsense (or none)."""
        value = self.value(schema)
        if self._random.random() < 0.8:
            value = self._spoil(value)
        return value

    def _spoil(self, value: Any) -> Any:
        pick = self._random.choice
        if isinstance(value, dict) and value and self._random.random() < 0.9:
            name = pick(list(value))
            return {**value, name: self._spoil(value[name])}
        if isinstance(value, list) and value and self._random.random() < 0.7:
            return [self._spoil(value[0]), *value[1:]]
        return pick(NONSENSE)

    def value(self, schema: Any) -> Any:
        pick = self._random.choice
        if "$ref" in schema:
            return self.value(self._schemas[schema["$ref"].rsplit("/", 1)[-1]])
        for several in ("anyOf", "oneOf"):
            if several in schema:
                return self.value(pick(schema[several]))
        if "enum" in schema:
            return pick(schema["enum"])
        match schema.get("type"):
            case "object":
                return self._object(schema)
            case "array":
                count = max(schema.get("minItems", 0), self._random.randint(0, 2))
                return [self.value(schema["items"]) for _ in range(count)]
            case "integer" | "number":
                return schema.get("minimum", 0) + self._random.randint(0, 100)
            case "boolean":
                return pick([True, False])
            case "string":
                return self._string(schema)
        return None

    def file(self) -> bytes:
        """A calendar, now and then, with one line that is none."""
        lines = [
            *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", "UID:x"),
            *("DTSTART:20271110T010000Z", "RRULE:FREQ=DAILY;COUNT=2", "SUMMARY:x"),
            *("END:VEVENT", "END:VCALENDAR"),
        ]
        if self._random.random() < 0.8:
            place = self._random.randrange(len(lines))
            lines[place] = str(self._random.choice(NONSENSE))
        return "\r\n".join(lines).encode()

    def _object(self, schema: Any) -> dict[str, Any]:
        required = schema.get("required", ())
        return {
            name: self.value(each)
            for name, each in schema["properties"].items()
            if name in required or self._random.random() < 0.4
        }

    def _string(self, schema: Any) -> str:
        pick = self._random.choice
        match schema.get("format"):
            case "uuid":
                return pick([*self._ids, str(uuid.uuid4())])
            case "date-time":
                return f"2027-0{pick('123456789')}-1{pick('0123')}T09:00:00+08:00"
            case "date":
                return f"2026-1{pick('012')}-0{pick('123')}"
        return pick(["biasa", "surat_dinas", "rapat", "uji", "10", "400.14", "/", "ya"])

    def parameter(self, name: str, schema: Any) -> str:
        if name.endswith("_id"):
            return str(pick_or_nonsense(self._random, self._ids, 0.1))
        if self._random.random() < 0.3:
            return str(self._random.choice(NONSENSE))[:200]
        return str(self.value(schema))


def pick_or_nonsense(source: random.Random, good: list[str], share: float) -> Any:
    return source.choice(NONSENSE if source.random() < share else good)


@pytest.fixture(scope="module")
def document(anyone):
    return anyone.get("/openapi.json", expect=200).body


@pytest.fixture(scope="module")
def ids(user):
    """Ids of everything there is a kind of, so that most requests find something."""
    sekda = user("sekda")
    letter = register(user("tu.setda"), ["sekda"])
    found = [letter["letter_id"], task_of(sekda, letter["letter_id"])["task_id"]]
    found += [sekda.post("/letters", draft_of(sekda), expect=201)["letter_id"]]
    for path, name in (
        ("/positions?q=asisten", "position_id"),
        ("/units?limit=3", "unit_id"),
        ("/activities?limit=3", "activity_id"),
        ("/resources?limit=2", "resource_id"),
        ("/notifications?limit=2", "notification_id"),
        ("/letters?limit=3", "letter_id"),
    ):
        found += [item[name] for item in sekda.get(path, expect=200)["items"]]
    return found


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_nonsense_gets_a_documented_answer(user, document, ids, seed):
    maker = Maker(seed, document, ids)
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if operation["operationId"] not in SKIPPED:
                api = user("sekda" if seed % 2 else "staf.hukum")
                _send(api, maker, method.upper(), path, operation)


def _send(api, maker, method, path, operation):
    query = {}
    for parameter in operation["parameters"]:
        name, schema = parameter["name"], parameter["schema"]
        if parameter["in"] == "path":
            value = maker.parameter(name, schema)
            path = path.replace(f"{{{name}}}", _path_safe(value))
        elif parameter["in"] == "query" and maker._random.random() < 0.4:
            query[name] = maker.parameter(name, schema)
    more = {}
    if content := operation.get("requestBody", {}).get("content"):
        if "application/json" in content:
            more["json"] = maker.spoilt(content["application/json"]["schema"])
        else:
            (kind,) = content
            more |= {"data": maker.file(), "headers": {"Content-Type": kind}}
    if method in ("PATCH", "PUT"):
        more["headers"] = {"If-Match": f'"{maker._random.randint(1, 3)}"'}

    answer = api.request(method, path, params=query, **more)

    assert answer.status < 500, (method, path, query, more, answer.raw[:500])


def _path_safe(text: str) -> str:
    """One segment, never empty: else it is another path."""
    return quote(text.strip() or "-", safe="")
