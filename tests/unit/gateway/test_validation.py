"""Structs against what callers send: which fields are named, in which words."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

import msgspec
import pytest

from contracts.errors import Invalid
from contracts.fields import Instant, Line, Part, Request
from gateway.api.v1.operation import OneOf
from gateway.api.v1.validation import check_body

ZERO = UUID(int=0)


class Colour(StrEnum):
    RED = "merah"
    BLUE = "biru"


class Inner(Part, kw_only=True):
    code: Literal["x", "y"]
    note: str | None = None


class Outer(Request, kw_only=True):
    colour: Colour
    at: Instant | None = None
    ids: Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=2)] = (
        msgspec.field(default_factory=lambda: [ZERO])
    )
    inner: Inner | None = None
    count: Annotated[int, msgspec.Meta(ge=1, le=9)] = 1
    flag: bool = False


def errors_of(value):
    with pytest.raises(Invalid) as caught:
        check_body(Outer, value)
    return {each["field"]: each["message"] for each in caught.value.errors}


@pytest.mark.parametrize(
    ("value", "field", "message"),
    [
        ({}, "/colour", "Wajib diisi."),
        ({"colour": "hijau"}, "/colour", "Pilih salah satu: biru, merah."),
        ({"colour": 5}, "/colour", "Pilih salah satu: biru, merah."),
        ({"colour": "biru", "count": 0}, "/count", "Sedikitnya 1."),
        ({"colour": "biru", "count": 1.5}, "/count", "Harus berupa bilangan bulat."),
        ({"colour": "biru", "count": True}, "/count", "Harus berupa bilangan bulat."),
        ({"colour": "biru", "flag": "ya"}, "/flag", "Harus berupa true atau false."),
        ({"colour": "biru", "flag": None}, "/flag", "Harus berupa true atau false."),
        ({"colour": "biru", "ids": []}, "/ids", "Sedikitnya 1."),
        ({"colour": "biru", "ids": "a"}, "/ids", "Harus berupa daftar."),
        ({"colour": "biru", "ids": ["a"]}, "/ids/0", "Bukan pengenal yang sah."),
        ({"colour": "biru", "inner": []}, "/inner", "Harus berupa objek."),
        ({"colour": "biru", "inner": {"code": "z"}}, "/inner/code", "Pilih salah satu: x, y."),
        ({"colour": "biru", "inner": {"code": "x", "note": 1}}, "/inner/note", "Harus berupa teks."),
        ({"colour": "biru", "a/b~c": 1}, "/a~1b~0c", "Isian ini tidak dikenal."),
        ({"colour": "biru", "at": "2026-02-30T09:00:00+08:00"}, "/at",
         "Tulis waktu dengan zonanya, misalnya 2026-11-24T09:00:00+08:00."),
        ({"colour": "biru", "at": "0001-01-01T00:00:00+08:00"}, "/at",
         "Tanggal di luar jangkauan"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_in_plain_words(value, field, message):
    assert errors_of(value) == {field: message}


def test_a_good_body_passes():
    check_body(Outer, {"colour": "biru", "inner": {"code": "x"}, "at": None})


def test_a_huge_wrong_body_names_its_first_wrong_field_quickly():
    value = {"colour": "biru", "ids": ["x"] * 300_000}

    assert list(errors_of(value)) == ["/ids"] or list(errors_of(value)) == ["/ids/0"]


def test_a_line_break_at_the_end_is_no_part_of_a_line():
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert("Undangan\n", Line)


class Coming(Request, kw_only=True):
    way: Literal["in"]
    sender: Line


class Going(Request, kw_only=True):
    way: Literal["out"]
    signer: UUID


BOTH = OneOf("way", (("in", Coming), ("out", Going)))


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        ({"way": "in", "sender": "x"}, set()),
        ({"way": "out", "signer": str(ZERO)}, set()),
        ({"way": "out"}, {"/signer"}),
        ({"way": "in"}, {"/sender"}),
        ({"way": "in", "sender": "x", "signer": str(ZERO)}, {"/signer"}),
        ({}, {"/way", "/sender"}),
        ({"way": "up", "signer": 1}, {"/way"}),
        ({"way": None}, {"/way"}),
        ({"way": []}, {"/way"}),
    ],
)
def test_a_body_of_several_kinds_is_checked_as_the_kind_it_claims(value, fields):
    found = set()
    try:
        check_body(BOTH, value)
    except Invalid as error:
        found = {each["field"] for each in error.errors}
    assert found == fields
