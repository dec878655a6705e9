"""What must not be sent: the documented 4xx with code and field, nothing stored.

The client checks of every answer that its status and body are documented; here stands
which ones they are, and that no service noticed anything.
"""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta

import pytest

from tests.e2e.scenes import (
    ZONE,
    eventually,
    free_hour,
    new_letter,
    real_pdf,
    register,
    task_of,
)

NOBODY = str(uuid.uuid4())
JSON = {"Content-Type": "application/json"}


def fields_of(answer):
    return {error["field"] for error in answer["errors"]}


def newest(api):
    """The newest letter the registrar can see: unchanged if nothing was stored."""
    items = api.get("/letters?box=registered&limit=1", expect=200)["items"]
    return items[0]["letter_id"] if items else None


@pytest.fixture
def registrar(user):
    return user("tu.setda")


@pytest.fixture
def letter(registrar):
    return new_letter(registrar, ["sekda"])


@pytest.mark.parametrize(
    ("change", "status", "code", "field"),
    [
        ({"subject": ""}, 422, "invalid", "/subject"),
        ({"subject": 7}, 422, "invalid", "/subject"),
        ({"subject": "a\0b"}, 422, "invalid", "/subject"),
        ({"subject": "x" * 501}, 422, "invalid", "/subject"),
        ({"subject": "garis\nbaru"}, 422, "invalid", "/subject"),
        ({"colour": "red"}, 422, "invalid", "/colour"),
        ({"kind": "tidak_ada"}, 422, "invalid", "/kind"),
        ({"urgency": "kilat"}, 422, "invalid", "/urgency"),
        ({"secrecy": None}, 422, "invalid", "/secrecy"),
        ({"direction": "sideways"}, 422, "invalid", "/direction"),
        ({"received_at": "kemarin"}, 422, "invalid", "/received_at"),
        ({"received_at": "2026-11-24T09:00:00"}, 422, "invalid", "/received_at"),
        ({"received_at": "0001-01-01T00:00:00+08:00"}, 422, "invalid", "/received_at"),
        ({"received_at": "9999-12-31T23:59:59-12:00"}, 422, "invalid", "/received_at"),
        ({"dated_on": "2026-02-30"}, 422, "invalid", "/dated_on"),
        ({"addressees": []}, 422, "invalid", "/addressees"),
        ({"addressees": ["x"]}, 422, "invalid", "/addressees/0"),
        ({"addressees": [NOBODY]}, 422, "invalid", "/addressees/0"),
        ({"copies": [NOBODY]}, 422, "invalid", "/copies/0"),
        ({"file_ids": [NOBODY]}, 422, "invalid", "/file_ids/0"),
        ({"replies_to": NOBODY}, 422, "invalid", "/replies_to"),
        ({"classification_code": "999.99"}, 422, "invalid", "/classification_code"),
        ({"sender": {}}, 422, "invalid", "/sender/name"),
        ({"sender": {"name": "A", "age": 3}}, 422, "invalid", "/sender/age"),
        ({"invitation": {"place": "Aula"}}, 422, "invalid", "/invitation/starts_at"),
    ],
)  # fmt: skip
def test_a_letter_with_a_wrong_field_is_not_registered(
    registrar, letter, change, status, code, field
):
    before = newest(registrar)

    answer = registrar.post("/letters", {**letter, **change}, expect=status)

    assert answer.code == code
    assert field in fields_of(answer)
    assert newest(registrar) == before


