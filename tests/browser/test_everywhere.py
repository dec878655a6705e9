"""What must be true of every page: readable by machines, no sideways scroll."""

from __future__ import annotations

import secrets
from functools import partial
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser import drafts
from tests.browser.api import Api, some_day
from tests.browser.visits import SIZES, Size, Visit, Visits

NARROW: tuple[Size, ...] = ("small", "phone")  # ends as it began
EXCESS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PARTS = 3  # of the pages, so that none outlasts a test's time on a busy machine
# Tentative, so that no other test meets a taken time.
_WEEKLY = {"state": "tentative", "recurrence": {"rrule": "FREQ=WEEKLY;COUNT=2"}}


@pytest.fixture(scope="module")
def addresses(api: Api) -> dict[str, tuple[str | None, str]]:
    """Name of a page → who opens it, and where; all of them have something on."""
    start = some_day().replace(hour=9, minute=0)
    api.habit("Camat Semua Halaman")
    letter = api.register(
        "Laporan kerusakan jembatan gantung dan permohonan penanganan darurat",
        number="600.1/214/KEC-LKS/2026",
        sender={"name": "Camat Semua Halaman"},
    )
    task = api.get("bupati", f"/tasks?letter_id={letter['letter_id']}")["items"][0]
    invited = api.register(
        "Undangan rapat koordinasi",
        kind="undangan",
        invitation={"starts_at": start.isoformat(), "place": "Aula Ramu"},
    )
    asked = api.get("bupati", f"/tasks?letter_id={invited['letter_id']}")["items"][0]
    moving = api.register("Sedang berjalan", sender={"name": "Camat Daha Selatan"})
    given = api.dispose("bupati", moving, _recipients(api))
    ended = api.register("Sudah berakhir")
    api.post("bupati", f"/letters/{ended['letter_id']}/close", {"outcome": "noted"})
    handover = {"to_position_id": api.position("bupati")}
    sent = f"/letters/{moving['letter_id']}/handovers"
    paper = api.post("tu.setda", sent, handover)["handover_id"]
    activity = api.book("Rapat untuk dilihat", some_day(), 9)
    weekly = api.book("Apel pekanan", some_day(60, 600), 7, **_WEEKLY)
    tasks, letters = f"/tugas/{task['task_id']}", f"/surat/{letter['letter_id']}"
    return {
        "masuk": (None, "/masuk"),
        "beranda": ("bupati", "/"),
        "surat-daftar": ("bupati", "/surat"),
        "surat": ("bupati", letters),
        "posisi": ("bupati", f"/surat/{moving['letter_id']}/posisi"),
        "disposisi": ("bupati", f"{tasks}/disposisi"),
        "lapor": ("sekda", f"/tugas/{given['tasks'][0]['task_id']}/lapor"),
        "tenggat": ("bupati", f"/tugas/{given['tasks'][0]['task_id']}/tenggat"),
        "kehadiran": ("bupati", f"/tugas/{asked['task_id']}/kehadiran"),
        "tutup": ("bupati", f"{letters}/tutup"),
        "perbaiki": ("tu.setda", f"{letters}/perbaiki"),
        "sifat": ("bupati", f"{letters}/sifat"),
        "alihkan": ("tu.setda", f"{letters}/alihkan"),
        "buka-lagi": ("bupati", f"/surat/{ended['letter_id']}/buka-lagi"),
        "serah": ("tu.setda", f"{letters}/serah"),
        "terima": ("bupati", f"/surat/{moving['letter_id']}/serah/{paper}"),
        "mengetahui": ("wabup", "/?saring=mengetahui"),
        "cari": ("bupati", "/surat?q=jembatan&urgensi=segera"),
        "cari-kosong": ("bupati", "/surat?q=tidakadakatanya&kotak=unit"),
        "diberikan": ("bupati", "/diberikan"),
        "ikhtisar": ("bupati", "/ikhtisar"),
        "meja": ("tu.setda", "/meja"),
        "buku-agenda": ("tu.setda", "/buku-agenda"),
        "buku": ("tu.setda", _book_of(letter)),
        "retensi": ("tu.setda", "/retensi?tahap=tanpa-jadwal"),
        "retensi-aturan": ("admin", "/retensi/aturan"),
        "nomor-kabupaten": ("admin", "/nomor/kabupaten"),
        **_outgoing(api),
        "agenda": ("bupati", f"/agenda/{activity['starts_at'][:10]}"),
        "agenda-pekan": ("bupati", f"/agenda/{activity['starts_at'][:10]}/pekan"),
        "agenda-bulan": ("bupati", f"/agenda/{activity['starts_at'][:10]}/bulan"),
        "jadwal": ("protokol", f"/jadwal?tanggal={activity['starts_at'][:10]}"),
        "jadwal-pekan": (
            "protokol",
            f"/jadwal/pekan?tanggal={activity['starts_at'][:10]}",
        ),
        "jadwal-geser": ("protokol", _moved(activity)),
        "cari-waktu": ("protokol", _search(api, activity)),
        "agenda-publik": (None, "/agenda-publik"),
        "kegiatan": ("protokol", f"/kegiatan/{activity['activity_id']}"),
        "kegiatan-deret": ("protokol", f"/kegiatan/{weekly['activity_id']}/batalkan"),
        "kegiatan-tetapkan": (
            "protokol",
            f"/kegiatan/{weekly['activity_id']}/tetapkan",
        ),
        "kegiatan-aturan": ("protokol", f"/kegiatan/{weekly['activity_id']}/aturan"),
        "kegiatan-waktu": ("protokol", f"/kegiatan/{weekly['activity_id']}/waktu"),
        "kegiatan-baru": ("protokol", "/kegiatan/baru"),
        "kalender-impor": ("bupati", "/kalender/impor"),
        "kalender": ("bupati", "/kalender"),
        "ruang": ("tu.setda", "/ruang"),
        "ruang-persetujuan": ("tu.setda", "/ruang/persetujuan"),
        "ruang-baru": ("tu.setda", "/ruang/baru"),
        **_lent(api),
        "beban": ("bupati", "/beban"),
        "bentrok": ("protokol", "/bentrok"),
        **_requests(api),
        "pemberitahuan": ("bupati", "/pemberitahuan?saring=semua"),
        "lainnya": ("bupati", "/lainnya"),
        "tidak-ada": ("bupati", "/surat/0"),
    }


