"""Splitting a history file into ranges of whole tickets."""

from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.histories.history_files import (
    EVENTS,
    TICKETS,
    Lines,
    damaged_lines,
    lines_of,
    problem_of,
    write_unchecked,
)
from support.strategies import histories
from ticketcore.events import Event, History, scan_histories, split_history


def found_in(path: Path, size: int) -> list[object]:
    """Return the content of all ranges of a file, without line numbers."""
    return [
        (item.ticket, item.events if isinstance(item, History) else problem_of(item.error))
        for start, end in split_history(path, size)
        for item in scan_histories(path, start, end)
    ]


@pytest.mark.parametrize("size", [0, 1, 100, 700, 10_000])
def test_ranges_together_have_all_tickets(tmp_path: Path, size: int) -> None:
    """Ranges of any size together contain all tickets of a file."""
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"".join(lines_of(*TICKETS)))

    assert [(ticket, EVENTS) for ticket in TICKETS] == found_in(path, size)


def test_ranges_follow_each_other(tmp_path: Path) -> None:
    """The first range begins at byte 0, and the last ends with the file."""
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"".join(lines_of(*TICKETS)))
    ticket = path.stat().st_size // 3

    expected = [(0, ticket), (ticket, 2 * ticket), (2 * ticket, 3 * ticket)]
    assert expected == list(split_history(path, ticket - 200))


def test_an_empty_file_is_one_range(tmp_path: Path) -> None:
    """An empty file is one range, and is reported as empty. Compressed files are one range."""
    (tmp_path / "empty.jsonl").touch()

    for size in (0, 10):
        assert [(0, 0)] == list(islice(split_history(tmp_path / "empty.jsonl", size), 2))
    assert [(None, "empty")] == found_in(tmp_path / "empty.jsonl", 10)
    assert [(0, None)] == list(split_history(tmp_path / "any.jsonl.gz", 10))


@given(st.lists(histories(), min_size=1, max_size=4), st.integers(1, 2_000))
def test_any_ordered_history_comes_back_from_ranges(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[str, tuple[Event, ...]]], size: int
) -> None:
    """Any ordered history is read whole from ranges of any size."""
    path = tmp_path_factory.mktemp("any") / "log.jsonl"
    tickets = [(f"{ticket}{number}", events) for number, (ticket, events) in enumerate(drawn)]
    write_unchecked(path, tickets)

    assert tickets == found_in(path, size)


@given(damaged_lines(), st.integers(1, 1_500))
def test_ranges_of_a_damaged_file_report_the_same_problems(
    tmp_path_factory: pytest.TempPathFactory, case: tuple[int, Lines], size: int
) -> None:
    """Ranges of any size report the same problems of a damaged file."""
    path = tmp_path_factory.mktemp("damaged") / "log.jsonl"
    path.write_bytes(b"".join(case[1]))

    assert found_in(path, 1_000_000) == found_in(path, size)
