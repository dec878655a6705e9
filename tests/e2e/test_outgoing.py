"""An outgoing letter over HTTP: drafted, initialled, signed, sent, received."""

from __future__ import annotations

import io
from datetime import datetime

import psycopg2
import pytest
import requests
from pyhanko.pdf_utils.reader import PdfFileReader

from tests.e2e.conftest import PASSWORD
from tests.e2e.outgoing import draft_of
from tests.e2e.scenes import ZONE, Listener, eventually, real_pdf

NOBODY = "0198f000-0000-7000-8000-00000000dead"


def step(api, letter_id):
    items = api.get("/reviews?limit=200", expect=200)["items"]
    return next((one["step"] for one in items if one["letter_id"] == letter_id), None)


def test_the_whole_way_of_a_letter(user, url):
    drafter, kominfo = user("kabag.kesra"), user("kadis.kominfo")
    asisten, sekda = user("asisten.1"), user("sekda")
    registrar, dinkes = user("tu.setda"), user("kadis.dinkes")

    # Drafted, looked at, submitted.
    made = drafter.post("/letters", draft_of(drafter), expect=201)
    letter_id, path = made["letter_id"], f"/letters/{made['letter_id']}"
    assert (made["state"], made["agenda_number"]) == ("draft", None)
    preview = drafter.get(f"{path}/number-preview", expect=200)
    assert preview["provisional"]
    sheet = drafter.get(f"{path}/preview.pdf", expect=200)
    assert sheet.raw.startswith(b"%PDF")
    tag = drafter.get(path, expect=200).headers["ETag"]
    changed = drafter.patch(path, {"subject": "Permintaan data"}, tag, expect=200)
    assert changed["outgoing"]["revision"] == 2

    # Coordination first, then the level under the signer; told when it is one's turn.
    with Listener(kominfo) as told:
        drafter.post(f"{path}/submit", expect=200)
        eventually(lambda: told.about(topic="task.assigned", letter_id=letter_id))
    assert step(kominfo, letter_id) == "coordinate"
    early = asisten.post(f"{path}/initials", {"decision": "approve"}, expect=409)
    assert early.code == "not_your_turn"
    kominfo.post(f"{path}/initials", {"decision": "approve"}, expect=200)
    early = sekda.post(
        f"{path}/sign", {"method": "none", "password": PASSWORD}, expect=409
    )
    assert early.code == "initials_missing"
    asisten.post(f"{path}/initials", {"decision": "approve"}, expect=200)
    assert step(sekda, letter_id) == "sign"

    # Signed: the number is fixed, the PDF final and really signed.
    signed = sekda.post(
        f"{path}/sign", {"method": "local", "password": PASSWORD}, expect=200
    )
    year = datetime.now(ZONE).year
    assert signed["number"].startswith("B/")
    assert signed["number"].endswith(f"/400.14/SETDA/{year}")
    assert signed["agenda_number"].startswith("SK/")
    final = signed["files"][0]
    pdf = sekda.get(f"{path}/files/{final['file_id']}", expect=200).raw
    assert len(PdfFileReader(io.BytesIO(pdf)).embedded_signatures) == 1
    answer = requests.get(
        f"{url}/verify/{signed['outgoing']['verify_token']}",
        headers={"Accept": "application/json"},
        timeout=15,
    )
    assert answer.status_code == 200
    assert answer.json()["number"] == signed["number"]

    # Sent: the other register has it at once, under its own number.
    assert step(registrar, letter_id) == "dispatch"
    with Listener(dinkes) as told:
        sent = registrar.post(f"{path}/dispatch", {}, expect=200)
        born_id = sent["outgoing"]["recipients"][0]["letter_id"]
        eventually(lambda: told.about(topic="task.assigned", letter_id=born_id))
    born = dinkes.get(f"/letters/{born_id}", expect=200)
    assert (born["number"], born["state"]) == (signed["number"], "registered")
    assert born["agenda_number"].startswith("SM/")
    assert born["files"][0]["sha256"] == final["sha256"]
    same = dinkes.get(f"/letters/{born_id}/files/{born['file_ids'][0]}", expect=200)
    assert same.raw == pdf
    dinkes.get(path, expect=404)  # what was drafted stays with who drafted it
    found = drafter.get(f"{path}/revisions", expect=200)["items"]
    assert [len(one["decisions"]) for one in found] == [0, 2]
    timeline = drafter.get(f"{path}/tracking", expect=200)["timeline"]
    assert [one["action"] for one in timeline] == [
        "drafted", "revised", "submitted", "initialled", "initialled", "signed",
        "dispatched",
    ]  # fmt: skip


def aged(stack, username):
    """As if the latest session of `username` had been opened half an hour ago."""
    dsn = psycopg2.extensions.parse_dsn(stack.environ["DATABASE_URL"])
    connection = psycopg2.connect(**{**dsn, "dbname": "rakat_directory"})
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "UPDATE session SET created_at = created_at - interval '30 minutes'"
            " WHERE session_id = (SELECT session_id FROM session JOIN account"
            " USING (account_id) WHERE username = %s ORDER BY session.created_at DESC"
            " LIMIT 1)",
            (username,),
        )
        assert cursor.rowcount
    connection.close()