def _moved(activity: dict[str, Any]) -> str:
    """The sheet that asks before a block of the board moves."""
    begins = f"{activity['starts_at'][:10]}T14:00"
    return f"/kegiatan/{activity['activity_id']}/geser?mulai={begins}"


def _search(api: Api, activity: dict[str, Any]) -> str:
    """A time for three offices on the day that already has something on."""
    day = activity["starts_at"][:10]
    offices = "&".join(
        f"peserta={api.position(one)}" for one in ("bupati", "wabup", "sekda")
    )
    return f"/cari-waktu?{offices}&dari={day}&sampai={day}&lama=60&jam=ya"


def _requests(api: Api) -> dict[str, tuple[str | None, str]]:
    """An agency asks for the regent's time."""
    start = some_day().replace(hour=14, minute=0, second=0, microsecond=0)
    body = {
        "title": "Audiensi untuk dijawab",
        "kind": "audiensi",
        "starts_at": start.isoformat(),
        "organiser_unit_id": api.get("kadis.kominfo", "/me")["positions"][0]["unit_id"],
        "state": "proposed",
        "participants": [{"position_id": api.position("bupati"), "role": "host"}],
    }
    asked = api.post("kadis.kominfo", "/activities", body)["activity_id"]
    return {
        "permintaan": ("bupati", "/permintaan"),
        "permintaan-dari-saya": ("kadis.kominfo", "/permintaan?kotak=dari-saya"),
        "permintaan-pindah": ("bupati", f"/permintaan/{asked}?cara=pindah"),
        "permintaan-tolak": ("bupati", f"/permintaan/{asked}?cara=tolak"),
    }


def _lent(api: Api) -> dict[str, tuple[str | None, str]]:
    """A room whose keeper is asked for all dates of a series, and a calendar's address."""
    keeper = "kadis.kominfo"
    room = {
        "code": f"lihat.{secrets.token_hex(4)}",
        "name": "Ruang rapat untuk dilihat",
        "kind": "room",
        "unit_id": api.get(keeper, "/me")["positions"][0]["unit_id"],
        "needs_approval": True,
    }
    room_id = api.post(keeper, "/resources", room)["resource_id"]
    day, wanted = some_day(60, 600), {**_WEEKLY, "resource_ids": [room_id]}
    asked = api.book("Rapat di ruang lain", day, 7, **wanted)
    feed = {"position_id": api.position(keeper), "detail": "busy"}
    feed_id = api.post(keeper, "/calendar-feeds", feed)["feed_id"]
    return {
        "ruang-menunggu": (keeper, "/ruang/persetujuan"),
        "ruang-diminta": (keeper, f"/kegiatan/{asked['activity_id']}"),
        "ruang-ubah": (keeper, f"/ruang/{room_id}/ubah"),
        "ruang-tutup": (keeper, f"/ruang/{room_id}/tutup"),
        "kalender-cabut": (keeper, f"/kalender/{feed_id}/cabut"),
    }


def _book_of(letter: dict[str, object]) -> str:
    return f"/buku-agenda/{letter['register_unit_id']}/{letter['agenda_year']}"


