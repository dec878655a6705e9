"""The text of files over HTTP: read in the background, found by its words, guarded."""

from __future__ import annotations

import secrets

from tests.e2e.scenes import eventually, register
from tests.unit.letters import scans

PLAIN = {"Accept": "text/plain"}


def test_a_page_is_served_as_text_and_finds_its_letter(user):
    registrar, regent = user("tu.setda"), user("bupati")
    word = f"jembatan{secrets.token_hex(4)}"
    content = scans.pdf(f"Kerusakan {word} gantung", "Halaman kedua")
    file = registrar.upload(content, "lapor.pdf", "application/pdf", expect=201)
    letter = register(registrar, ["bupati"], file_ids=[file["file_id"]])
    path = f"/letters/{letter['letter_id']}/files/{file['file_id']}/pages"

    def ready():
        found = regent.get(f"{path}/1/text", expect=200)
        assert found["state"] in ("pending", "ready")
        return found if found["state"] == "ready" else None

    found = eventually(ready)
    assert found.body == {
        "file_id": file["file_id"],
        "page": 1,
        "text": f"Kerusakan {word} gantung",
        "source": "text_layer",
        "state": "ready",
    }
    plain = regent.get(f"{path}/2/text", headers=PLAIN, expect=200)
    assert plain.raw.decode() == "Halaman kedua"
    assert plain.headers["Content-Type"].startswith("text/plain")
    assert plain.headers["X-Text-State"] == "ready"

    (hit,) = regent.get(f"/letters?q={word}", expect=200)["items"]
    assert hit["letter_id"] == letter["letter_id"]
    assert (hit["match"]["on"], hit["match"]["page"]) == ("file", 1)
    assert [part["text"] for part in hit["match"]["snippet"] if part["found"]] == [word]

    stranger = user("kadis.pupr")
    assert stranger.get(f"/letters?q={word}", expect=200)["items"] == []
    for address in (f"{path}/1/text", f"{path}/3/text"):
        stranger.get(address, expect=404)
    for wrong in ("0", "-1", "3", "x", "1" * 40, "%00"):
        regent.get(f"{path}/{wrong}/text", expect=404)
    regent.get(f"{path}/1/text?width=2", expect=422)


def test_hostile_words_are_answered_or_refused(user):
    regent = user("bupati")
    for words in ('"', "-", "or or", "((", "':*", "%25", "a" * 200, "-a" * 100):
        assert regent.get(f"/letters?q={words}").status == 200, words
    for words in ("x" * 5_000, "a%00b", "a%0Ab"):
        assert regent.get(f"/letters?q={words}").status == 422, words[:20]
