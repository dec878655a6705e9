"""Every row of letters over HTTP, each real answer held against the document."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.e2e.scenes import ZONE, free_hour, new_letter, real_pdf, register, task_of

FINAL = {"text": "Sudah selesai.", "final": True}
REASON = {"reason": "Bukan kewenangan kami."}


def dispose(api, letter, *lines, expect=201, **more):
    recipients = [
        {"position_id": api.position(code), "role": role} for code, role in lines
    ]
    body = {"recipients": recipients, **more}
    return api.post(f"/letters/{letter['letter_id']}/dispositions", body, expect=expect)


def act(api, task, verb, body=None, *, expect=200):
    return api.post(f"/tasks/{task['task_id']}/{verb}", body, expect=expect)


def test_registering_answers_with_all_that_was_given(user):
    registrar = user("tu.setda")
    body = new_letter(
        registrar,
        ["bupati", "sekda"],
        kind="undangan",
        copies=[registrar.position("kadis.kominfo")],
        summary="Ringkasan",
        classification_code="400.14",
        dated_on="2026-11-20",
        external_ref={"system": "srikandi", "id": "SRK-1"},
        invitation={"starts_at": free_hour().isoformat(), "place": "Aula Ramu"},
    )
    letter = registrar.post("/letters", body, expect=201)
    for name in ("number", "dated_on", "summary", "addressees", "copies", "kind"):
        assert letter[name] == body[name]
    assert letter["external_ref"] == body["external_ref"]
    assert letter["agenda_number"] == (
        f"SM/{letter['agenda_seq']:04d}/{letter['agenda_year']}"
    )
    assert letter["agenda_year"] == datetime.now(ZONE).year
    again = registrar.post("/letters", {**body, "subject": "Sama"}, expect=201)
    assert again["agenda_seq"] > letter["agenda_seq"]
    assert again["warnings"][0]["code"] == "possible_duplicate"
    assert again["warnings"][0]["letter_id"] == letter["letter_id"]
    read = registrar.get(f"/letters/{letter['letter_id']}", expect=200)
    assert read.headers["ETag"]


def test_lists_by_box_filter_and_page(user):
    registrar, bupati = user("tu.setda"), user("bupati")
    word = f"kata{free_hour():%y%m%d%H%M%S}{datetime.now(ZONE).microsecond}"
    letters = [
        register(registrar, ["bupati"], subject=f"{word} {number}")["letter_id"]
        for number in range(3)
    ]
    for query in ("box=inbox", "box=all", "state=registered", "urgency=segera"):
        found = bupati.get(f"/letters?{query}&q={word}", expect=200)["items"]
        assert [each["letter_id"] for each in found] == letters[::-1]
    today = datetime.now(ZONE).date().isoformat()
    path = f"/letters?box=registered&q={word}&from={today}&to={today}&limit=2"
    first = registrar.get(path, expect=200)
    rest = registrar.get(f"{path}&cursor={first['next_cursor']}", expect=200)
    assert len(first["items"]) + len(rest["items"]) == 3
    assert rest["next_cursor"] is None
    assert user("kadis.pupr").get(f"/letters?q={word}", expect=200)["items"] == []


def test_each_act_on_a_task(user):
    registrar, bupati, sekda = user("tu.setda"), user("bupati"), user("sekda")
    kadis = user("kadis.dinkes")
    letter = register(registrar, ["bupati"])
    path = f"/letters/{letter['letter_id']}"
    given = dispose(
        bupati, letter, ("sekda", "handle"), ("wabup", "handle"), note="Rahasia kita"
    )
    for_sekda, for_wabup = given["tasks"]
    assert for_sekda["note"] == "Rahasia kita"

    assert act(bupati, for_wabup, "withdraw")["state"] == "withdrawn"
    assert act(sekda, for_sekda, "read")["state"] == "read"
    refused = act(bupati, for_sekda, "withdraw", expect=409)
    assert (refused.code, refused["state"]) == ("already_read", "read")
    assert act(sekda, for_sekda, "accept")["state"] == "in_progress"
    assert act(sekda, for_sekda, "accept", expect=409).code == "illegal_transition"
    due = (datetime.now(ZONE) + timedelta(hours=5)).isoformat(timespec="seconds")
    sooner = {"due_at": due, "reason": "Ditunggu Bupati"}
    assert act(sekda, for_sekda, "due", sooner, expect=403)
    assert act(bupati, for_sekda, "due", sooner)["due_at"] == due

    (below,) = dispose(sekda, letter, ("kadis.dinkes", "handle"))["tasks"]
    assert act(sekda, for_sekda, "reports", FINAL, expect=409).code == "open_children"
    interim = {"text": "Sedang kami tangani.", "final": False}
    assert act(kadis, below, "reports", interim)["state"] == "in_progress"
    assert act(sekda, below, "cancel", REASON)["state"] == "cancelled"
    (below,) = dispose(sekda, letter, ("kadis.dinkes", "handle"))["tasks"]
    assert act(kadis, below, "return", REASON)["state"] == "returned"
    mine = task_of_with(sekda, letter, given_by=None)
    assert mine["role"] == "handle"
    assert act(sekda, mine, "reports", FINAL)["state"] == "completed"
    assert act(sekda, for_sekda, "reports", FINAL)["state"] == "reported"
    assert act(bupati, for_sekda, "reject", REASON)["state"] == "in_progress"
    act(sekda, for_sekda, "reports", FINAL)
    done = act(bupati, for_sekda, "approve")
    assert (done["state"], done["letter_state"]) == ("completed", "completed")
    assert [each["final"] for each in done["reports"]] == [True, True]
    assert bupati.get(path, expect=200)["state"] == "completed"
    given = bupati.get(f"/given-tasks?letter_id={letter['letter_id']}", expect=200)
    assert {each["state"] for each in given["items"]} == {"withdrawn", "completed"}


def task_of_with(api, letter, **facts):
    path = f"/tasks?letter_id={letter['letter_id']}&state=open"
    items = api.get(path, expect=200)["items"]
    return next(
        each
        for each in items
        if all(each[name] == value for name, value in facts.items())
    )


def test_what_informs_and_coordinates_is_acknowledged(user):
    bupati, wabup = user("bupati"), user("wabup")
    letter = register(user("tu.setda"), ["bupati"])
    dispose(bupati, letter, ("wabup", "inform"), ("sekda", "coordinate"))
    mine = task_of(wabup, letter["letter_id"])
    assert mine["due_at"] is None
    assert dispose(wabup, letter, ("sekda", "handle"), expect=403).code == (
        "outside_authority"
    )
    assert act(wabup, mine, "acknowledge")["state"] == "completed"
    sekda = user("sekda")
    act(sekda, task_of(sekda, letter["letter_id"]), "acknowledge")
    tracking = bupati.get(f"/letters/{letter['letter_id']}/tracking", expect=200)
    assert tracking["state"] == "completed"
    assert [each["role"] for each in tracking["informed"]] == ["inform"]


def test_void_and_close(user):
    registrar, bupati = user("tu.setda"), user("bupati")
    letter = register(registrar, ["bupati"])
    path = f"/letters/{letter['letter_id']}"
    assert registrar.post(f"{path}/void", {}, expect=422)
    void = registrar.post(f"{path}/void", {"reason": "Salah catat"}, expect=200)
    assert (void["state"], void["agenda_number"]) == ("void", letter["agenda_number"])
    refused = dispose(bupati, letter, ("sekda", "handle"), expect=409)
    assert refused.code == "illegal_transition"

    letter = register(registrar, ["bupati"])
    path = f"/letters/{letter['letter_id']}"
    dispose(bupati, letter, ("sekda", "handle"))
    assert registrar.post(f"{path}/void", {"reason": "Terlambat"}, expect=409)
    close = {"outcome": "decided", "decision": {"text": "Disetujui"}}
    assert bupati.post(f"{path}/close", close, expect=409).code == "open_tasks"
    closed = bupati.post(f"{path}/close", {**close, "force": True}, expect=200)
    assert (closed["state"], closed["outcome"]) == ("closed", "decided")
    assert closed["decision"]["text"] == "Disetujui"


def test_an_aide_prepares_the_leader_confirms_or_discards(user):
    bupati, aide = user("bupati"), user("ajudan.bupati")
    position = bupati.position("bupati")
    letter = register(user("tu.setda"), ["bupati"])
    first, second = (
        dispose(aide, letter, ("sekda", "handle"), prepared=True) for _ in range(2)
    )
    assert (first["state"], first["tasks"]) == ("prepared", [])
    waiting = bupati.get(
        f"/dispositions?state=prepared&letter_id={letter['letter_id']}"
        f"&position_id={position}",
        expect=200,
    )
    assert len(waiting["items"]) == 2
    path = f"/dispositions/{first['disposition_id']}"
    assert aide.post(f"{path}/confirm", expect=403)
    assert bupati.post(f"{path}/confirm", expect=200)["tasks"][0]["state"] == "sent"
    gone = f"/dispositions/{second['disposition_id']}/discard"
    assert bupati.post(gone, expect=200)["state"] == "discarded"
    assert bupati.post(gone, expect=409).code == "illegal_transition"


def test_a_habit_becomes_a_suggestion(user):
    registrar, bupati = user("tu.setda"), user("bupati")
    sender = {"name": f"Pengirim {free_hour().isoformat()}"}
    for _ in range(3):
        letter = register(registrar, ["bupati"], sender=sender, kind="rekomendasi")
        suggestion = bupati.get(
            f"/letters/{letter['letter_id']}/disposition-suggestion", expect=200
        )
        dispose(bupati, letter, ("sekda", "handle"))
    assert suggestion["suggestion"] is True
    assert [each["position_id"] for each in suggestion["recipients"]] == [
        bupati.position("sekda")
    ]
    assert suggestion["basis"]["matching"] == 2


def test_secrecy_over_every_path(user):
    registrar, bupati = user("tu.setda"), user("bupati")
    word = f"sandi{datetime.now(ZONE).microsecond}{free_hour():%y%m%d}"
    letter = register(registrar, ["sekda"], secrecy="rahasia", subject=word)
    task = task_of(user("sekda"), letter["letter_id"])
    paths = (
        f"/letters/{letter['letter_id']}",
        f"/letters/{letter['letter_id']}/tracking",
        f"/letters/{letter['letter_id']}/disposition-suggestion",
        f"/tasks/{task['task_id']}",
    )
    for who in ("bupati", "kadis.kominfo", "protokol", "admin", "sespri.sekda"):
        for path in paths:
            assert user(who).get(path, expect=404).code == "not_found"
        assert user(who).get(f"/letters?q={word}", expect=200)["items"] == []
    assert user("sekda").get(f"/letters?q={word}", expect=200)["items"]
    assert bupati.post(f"/tasks/{task['task_id']}/read", expect=404)


def test_files_of_a_report_are_for_the_branch(user):
    bupati, sekda = user("bupati"), user("sekda")
    letter = register(user("tu.setda"), ["bupati"])
    (task,) = dispose(bupati, letter, ("sekda", "handle"))["tasks"]
    content = real_pdf("Laporan")
    file = sekda.upload(content, "laporan.pdf", "application/pdf", expect=201)
    report = {**FINAL, "file_ids": [file["file_id"]]}
    done = act(sekda, task, "reports", report)
    assert done["reports"][0]["files"][0]["file_id"] == file["file_id"]
    path = f"/letters/{letter['letter_id']}/files/{file['file_id']}"
    assert bupati.get(path, expect=200).raw == content
    assert user("tu.setda").get(path, expect=404)
    again = act(sekda, task, "reports", report, expect=409)
    assert again.code == "illegal_transition"


def test_representing_and_declining(user):
    bupati = user("bupati")
    hour = free_hour()
    invitation = {
        "starts_at": hour.isoformat(),
        "ends_at": (hour + timedelta(hours=1)).isoformat(),
    }
    letter = register(
        user("tu.setda"), ["bupati"], kind="undangan", invitation=invitation
    )
    path = f"/letters/{letter['letter_id']}/attendance"
    refused = bupati.post(path, {"decision": "represent"}, expect=422)
    assert refused["errors"][0]["field"] == "/represented_by"
    wabup = bupati.position("wabup")
    sent = bupati.post(
        path, {"decision": "represent", "represented_by": wabup}, expect=200
    )
    assert [task["role"] for task in sent["tasks"]] == ["handle", "represent"]
    assert sent["represented_by"] == wabup
    plain = register(user("tu.setda"), ["bupati"])
    path = f"/letters/{plain['letter_id']}/attendance"
    refused = bupati.post(path, {"decision": "decline"}, expect=409)
    assert refused.code == "not_an_invitation"