def test_every_wrong_field_is_named_at_once(registrar):
    answer = registrar.post("/letters", {"direction": "incoming", "x": 1}, expect=422)

    assert fields_of(answer) == {
        "/x", "/kind", "/number", "/received_at", "/sender", "/subject", "/urgency",
        "/secrecy", "/addressees",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "headers", "status", "code"),
    [
        (b"{", JSON, 400, "malformed"),
        (b'{"subject": "\xff\xfe"}', JSON, 400, "malformed"),
        (b'{"a": ' * 5000 + b"1" + b"}" * 5000, JSON, 400, "malformed"),
        (b"[" * 200_000, JSON, 400, "malformed"),
        (b'{"subject": "a", "subject": "b"}', JSON, 400, "malformed"),
        (b'{"number": NaN}', JSON, 400, "malformed"),
        (b"<letter/>", {"Content-Type": "application/xml"}, 415, "unsupported_media_type"),
        (b"{}", {**JSON, "Idempotency-Key": "a b"}, 400, "malformed"),
        (b"x" * 30 * 1024 * 1024, JSON, 413, "too_large"),
    ],
    ids=["cut", "utf8", "deep", "deeper", "twice", "nan", "xml", "key", "30MiB"],
)  # fmt: skip
def test_a_body_that_is_none(registrar, raw, headers, status, code):
    answer = registrar.request(
        "POST", "/letters", data=raw, headers=headers, expect=status
    )

    assert answer.code == code


@pytest.mark.parametrize(
    "path",
    [
        f"/letters/{NOBODY}", "/letters/7", f"/letters/{NOBODY}/tracking",
        f"/tasks/{NOBODY}", f"/activities/{NOBODY}", f"/units/{NOBODY}",
        f"/positions/{NOBODY}", f"/letters/{NOBODY}/files/{NOBODY}",
        f"/letters/{NOBODY}/files/{NOBODY}/pages/1", "/reference/rahasia",
        f"/letters/{NOBODY}/disposition-suggestion", "/nothing", "/letters/%00",
        "/letters/..%2f..%2fetc",
    ],
)  # fmt: skip
def test_what_is_not_there_is_404(registrar, path):
    assert registrar.get(path, expect=404).code == "not_found"


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/letters?limit=0", "/limit"),
        ("/letters?limit=201", "/limit"),
        ("/letters?limit=two", "/limit"),
        ("/letters?cursor=abc", "/cursor"),
        ("/letters?cursor=%00", "/cursor"),
        ("/letters?colour=red", "/colour"),
        ("/letters?box=bin", "/box"),
        ("/letters?sort=subject", "/sort"),
        ("/letters?from=yesterday", "/from"),
        ("/tasks?state=sleeping", "/state"),
        ("/tasks?letter_id=7", "/letter_id"),
        ("/tasks?cursor=bnVsbA", "/cursor"),
        ("/activities?from=2026-13-01", "/from"),
        ("/activities?position_id=x", "/position_id"),
        ("/notifications?unread=perhaps", "/unread"),
        ("/notifications?cursor=zzz", "/cursor"),
        ("/positions?duty=king", "/duty"),
        ("/units?cursor=zzz", "/cursor"),
    ],
)
def test_a_wrong_query_names_its_parameter(registrar, path, field):
    answer = registrar.get(path, expect=422)

    assert answer.code == "invalid"
    assert fields_of(answer) == {field}


def test_other_methods_are_refused_with_allow(registrar):
    answer = registrar.request("PUT", "/letters", expect=405)

    assert answer.code == "method_not_allowed"
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b"MZ" + b"\0" * 400, "application/pdf", 415, "unsupported_media_type"),
        (b"<script>alert(1)</script>", "image/png", 415, "unsupported_media_type"),
        (b"", "application/pdf", 415, "unsupported_media_type"),
        (b"%PDF-1.7 cut", "application/pdf", 422, "unreadable_file"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "image/png", 422, "unreadable_file"),
        (b"PK\x03\x04" + b"\0" * 50, "application/pdf", 422, "unreadable_file"),
        (b"x" * 30 * 1024 * 1024, "application/pdf", 413, "too_large"),
    ],
    ids=["exe", "script", "empty", "pdf", "png", "zip", "30MiB"],
)
def test_a_file_that_is_none_is_refused(registrar, content, kind, status, code):
    answer = registrar.upload(content, "surat.pdf", kind, expect=status)

    assert answer.code == code


def test_a_file_of_somebody_else_cannot_be_attached(registrar, user, letter):
    file = user("tu.kominfo").upload(
        real_pdf("Milik orang lain"), "a.pdf", "application/pdf", expect=201
    )

    answer = registrar.post(
        "/letters", {**letter, "file_ids": [file["file_id"]]}, expect=422
    )

    assert fields_of(answer) == {"/file_ids/0"}


