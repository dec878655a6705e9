"""What an office usually does with such a letter; nothing rather than a guess."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from contracts.letters import RecipientLine, SuggestionBasis

Pattern = tuple[tuple[str, str, tuple[str, ...]], ...]
"""Recipients of one disposition: (position, role, instructions), sorted."""

_LEVELS: tuple[tuple[str, ...], ...] = (
    ("kind", "classification", "sender"),
    ("kind", "sender"),
    ("kind", "classification"),
    ("kind",),
)
_LEAST = {3: 2, 2: 2, 1: 3}  # how many must agree, by how specific the match is
_SHARE = 0.6


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """An earlier disposition of this office, and what its letter was like."""

    kind: str
    classification: str | None
    sender: str
    recipients: Pattern


def usual(
    earlier: Sequence[Earlier], like: Earlier
) -> tuple[Pattern, SuggestionBasis] | None:
    """The recipients most dispositions on the closest match agree on."""
    for level in _LEVELS:
        seen = [one for one in earlier if _alike(one, like, level)]
        if not seen:
            continue
        pattern, count = Counter(one.recipients for one in seen).most_common(1)[0]
        if count >= _LEAST[len(level)] and count >= _SHARE * len(seen):
            basis = SuggestionBasis(
                matched_on=list(level), seen=len(seen), matching=count
            )
            return pattern, basis
    return None


def pattern_of(recipients: Sequence[RecipientLine]) -> Pattern:
    return tuple(
        sorted(
            (str(line.position_id), line.role.value, tuple(sorted(line.instructions)))
            for line in recipients
        )
    )


def _alike(one: Earlier, like: Earlier, level: tuple[str, ...]) -> bool:
    return all(
        getattr(one, name) == getattr(like, name) and getattr(like, name) is not None
        for name in level
    )
