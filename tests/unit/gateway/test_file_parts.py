"""Ranges and widths, apart from HTTP."""

from __future__ import annotations

import pytest

from gateway.files.naming import disposition
from gateway.files.pages import WIDTHS, step
from gateway.files.ranges import Unsatisfiable, wanted


@pytest.mark.parametrize(
    ("header", "part"),
    [
        (None, None),
        ("bytes=0-0", (0, 1)),
        ("bytes=2-", (2, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=-99", (0, 10)),
        ("bytes=3-99", (3, 10)),
        ("bytes=-", None),
        ("bytes=9-1", None),
        ("bytes=1-2,5-6", None),
        ("bytes=" + "9" * 400 + "-", None),
    ],
)
def test_one_range_or_the_whole(header, part):
    assert wanted(header, 10) == part


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_a_range_that_lies_outside(header):
    with pytest.raises(Unsatisfiable):
        wanted(header, 10)


def test_widths_are_rounded_up_to_kept_ones():
    assert step(120) == 120
    assert step(121) == 240
    assert step(1600) == WIDTHS[-1]


def test_a_name_cannot_leave_its_header():
    header = disposition('a"; filename="evil.exe\r\nX: y\u2028.pdf', inline=False)

    assert header.startswith("attachment; ")
    assert header.count('"') == 2
    assert "\r" not in header
    assert "\n" not in header
