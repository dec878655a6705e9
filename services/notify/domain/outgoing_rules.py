"""Rules of outgoing letters: whose turn it is, and what became of a draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contracts.envelope import Event
from contracts.letters import (
    LetterDispatched,
    LetterReviewAsked,
    LetterRevisionAsked,
    LetterSigned,
)
from contracts.notify import Topic
from services.notify.domain.letter_rules import recipients
from services.notify.domain.rule import Rule, when

_LETTER = "/surat/{letter_id}"


def _at(step: str) -> Any:
    return lambda event: event.step == step


def _asked(step: str, title: str) -> Rule:
    return Rule(
        topic=Topic.TASK_ASSIGNED,
        to=when(_at(step), recipients),
        title=title,
        body="{about}",
        link=_LETTER,
    )


RULES: Mapping[type[Event], tuple[Rule, ...]] = {
    LetterReviewAsked: (
        _asked("coordinate", "Konsep menunggu paraf koordinasi Anda"),
        _asked("initial", "Konsep menunggu paraf Anda"),
        _asked("sign", "Surat menunggu tanda tangan Anda"),
    ),
    LetterRevisionAsked: (
        Rule(
            topic=Topic.TASK_ASSIGNED,
            to=recipients,
            title="{office} meminta perbaikan konsep",
            body="{about}",
            link=_LETTER,
        ),
    ),
    LetterSigned: (
        Rule(
            topic=Topic.TASK_ASSIGNED,
            to=recipients,
            title="Surat sudah ditandatangani",
            body="Siap dikirim: {about}",
            link=_LETTER,
        ),
    ),
    LetterDispatched: (
        Rule(
            topic=Topic.LETTER_COMPLETED,
            to=recipients,
            title="Surat sudah dikirim",
            body="{about}",
            link=_LETTER,
        ),
    ),
}
