"""The way of a draft: whose turn it is, what each may do, what sending will do."""

from __future__ import annotations

import pytest

from gateway.client import RequestContext
from gateway.portal import reviews
from gateway.portal.offices import _build
from gateway.portal.visitor import Visitor
from tests.unit.portal import desk
from tests.unit.portal.desk import initial, letter

KNOWN = _build(desk.positions(), desk.units())


def visitor(code: str, *rights: str) -> Visitor:
    held = desk.me(code)
    if rights:
        held["positions"][0]["rights"] = list(rights)
    acting = held["positions"][0]
    return Visitor(RequestContext(request_id="r"), "s", held, acting)


def texts(shown: desk.Row, who: Visitor) -> list[str]:
    verbs = reviews.verbs_of(shown, reviews.standing(shown, who))
    return [verb.text for verb in verbs]


IN_REVIEW = letter("in_review", {"initials": [initial("kabid", 0, "asked")]})
READY = letter("in_review", {"initials": [initial("kabid", 0, "approved")]})
SIGNED = letter("signed", {"signed_at": desk.NOW, "method": "local"})
WET = letter("signed", {"signed_at": desk.NOW, "method": "none", "scan_missing": True})


@pytest.mark.parametrize(
    ("shown", "who", "verbs"),
    [
        (letter(), "staf", ["Ajukan", "Ubah"]),
        (letter(), "kabid", []),
        (IN_REVIEW, "kabid", ["Paraf", "Minta perbaikan"]),
        (IN_REVIEW, "kadis", []),
        (IN_REVIEW, "staf", ["Tarik kembali"]),
        (READY, "kadis", ["Tandatangani", "Minta perbaikan"]),
        (READY, "kabid", []),
        (SIGNED, "staf", ["Kirim"]),
        (SIGNED, "tu", ["Kirim"]),
        (SIGNED, "kabid", []),
        (WET, "staf", ["Unggah pindaian"]),
        (letter("dispatched"), "staf", []),
        (letter("void"), "staf", []),
    ],
)
def test_one_main_verb_by_state_and_person(shown, who, verbs):
    assert texts(shown, visitor(who)) == verbs


def test_who_may_only_prepare_submits_but_never_initials():
    assert texts(letter(), visitor("staf", "read", "prepare")) == ["Ajukan", "Ubah"]
    assert texts(IN_REVIEW, visitor("kabid", "read", "prepare")) == []


def test_the_line_goes_from_the_drafter_to_the_dispatch():
    shown = letter(
        "in_review",
        {
            "initials": [
                initial("kabid", 0, "waiting"),
                initial("kabag", 0, "approved", kind="coordination", note="Setuju"),
            ]
        },
    )
    steps = reviews.steps_of(shown, KNOWN)
    assert [step.title for step in steps] == [
        "Staf Bidang Aplikasi",
        "Kepala Bagian Hukum",
        "Kepala Bidang Aplikasi",
        "Kepala Dinas Kominfo",
    ]
    assert steps[1].part == "Paraf koordinasi"
    assert steps[1].note == "Setuju"
    assert [step.mark.words for step in steps[2:]] == [
        "Menunggu giliran",
        "Setelah semua paraf",
    ]


def test_before_it_is_submitted_nobody_waits_for_a_turn():
    steps = reviews.steps_of(letter(), KNOWN)
    assert steps[1].mark.words == "Setelah diajukan"


def test_a_paper_without_its_scan_says_so():
    assert "pindaian belum ada" in reviews.steps_of(WET, KNOWN)[2].mark.words
    assert reviews.steps_of(WET, KNOWN)[-1].mark.words == "Belum dikirim"


def test_who_acted_for_the_office_is_named_beside_it():
    acted = {**desk.ref("kabid"), "capacity": "plh"}
    shown = letter(
        "in_review", {"initials": [initial("kabid", 0, "approved", by=acted)]}
    )
    assert reviews.steps_of(shown, KNOWN)[1].person == "kabid"
    itself = initial("kabid", 0, "approved", by=desk.ref("kabid"))
    shown = letter("in_review", {"initials": [itself]})
    assert reviews.steps_of(shown, KNOWN)[1].person is None


def test_the_head_of_the_page_says_whose_turn_it_is():
    assert reviews.whose_turn(IN_REVIEW).endswith("paraf Kepala Bidang Aplikasi")
    assert reviews.whose_turn(READY).startswith("Menunggu tanda tangan")
    two = [
        initial(code, 0, "asked", kind="coordination") for code in ("kabag", "kabid")
    ]
    shown = letter("in_review", {"initials": two})
    assert reviews.whose_turn(shown).endswith("dan 1 lainnya")
    assert reviews.whose_turn(WET) == "Menunggu pindaian"
    assert reviews.whose_turn(letter()) == "Belum diajukan"


def test_why_it_came_back_is_read_from_the_timeline():
    said = {"actor": desk.ref("kabid"), "detail": {"note": "Sebutkan dasarnya"}}
    tracking = desk.tracking({"action": "revision_asked", **said})
    back = letter("draft", {"waits_for": "revise"})
    found = reviews.asked_again(back, tracking)
    assert found == {"title": "Kepala Bidang Aplikasi", "note": "Sebutkan dasarnya"}
    assert reviews.asked_again(letter(), tracking) is None


def test_what_sending_does_is_one_sentence():
    to = [
        desk.recipient("sekda"),
        desk.recipient("kabag"),
        desk.recipient("kadis", copy=True),
        desk.recipient(name="Balai"),
    ]
    shown = letter("signed", {"recipients": to})
    assert reviews.dispatch_sentence(shown, KNOWN) == (
        "Surat masuk ke 2 buku agenda: Diskominfo; Setda; 1 penerima luar dicatat."
    )
    outside = letter("signed", {"recipients": [desk.recipient(name="Balai")]})
    assert reviews.dispatch_sentence(outside, KNOWN) == "1 penerima luar dicatat."
