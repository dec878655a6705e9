"""Timing in alternating rounds, and the table that comes of it."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

Once = Callable[[], Awaitable[object]]
REFUSED = object()
"""What a call answers that was refused: its time says nothing."""


@dataclass
class Sample:
    """Calls of one contestant over all rounds; times in milliseconds."""

    times: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Calls per second, median of the rounds."""
        return statistics.median(self.rates)

    def at(self, share: float) -> float:
        return percentile(self.times, share)


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    value: str
    ratio: str = ""


def percentile(values: list[float], share: float) -> float:
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


async def alternate(
    contestants: Mapping[str, Once], *, rounds: int, calls: int, in_flight: int
) -> dict[str, Sample]:
    """Each contestant in turn, `rounds` times; the first round of each is warm-up."""
    samples = {name: Sample() for name in contestants}
    for number in range(rounds + 1):
        for name, once in contestants.items():
            times, rate = await _round(once, calls, in_flight)
            if number:
                samples[name].times += times
                samples[name].rates.append(rate)
    return samples


async def _round(once: Once, calls: int, in_flight: int) -> tuple[list[float], float]:
    times: list[float] = []
    left = iter(range(calls))

    async def worker() -> None:
        for _ in left:
            began = time.perf_counter()
            if await once() is not REFUSED:
                times.append((time.perf_counter() - began) * 1000)

    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(in_flight)))
    return times, len(times) / (time.perf_counter() - began)


def rows_of(samples: Mapping[str, Sample], what: str, base: str) -> list[Row]:
    """A row per contestant; the ratio is its rate over that of `base`."""
    return [
        Row(
            f"{what}: {name}",
            f"{sample.rate:,.0f}/s, p50 {sample.at(0.5):.1f} ms,"
            f" p99 {sample.at(0.99):.1f} ms",
            f"{sample.rate / samples[base].rate:.2f}",
        )
        for name, sample in samples.items()
    ]


def table(rows: list[Row]) -> str:
    lines = ["| what | measured | ratio |", "|---|---|---|"]
    lines += [f"| {row.what} | {row.value} | {row.ratio} |" for row in rows]
    return "\n".join(lines)