def test_an_old_session_signs_with_the_password_and_leaves_none_behind(
    user, anyone, stack
):
    # A signer whose passwords nothing else here tries: they are counted per person.
    drafter, signer = user("kabag.kesra"), anyone.as_("asisten.1")
    aged(stack, "asisten.1")
    by = {"signer_position_id": drafter.position("asisten.1")}
    body = draft_of(drafter, initials=[], coordinators=[], **by)
    path = f"/letters/{drafter.post('/letters', body, expect=201)['letter_id']}"
    drafter.post(f"{path}/submit", expect=200)

    def refusal(**sent):
        return signer.post(f"{path}/sign", sent, expect=403).code

    assert refusal(method="local") == "reauthentication_required"
    secrets = ("sandi-yang-salah-sekali", "kunci-rahasia-tanda-tangan")
    assert refusal(method="local", password=secrets[0]) == "wrong_password"
    assert refusal(method="bsre", passphrase=secrets[1]) == "reauthentication_required"
    secret = {"method": "bsre", "passphrase": secrets[1], "password": PASSWORD}
    refused = signer.post(f"{path}/sign", secret, expect=409)
    assert refused.code == "signing_not_configured"
    signer.post(f"{path}/sign", {"method": "local", "password": PASSWORD}, expect=200)

    logs = {name: stack.log(name) for name in ("gateway", "letters", "directory")}
    assert all(logs.values())
    assert not [name for name, text in logs.items() if any(s in text for s in secrets)]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"direction": "sideways"}, "/direction"),
        ({"signer_position_id": "x"}, "/signer_position_id"),
        ({"signer_position_id": NOBODY}, "/signer_position_id"),
        ({"body_html": "<p>" + "a" * 200_001}, "/body_html"),
        ({"body_html": ""}, "/body_html"),
        ({"subject": "a\u0007b"}, "/subject"),
        ({"initials": [NOBODY]}, "/initials/0"),
        ({"recipients": []}, "/recipients"),
        ({"recipients": [{"name": "x", "x": 1}]}, "/recipients/0/x"),
        ({"file_ids": [NOBODY]}, "/file_ids/0"),
        ({"number": "1"}, "/number"),
    ],
)
def test_a_bad_draft_is_refused_by_field(user, change, field):
    drafter = user("kabag.kesra")
    answer = drafter.post("/letters", {**draft_of(drafter), **change}, expect=422)
    assert field in {one["field"] for one in answer.body["errors"]}


@pytest.mark.parametrize(
    ("act", "body", "status"),
    [
        ("submit", {"x": 1}, 422),
        ("initials", {}, 422),
        ("initials", {"decision": "maybe"}, 422),
        ("initials", {"decision": "approve", "revision": 0}, 422),
        ("sign", {"method": "seal"}, 422),
        ("sign", {"method": "none", "file_ids": [NOBODY, NOBODY]}, 422),
        ("sign", {"method": "bsre", "passphrase": ""}, 422),
        ("scan", {"file_id": "x"}, 422),
        ("dispatch", {}, 403),
        ("recall", {}, 403),
    ],
)
def test_bad_acts_on_a_letter(user, act, body, status):
    drafter, other = user("kabag.kesra"), user("asisten.1")
    made = drafter.post("/letters", draft_of(drafter), expect=201)
    other.post(f"/letters/{made['letter_id']}/{act}", body, expect=status)


def test_numbers_are_patterns_and_reservations(user, anyone):
    admin, registrar = user("admin"), user("tu.setda")
    shown = registrar.get("/number-templates?limit=200", expect=200)["items"]
    assert {one["kind"] for one in shown} >= {None, "nota_dinas", "surat_keputusan"}
    unit = next(
        one["unit_id"]
        for one in registrar.get("/units?limit=200", expect=200)["items"]
        if one["code"] == "dinkes"
    )
    good = {"pattern": "{N}/DINKES/{RM}/{Y}", "series": "dinkes"}
    body = {"unit_id": unit, "items": [good]}
    registrar.request("PUT", "/number-templates", json=body, expect=403)
    for bad in ("{X}/{N}", "{K}/{Y}"):
        wrong = {"unit_id": unit, "items": [{**good, "pattern": bad}]}
        answer = admin.request("PUT", "/number-templates", json=wrong, expect=422)
        assert answer.body["errors"][0]["field"] == "/items/0/pattern"
    put = admin.request("PUT", "/number-templates", json=body, expect=200)
    assert [one["pattern"] for one in put["items"]] == [good["pattern"]]
    keeper = user("tu.dinkes")
    today = datetime.now(ZONE).date().isoformat()
    wish = {"kind": "surat_dinas", "dated_on": today, "reason": "Terlambat"}
    path = f"/registers/{unit}/reservations"
    registrar.post(path, wish, expect=403)
    taken = keeper.post(path, wish, expect=201)
    assert taken["number"].startswith(f"{taken['seq']}/DINKES/")
    again = keeper.post(path, wish, expect=201)
    assert again["seq"] == taken["seq"] + 1
    keeper.post(path, {**wish, "dated_on": "2999-01-01"}, expect=422)
    listed = keeper.get(f"{path}?unused=true&limit=1", expect=200)
    assert listed["items"][0]["reservation_id"] == again["reservation_id"]
    assert listed["next_cursor"]
    admin.request("PUT", "/number-templates", json={**body, "items": []}, expect=200)


def test_an_uploaded_pdf_is_a_letter_too(user):
    drafter, sekda = user("kabag.kesra"), user("sekda")
    content = real_pdf("Surat keluar")
    file = drafter.upload(content, "surat.pdf", "application/pdf", expect=201)
    body = draft_of(drafter, initials=[], coordinators=[], file_ids=[file["file_id"]])
    del body["body_html"]
    path = f"/letters/{drafter.post('/letters', body, expect=201)['letter_id']}"
    drafter.post(f"{path}/submit", expect=200)
    signed = sekda.post(
        f"{path}/sign", {"method": "local", "password": PASSWORD}, expect=200
    )
    final = signed["outgoing"]["final_file_id"]
    pdf = sekda.get(f"{path}/files/{final}", expect=200).raw
    assert len(PdfFileReader(io.BytesIO(pdf)).embedded_signatures) == 1