def _outgoing(api: Api) -> dict[str, tuple[str | None, str]]:
    """Pages and sheets of outgoing letters, each for whose turn it is."""
    asked = f"/surat/{drafts.submitted(api, 'Menunggu paraf')['letter_id']}"
    ready = f"/surat/{drafts.ready(api, 'Menunggu tanda tangan')['letter_id']}"
    signed = f"/surat/{drafts.signed(api, 'Menunggu dikirim')['letter_id']}"
    written = drafts.drafted(api, "Masih ditulis")
    (person,) = api.get("admin", "/people?q=kadis.kominfo")["items"]
    return {
        "keluar": (drafts.SIGNER, "/surat/keluar"),
        "keluar-daftar": (drafts.DRAFTER, "/surat/keluar?kotak=diperiksa"),
        "keluar-baru": (drafts.DRAFTER, "/surat/keluar/baru"),
        "keluar-surat": (drafts.INITIALLER, asked),
        "keluar-perbaikan": (drafts.INITIALLER, f"{asked}/perbaikan"),
        "keluar-riwayat": (drafts.DRAFTER, f"{asked}/riwayat"),
        "keluar-teken": (drafts.SIGNER, f"{ready}/tandatangani"),
        "keluar-siap-kirim": (drafts.DRAFTER, f"{signed}/kirim"),
        "keluar-ubah": (drafts.DRAFTER, f"/surat/{written['letter_id']}/konsep"),
        "pejabat": ("admin", "/pejabat?q=kominfo"),
        "pejabat-isi": ("admin", f"/pejabat/{person['person_id']}"),
        "nomor": ("tu.setda", "/nomor"),
        "nomor-pesan": ("tu.setda", "/nomor/pesan"),
    }


def _recipients(api: Api) -> list[dict[str, object]]:
    return [
        {"position_id": api.position("sekda"), "role": "handle", "instructions": []},
        {"position_id": api.position("wabup"), "role": "inform", "instructions": []},
    ]


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize(("size", "dark"), [("phone", False), ("desk", True)])
def test_no_page_has_a_barrier_that_a_machine_can_find(
    visits: Visits,
    addresses: dict[str, tuple[str | None, str]],
    size: Size,
    dark: bool,
    part: int,
) -> None:
    """Nor does one scroll sideways on a phone, even a small one."""
    found = {}
    wide = {}
    rounds = _Rounds(visits, size, dark=dark)
    for name, (who, path) in list(addresses.items())[part::PARTS]:
        visit = rounds.go(who, path)
        visit.page.wait_for_timeout(150)
        visits.picture(visit, f"{name}-{size}{'-gelap' if dark else ''}")
        result = Axe().run(visit.page, options=RULES)
        if result.violations_count:
            found[name] = result.generate_report()
        assert not visit.complaints, name
        wide |= _too_wide(visits, visit, name) if size == "phone" else {}
    assert not found, "\n".join(f"{name}: {text}" for name, text in found.items())
    assert not wide


@pytest.mark.parametrize(("size", "dark"), [("phone", False), ("desk", True)])
def test_a_rule_that_is_tried_has_no_barrier(
    visits: Visits, api: Api, size: Size, dark: bool
) -> None:
    weekly = api.book("Apel yang pindah hari", some_day(60, 600), 7, **_WEEKLY)
    path = f"/kegiatan/{weekly['activity_id']}/aturan"
    visit = visits.open(path, as_="protokol", size=size, dark=dark)
    page = visit.page
    page.get_by_label("Sampai tanggal").fill(
        f"{some_day(60, 600).year + 2}-01-01"  # two years of weeks are many dates
    )
    page.locator("label", has_text="Minggu").click()
    page.get_by_role("button", name="Periksa aturan ini").click()

    expect(page.get_by_role("button", name="Simpan aturan ini")).to_be_visible()
    expect(page.locator("dt", has_text="Baru")).to_be_visible()
    visits.picture(visit, f"kegiatan-aturan-dicoba-{size}{'-gelap' if dark else ''}")
    result = Axe().run(page, options=RULES)
    assert not result.violations_count, result.generate_report()
    assert not visit.complaints
    assert not (_too_wide(visits, visit, "aturan-dicoba") if size == "phone" else {})


class _Rounds:
    """One window a person, which goes from page to page as his does."""

    def __init__(self, visits: Visits, size: Size, *, dark: bool) -> None:
        self._open = partial(visits.open, size=size, dark=dark)
        self._address = visits.address
        self._of: dict[str | None, Visit] = {}

    def go(self, who: str | None, path: str) -> Visit:
        if who not in self._of:
            self._of[who] = self._open(path, as_=who)
        else:
            self._of[who].page.goto(self._address(path), wait_until="load")
        return self._of[who]


def _too_wide(visits: Visits, visit: Visit, name: str) -> dict[tuple[str, Size], int]:
    """By how many pixels, at each of the narrow widths."""
    wide = {}
    for size in NARROW:
        width, height = SIZES[size]
        visit.page.set_viewport_size({"width": width, "height": height})
        if (excess := visit.page.evaluate(EXCESS)) > 0:
            wide[name, size] = excess
            visits.picture(visit, f"lebar-{name}-{size}")
    return wide


def test_a_page_is_small_enough_for_a_slow_line(visits: Visits) -> None:
    visit = visits.open("/", as_="bupati")
    sizes = visit.page.evaluate(
        "performance.getEntries().filter(e => 'encodedBodySize' in e)"
        ".map(e => [e.name, e.encodedBodySize])"
    )
    assert sum(size for _, size in sizes) < 150_000, sizes
    expect(visit.page.locator("h1")).to_be_visible()
