"""Files in and out through the real worker process and a real folder of blobs."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import os
import time
import uuid
from pathlib import Path

import aiohttp
import pytest
from PIL import Image

from contracts.errors import NotFound
from gateway import keys
from gateway.app import create_app
from gateway.config import GatewayConfig
from tests.integration.gateway import samples
from tests.integration.gateway.conftest import wait_until
from tests.unit.gateway.fakes import TOKEN, FakeBus, done

LETTER = f"/api/v1/letters/{uuid.uuid4()}/files/{uuid.uuid4()}"
AUTH = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def blobs(tmp_path) -> Path:
    return tmp_path / "blobs"


@pytest.fixture
def spool(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "spool"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.fixture
def fake_bus() -> FakeBus:
    bus = FakeBus()
    bus.answers["letters.record_file"] = lambda call: done(
        {"file_id": str(uuid.uuid4()), **call.kwargs["body"]}
    )(call)
    return bus


@pytest.fixture
async def api(aiohttp_client, blobs, spool, fake_bus):
    config = GatewayConfig(
        amqp_uri="", blob_url=f"file://{blobs}", file_limit=2 * 1024 * 1024
    )
    return await aiohttp_client(create_app(config, bus=fake_bus))


async def upload(api, content, **headers):
    return await api.post("/api/v1/files", data=content, headers={**AUTH, **headers})


def kept(blobs) -> list[Path]:
    return [path for path in blobs.rglob("*") if path.is_file()]


async def code_of(response, status) -> str:
    assert response.status == status, await response.text()
    return json.loads(await response.text())["code"]


@pytest.mark.parametrize(
    ("content", "media_type", "pages", "ending"),
    [
        (samples.pdf(3), "application/pdf", 3, "pdf"),
        (samples.image("PNG"), "image/png", 1, "png"),
        (samples.image("JPEG"), "image/jpeg", 1, "jpg"),
        (samples.docx(), "wordprocessingml.document", None, "docx"),
        (samples.xlsx(), "spreadsheetml.sheet", None, "xlsx"),
        (samples.odt(), "opendocument.text", None, "odt"),
    ],
    ids=["pdf", "png", "jpeg", "docx", "xlsx", "odt"],
)
async def test_a_file_is_judged_by_its_content(
    api, blobs, spool, content, media_type, pages, ending
):
    response = await upload(
        api, content, **{"Content-Type": "text/plain", "X-Filename": "surat.exe"}
    )

    assert response.status == 201
    file = json.loads(await response.text())
    assert file["media_type"].endswith(media_type)
    assert file["page_count"] == pages
    assert file["size_bytes"] == len(content)
    assert file["sha256"] == hashlib.sha256(content).hexdigest()
    assert file["filename"] == f"surat.exe.{ending}"
    assert [path.read_bytes() for path in kept(blobs)] == [content]
    assert list(spool.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 415, "unsupported_media_type"),
        (b"MZ\x90\x00 %PDF-1.4", 415, "unsupported_media_type"),
        (b"<html>%PDF-", 415, "unsupported_media_type"),
        (b"plain text", 415, "unsupported_media_type"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), 415, "unsupported_media_type"),
        (samples.container({"a.txt": "x"}), 415, "unsupported_media_type"),
        (samples.docx(**{"word/vbaProject.bin": b"x"}), 415, "unsupported_media_type"),
        (samples.container({"mimetype": "x", "content.xml": "x"}), 415,
         "unsupported_media_type"),
        (b"%PDF-1.7\nnothing follows", 422, "unreadable_file"),
        (samples.pdf()[:120], 422, "unreadable_file"),
        (samples.encrypted_pdf(), 422, "unreadable_file"),
        (samples.locked_pdf(), 422, "unreadable_file"),
        (samples.image("PNG")[:60], 422, "unreadable_file"),
        (samples.docx()[:60], 422, "unreadable_file"),
    ],
)  # fmt: skip
async def test_what_is_refused_leaves_nothing_behind(
    api, blobs, spool, fake_bus, content, status, code
):
    response = await upload(api, content, **{"Content-Type": "application/pdf"})

    assert await code_of(response, status) == code
    assert kept(blobs) == []
    assert list(spool.iterdir()) == []
    assert fake_bus.of("record_file") == []


async def test_a_file_beyond_the_limit_is_refused_early_and_late(api, blobs, spool):
    async def endless():
        for _ in range(80):
            yield b"x" * 64 * 1024

    told = await upload(api, b"x" * (5 * 1024 * 1024))
    untold = await upload(api, endless())

    assert await code_of(told, 413) == "too_large"
    assert await code_of(untold, 413) == "too_large"
    assert kept(blobs) == []
    assert list(spool.iterdir()) == []


async def test_an_aborted_upload_leaves_nothing_behind(api, blobs, spool, fake_bus):
    async def broken():
        yield samples.pdf()[:50]
        await wait_until(lambda: any(spool.iterdir()))
        raise OSError("the train entered a tunnel")

    with pytest.raises((aiohttp.ClientError, OSError)):
        await upload(api, broken())

    await wait_until(lambda: not any(spool.iterdir()))
    assert kept(blobs) == []
    assert fake_bus.of("record_file") == []


async def test_the_same_content_again_makes_its_blob_young_again(api, blobs):
    pdf = samples.pdf()
    await upload(api, pdf)
    (blob,) = kept(blobs)
    os.utime(blob, (1, 1))

    await upload(api, pdf)

    assert time.time() - blob.stat().st_mtime < 60


async def test_a_form_is_taken_as_well(api, fake_bus):
    form = aiohttp.FormData()
    form.add_field("file", samples.pdf(), filename="../../etc/Undangan ü.PDF")

    response = await api.post("/api/v1/files", data=form, headers=AUTH)

    assert response.status == 201
    name = fake_bus.of("record_file")[0].kwargs["body"]["filename"]
    assert name == "Undangan ü.pdf"


@pytest.mark.parametrize("field", ["other", None])
async def test_a_form_without_the_file_is_malformed(api, field):
    if field:
        form = aiohttp.FormData({field: io.BytesIO(b"x")})
        response = await api.post("/api/v1/files", data=form, headers=AUTH)
    else:
        kind = {"Content-Type": "multipart/form-data"}
        response = await upload(api, b"x", **kind)

    assert await code_of(response, 400) == "malformed"


async def test_a_part_with_an_odd_head_is_malformed(api):
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"\r\nno colon\r\n\r\nx\r\n'
    )
    response = await upload(api, body, **kind)

    assert await code_of(response, 400) == "malformed"


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("surat.pdf", "surat.pdf"),
        ("..%2F..%2Fetc%2Fpasswd", "passwd.pdf"),
        ("C:\\temp\\a.pdf", "a.pdf"),
        ("%E2%80%AEfdp.exe", "fdp.exe.pdf"),
        ("a%0D%0AX-Evil: 1", "aX-Evil 1.pdf"),
        ("", "berkas.pdf"),
        (".pdf", "berkas.pdf"),
        ("x" * 500, "x" * 120 + ".pdf"),
    ],
)
async def test_a_name_is_made_harmless(api, fake_bus, given, name):
    await upload(api, samples.pdf(), **{"X-Filename": given})

    assert fake_bus.of("record_file")[0].kwargs["body"]["filename"] == name


# ---- out -------------------------------------------------------------------------


@pytest.fixture
async def stored(api, fake_bus):
    """A file of a letter that Alice may see."""
    content = samples.pdf(2)
    response = await upload(api, content, **{"X-Filename": "Undangan%20%C3%BC.pdf"})
    file = json.loads(await response.text())
    fake_bus.answers["letters.get_letter_file"] = lambda _: file
    return content


async def test_the_bytes_come_back_with_a_safe_name(api, stored):
    response = await api.get(LETTER, headers=AUTH)

    assert response.status == 200
    assert await response.read() == stored
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Length"] == str(len(stored))
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Disposition"] == (
        "inline; filename=\"Undangan u.pdf\"; filename*=UTF-8''Undangan%20%C3%BC.pdf"
    )


async def test_a_head_has_the_same_headers_and_no_body(api, stored):
    response = await api.head(LETTER, headers=AUTH)

    assert response.headers["Content-Length"] == str(len(stored))
    assert await response.read() == b""


@pytest.mark.parametrize(
    ("asked", "part", "status"),
    [
        ("bytes=0-9", slice(0, 10), 206),
        ("bytes=10-", slice(10, None), 206),
        ("bytes=-7", slice(-7, None), 206),
        ("bytes=0-999999", slice(0, None), 206),
        ("bytes=5-2", slice(0, None), 200),
        ("bytes=0-1,4-5", slice(0, None), 200),
        ("lines=1-2", slice(0, None), 200),
    ],
)
async def test_a_range_is_honoured(api, stored, asked, part, status):
    response = await api.get(LETTER, headers={**AUTH, "Range": asked})

    assert response.status == status
    assert await response.read() == stored[part]
    if status == 206:
        assert response.headers["Content-Range"].endswith(f"/{len(stored)}")


@pytest.mark.parametrize("asked", ["bytes=999999-", "bytes=-0"])
async def test_a_range_outside_is_416(api, stored, asked):
    response = await api.get(LETTER, headers={**AUTH, "Range": asked})

    assert response.status == 416
    assert response.headers["Content-Range"] == f"bytes */{len(stored)}"


async def test_a_known_file_is_304_and_a_stale_range_is_whole(api, stored):
    tag = (await api.get(LETTER, headers=AUTH)).headers["ETag"]

    same = await api.get(LETTER, headers={**AUTH, "If-None-Match": tag})
    whole = await api.get(
        LETTER, headers={**AUTH, "Range": "bytes=0-1", "If-Range": '"old"'}
    )

    assert same.status == 304
    assert whole.status == 200


async def test_a_file_nobody_may_know_is_404_before_any_byte(api, fake_bus):
    def hidden(_call):
        raise NotFound

    fake_bus.answers["letters.get_letter_file"] = hidden

    assert await code_of(await api.get(LETTER, headers=AUTH), 404) == "not_found"
    page = await api.get(f"{LETTER}/pages/1", headers=AUTH)
    assert await code_of(page, 404) == "not_found"


async def test_a_page_is_painted_once_in_the_next_kept_width(api, stored, blobs):
    first, second = await asyncio.gather(
        *(api.get(f"{LETTER}/pages/2?width=350", headers=AUTH) for _ in range(2))
    )

    assert first.headers["Content-Type"] == "image/webp"
    picture = Image.open(io.BytesIO(await first.read()))
    assert (picture.format, picture.width) == ("WEBP", 360)
    assert await second.read() == await first.read()
    pages = [path for path in kept(blobs) if "pages" in path.parts]
    assert [path.name for path in pages] == ["2@360.webp"]

    tag = first.headers["ETag"]
    same = await api.get(
        f"{LETTER}/pages/2?width=350", headers={**AUTH, "If-None-Match": tag}
    )
    assert same.status == 304


@pytest.mark.parametrize("page", ["0", "3", "-1", "x", "1.5", "99999999999"])
async def test_a_page_that_is_not_there_is_404(api, stored, page):
    response = await api.get(f"{LETTER}/pages/{page}", headers=AUTH)

    assert await code_of(response, 404) == "not_found"


@pytest.mark.parametrize("width", ["119", "1601", "wide", "9e9"])
async def test_a_width_out_of_bounds_is_422(api, stored, width):
    response = await api.get(f"{LETTER}/pages/1?width={width}", headers=AUTH)

    assert await code_of(response, 422) == "invalid"


async def test_the_worker_is_started_again_after_it_died(api, stored):
    workshop = api.app[keys.WORKSHOP]
    workshop._process.kill()
    await workshop._process.wait()

    response = await api.get(f"{LETTER}/pages/1?width=120", headers=AUTH)

    assert response.status == 200


async def test_a_worker_that_hangs_is_killed_and_the_next_job_is_done(
    api, stored, tmp_path
):
    workshop = api.app[keys.WORKSHOP]
    workshop._job_seconds = 0.3
    workshop._process.send_signal(19)  # stopped: it answers nothing

    hung = await api.get(f"{LETTER}/pages/1?width=120", headers=AUTH)
    workshop._job_seconds = 15
    again = await api.get(f"{LETTER}/pages/1?width=120", headers=AUTH)

    assert await code_of(hung, 422) == "unreadable_file"
    assert again.status == 200
