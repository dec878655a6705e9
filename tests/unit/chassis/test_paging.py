"""Cursors: opaque, and whatever a stranger makes of one is refused."""

from __future__ import annotations

import base64

import pytest

from contracts.errors import Invalid
from contracts.paging import decode_cursor, encode_cursor


def test_a_cursor_comes_back_as_it_was() -> None:
    assert decode_cursor(encode_cursor("Balai Rakyat", 3), tuple[str, int]) == (
        "Balai Rakyat",
        3,
    )


@pytest.mark.parametrize("raw", [b"", b"{}", b'["a", 1]', b'["a\\u0000"]', b"[1"])
def test_a_made_up_cursor_is_refused_before_it_reaches_a_store(raw: bytes) -> None:
    with pytest.raises(Invalid):
        decode_cursor(base64.urlsafe_b64encode(raw).decode(), tuple[str])
