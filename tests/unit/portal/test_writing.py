"""The text of a letter: what is typed comes back as typed, and nothing else does."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.portal.writing import to_html, to_text

ALLOWED = re.compile(
    r"</?(p|br|strong|em|ul|ol|li|table|tbody|tr|th|td)>|&(amp|lt|gt);"
)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Satu\ndua\n\nTiga", "<p>Satu<br>dua</p><p>Tiga</p>"),
        (
            "**tebal** *miring*",
            "<p><strong>tebal</strong> <em>miring</em></p>",
        ),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        (
            "1. a\n  - b\n2. c\n  lanjut",
            "<ol><li>a<ul><li>b</li></ul></li><li>c<br>lanjut</li></ol>",
        ),
        (
            "Pembuka:\n1. a",
            "<p>Pembuka:</p><ol><li>a</li></ol>",
        ),
        (
            "| Nama | Jabatan |\n| --- | --- |\n| A | B \\| C |",
            (
                "<table><tbody><tr><th>Nama</th><th>Jabatan</th></tr>"
                "<tr><td>A</td><td>B | C</td></tr></tbody></table>"
            ),
        ),
        (
            "| a | b |\n| c |",
            (
                "<table><tbody><tr><td>a</td><td>b</td></tr>"
                "<tr><td>c</td><td></td></tr></tbody></table>"
            ),
        ),
        ("1\\. bukan butir", "<p>1. bukan butir</p>"),
        ("", ""),
    ],
)
def test_what_is_typed_becomes_paragraphs_lists_and_tables(text, html):
    assert to_html(text) == html
    assert to_html(to_text(html)) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Ya/Tidak*) dan Ada/Tidak*)", "<p>Ya/Tidak*) dan Ada/Tidak*)</p>"),
        ("** tanpa pasangan", "<p>** tanpa pasangan</p>"),
        ("2 < 3 & 4", "<p>2 &lt; 3 &amp; 4</p>"),
        ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>"),
    ],
)
def test_signs_that_mean_nothing_stay_what_they_are(text, html):
    assert to_html(text) == html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<div>a<br>b</div><div><br></div>c", "a\nb\n\nc"),
        ("<b>a</b><i>b</i><b><i>c</i> d</b>", "**a***b**c*** **d**"),
        ("<ul><li><p>x</p><p>y</p></li></ul>", "- x\n  y"),
        ("<p>hi <a href=j onclick=k>there</a></p>", "hi there"),
        ("<script>alert(1)</script><p>x</p>", "x"),
        ("<p>2*3</p>", "2\\*3"),
        ("<p>- bukan butir</p>", "\\- bukan butir"),
        ("<p>a <b> b </b>c</p>", "a **b** c"),
        ("<table><tr><td>a<br>b</td><td></td></tr></table>", "| a\\nb |  |"),
    ],
)
def test_html_of_an_editor_is_read_for_its_text_alone(html, text):
    assert to_text(html) == text


@given(st.text(alphabet="a1 *-|.\\<&\n", max_size=60))
def test_any_text_becomes_harmless_html_that_comes_back_the_same(text):
    html = to_html(text)
    assert "<" not in ALLOWED.sub("", html)
    again = to_html(to_text(html))
    assert to_html(to_text(again)) == again
    assert _words(again) == _words(html)


def _words(html: str) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", html))


def test_reading_takes_time_in_proportion_to_the_length():
    for part in ("*", "**a ", "*a ", "| ", "1. ", "<b>", "\\"):
        html = to_html(part * 20_000)
        assert to_text(html) or not html
