"""What a letter's text may hold, and that nothing else gets through."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contracts.errors import Invalid
from services.letters.documents import richtext


def test_paragraphs_lists_tables_bold_and_italic_stay() -> None:
    html = (
        "<p>Satu <b>dua <i>tiga</i></b></p><ol><li>a<ul><li>b</li></ul></li></ol>"
        "<table><tbody><tr><th>K</th><td>1<br>2</td></tr></tbody></table>"
    )

    assert richtext.clean(html) == html


def test_their_tree_is_plain_data() -> None:
    html = (
        "<p>Satu <b>dua <i>tiga</i></b></p><ol><li>a<ul><li>b</li></ul></li></ol>"
        "<table><tr><th>K</th><td><p>1</p><p>2</p></td></tr></table>"
    )

    found = richtext.blocks(richtext.clean(html))

    assert found == [
        {"p": [["Satu ", ""], ["dua ", "b"], ["tiga", "bi"]]},
        {
            "list": [
                [{"p": [["a", ""]]}, {"list": [[{"p": [["b", ""]]}]], "ordered": False}]
            ],
            "ordered": True,
        },
        {
            "table": [
                [
                    {"runs": [["K", ""]], "head": True},
                    {"runs": [["1", ""], ["\n", ""], ["2", ""]], "head": False},
                ]
            ],
            "widths": [4, 4],
        },
    ]


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>Teks",
        "<p onclick=x style='color:red'>Teks</p>",
        "<a href='javascript:alert(1)'>Teks</a>",
        "<img src=x onerror=alert(1)>Teks",
        "<style>p{}</style><svg><script>1</script></svg>Teks",
        "<iframe src=//evil></iframe>Teks",
    ],
)
def test_what_could_run_or_load_is_gone_and_the_text_stays(html: str) -> None:
    cleaned = richtext.clean(html)

    assert "Teks" in cleaned
    assert not any(
        bad in cleaned.lower()
        for bad in ("script", "onclick", "onerror", "href", "src", "style", "alert")
    )


def test_what_turns_the_direction_of_text_or_is_unseen_is_gone() -> None:
    assert richtext.clean("<p>1\u202e2\u200b3\x004\u2066</p>") == "<p>1234</p>"
    assert richtext.plain(" a\u202eb\n c\x07 ") == "ab c"


@pytest.mark.parametrize(
    "html",
    [
        "x" * (richtext.MOST_CHARACTERS + 1),
        "<b>" * 60_000,
        "<div>" * 35_000,
        "<ul><li>" * 20_000,
        "<table><tr><td>" * 10_000,
        "<blockquote>" * 15_000,
        "<table><tr>" + "<td>1</td>" * 13 + "</tr></table>",
        "<table>" + "<tr><td>1</td><td>2</td></tr>" * 3_100 + "</table>",
        "<table><tr><td>1<td>2</tr></table>" + "<p>&amp;</p>" * 20_000,
    ],
)
def test_too_long_too_deep_or_too_wide_is_refused_with_the_field(html: str) -> None:
    with pytest.raises(Invalid) as refused:
        richtext.clean(html)

    assert refused.value.errors[0]["field"] == "/body_html"


_PIECES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<i>",
        "<em>",
        "</strong>",
        "<ul>",
        "<ol>",
        "<li>",
        "</ul>",
        "<table>",
        "<tr>",
        "<td>",
        "<th>",
        "</table>",
        "</td>",
        "<br>",
        "<script>",
        "</script>",
        "<div>",
        "<!--",
        "-->",
        "<a",
        "href=x>",
        "&",
        "&lt;",
        "&#60;",
        "#",
        "$",
        "*",
        "_",
        "\\",
        "`",
        "@",
        "[",
        "]",
        "(",
        ")",
        "{",
        "}",
        "<",
        ">",
        '"',
        "'",
        "/",
        "a",
        "1",
        "\x00",
        "\u202e",
        "é",
        "漢",
        "<svg>",
        "<math>",
        "<template>",
        "<title>",
        "<textarea>",
        "<plaintext>",
        "<select>",
        "<caption>",
        "<colgroup>",
    ]
)


@example("<p> <select> <p>")
@given(st.lists(_PIECES, max_size=40).map(" ".join))
def test_whatever_comes_in_only_the_allowed_comes_out(html: str) -> None:
    try:
        cleaned = richtext.clean(html)
    except Invalid:
        return

    assert richtext.clean(cleaned) == cleaned  # clean stays clean
    assert _tags(richtext.blocks(cleaned)) <= {"p", "list", "table"}


def _tags(found: list[dict[str, Any]]) -> set[str]:
    names: set[str] = set()
    for block in found:
        names |= block.keys() & {"p", "list", "table"}
        for item in block.get("list", ()):
            names |= _tags(item)
    return names