def test_a_top_secret_letter_takes_no_file(registrar, letter):
    file = registrar.upload(real_pdf("Rahasia"), "a.pdf", "application/pdf", expect=201)
    secret = {**letter, "secrecy": "sangat_rahasia", "file_ids": [file["file_id"]]}

    assert registrar.post("/letters", secret, expect=422).code == "paper_only"


def test_nobody_acts_without_a_session_or_as_another(anyone, registrar, letter):
    stolen = {"Authorization": "Bearer " + "x" * 43}
    acting = {"X-Acting-As": registrar.position("bupati")}

    assert anyone.post("/letters", letter, expect=401).code == "unauthenticated"
    assert anyone.get("/me", headers=stolen, expect=401).code == "unauthenticated"
    refused = registrar.post("/letters", letter, headers=acting, expect=403)
    assert refused.code == "position_not_held"


def test_who_may_not_know_a_letter_gets_404_everywhere(registrar, user):
    stranger = user("camat.kandangan")
    found = register(registrar, ["sekda"], secrecy="rahasia")
    letter_id = found["letter_id"]
    task = task_of(user("sekda"), letter_id)["task_id"]

    for path in ("", "/tracking", "/disposition-suggestion"):
        stranger.get(f"/letters/{letter_id}{path}", expect=404)
    stranger.get(f"/tasks/{task}", expect=404)
    stranger.post(f"/tasks/{task}/read", expect=404)
    stranger.post(f"/letters/{letter_id}/void", {"reason": "iseng"}, expect=404)
    body = {"recipients": [{"position_id": found["addressees"][0], "role": "inform"}]}
    stranger.post(f"/letters/{letter_id}/dispositions", body, expect=404)
    listed = stranger.get("/letters?limit=200", expect=200)["items"]
    assert letter_id not in {item["letter_id"] for item in listed}


def test_illegal_moves_say_in_which_state_the_task_is(registrar, user):
    sekda = user("sekda")
    letter_id = register(registrar, ["sekda"])["letter_id"]
    task_id = task_of(sekda, letter_id)["task_id"]
    report = {"text": "Selesai.", "final": True}
    sekda.post(f"/tasks/{task_id}/reports", report, expect=200)

    again = sekda.post(f"/tasks/{task_id}/reports", report, expect=409)

    assert again.code == "illegal_transition"
    assert again["state"] == "completed"


def test_a_disposition_outside_authority_is_refused(registrar, user):
    sekda = user("sekda")
    letter_id = register(registrar, ["sekda"])["letter_id"]
    task_id = task_of(sekda, letter_id)["task_id"]

    def dispose(*recipients):
        lines = [{"position_id": each, "role": "handle"} for each in recipients]
        return sekda.post(
            f"/letters/{letter_id}/dispositions",
            {"parent_task_id": task_id, "recipients": lines},
        )

    upward = dispose(sekda.position("bupati"))
    twice = dispose(*[sekda.position("asisten.1")] * 2)
    oneself = dispose(sekda.position("sekda"))
    unknown = dispose(NOBODY)

    assert (upward.status, upward.code) == (403, "outside_authority")
    assert [twice.status, oneself.status, unknown.status] == [422, 422, 422]
    assert task_of(sekda, letter_id)["task_id"] == task_id


def test_a_stale_etag_is_412_and_a_missing_one_428(user):
    protocol = user("protokol")
    hour = free_hour()
    made = protocol.post("/activities", activity(protocol, hour), expect=201)
    path = f"/activities/{made['activity_id']}"
    tag = protocol.get(path, expect=200).headers["ETag"]

    protocol.patch(path, {"title": "Rapat pertama"}, tag, expect=200)
    stale = protocol.patch(path, {"title": "Rapat kedua"}, tag, expect=412)
    bare = protocol.request("PATCH", path, json={"title": "Tanpa"}, expect=428)
    foreign = protocol.patch(path, {"title": "Lain"}, '"abc"', expect=412)

    assert stale.code == foreign.code == "version_conflict"
    assert bare.code == "precondition_required"
    assert protocol.get(path, expect=200)["title"] == "Rapat pertama"


