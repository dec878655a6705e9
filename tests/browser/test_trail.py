"""The sealed trail: read on its page, carried away, checked by a stranger's browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from chassis import clock
from chassis.config import Config
from chassis.database import Database
from services.letters.sealing import SealKey
from services.letters.unit_of_work import opener
from services.letters.use_cases import auditing
from tests.browser.api import Api, Row
from tests.browser.test_everywhere import RULES
from tests.browser.visits import Size, Visits

Forge = Callable[[Row], object]


@pytest.fixture(scope="module")
def exported(api: Api, settings: dict[str, str]) -> Row:
    """The trail of a letter that went its way, in a digest signed as if it were the
    day after tomorrow, by the same code and key as the service's own."""
    letter = api.register("Perihal keliru di jejak")
    api.dispose("bupati", letter, [_recipient(api)])
    _sign_days(settings)
    trail: Row = api.get("bupati", f"/letters/{letter['letter_id']}/audit?limit=1000")
    assert trail["anchor"]["seq"] == trail["head"]["seq"] > 1
    return trail


def _recipient(api: Api) -> Row:
    position = api.position("sekda")
    return {"position_id": position, "role": "handle", "instructions": []}


def _sign_days(settings: dict[str, str]) -> None:
    config = Config.from_env(settings)
    db = Database.of_service(config, "letters", pool_size=1)
    later = clock.now() + timedelta(days=2)
    made = True
    while made:
        with opener(db, lambda: later)() as uow:
            made = auditing.make_next(uow, SealKey(config.trail_key), later) is not None
            uow.commit()
    db.close()


def check(page: Page, folder: Path, trail: object) -> None:
    """Give the page a file, as a person chooses one."""
    path = folder / "jejak.json"
    path.write_text(trail if isinstance(trail, str) else json.dumps(trail))
    page.get_by_label("Pilih berkas jejak").set_input_files(path)
    expect(page.locator("#hasil")).not_to_have_attribute("aria-busy", "true")


# ---- in the browser of a stranger ----------------------------------------------------


def test_an_intact_trail_is_known_as_such(
    visits: Visits, exported: Row, tmp_path: Path
) -> None:
    visit = visits.open("/periksa-jejak")
    sent: list[str] = []
    visit.page.on("request", lambda request: sent.append(request.post_data or ""))
    check(visit.page, tmp_path, exported)
    result = visit.page.locator("#hasil")
    expect(result.get_by_role("heading")).to_have_text("Jejak asli dan utuh")
    expect(result).to_contain_text(exported["agenda_number"])
    expect(result).to_contain_text("sama dengan di alamat ini")
    visits.picture(visit, "periksa-jejak-utuh", whole=True)
    assert not any(sent), "the file left the device"
    assert not visit.complaints


def _drop(trail: Row) -> None:
    del trail["items"][1]


def _cut(trail: Row) -> None:
    del trail["items"][-1]


def _swap(trail: Row) -> None:
    lines = trail["items"]
    lines[1], lines[2] = lines[2], lines[1]


def _reword(trail: Row) -> None:
    trail["items"][0]["detail"]["agenda_number"] = "SM/9999/2026"


def _another_actor(trail: Row) -> None:
    trail["items"][1]["actor"]["person"]["name"] = "Orang Lain"


def _a_microsecond(trail: Row) -> None:
    at = trail["items"][0]["at"]
    stem, zone = at[:-6], at[-6:]
    whole, _, part = stem.partition(".")
    digits = str((int((part or "0").ljust(6, "0")) + 1) % 1_000_000).zfill(6)
    trail["items"][0]["at"] = f"{whole}.{digits}{zone}"


def _another_letter(trail: Row) -> None:
    trail["letter_id"] = "0198f000-0000-7000-8000-000000000000"


FORGED: tuple[tuple[Forge, int | None], ...] = (
    (_drop, 2),
    (_swap, 2),
    (_reword, 1),
    (_another_actor, 2),
    (_a_microsecond, 1),
    (_another_letter, 1),
    (_cut, None),  # the last line, as the head says
)


def test_the_first_line_that_was_forged_is_named(
    visits: Visits, exported: Row, tmp_path: Path
) -> None:
    visit = visits.open("/periksa-jejak")
    heading = visit.page.locator("#hasil").get_by_role("heading")
    for forge, line in FORGED:
        trail = json.loads(json.dumps(exported))
        forge(trail)
        check(visit.page, tmp_path, trail)
        number = line or exported["head"]["seq"]
        expect(heading).to_have_text(f"Jejak berubah pada baris {number}")
        check(visit.page, tmp_path, exported)
        expect(heading).to_have_text("Jejak asli dan utuh")
    check(visit.page, tmp_path, trail)
    visits.picture(visit, "periksa-jejak-rusak", whole=True)
    assert not visit.complaints


