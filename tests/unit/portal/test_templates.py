"""Templates keep the strict content policy and compile."""

from __future__ import annotations

import re

import pytest

from gateway.portal import icons, rendering

NAMES = sorted(path.name for path in rendering.TEMPLATES.glob("*.html"))


@pytest.mark.parametrize("name", NAMES)
def test_a_template_compiles_and_has_no_inline_script_or_style(name):
    rendering.environment().get_template(name)
    text = (rendering.TEMPLATES / name).read_text(encoding="utf-8")
    assert not re.search(
        r"<style|\sstyle=|\son(click|change|input|submit|load|error)=|javascript:", text
    )
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)


@pytest.mark.parametrize("name", NAMES)
def test_every_form_that_posts_carries_the_token(name):
    text = (rendering.TEMPLATES / name).read_text(encoding="utf-8")
    for form in re.findall(r'<form[^>]*method="post".*?</form>', text, re.DOTALL):
        assert "csrf" in form or "_activity_state.html" in form


def test_icons_are_drawn_and_bars_filled():
    assert 'class="rk-i"' in icons.icon("bell")
    assert icons.urgency_bars(3).count("class='on'") == 3