def activity(api, hour, **more):
    return {
        "title": "Rapat",
        "kind": "rapat",
        "starts_at": hour.isoformat(),
        "ends_at": (hour + timedelta(hours=1)).isoformat(),
        "organiser_unit_id": api.get("/me")["positions"][0]["unit_id"],
        "state": "proposed",
        "participants": [{"position_id": api.position("wabup"), "role": "required"}],
        **more,
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ends_at": "2026-01-01T00:00:00+08:00"}, "/ends_at"),
        ({"state": "cancelled"}, "/state"),
        ({"kind": "pesta"}, "/kind"),
        ({"participants": [{"position_id": NOBODY}]}, "/participants/0/position_id"),
        ({"resource_ids": [NOBODY]}, "/resource_ids/0"),
        ({"organiser_unit_id": NOBODY}, "/organiser_unit_id"),
        ({"travel_minutes_before": -1}, "/travel_minutes_before"),
        ({"travel_minutes_before": 10**9}, "/travel_minutes_before"),
        ({"place": {"online_url": "javascript:alert(1)"}}, "/place/online_url"),
        ({"recurrence": {"rrule": "FREQ=SECONDLY"}}, "/recurrence/rrule"),
    ],
)
def test_an_activity_with_a_wrong_field_is_not_made(user, change, field):
    protocol = user("protokol")

    body = activity(protocol, free_hour(), **change)
    answer = protocol.post("/activities", body, expect=422)

    assert field in fields_of(answer)


def test_who_does_not_keep_a_leaders_time_cannot_confirm_it(user):
    stranger = user("staf.hukum")
    body = activity(stranger, free_hour(), state="confirmed")

    answer = stranger.post("/activities", body, expect=403)

    assert answer.code == "not_schedule_keeper"
    assert answer["position_ids"] == [stranger.position("wabup")]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"username": "bupati"}, 422),
        ({"username": "bupati", "password": "x" * 2000}, 422),
        ({"username": "bupati", "password": 5}, 422),
        ({"username": "bup\0ati", "password": "x"}, 422),
        ({"username": f"tamu-{uuid.uuid4()}", "password": "salah"}, 401),
    ],
)
def test_a_login_that_is_none(anyone, body, status):
    answer = anyone.post("/sessions", body, expect=status)

    assert answer.code == ("invalid_credentials" if status == 401 else "invalid")
    assert "salah" not in json.dumps(answer.body)


def test_guessing_is_throttled_and_locks_nobody_else_out(anyone):
    guess = {"username": f"korban-{uuid.uuid4()}", "password": "tebakan"}

    answers = [anyone.post("/sessions", guess) for _ in range(30)]

    assert {answer.status for answer in answers} == {401, 429}
    throttled = next(answer for answer in answers if answer.status == 429)
    assert throttled.code == "rate_limited"
    assert int(throttled.headers["Retry-After"]) >= 1


def test_an_expired_assignment_acts_no_more(user):
    admin = user("admin")
    people = admin.get("/people?q=Staf Bag. Hukum", expect=200)["items"]
    person = people[0]["person_id"]
    position = admin.position("kabag.hukum")
    today = datetime.now(ZONE).date()
    given = admin.post(
        "/assignments",
        {
            "person_id": person,
            "position_id": position,
            "capacity": "plh",
            "starts_on": today.isoformat(),
            "ends_on": (today + timedelta(days=1)).isoformat(),
        },
        expect=201,
    )
    admin.post(
        f"/assignments/{given['assignment_id']}/end", {"immediately": True}, expect=200
    )

    staff = user("staf.hukum")
    body, acting = new_letter(staff, ["sekda"]), {"X-Acting-As": position}

    def refusal():
        answer = staff.post("/letters", body, headers=acting, expect=403)
        return answer.code == "position_not_held"

    assert eventually(refusal, 2)  # in force everywhere within that time
