"""Delegations over HTTP: an aide reads and prepares, and only what was lent."""

from __future__ import annotations

from tests.e2e.scenes import eventually, register


def test_secretary_reads_for_his_head_until_it_is_taken_back(user):
    head, secretary = user("kadis.ppkbp3a"), user("sekretaris.ppkbp3a")
    position = head.position("kadis.ppkbp3a")
    letter = register(user("tu.ppkbp3a"), ["kadis.ppkbp3a"], secrecy="terbatas")
    path = f"/letters/{letter['letter_id']}"
    assert secretary.get(path).status == 404

    lent = head.post(
        f"/positions/{position}/delegations",
        {
            "to_position_id": head.position("sekretaris.ppkbp3a"),
            "rights": ["prepare"],
        },
        expect=201,
    )
    assert lent["rights"] == ["read", "prepare"]
    assert lent["active"] is True

    eventually(lambda: secretary.get(path).status == 200, 2)
    mine = secretary.get("/me", expect=200)["positions"][1]
    assert (mine["position_id"], mine["capacity"]) == (position, "delegate")
    listed = secretary.get(f"/positions/{position}/delegations", expect=200)["items"]
    assert [each["delegation_id"] for each in listed] == [lent["delegation_id"]]
    acted = secretary.post(
        f"{path}/dispositions",
        {
            "recipients": [
                {"position_id": head.position("tu.ppkbp3a"), "role": "inform"}
            ]
        },
        headers={"X-Acting-As": position},
    )
    assert acted.status == 403

    taken = f"/positions/{position}/delegations/{lent['delegation_id']}"
    assert secretary.delete(taken).status == 403
    head.delete(taken, expect=204)
    assert head.delete(taken).status == 404
    eventually(lambda: secretary.get(path).status == 404, 2)


def test_aide_of_the_regent_appears_as_aide(user):
    mine = user("ajudan.bupati").get("/me", expect=200)["positions"]

    assert [each["capacity"] for each in mine] == ["definitive", "aide"]
    assert mine[1]["code"] == "bupati"


def test_charlie_neither_lends_nor_sees_what_is_lent(user):
    charlie = user("kadis.kominfo")
    position = charlie.position("bupati")
    body = {"to_position_id": charlie.position("kadis.kominfo"), "rights": ["read"]}

    for api in (charlie, user("admin"), user("ajudan.bupati")):
        refused = api.post(f"/positions/{position}/delegations", body)
        assert (refused.status, refused.code) == (403, "position_not_held")
    assert charlie.get(f"/positions/{position}/delegations").status == 403
