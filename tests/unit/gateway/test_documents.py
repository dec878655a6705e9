"""PDFs made on demand, and the public page: what the gateway makes of the answers."""

from __future__ import annotations

import base64
import uuid
from typing import Any

import pytest

from contracts.errors import NotFound, TooLarge, Unavailable
from gateway.app import create_app
from gateway.config import GatewayConfig
from tests.unit.gateway.fakes import TOKEN, FakeBus

LETTER = f"/api/v1/letters/{uuid.uuid4()}"
AUTH = {"Authorization": f"Bearer {TOKEN}"}
CODE = "AbCdEfGhIjKlMnOpQrStUv"
FOUND: dict[str, Any] = {
    "verdict": "genuine",
    "number": "B/1/000.8.3.3/2026",
    "dated_on": "2026-11-20",
    "subject": "Hari kerja <script>alert(1)</script>",
    "issued_by": "Sekretariat Daerah",
    "signer": {
        "title": "Sekretaris Daerah",
        "form": "an",
        "on_behalf_of": "Bupati Hulu Sungai Selatan",
    },
    "method": "bsre",
    "signed_at": "2026-11-20T14:06:31+08:00",
    "voided_on": None,
    "sha256": "9f2c41ab7d03e6f8" + "0" * 32 + "5b1e0c77a2d438e9",
    "scan_sha256": None,
    "integrity": "intact",
    "signature_valid": True,
}
PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
DATA = {"Accept": "application/json"}


@pytest.fixture
def fake_bus() -> FakeBus:
    bus = FakeBus()
    bus.answers["letters.verify_letter"] = lambda _call: FOUND
    return bus


@pytest.fixture
async def api(aiohttp_client, tmp_path, fake_bus):
    config = GatewayConfig(amqp_uri="", blob_url=f"file://{tmp_path}/blobs")
    return await aiohttp_client(create_app(config, bus=fake_bus))


def answers(bus: FakeBus, **changes: Any) -> None:
    bus.answers["letters.verify_letter"] = lambda _call: {**FOUND, **changes}


def refuses(bus: FakeBus, error: Exception, method: str = "verify_letter") -> None:
    def raising(_call: Any) -> Any:
        raise error

    bus.answers[f"letters.{method}"] = raising


# ---- PDFs ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("disposition-sheet.pdf", "get_disposition_sheet"),
        ("preview.pdf", "get_letter_preview"),
    ],
)
async def test_a_pdf_is_shown_and_kept_by_nobody(api, fake_bus, path, method):
    content = base64.b64encode(b"%PDF-1.7 made").decode()
    found = {"filename": "lembar.pdf", "content": content, "file_id": None}
    fake_bus.answers[f"letters.{method}"] = lambda _call: found

    answer = await api.get(f"{LETTER}/{path}", headers=AUTH)

    assert answer.status == 200
    assert await answer.read() == b"%PDF-1.7 made"
    assert answer.content_type == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith('inline; filename="lembar')
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert fake_bus.of(method)[0].seconds > 20  # longer than a question


async def test_one_disposition_is_asked_for_by_its_id(api, fake_bus):
    refuses(fake_bus, NotFound(), "get_disposition_sheet")
    one = str(uuid.uuid4())

    answer = await api.get(
        f"{LETTER}/disposition-sheet.pdf?disposition_id={one}", headers=AUTH
    )

    assert answer.status == 404
    query = fake_bus.of("get_disposition_sheet")[0].kwargs["query"]
    assert query == {"disposition_id": one}


@pytest.mark.parametrize("query", ["disposition_id=x", "other=1"])
async def test_a_wrong_query_is_refused(api, query):
    answer = await api.get(f"{LETTER}/disposition-sheet.pdf?{query}", headers=AUTH)

    assert answer.status == 422


async def test_a_signed_letter_is_its_own_preview(api, fake_bus, tmp_path):
    sha256 = "ab" * 32
    blob = tmp_path / "blobs" / "blobs" / "ab" / sha256
    blob.parent.mkdir(parents=True)
    blob.write_bytes(b"%PDF-1.7 signed")
    file_id = str(uuid.uuid4())
    fake_bus.answers["letters.get_letter_preview"] = lambda _call: {
        "filename": "surat.pdf",
        "content": None,
        "file_id": file_id,
    }
    fake_bus.answers["letters.get_letter_file"] = lambda call: {
        "file_id": call.kwargs["file_id"],
        "sha256": sha256,
        "size_bytes": 15,
        "media_type": "application/pdf",
        "filename": "B-1.pdf",
    }

    answer = await api.get(f"{LETTER}/preview.pdf", headers=AUTH)

    assert await answer.read() == b"%PDF-1.7 signed"
    assert fake_bus.of("get_letter_file")[0].kwargs["file_id"] == file_id


