"""A line gives every number once and in order, whatever the hints do."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chassis.ids import new_id
from gateway.stream_line import BUFFERED, Line


def make_line(sent: int = 0) -> Line:
    line = Line(new_id(), None)
    line.sent = sent
    return line


def text(seq: int) -> bytes:
    return b"%d;" % seq


def test_the_next_numbers_are_given_as_one_piece() -> None:
    line = make_line(4)
    for seq in (5, 6, 7):
        line.offer(seq, text(seq))

    assert line.take() == b"5;6;7;"
    assert (line.sent, line.behind) == (7, False)


def test_a_hole_sends_the_reader_to_the_store() -> None:
    line = make_line(4)
    line.offer(6, text(6))

    assert line.take() == b""
    assert line.behind


def test_old_and_repeated_hints_are_dropped() -> None:
    line = make_line(4)
    for seq in (3, 5, 5, 4):
        line.offer(seq, text(seq))

    assert line.take() == b"5;"
    assert not line.behind


def test_a_slow_reader_costs_a_bounded_buffer() -> None:
    line = make_line()
    for seq in range(1, 10 * BUFFERED):
        line.offer(seq, text(seq))

    assert len(line._waiting) <= BUFFERED
    assert line.behind


def test_a_watermark_beyond_the_buffer_sends_to_the_store() -> None:
    line = make_line(4)
    line.reaches(4)
    assert not line.behind

    line.offer(5, text(5))
    line.reaches(5)
    assert not line.behind

    line.reaches(6)
    assert line.behind


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("hint"), st.integers(1, 30)),
            st.tuples(st.just("poll"), st.just(0)),
            st.tuples(st.just("write"), st.just(0)),
        ),
        max_size=120,
    )
)
def test_any_sequence_of_hints_polls_and_writes_gives_all_once_in_order(
    acts: list[tuple[str, int]],
) -> None:
    line, store, written = make_line(), 0, list[int]()

    def write() -> None:
        if line.behind:
            line.behind = False
            written.extend(range(line.sent + 1, store + 1))
            line.skip_to(store)
        written.extend(int(part) for part in line.take().split(b";") if part)

    for act, seq in acts:
        if act == "hint":
            store = max(store, seq)  # a hint comes after its watermark
            line.offer(seq, text(seq))
        elif act == "poll":
            line.reaches(store)
        else:
            write()
    line.reaches(store)
    while line.behind or line._waiting:
        write()

    assert written == list(range(1, store + 1))
