"""A letter is corrected, then found to be secret: what every service forgets of it."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from tests.e2e.api import Api
from tests.e2e.scenes import Listener, eventually, free_hour, real_pdf, register

PLACE = "Pendopo Rahasia"
IN_FORCE = 2.0  # seconds until a delegation counts in every service


def correct(api: Api, letter: dict[str, Any], **patch: Any) -> Any:
    path = f"/letters/{letter['letter_id']}"
    tag = api.get(path, expect=200).headers["ETag"]
    return api.patch(path, patch, tag)


def test_a_correction_needs_the_version_it_was_made_from(user):
    tu = user("tu.setda")
    letter = register(tu, ["bupati"], subject="Permohonan dta")
    path = f"/letters/{letter['letter_id']}"
    tag = tu.get(path, expect=200).headers["ETag"]
    assert tu.request("PATCH", path, json={"summary": "x"}).status == 428
    done = tu.patch(path, {"subject": "Permohonan data"}, tag, expect=200)
    assert done["subject"] == "Permohonan data"
    assert tu.patch(path, {"subject": "Lain"}, tag).code == "version_conflict"
    wrong = correct(tu, letter, kind="tidak_ada", subject="x" * 501)
    assert wrong.status == 422
    wrong = correct(tu, letter, signer_position_id=tu.position("sekda"))
    assert [one["field"] for one in wrong["errors"]] == ["/signer_position_id"]
    user("bupati").post(
        f"{path}/dispositions",
        {"recipients": [{"position_id": tu.position("sekda"), "role": "handle"}]},
        expect=201,
    )
    assert correct(tu, letter, subject="Lain").code == "already_disposed"
    trail = tu.get(f"{path}/audit", expect=200)
    assert trail["intact"] is True
    changed = [one for one in trail["items"] if one["action"] == "corrected"]
    assert changed[0]["detail"]["changes"][0]["before"] == "Permohonan dta"


def test_raised_secrecy_is_forgotten_everywhere(user):
    tu, head, secretary = (
        user(f"{one}.diskan") for one in ("tu", "kadis", "sekretaris")
    )
    above, position = user("sekda"), head.position("kadis.diskan")
    lent = head.post(
        f"/positions/{position}/delegations",
        {"to_position_id": head.position("sekretaris.diskan"), "rights": ["act"]},
        expect=201,
    )
    time.sleep(IN_FORCE)
    subject = f"Undangan {PLACE} tentang sesuatu"
    hour = free_hour()
    file = tu.upload(real_pdf("Isi"), "isi.pdf", "application/pdf", expect=201)
    letter = register(
        tu,
        ["kadis.diskan"],
        kind="undangan",
        subject=subject,
        file_ids=[file["file_id"]],
        invitation={
            "starts_at": hour.isoformat(),
            "ends_at": (hour + timedelta(hours=1)).isoformat(),
            "place": PLACE,
        },
    )
    letter_id = letter["letter_id"]
    path = f"/letters/{letter_id}"

    def told(api: Api) -> list[dict[str, Any]]:
        items = api.get("/notifications?limit=200", expect=200)["items"]
        return [one for one in items if one["letter_id"] == letter_id]

    eventually(lambda: any(subject in one["body"] for one in told(head)))
    eventually(lambda: told(secretary))
    head.post(f"{path}/attendance", {"decision": "attend"}, expect=200)
    activity = f"/activities/{_born(head, path)}"
    assert head.get(activity, expect=200)["title"] == subject
    assert above.get(path, expect=200)["subject"] == subject

    done = correct(head, letter, secrecy="rahasia")
    assert done.status == 200, done.body

    for someone in (above, secretary, user("kadis.kominfo"), user("admin")):
        assert someone.get(path).status == 404
        assert someone.get(f"{path}/audit").status == 404
        assert someone.get(f"{path}/files/{file['file_id']}").status == 404
        listed = someone.get(f"/letters?box=all&q={PLACE}", expect=200)["items"]
        assert letter_id not in {one["letter_id"] for one in listed}
    hidden = eventually(lambda: _hidden(head, activity))
    assert (hidden["title"], hidden["place"]) == ("Kegiatan", None)
    # Who keeps the head's time still knows that there is something, not what.
    eventually(lambda: not [one for one in told(secretary) if not one["activity_id"]])
    eventually(lambda: not any(PLACE in str(one) for one in told(secretary)))
    eventually(lambda: not any(PLACE in str(one) for one in told(head)))
    with Listener(head, "0") as stream:  # from the very first line
        eventually(lambda: stream.about(letter_id=letter_id))
        assert PLACE not in str(stream.events)
    mine = head.get("/letters?box=inbox", expect=200)["items"]
    (line,) = (one for one in mine if one["letter_id"] == letter_id)
    assert (line["subject"], line["masked"]) == ("Surat rahasia", True)
    paper = correct(head, letter, secrecy="sangat_rahasia")
    assert paper.code == "paper_only"
    trail = head.get(f"{path}/audit?limit=1000", expect=200)
    actions = [one["action"] for one in trail["items"]]
    assert "secrecy_raised" in actions
    assert actions[-1] == "viewed"
    head.delete(
        f"/positions/{position}/delegations/{lent['delegation_id']}", expect=204
    )


def _born(api: Api, path: str) -> str:
    found: str = eventually(lambda: api.get(path, expect=200)["activity_id"])
    return found


def _hidden(api: Api, activity: str) -> dict[str, Any] | None:
    found: dict[str, Any] = api.get(activity, expect=200).body
    return found if found["visibility"] == "busy_only" else None


def test_digests_are_for_everybody(anyone):
    page = anyone.get("/trail-digests", expect=200)
    for one in page["items"]:
        day = anyone.get(f"/trail-digests/{one['day']}", expect=200)
        assert day.body == one
    assert anyone.get("/trail-digests/1999-01-01").status == 404
    assert anyone.get("/trail-digests/gestern").status == 404
