"""Files that come in the form of a draft, as a page without scripts sends it."""

from __future__ import annotations

from uuid import UUID

import pytest
from aiohttp import FormData, MultipartWriter

from gateway.csrf import token_for
from gateway.mixed import MOST_PARTS
from tests.browser.papers import broken, readable
from tests.unit.gateway.fakes import TOKEN, FakeBus, done
from tests.unit.portal.desk import LETTER, seat
from tests.unit.portal.test_outgoing_pages import FORM

NEW, DRAFT = "/surat/keluar/baru", f"/surat/{LETTER}/konsep"
SENT = str(UUID(int=0x601))


@pytest.fixture
def bus() -> FakeBus:
    made = seat(FakeBus(), "staf")
    made.answers["letters.record_file"] = lambda call: done(
        {"file_id": SENT, **call.kwargs["body"]}
    )(call)
    return made


def form(files, *, first=True, **fields) -> FormData:
    """`files`: content by the field it is in; the token before or after them."""
    data = FormData(default_to_multipart=True)
    token = ("csrf_token", token_for(TOKEN))
    if first:
        data.add_field(*token)
    for name, value in {**FORM, **fields}.items():
        data.add_field(name, value)
    for name, (filename, content) in files.items():
        data.add_field(name, content, filename=filename)
    data.add_field("keamanan", "terbatas")  # behind the files
    if not first:
        data.add_field(*token)
    return data


@pytest.fixture
async def send(portal_client):
    async def post(path, data, **headers):
        answer = await portal_client.post(
            path, data=data, headers=headers, allow_redirects=False
        )
        return answer, await answer.text()

    return post


@pytest.fixture
def paper(tmp_path) -> bytes:
    return readable(tmp_path / "peta.pdf").read_bytes()


async def test_a_file_sent_with_the_form_is_there_when_it_comes_back(send, bus, paper):
    data = form({"lampiran-kirim": ("peta.pdf", paper)}, aksi="unggah")
    answer, text = await send(NEW, data)
    assert answer.status == 200
    assert f'name="lampiran" value="{SENT}"' in text
    assert 'value="peta.pdf"' in text
    assert "Dengan &lt;b&gt;hormat&lt;/b&gt;</textarea>" in text
    assert 'value="terbatas" checked' in text
    (call,) = bus.of("record_file")
    assert call.kwargs["body"]["media_type"] == "application/pdf"
    assert not bus.of("register_letter")


async def test_a_file_chosen_before_saving_is_saved_with_it(send, bus, paper):
    data = form({"lampiran-kirim": ("peta.pdf", paper)}, aksi="simpan", versi="3")
    answer, _ = await send(DRAFT, data)
    assert answer.status == 303
    assert bus.of("correct_letter")[0].kwargs["body"]["file_ids"] == [SENT]


@pytest.mark.parametrize(
    ("filename", "content", "said"),
    [
        ("kosong.pdf", b"", "kosong.pdf: Jenis berkas tidak diterima. Kirim PDF."),
        ("a.exe", b"MZ\0\0", "a.exe: Jenis berkas tidak diterima. Kirim PDF."),
        ("besar.pdf", b"%PDF-" + b"0" * (26 << 20), "besar.pdf: Lebih dari 25 MB."),
        ("rusak.pdf", None, "rusak.pdf: Terkunci kata sandi atau rusak."),
    ],
)
async def test_a_refused_file_is_named_and_nothing_typed_is_lost(
    send, bus, tmp_path, filename, content, said
):
    if content is None:
        content = broken(tmp_path / filename).read_bytes()
    data = form({"lampiran-kirim": (filename, content)}, aksi="simpan")
    answer, text = await send(NEW, data)
    assert answer.status == 422
    assert said in text
    assert "Dengan &lt;b&gt;hormat&lt;/b&gt;</textarea>" in text
    assert 'value="terbatas" checked' in text
    assert not bus.of("record_file") + bus.of("register_letter")


async def test_a_field_of_files_left_empty_is_nothing(send, bus):
    answer, _ = await send(NEW, form({"lampiran-kirim": ("", b"")}, aksi="simpan"))
    assert answer.status == 303
    assert not bus.of("record_file")


async def test_a_file_is_taken_off_without_scripts(send, bus):
    fields = {"lampiran": SENT, f"nama-{SENT}": "peta.pdf", "aksi": f"lepas:{SENT}"}
    answer, text = await send(NEW, form({}, **fields))
    assert answer.status == 200
    assert SENT not in text


@pytest.mark.parametrize("first", [True, False])
async def test_nothing_of_a_forged_form_is_received(send, bus, paper, first):
    data = form({"lampiran-kirim": ("peta.pdf", paper)}, first=first, aksi="simpan")
    site = "cross-site" if first else "same-origin"
    answer, _ = await send(NEW, data, **{"Sec-Fetch-Site": site})
    assert answer.status == 403
    assert not bus.of("record_file") + bus.of("register_letter")


@pytest.mark.parametrize(
    "body",
    [b"", b"no boundary at all", b"--x\r\n\r\n", b"--x\r\nContent-Disposition: form-d"],
)
async def test_a_form_that_is_none_is_refused_not_a_failure(send, bus, body):
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    answer, _ = await send(NEW, body, **kind, **{"X-CSRF-Token": token_for(TOKEN)})
    assert answer.status in (400, 422)
    assert not bus.of("register_letter")


async def test_a_form_within_a_form_is_refused(send, bus):
    outer = MultipartWriter("form-data")
    outer.append(MultipartWriter("mixed"))
    answer, _ = await send(NEW, outer, **{"X-CSRF-Token": token_for(TOKEN)})
    assert answer.status == 400


def part_of(name, head="", value="") -> bytes:
    start = f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n{head}'
    return f"{start}\r\n{value}\r\n".encode()


OF_PARTS = {"Content-Type": "multipart/form-data; boundary=x"}
TOKEN_FIRST = part_of("csrf_token", value=token_for(TOKEN))


@pytest.mark.parametrize(
    "head",
    [
        "no colon here\r\n",
        f"X-Long: {'y' * 20_000}\r\n",
        "".join(f"X-{number}: y\r\n" for number in range(2_000)),
        "X-Nul: \x00\r\n",
    ],
)
async def test_a_part_with_an_odd_head_is_refused_not_a_failure(send, bus, head):
    body = TOKEN_FIRST + part_of("perihal", head, "Rapat") + b"--x--\r\n"
    answer, _ = await send(NEW, body, **OF_PARTS)
    assert answer.status == 400
    assert not bus.of("register_letter")


async def test_empty_parts_without_end_are_too_many(send, bus):
    body = TOKEN_FIRST + part_of("perihal") * (MOST_PARTS + 1) + b"--x--\r\n"
    answer, text = await send(NEW, body, **OF_PARTS)
    assert answer.status == 413
    assert "Isian lebih dari 1 MB" in text
    assert not bus.of("register_letter")
