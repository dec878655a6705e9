"""Rules of the schedule. A busy-only activity is told as "Kegiatan", without more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from contracts.codec import ZONE
from contracts.envelope import Event
from contracts.notify import Topic
from contracts.schedule import ActivityState, Response
from contracts.schedule_events import (
    ActivityBlocked,
    ActivityCancelled,
    ActivityChanged,
    ActivityConfirmed,
    ActivityDisplaced,
    ActivityFacts,
    ActivityLetterClosed,
    ActivityProposed,
    ParticipantResponded,
)
from services.notify.domain.notices import Scene, Target
from services.notify.domain.rule import Frame, Rule, Selector, when
from services.notify.domain.wording import sentence, short, span

_ACTIVITY = "/kegiatan/{activity_id}"
_DAY = "/agenda/{date}"
_LETTER = "/surat/{letter_id}"

_ANSWERS = {
    Response.ATTENDING: "akan hadir",
    Response.NOT_ATTENDING: "tidak hadir",
    Response.REPRESENTED: "diwakilkan",
    Response.PENDING: "belum menjawab",
}


# ---- selectors -------------------------------------------------------------------


def participants(event: ActivityFacts) -> Iterator[Target]:
    """Without whom it was imported for: he is told of the file."""
    told = (line.position_id for line in event.participants)
    yield Target(positions=tuple(one for one in told if one != event.imported_into))


def owner(event: ActivityFacts) -> Iterator[Target]:
    if event.imported_into:
        yield Target(positions=(event.imported_into,))


def requester(event: ActivityFacts) -> Iterator[Target]:
    """The office that asked; the person only when he asked as none."""
    if event.requester_position_id:
        yield Target(positions=(event.requester_position_id,))
    elif event.requester_person_id:
        yield Target(people=(event.requester_person_id,))


def keepers(event: ActivityFacts) -> Iterator[Target]:
    yield Target(positions=event.keeper_position_ids)


def who_answered(event: ActivityFacts) -> Iterator[Target]:
    """Keepers whose own time it was: theirs is the letter, to be answered again."""
    lines = {line.position_id for line in event.participants}
    own = (one for one in event.keeper_position_ids if one in lines)
    yield Target(positions=tuple(own))


def removed(event: ActivityChanged) -> Iterator[Target]:
    yield Target(positions=event.removed_position_ids)


def giver(event: ActivityBlocked) -> Iterator[Target]:
    if event.giver_position_id:
        yield Target(positions=(event.giver_position_id,))


def representative(event: ParticipantResponded) -> Iterator[Target]:
    if event.represented_by:
        yield Target(positions=(event.represented_by,))


def unrepresented(event: ParticipantResponded) -> Iterator[Target]:
    """Whom the one who declined was to represent, and who keeps their time."""
    yield Target(positions=event.unrepresented_keeper_ids)


def deserted(event: ParticipantResponded) -> Iterator[Target]:
    """Its organisers, and who asked for it: nobody comes any more."""
    if event.deserted_organiser_ids:
        yield from requester(event)
        yield Target(positions=event.deserted_organiser_ids)


def displaced(event: ActivityDisplaced) -> Iterator[Target]:
    yield Target(positions=event.displaced_position_ids)


def each_of(*selectors: Selector) -> Selector:
    """The targets of all; who is in several is told once, by the first."""
    return lambda event: (target for select in selectors for target in select(event))


def _tentative(event: ActivityFacts) -> bool:
    return event.state is ActivityState.TENTATIVE


def _asked(event: ActivityFacts) -> bool:
    return not _tentative(event)


def _by_hand(event: ActivityFacts) -> bool:
    return event.imported_into is None


def _pencilled(event: ActivityFacts) -> bool:
    return _tentative(event) and _by_hand(event)


def _imported(event: ActivityChanged) -> bool:
    return event.imported > 0


def _overtaken(event: ActivityChanged) -> bool:
    return event.overtaken_by is not None


def _postponed(event: ActivityChanged) -> bool:
    unmoved = _overtaken(event) or _imported(event)
    return not unmoved and event.state is ActivityState.POSTPONED


def _offered(event: ActivityChanged) -> bool:
    return event.offered


def _ended_by(cause: str) -> Callable[[ActivityCancelled], bool]:
    return lambda event: event.cause == cause


def _leaves_a_letter(event: ActivityCancelled) -> bool:
    return event.letter_id is not None and event.cause == "cancelled"


def _moved(event: ActivityChanged) -> bool:
    quiet = (ActivityState.POSTPONED, ActivityState.COMPLETED)
    told_apart = _recorded(event) or _imported(event) or _ruled(event)
    return not (_overtaken(event) or told_apart or event.state in quiet)


def _ruled(event: ActivityChanged) -> bool:
    """Of a series: told once, about the first date of the new rule."""
    return event.changes == ("recurrence",)


def _recorded(event: ActivityChanged) -> bool:
    return event.changes == ("outcome",)


# ---- rows ------------------------------------------------------------------------


def _changed(
    to: Selector,
    title: str,
    body: str = "{activity}",
    link: str = _ACTIVITY,
    *,
    to_actor: bool = False,
) -> Rule:
    return Rule(
        topic=Topic.ACTIVITY_CHANGED,
        to=to,
        title=title,
        body=body,
        link=link,
        to_actor=to_actor,
    )


def _proposed(to: Selector, title: str, body: str) -> Rule:
    return Rule(
        topic=Topic.ACTIVITY_PROPOSED, to=to, title=title, body=body, link=_ACTIVITY
    )


def _displaced(to: Selector, title: str, body: str) -> Rule:
    return Rule(
        topic=Topic.ACTIVITY_DISPLACED, to=to, title=title, body=body, link=_ACTIVITY
    )


def _asks_about_the_letter(to: Selector, link: str) -> Rule:
    return _changed(
        when(_leaves_a_letter, to),
        "Kegiatan dibatalkan; bagaimana suratnya?",
        "{activity}{reason} Jawab kehadiran lagi, atau selesaikan suratnya.",
        link,
        to_actor=True,  # he knows of the act; the question is new to him
    )


RULES: Mapping[type[Event], tuple[Rule, ...]] = {
    ActivityProposed: (
        _proposed(when(_asked, keepers), "Usulan kegiatan", "{activity}"),
        _proposed(when(_pencilled, keepers), "Kegiatan tentatif", "{activity}"),
    ),
    ActivityConfirmed: (
        _changed(participants, "Kegiatan ditetapkan"),
        _changed(
            when(_by_hand, requester), "Usulan kegiatan diterima", "{activity}{note}"
        ),
    ),
    ActivityChanged: (
        _changed(
            when(_imported, owner),
            "Kalender diimpor",
            "{imported} kegiatan masuk atau berubah, antara lain {activity}",
            link=_DAY,
        ),
        _changed(
            when(_offered, requester),
            "Waktu lain ditawarkan",
            "{activity}{reason} Terima, atau batalkan usulan.",
        ),
        _changed(when(_moved, participants), "Jadwal berubah"),
        _changed(
            when(_ruled, participants),
            "Tanggal berulang berubah",
            "{activity} Ini tanggal pertamanya; yang lain lihat di agenda.",
        ),
        _changed(when(_recorded, participants), "Hasil kegiatan dicatat"),
        _changed(removed, "Anda tidak lagi dalam kegiatan ini", link=_DAY),
        _changed(when(_postponed, participants), "Kegiatan ditunda"),
        _changed(
            when(_overtaken, requester),
            "Waktu usulan sudah terpakai",
            "{activity} Pilih waktu lain.",
        ),
    ),
    ActivityCancelled: (
        _changed(
            when(_ended_by("refused"), requester),
            "Usulan kegiatan ditolak",
            "{activity}{reason}",
        ),
        _changed(
            when(_ended_by("refused"), keepers), "Usulan sudah ditolak", "{activity}"
        ),
        _changed(
            when(_ended_by("expired"), each_of(requester, keepers)),
            "Usulan kegiatan kedaluwarsa",
            "{activity} Tidak dijawab sampai batas waktunya.",
        ),
        _asks_about_the_letter(who_answered, _LETTER),
        _asks_about_the_letter(keepers, _ACTIVITY),
        _changed(
            when(_ended_by("letter_voided"), each_of(participants, requester, keepers)),
            "Kegiatan dibatalkan bersama suratnya",
        ),
        _changed(
            when(_ended_by("lapsed"), requester),
            "Kegiatan lewat tanpa ditetapkan",
            "{activity} Waktunya sudah lewat.",
        ),
        _changed(
            when(_ended_by("nobody_asked"), each_of(requester, keepers)),
            "Kegiatan dibatalkan",
            "{activity} Tidak ada lagi yang diminta hadir.",
        ),
        _changed(
            when(
                _ended_by("cancelled"),
                each_of(participants, when(_by_hand, requester)),
            ),
            "Kegiatan dibatalkan",
        ),
    ),
    ActivityDisplaced: (
        _displaced(
            displaced,
            "Jadwal Anda tergeser",
            "{activity} Waktu ini dipakai kegiatan lain.",
        ),
        _displaced(
            each_of(participants, requester, keepers),
            "Jadwal tergeser",
            "{activity} Waktu ini dipakai kegiatan lain.",
        ),
    ),
    ActivityBlocked: (
        _changed(
            giver,
            "Usulan kegiatan bentrok",
            "{activity}{alternatives}",
            to_actor=True,  # the clash is found after his tap was answered
        ),
    ),
    ActivityLetterClosed: (
        _changed(
            keepers,
            "Surat ditutup; bagaimana kegiatannya?",
            "{activity} Masih ada di jadwal: tetapkan atau batalkan.",
            to_actor=True,
        ),
    ),
    ParticipantResponded: (
        _changed(representative, "Anda mewakili {office}"),
        _changed(
            unrepresented,
            "{office} tidak dapat mewakili",
            "{activity}{note} Hadiri sendiri, atau tunjuk wakil lain.",
            to_actor=True,  # the decision is his again, whoever of them declined
        ),
        _changed(
            deserted,
            "Tidak ada lagi yang hadir",
            "{activity} {office} {answer}.{note} Batalkan, tunda, atau undang lagi.",
            to_actor=True,  # that he was the last is new to him
        ),
        _changed(requester, "{office} {answer}", "{activity}{note}"),
    ),
}


# ---- words -----------------------------------------------------------------------


def frame_of(event: ActivityFacts, scene: Scene) -> Frame:
    return Frame(
        at=scene.at,
        words={
            "activity": _activity(event, scene),
            "activity_id": str(event.activity_id),
            "letter_id": str(event.letter_id),
            "date": event.starts_at.astimezone(ZONE).date().isoformat(),
            "office": _office(event, scene),
            "answer": _ANSWERS.get(getattr(event, "response", Response.PENDING), ""),
            "alternatives": _alternatives(event, scene),
            "reason": _reason(event),
            "note": _note(event),
            "imported": str(getattr(event, "imported", 0)),
        },
        letter_id=event.letter_id,
        activity_id=event.activity_id,
    )


def _activity(event: ActivityFacts, scene: Scene) -> str:
    title = short(event.title) if event.title else "Kegiatan"
    times = span(event.starts_at, event.ends_at, scene.at)
    return sentence(title, times, event.place_name)


def _office(event: ActivityFacts, scene: Scene) -> str:
    position = scene.org.position(getattr(event, "position_id", None))
    return position.short_title if position else "Sebuah jabatan"


def _reason(event: ActivityFacts) -> str:
    """Nothing of a busy-only activity, whose title is not told either."""
    if not event.reason or event.title is None:
        return ""
    return f" Alasan: {sentence(short(event.reason))}"


def _note(event: ActivityFacts) -> str:
    """What a keeper or a participant adds to his yes, or his no."""
    said = getattr(event, "note", event.reason)
    if not said or event.title is None:
        return ""
    return f" Catatan: {sentence(short(said))}"


def _alternatives(event: ActivityFacts, scene: Scene) -> str:
    slots = event.alternatives if isinstance(event, ActivityBlocked) else ()
    free = "; ".join(span(slot.starts_at, slot.ends_at, scene.at) for slot in slots[:3])
    return f" Waktu luang terdekat: {free}." if free else ""
