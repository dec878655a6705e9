"""A block of the board moved by mouse, finger and keys, its collisions shown before."""

from __future__ import annotations

from datetime import datetime, timedelta

from playwright.sync_api import Locator, Page, expect

from tests.browser.api import Api, Row, some_day
from tests.browser.visits import Size, Visit, Visits


def board_of(visits: Visits, day: datetime, size: Size = "desk", **how: bool) -> Visit:
    path = f"/jadwal?tanggal={day.date().isoformat()}"
    visit = visits.open(path, as_="protokol", size=size, **how)
    expect(visit.page.locator("#papan .ec-event").first).to_be_visible()
    return visit


def block(page: Page, activity: Row) -> Locator:
    return page.locator(f'#papan [data-activity="{activity["activity_id"]}"]').first


def drag(page: Page, tile: Locator, hours: float, *, drop: bool = True) -> None:
    """By hours, seen from its own width of two."""
    box = tile.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 8, y, steps=2)
    page.mouse.move(x + hours * box["width"] / 2, y, steps=6)
    if drop:
        page.mouse.up()


class Finger:
    """One finger on the glass, as the browser gets it from the device."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._glass = page.context.new_cdp_session(page)

    def put(self, tile: Locator) -> None:
        box = tile.bounding_box()
        assert box
        self._x, self._y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self._touch("touchStart", {"x": self._x, "y": self._y})

    def slide(self, across: float, down: float = 0) -> None:
        for step in range(1, 9):
            at = {"x": self._x + across * step / 8, "y": self._y + down * step / 8}
            self._touch("touchMove", at)
        self._x, self._y = at["x"], at["y"]

    def lift(self) -> None:
        self._touch("touchEnd")

    def _touch(self, kind: str, *points: dict[str, float]) -> None:
        body = {"type": kind, "touchPoints": [*points]}
        self._glass.send("Input.dispatchTouchEvent", body)


def begins(api: Api, activity: Row) -> datetime:
    found = api.get("protokol", f"/activities/{activity['activity_id']}")
    return datetime.fromisoformat(found["starts_at"])


def test_dragging_shows_who_is_busy_and_a_drop_asks_before_it_moves(
    visits: Visits, api: Api
) -> None:
    day = some_day()
    taken = api.book("Rapat Paripurna DPRD", day, 9)
    mine = api.book("Audiensi pemuda", day, 13)
    visit = board_of(visits, day)
    page, bar = visit.page, visit.page.locator("[data-moving]")
    drag(page, block(page, mine), -3, drop=False)
    expect(bar).to_contain_text("10.00–12.00")
    expect(bar).to_contain_text("Bentrok")
    expect(bar).to_contain_text(taken["title"])
    expect(page.locator("#papan .ec-bg-event.busy").first).to_be_visible()
    expect(block(page, mine)).to_have_attribute("data-going", "bad")
    expect(block(page, mine)).to_contain_text("10.00–12.00")
    visits.picture(visit, "geser-bentrok")
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(bar).to_be_hidden()
    assert begins(api, mine) == datetime.fromisoformat(mine["starts_at"])
    drag(page, block(page, mine), 1)
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_role("heading", name="Geser kegiatan")).to_be_visible()
    expect(sheet).to_contain_text("14.00–16.00")
    expect(sheet).to_contain_text("Yang diberi tahu")
    visits.picture(visit, "geser-pasti")
    assert begins(api, mine) == datetime.fromisoformat(mine["starts_at"])
    sheet.get_by_role("button", name="Pindahkan ke").click()
    expect(page.get_by_text("Waktu diubah menjadi")).to_be_visible()
    assert begins(api, mine) - datetime.fromisoformat(mine["starts_at"]) == timedelta(
        hours=1
    )
    assert not visit.complaints


def test_keys_do_the_same(visits: Visits, api: Api) -> None:
    day = some_day()
    api.book("Rapat Paripurna DPRD", day, 9)
    mine = api.book("Audiensi pemuda", day, 11)
    visit = board_of(visits, day, dark=True)
    page, bar = visit.page, visit.page.locator("[data-moving]")
    block(page, mine).focus()
    page.keyboard.press("ArrowLeft")
    expect(bar).to_contain_text("10.45–12.45")
    expect(bar).to_contain_text("Bentrok")
    visits.picture(visit, "geser-papan-tombol")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(bar).to_contain_text("Semua kosong")
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="Pindahkan ke")
    expect(button).to_be_visible()
    page.keyboard.press("Escape")
    expect(block(page, mine)).to_be_focused()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    button.click()
    expect(page.get_by_text("Waktu diubah menjadi")).to_be_visible()
    assert begins(api, mine) - datetime.fromisoformat(mine["starts_at"]) == timedelta(
        minutes=30
    )
    assert not visit.complaints


def test_who_was_faster_is_shown_with_other_times(visits: Visits, api: Api) -> None:
    day = some_day()
    mine = api.book("Audiensi pemuda", day, 13)
    visit = board_of(visits, day)
    page = visit.page
    drag(page, block(page, mine), 2)
    button = page.get_by_role("button", name="Pindahkan ke")
    expect(button).to_be_visible()
    api.book("Rapat mendadak", day, 15)
    button.click()
    expect(page.get_by_role("heading", name="Waktu ini bentrok")).to_be_visible()
    expect(page.get_by_label("Yang bentrok")).to_contain_text("Rapat mendadak")
    visits.picture(visit, "geser-keduluan")
    page.get_by_role("region", name="Waktu lain").get_by_role("link").first.click()
    page.get_by_role("button", name="Pindahkan ke").click()
    expect(page.get_by_text("Waktu diubah menjadi")).to_be_visible()
    assert begins(api, mine) != datetime.fromisoformat(mine["starts_at"])
    assert not visit.complaints


def test_a_week_moves_by_days(visits: Visits, api: Api) -> None:
    day = some_day()
    day -= timedelta(days=day.weekday())
    api.book("Rapat Paripurna DPRD", day + timedelta(days=1), 9)
    mine = api.book("Audiensi pemuda", day, 9)
    path = f"/jadwal/pekan?tanggal={day.date().isoformat()}"
    visit = visits.open(path, as_="protokol", size="desk")
    page, bar = visit.page, visit.page.locator("[data-moving]")
    block(page, mine).focus()
    page.keyboard.press("ArrowRight")
    expect(bar).to_contain_text("Rapat Paripurna DPRD")
    expect(page.locator("#papan .ec-bg-event.busy")).to_have_count(1)
    visits.picture(visit, "geser-pekan")
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    drag(page, block(page, mine), 4)  # two widths: two days
    page.get_by_role("button", name="Pindahkan ke").click()
    expect(page.get_by_text("Waktu diubah menjadi")).to_be_visible()
    assert begins(api, mine) - datetime.fromisoformat(mine["starts_at"]) == timedelta(
        days=2
    )
    assert not visit.complaints
    phone = visits.open(path, as_="protokol").page
    expect(phone.get_by_role("link", name="Audiensi pemuda")).to_be_visible()
    expect(phone.locator("#papan")).to_be_hidden()


def test_a_finger_that_rests_takes_the_block_and_a_swipe_scrolls(
    visits: Visits, api: Api
) -> None:
    day = some_day()
    taken = api.book("Rapat Paripurna DPRD", day, 9)
    mine = api.book("Audiensi pemuda", day, 13)
    api.book("Ronda malam", day, 22)  # the board is wider than the glass
    visit = board_of(visits, day, "tablet")
    page, bar = visit.page, visit.page.locator("[data-moving]")
    finger, tile = Finger(page), block(page, mine)
    hour = (tile.bounding_box() or {})["width"] / 2
    scrolled = "document.querySelector('#papan .ec-main').scrollLeft"
    at_first = page.evaluate(scrolled)
    finger.put(tile)
    finger.slide(-hour)
    finger.lift()
    page.wait_for_function(f"{scrolled} > {at_first} + 10")
    page.wait_for_timeout(700)  # longer than a finger has to rest
    expect(bar).to_be_hidden()
    page.evaluate(f"{scrolled} = {at_first}")
    at_first = page.evaluate(scrolled)
    finger.put(tile)
    expect(bar).to_contain_text("Waktu semula")
    finger.slide(-3 * hour)
    expect(bar).to_contain_text("10.00–12.00")
    expect(bar).to_contain_text("Bentrok")
    expect(bar).to_contain_text(taken["title"])
    assert page.evaluate(scrolled) == at_first
    visits.picture(visit, "geser-jari")
    finger.slide(4 * hour)
    expect(bar).to_contain_text("14.00–16.00")
    expect(bar).to_contain_text("Semua kosong")
    finger.lift()
    sheet = page.get_by_role("dialog")
    expect(sheet).to_contain_text("14.00–16.00")
    assert begins(api, mine) == datetime.fromisoformat(mine["starts_at"])
    sheet.get_by_role("button", name="Pindahkan ke").tap()
    expect(page.get_by_text("Waktu diubah menjadi")).to_be_visible()
    assert begins(api, mine) - datetime.fromisoformat(mine["starts_at"]) == timedelta(
        hours=1
    )
    block(page, mine).tap()
    page.wait_for_url("**/kegiatan/*")
    assert not visit.complaints


def test_resting_without_moving_asks_nothing(visits: Visits, api: Api) -> None:
    day = some_day()
    mine = api.book("Audiensi pemuda", day, 13)
    visit = board_of(visits, day, "tablet", dark=True)
    page, bar = visit.page, visit.page.locator("[data-moving]")
    finger = Finger(page)
    finger.put(block(page, mine))
    expect(bar).to_contain_text("Waktu semula")
    finger.lift()
    expect(bar).to_be_hidden()
    page.wait_for_timeout(300)
    assert page.get_by_role("dialog").count() == 0
    assert "/jadwal?" in page.url
    assert not visit.complaints


def test_a_phone_has_the_same_day_without_a_board(visits: Visits, api: Api) -> None:
    day = some_day()
    api.book("Audiensi pemuda", day, 13)
    for path in ("/jadwal", "/jadwal/pekan"):
        address = f"{path}?tanggal={day.date().isoformat()}"
        visit = visits.open(address, as_="protokol")
        expect(visit.page.locator("#papan")).to_be_hidden()
        link = visit.page.get_by_role("link", name="Audiensi pemuda")
        finger = Finger(visit.page)
        finger.put(link)
        visit.page.wait_for_timeout(700)
        expect(visit.page.locator("[data-moving]")).to_be_hidden()
        finger.lift()
        assert not visit.complaints


def test_what_reaches_over_midnight_moves_with_both_ends(
    visits: Visits, api: Api
) -> None:
    day = some_day()
    start = day.replace(hour=22, minute=0, second=0, microsecond=0)
    ends = {"ends_at": (start + timedelta(hours=4)).isoformat()}
    mine = api.book("Siaga banjir", day, 22, **ends)
    visit = board_of(visits, day)
    page, bar = visit.page, visit.page.locator("[data-moving]")
    tile = block(page, mine)
    tile.scroll_into_view_if_needed()
    drag(page, tile, -3, drop=False)  # half of it is cut off: an hour is half its width
    expect(bar).to_contain_text("19.00–23.00")
    grown = tile.bounding_box() or {}
    visits.picture(visit, "geser-malam")
    page.keyboard.press("Escape")
    page.mouse.up()
    back = tile.bounding_box() or {}
    assert abs(grown["width"] - 2 * back["width"]) < 4
    drag(page, tile, 1)
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_role("button", name="Pindahkan ke")).to_contain_text("23.00")
    sheet.get_by_role("button", name="Pindahkan ke").click()
    expect(page.get_by_text("Waktu diubah menjadi")).to_be_visible()
    found = api.get("protokol", f"/activities/{mine['activity_id']}")
    moved = [datetime.fromisoformat(found[name]) for name in ("starts_at", "ends_at")]
    assert moved == [start + timedelta(hours=1), start + timedelta(hours=5)]
    # The next day shows its end, and the keys move it from there.
    visit = board_of(visits, day + timedelta(days=1))
    page, bar = visit.page, visit.page.locator("[data-moving]")
    block(page, mine).focus()
    page.keyboard.press("ArrowLeft")
    expect(bar).to_contain_text("22.45")
    expect(bar).to_contain_text("02.45")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Pindahkan ke").click()
    expect(page.get_by_text("Waktu diubah menjadi")).to_be_visible()
    found = api.get("protokol", f"/activities/{mine['activity_id']}")
    moved = [datetime.fromisoformat(found[name]) for name in ("starts_at", "ends_at")]
    assert moved == [start + timedelta(minutes=45), start + timedelta(minutes=285)]
    assert not visit.complaints
