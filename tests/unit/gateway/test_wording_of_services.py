"""What services refuse, beside a field of a form: in the words of the API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
import pytest

from contracts import codec, directory, letters, schedule_requests
from contracts.errors import Invalid
from contracts.fields import Instant, Line
from gateway.api.v1.validation import check_body

Meta = msgspec.Meta


def refused(kind: Any, value: Any) -> list[dict[str, str]]:
    with pytest.raises(Invalid) as caught:
        codec.load(kind, value)
    return list(caught.value.errors)


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        (Annotated[str, Meta(min_length=18)], "1", "Sedikitnya 18 karakter."),
        (Annotated[str, Meta(max_length=3)], "1234", "Paling banyak 3 karakter."),
        (Annotated[list[int], Meta(min_length=2)], [1], "Sedikitnya 2."),
        (Annotated[list[int], Meta(max_length=1)], [1, 2], "Paling banyak 1."),
        (Annotated[int, Meta(ge=1)], 0, "Sedikitnya 1."),
        (Annotated[float, Meta(le=1.5)], 2.5, "Paling banyak 1.5."),
        (Annotated[int, Meta(multiple_of=5)], 3, "Bentuknya tidak sesuai."),
        (Line, "", "Wajib diisi."),
        (Line, "a\tb", "Bentuknya tidak sesuai."),
        (str, None, "Harus berupa teks."),
        (int | None, "a", "Harus berupa bilangan bulat."),
        (list[int], "a", "Harus berupa daftar."),
        (dict[str, int], 1, "Harus berupa objek."),
        (bool, 1, "Harus berupa true atau false."),
        (Literal["a", "b"], "c", "Bukan pilihan yang dikenal."),
        (UUID, "x", "Bukan pengenal yang sah."),
        (UUID, 1, "Bukan pengenal yang sah."),
        (date, "kemarin", "Tulis tanggal yang ada, misalnya 2026-11-24."),
        (
            Instant,
            "2026-11-24T09:00:00",
            "Tulis waktu dengan zonanya, misalnya 2026-11-24T09:00:00+08:00.",
        ),
        (
            datetime | None,
            "x",
            "Tulis waktu dengan zonanya, misalnya 2026-11-24T09:00:00+08:00.",
        ),
    ],
)
def test_a_service_refuses_a_field_in_plain_words(kind, value, message):
    part = msgspec.defstruct("Part", [("field", kind)])
    assert refused(part, {"field": value}) == [{"field": "/field", "message": message}]


def test_absent_and_unknown_fields_are_named():
    assert refused(letters.VoidLetter, {}) == [
        {"field": "/reason", "message": "Wajib diisi."}
    ]
    assert refused(letters.VoidLetter, {"reason": "a", "x": 1}) == [
        {"field": "/x", "message": "Isian ini tidak dikenal."}
    ]


def test_a_structs_own_words_stay():
    value = {"starts_at": "0001-01-02T00:00:00Z"}
    assert refused(schedule_requests.UpdateActivity, value) == [
        {"field": "/starts_at", "message": "Tanggal di luar jangkauan"}
    ]


@pytest.mark.parametrize("value", [{"nip": "1"}, {"degrees_before": ""}])
def test_the_portal_and_the_api_say_the_same(value):
    with pytest.raises(Invalid) as caught:
        check_body(directory.UpdatePerson, value)
    assert refused(directory.UpdatePerson, value) == list(caught.value.errors)
