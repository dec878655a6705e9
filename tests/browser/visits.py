"""Pages opened as somebody, on a phone or at a desk, with taps counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page

from tests.browser.api import Api

Size = Literal["small", "phone", "tablet", "desk"]
SIZES: dict[Size, tuple[int, int]] = {
    "small": (320, 640),
    "phone": (390, 844),
    "tablet": (1180, 820),  # lying: wide enough for the board
    "desk": (1280, 800),
}
# Every pointer that goes down and every key, on whatever page.
COUNTING = """
addEventListener("pointerdown", () => counted("pointer"), true);
addEventListener("keydown", () => counted("key"), true);
"""


@dataclass
class Counts:
    """What the visitor's hand did."""

    pointer: int = 0
    key: int = 0

    def note(self, _: Any, kind: str) -> None:
        setattr(self, kind, getattr(self, kind) + 1)


@dataclass
class Visit:
    """A page, what was done on it, and what it complained about."""

    page: Page
    counts: Counts = field(default_factory=Counts)
    complaints: list[str] = field(default_factory=list)


class Visits:
    """Opens contexts of the one browser and closes them all."""

    def __init__(self, browser: Browser, api: Api, pictures: Path) -> None:
        self._browser = browser
        self._api = api
        self._pictures = pictures
        self._contexts: list[BrowserContext] = []

    def open(
        self,
        path: str,
        *,
        as_: str | None = None,
        size: Size = "phone",
        dark: bool = False,
        scripts: bool = True,
    ) -> Visit:
        """`as_`: a demo account with a session already; None = nobody."""
        context = self._context(size, dark, scripts)
        if as_ is not None:
            token, url = self._api.token(as_), self._api.base_url
            context.add_cookies([{"name": "rakat_session", "value": token, "url": url}])
        visit = self._visit(context, scripts)
        visit.page.goto(self.address(path), wait_until="load")
        return visit

    def address(self, path: str) -> str:
        return self._api.base_url + path

    def picture(self, visit: Visit, name: str, *, whole: bool = False) -> None:
        visit.page.screenshot(path=self._pictures / f"{name}.png", full_page=whole)

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    def _context(self, size: Size, dark: bool, scripts: bool) -> BrowserContext:
        width, height = SIZES[size]
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            has_touch=size != "desk",
            is_mobile=size != "desk",
            java_script_enabled=scripts,
            locale="id-ID",
            timezone_id="Asia/Makassar",
        )
        context.set_default_timeout(15_000)
        self._contexts.append(context)
        return context

    def _visit(self, context: BrowserContext, scripts: bool) -> Visit:
        page = context.new_page()
        visit = Visit(page)
        if scripts:
            page.expose_binding("counted", visit.counts.note)
            page.add_init_script(COUNTING)
        page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        page.on("console", lambda said: _note_policy(visit, said))
        return visit


def until_shown(page: Page, row: Locator) -> None:
    """Told within a second; the page is opened anew until it is there."""
    for _ in range(20):
        if row.count():
            return
        page.wait_for_timeout(250)
        page.reload()
    raise AssertionError("it never came")


def _note_policy(visit: Visit, said: ConsoleMessage) -> None:
    """Of our own pages; Chromium's PDF viewer breaks the policy of its host."""
    is_ours = said.location["url"].startswith("http")
    if is_ours and "Content Security Policy" in said.text:
        visit.complaints.append(f"{said.location}: {said.text}")