@pytest.mark.parametrize(("error", "status"), [(TooLarge(), 413), (NotFound(), 404)])
async def test_a_refusal_is_a_problem(api, fake_bus, error, status):
    refuses(fake_bus, error, "get_letter_preview")

    answer = await api.get(f"{LETTER}/preview.pdf", headers=AUTH)

    assert answer.status == status
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("path", ["preview.pdf", "disposition-sheet.pdf"])
async def test_nobody_prints_without_logging_in(api, path):
    assert (await api.get(f"{LETTER}/{path}")).status == 401


# ---- the public page -------------------------------------------------------------


async def test_a_program_gets_the_facts(api):
    answer = await api.get(f"/verify/{CODE}", headers=DATA)

    assert answer.status == 200
    assert await answer.json() == FOUND
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Accept" in answer.headers["Vary"]


async def test_a_person_gets_a_page_with_the_verdict(api):
    answer = await api.get(f"/verify/{CODE}", headers=PAGE)
    text = await answer.text()

    assert answer.content_type == "text/html"
    assert "Surat ini asli" in text
    assert "atas nama Bupati Hulu Sungai Selatan" in text
    assert "Elektronik tersertifikasi (BSrE)" in text
    assert "Jum, 20 Nov 2026, 14.06.31 WITA" in text
    assert "9f2c 41ab 7d03 e6f8" in text
    assert "&lt;script&gt;" in text
    assert "<script>alert" not in text
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Robots-Tag"] == "noindex"


async def test_no_session_is_needed_and_none_is_looked_at(api, fake_bus):
    await api.get(f"/verify/{CODE}", headers={**PAGE, "Cookie": "rakat_session=x"})

    assert fake_bus.of("get_session") == []
    assert fake_bus.of("verify_letter")[0].context.actor is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"verdict": "changed", "integrity": "changed"}, "Berkas sudah berubah"),
        (
            {"verdict": "void", "voided_on": "2026-11-21"},
            "dibatalkan pada 21 November 2026",
        ),
        ({"method": "none", "signature_valid": None}, "di atas kertas"),
        ({"subject": None}, "hal tidak ditampilkan"),
        ({"verdict": "issued", "method": "none"}, "belum terbukti ditandatangani"),
        ({"sha256": None, "integrity": "missing", "verdict": "changed"}, "berubah"),
    ],
)
async def test_every_other_verdict_has_its_words(api, fake_bus, changes, words):
    answers(fake_bus, **changes)

    text = await (await api.get(f"/verify/{CODE}", headers=PAGE)).text()

    assert words in " ".join(text.split())


async def test_unknown_is_the_same_whatever_it_is(api, fake_bus):
    """A token nobody gave, a secret letter, an address no token can have."""
    refuses(fake_bus, NotFound())

    pages, data = [], []
    for token in (CODE, "x" * 22, "a" * 300, "%00" * 22, "..%2f..%2fetc"):
        page = await api.get(f"/verify/{token}", headers=PAGE)
        assert page.status == 404
        pages.append(await page.text())
        answer = await api.get(f"/verify/{token}", headers=DATA)
        body = await answer.json()
        data.append((answer.status, body["code"], body["detail"]))

    assert "Kode tidak dikenal" in pages[0]
    assert len(set(pages)) == 1
    assert len(set(data)) == 1


async def test_an_outage_is_not_a_verdict(api, fake_bus):
    refuses(fake_bus, Unavailable(retry_after=7))

    page = await api.get(f"/verify/{CODE}", headers=PAGE)
    text = await page.text()

    assert page.status == 503
    assert page.headers["Retry-After"] == "7"
    assert "bukan tanda bahwa surat Anda palsu" in " ".join(text.split())
    answer = await api.get(f"/verify/{CODE}", headers=DATA)
    assert (answer.status, answer.content_type) == (503, "application/problem+json")


async def test_an_address_that_asks_too_often_waits(api, fake_bus):
    statuses = [
        (await api.get(f"/verify/{CODE}", headers=DATA)).status for _ in range(31)
    ]

    assert statuses == [200] * 30 + [429]
    assert len(fake_bus.of("verify_letter")) == 30
    page = await api.get(f"/verify/{CODE}", headers=PAGE)
    assert page.status == 429
    assert int(page.headers["Retry-After"]) >= 1
    assert "Tunggu sebentar" in await page.text()


@pytest.mark.parametrize("accept", ["", "*/*", "application/json", "application/*"])
async def test_only_browsers_get_the_page(api, accept):
    answer = await api.get(f"/verify/{CODE}", headers={"Accept": accept})

    assert answer.content_type == "application/json"
