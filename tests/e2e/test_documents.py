"""Paper over HTTP: the disposition sheet, and whether a signed letter is genuine."""

from __future__ import annotations

import hashlib

import pytest
import requests

from tests.e2e.conftest import PASSWORD
from tests.e2e.scenes import new_letter
from tests.unit.letters.documents import pages_of, text_of


@pytest.fixture(scope="module")
def signed(user):
    """Signed with a certificate, for the regent."""
    drafter, sekda = user("kabag.kesra"), user("sekda")
    body = {
        "direction": "outgoing",
        "kind": "surat_dinas",
        "subject": "Penetapan hari kerja",
        "body_html": "<p>#panic() *bukan tebal* <b>tebal</b></p>",
        "signer_position_id": drafter.position("sekda"),
        "signing_form": "an",
        "recipients": [{"position_id": drafter.position("kadis.dinkes")}],
        "classification_code": "400.14",
        "urgency": "biasa",
        "secrecy": "biasa",
    }
    path = f"/letters/{drafter.post('/letters', body, expect=201)['letter_id']}"
    drafter.post(f"{path}/submit", expect=200)
    return sekda.post(
        f"{path}/sign", {"method": "local", "password": PASSWORD}, expect=200
    )


def test_anybody_learns_whether_a_letter_is_genuine(user, url, anyone, signed):
    path = f"/verify/{signed['outgoing']['verify_token']}"

    answer = requests.get(
        url + path, headers={"Accept": "application/json"}, timeout=20
    )
    page = requests.get(url + path, headers={"Accept": "text/html"}, timeout=20)

    anyone.contract.check("GET", path, answer)
    found = answer.json()
    assert (found["verdict"], found["integrity"]) == ("genuine", "intact")
    assert found["signature_valid"] is True
    assert found["signer"]["on_behalf_of"] == "Bupati Hulu Sungai Selatan"
    assert "Surat ini asli" in page.text
    file = signed["files"][0]
    file_path = f"/letters/{signed['letter_id']}/files/{file['file_id']}"
    pdf = user("sekda").get(file_path, expect=200).raw
    assert hashlib.sha256(pdf).hexdigest() == found["sha256"]
    text = text_of(pdf)
    assert signed["number"] in text
    assert url + path in text
    assert "#panic() *bukan tebal* tebal" in text


def test_what_nobody_issued_is_unknown(url, anyone):
    for token in ("x" * 22, "x", "%00", "..%2fadmin"):
        answer = requests.get(
            f"{url}/verify/{token}", headers={"Accept": "application/json"}, timeout=20
        )
        anyone.contract.check("GET", "/verify/x", answer)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_letter_prints_its_dispositions(user):
    registrar, bupati = user("tu.setda"), user("bupati")
    body = new_letter(registrar, ["bupati"], subject="Undangan #panic()")
    letter = registrar.post("/letters", body, expect=201)
    path = f"/letters/{letter['letter_id']}/disposition-sheet.pdf"
    blank = registrar.get(path, expect=200).raw
    line = {
        "position_id": bupati.position("sekda"),
        "role": "handle",
        "instructions": ["tindaklanjuti"],
    }
    bupati.post(
        f"/letters/{letter['letter_id']}/dispositions",
        {"recipients": [line], "note": "Untuk mata Sekda"},
        expect=201,
    )

    given = user("sekda").get(path, expect=200)
    seen = registrar.get(path, expect=200).raw
    user("kadis.dinkes").get(path, expect=404)

    assert given.headers["Content-Type"] == "application/pdf"
    assert pages_of(blank) == pages_of(given.raw) == 1
    assert "Sekretaris Daerah" not in text_of(blank)
    assert "Sekretaris Daerah" in text_of(given.raw)
    assert "Undangan #panic()" in text_of(given.raw)
    assert "Untuk mata Sekda" in text_of(given.raw)
    assert "Untuk mata Sekda" not in text_of(seen)