def test_a_digest_that_does_not_hold_is_said_apart(
    visits: Visits, exported: Row, tmp_path: Path
) -> None:
    page = visits.open("/periksa-jejak").page
    heading = page.locator("#hasil").get_by_role("heading")

    def forged(**changes: Any) -> Row:
        trail: Row = json.loads(json.dumps(exported))
        trail["anchor"]["digest"] |= changes
        return trail

    for changes in ({"letters": 1_000}, {"root": "0" * 64}, {"key_id": "0" * 16}):
        check(page, tmp_path, forged(**changes))
        expect(heading).to_have_text("Ringkasan harian tidak cocok")
    # Whoever signs with a key of his own has a signature that holds, but it is not ours.
    own = SealKey("33" * 32)
    trail = forged(public_key=own.public, key_id=own.key_id)
    one = trail["anchor"]["digest"]
    text = (
        f"rakat-trail-digest-v1\n{one['day']}\n{one['letters']}\n{one['root']}\n"
        f"{one['previous']}\n"
    )
    one["signature"] = own.sign(text)
    check(page, tmp_path, trail)
    expect(heading).to_have_text("Ringkasan harian tidak cocok")
    expect(page.locator("#hasil")).to_contain_text("diumumkan di alamat ini")
    check(page, tmp_path, {**exported, "anchor": None})
    expect(heading).to_have_text("Segel cocok, belum bertanda tangan")


def test_what_is_no_trail_is_called_so(visits: Visits, tmp_path: Path) -> None:
    visit = visits.open("/periksa-jejak")
    heading = visit.page.locator("#hasil").get_by_role("heading")
    for text in ("", "{}", "[1]", '{"items": [{}]}', "%PDF-1.7"):
        check(visit.page, tmp_path, text)
        expect(heading).to_have_text("Ini bukan berkas jejak")
    assert not visit.complaints


# ---- in the portal -----------------------------------------------------------------


def test_a_reader_opens_the_trail_and_carries_it_away(
    visits: Visits, api: Api, tmp_path: Path
) -> None:
    letter = api.register("Perihal keliru")
    visit = visits.open(f"/surat/{letter['letter_id']}/perbaiki", as_="tu.setda")
    page = visit.page
    page.get_by_label("Perihal", exact=True).fill("Perihal benar")
    page.get_by_role("button", name="Simpan perbaikan").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Perihal benar")
    page.get_by_label("Tindakan lain").tap()
    page.get_by_role("link", name="Jejak", exact=True).tap()
    expect(page.get_by_text("Jejak utuh")).to_be_visible()
    expect(page.locator("del")).to_have_text("Perihal keliru")
    expect(page.locator("ins")).to_have_text("Perihal benar")
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh jejak").tap()
    kept = tmp_path / download.value.suggested_filename
    download.value.save_as(kept)
    assert kept.name.startswith("jejak-SM-")
    page.get_by_role("link", name="Periksa berkas").tap()
    check(page, tmp_path, kept.read_text())
    heading = page.locator("#hasil").get_by_role("heading")
    expect(heading).to_have_text("Segel cocok, belum bertanda tangan")
    assert not visit.complaints


@pytest.mark.parametrize(("size", "dark"), [("phone", False), ("desk", True)])
def test_the_pages_have_no_barrier(
    visits: Visits,
    api: Api,
    exported: Row,
    tmp_path: Path,
    size: Size,
    dark: bool,
) -> None:
    look = f"{size}{'-gelap' if dark else ''}"
    trail = f"/surat/{exported['letter_id']}/jejak"
    for name, path, who in (
        ("jejak", trail, "bupati"),
        ("periksa-jejak", "/periksa-jejak", None),
    ):
        visit = visits.open(path, as_=who, size=size, dark=dark)
        if who is None:
            check(visit.page, tmp_path, exported)
        visits.picture(visit, f"{name}-{look}", whole=True)
        result = Axe().run(visit.page, options=RULES)
        assert not result.violations_count, result.generate_report()
        wide = "document.documentElement.scrollWidth > innerWidth"
        assert not visit.page.evaluate(wide)
        assert not visit.complaints
