"""The paper from hand to hand: one holder, one way at a time, both sign."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from contracts.errors import Conflict, Forbidden, Invalid, NotFound
from contracts.letters.dispositions import HandOverPaper, SignReceipt
from services.letters.use_cases import handing_over, reading
from tests.integration.letters.desk import Desk
from tests.unit.letters import offices


def hand_over(desk: Desk, letter_id: UUID, who: str, to: str) -> Any:
    body = HandOverPaper(to_position_id=offices.position_id(to), note="Map merah")
    return desk.do(who, handing_over.hand_over_paper, letter_id, body)


def sign(desk: Desk, way: Any, who: str, *, accepted: bool = True) -> Any:
    body = SignReceipt(accepted=accepted)
    return desk.do(who, handing_over.sign_receipt, way.letter_id, way.handover_id, body)


def place(desk: Desk, letter_id: UUID) -> tuple[UUID, UUID | None]:
    paper = desk.tracking("bupati", letter_id).paper
    assert paper is not None
    assert desk.do("bupati", reading.get_letter, letter_id).paper == paper
    return paper.position_id, paper.on_the_way_to


def test_the_paper_is_signed_for(desk: Desk) -> None:
    letter_id = desk.register().letter_id
    registrar, bupati = map(offices.position_id, ("tu.setda", "bupati"))
    assert place(desk, letter_id) == (registrar, None)
    way = hand_over(desk, letter_id, "tu.setda", "bupati")
    assert (way.state, way.from_position_id) == ("sent", registrar)
    assert place(desk, letter_id) == (registrar, bupati)
    with pytest.raises(Conflict) as refused:
        hand_over(desk, letter_id, "tu.setda", "bupati")
    assert refused.value.code == "paper_on_the_way"
    with pytest.raises(Forbidden):  # the sender cannot sign for the receiver
        sign(desk, way, "tu.setda")
    done = sign(desk, way, "bupati")
    assert (done.state, done.received_by.position.code) == ("received", "bupati")
    assert place(desk, letter_id) == (bupati, None)
    with pytest.raises(Conflict):
        sign(desk, way, "bupati")
    listed = desk.do("sekda", handing_over.list_handovers, letter_id).items
    assert [one.handover_id for one in listed] == [way.handover_id]
    told = [one["type"] for one in desk.published(letter_id)]
    assert told[-2:] == ["letter.paper_handed_over.v1", "letter.paper_received.v1"]
    actions = [one.action for one in desk.tracking("bupati", letter_id).timeline]
    assert actions[-2:] == ["handed_over", "receipt_signed"]


def test_what_did_not_come_stays_with_the_sender(desk: Desk) -> None:
    letter_id = desk.register().letter_id
    registrar = offices.position_id("tu.setda")
    for who in ("bupati", "tu.setda"):  # refused there, taken back here
        way = hand_over(desk, letter_id, "tu.setda", "bupati")
        assert sign(desk, way, who, accepted=False).state == "refused"
        assert place(desk, letter_id) == (registrar, None)


def test_only_who_holds_it_hands_it_over_to_who_may_know(desk: Desk) -> None:
    letter_id = desk.register(addressees=["bupati", "wabup"]).letter_id
    with pytest.raises(Forbidden):
        hand_over(desk, letter_id, "bupati", "wabup")
    for to in ("kadis.dinkes", "tu.setda"):  # a stranger; the holder himself
        with pytest.raises(Invalid) as refused:
            hand_over(desk, letter_id, "tu.setda", to)
        assert refused.value.errors[0]["field"] == "/to_position_id"
    with pytest.raises(NotFound):
        desk.do("kadis.dinkes", handing_over.list_handovers, letter_id)
    other = desk.register().letter_id
    way = hand_over(desk, other, "tu.setda", "bupati")
    way.letter_id = letter_id
    with pytest.raises(NotFound):  # a way of another letter
        sign(desk, way, "bupati")
