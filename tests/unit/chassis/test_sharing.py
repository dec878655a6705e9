"""One computation for all who ask the same at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from chassis.sharing import Answers
from contracts.errors import Unavailable


def test_who_asks_meanwhile_waits_for_the_same_answer() -> None:
    answers, begun, go_on, calls = Answers(0), threading.Event(), threading.Event(), []

    def slow() -> int:
        calls.append(1)
        begun.set()
        assert go_on.wait(10)
        return len(calls)

    with ThreadPoolExecutor(16) as pool:
        first = pool.submit(answers.get, "regent", slow)
        assert begun.wait(10)
        others = [pool.submit(answers.get, "regent", slow) for _ in range(10)]
        assert pool.submit(answers.get, "head", lambda: "own").result(10) == "own"
        go_on.set()
        # Without any time to keep it, who comes after the end makes his own.
        assert first.result(10) == 1
        assert all(one.result(10) <= len(calls) for one in others)
    assert answers.get("regent", lambda: "later") == "later"


def test_an_answer_is_kept_for_its_time_and_no_longer() -> None:
    clock, turn = [100.0], count()
    answers = Answers(5, lambda: clock[0])

    def ask(key: str = "regent") -> int:
        found: int = answers.get(key, lambda: next(turn))
        return found

    assert (ask(), ask(), ask("head")) == (0, 0, 1)
    clock[0] = 104.9
    assert ask() == 0
    clock[0] = 105.0
    assert (ask(), ask()) == (2, 2)


@pytest.mark.parametrize(
    ("raised", "told"), [(ValueError, ValueError), (KeyboardInterrupt, Unavailable)]
)
def test_a_failure_reaches_who_waits_and_is_not_kept(
    raised: type[BaseException], told: type[Exception]
) -> None:
    answers, begun, go_on = Answers(5), threading.Event(), threading.Event()

    def fails() -> None:
        begun.set()
        assert go_on.wait(10)
        raise raised

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(_error_of, lambda: answers.get("regent", fails))
        assert begun.wait(10)
        second = pool.submit(_error_of, lambda: answers.get("regent", lambda: "new"))
        threading.Event().wait(0.2)
        go_on.set()
        assert isinstance(first.result(10), raised)
        assert isinstance(second.result(10), told)
    assert answers.get("regent", lambda: "new") == "new"


def _error_of(ask: Callable[[], object]) -> BaseException | None:
    try:
        ask()
    except BaseException as error:
        return error
    return None
