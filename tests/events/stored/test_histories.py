"""Grouping lines to histories: whole tickets are found, and each damage is reported."""

import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.histories.history_files import (
    EVENTS,
    TICKETS,
    Lines,
    damaged_lines,
    lines_of,
    summary,
)
from ticketcore.errors import HistoryError
from ticketcore.events import History, read_histories, scan_histories


def test_whole_tickets_are_read_with_their_first_lines() -> None:
    """Whole tickets are read with the numbers of their first lines, counted from 1."""
    expected = [History("A", EVENTS, 1), History("B", EVENTS, 5)]

    assert expected == list(read_histories(lines_of("A", "B")))


DAMAGE: dict[str, tuple[Callable[[Lines], Lines], list[tuple[str | None, int, str]]]] = {
    "gap": (
        lambda lines: lines[:5] + lines[6:],
        [("A", 1, "healthy"), ("B", 6, "gap"), ("D", 8, "healthy")],
    ),
    "duplicate": (
        lambda lines: lines[:6] + lines[5:],
        [("A", 1, "healthy"), ("B", 7, "duplicate"), ("D", 10, "healthy")],
    ),
    "first line twice": (
        lambda lines: lines[:5] + lines[4:],
        [("A", 1, "healthy"), ("B", 6, "duplicate"), ("D", 10, "healthy")],
    ),
    "out of order": (
        lambda lines: [*lines[:5], lines[6], lines[5], *lines[7:]],
        [("A", 1, "healthy"), ("B", 6, "gap"), ("D", 9, "healthy")],
    ),
    "first line second": (
        lambda lines: [*lines[:4], lines[5], lines[4], *lines[6:]],
        [("B", 5, "not-opened"), ("A", 1, "healthy"), ("D", 9, "healthy")],
    ),
    "first line lost": (
        lambda lines: lines[:4] + lines[5:],
        [("B", 5, "not-opened"), ("A", 1, "healthy"), ("D", 8, "healthy")],
    ),
    "not opened": (
        lambda lines: [*lines[:4], lines[4].replace(b'"opened"', b'"promoted"'), *lines[5:]],
        [("A", 1, "healthy"), ("B", 5, "not-opened"), ("D", 9, "healthy")],
    ),
    "begins with another": (
        lambda lines: [*lines[:4], lines[5].replace(b'"seq":2', b'"seq":1'), *lines[6:]],
        [("A", 1, "healthy"), ("B", 5, "not-opened"), ("D", 8, "healthy")],
    ),
    "mixed": (
        lambda lines: [*lines[:4], *lines[4:6], lines[11], *lines[6:11]],
        [("D", 7, "not-opened"), ("A", 1, "healthy"), ("B", 8, "mixed"), ("D", 10, "healthy")],
    ),
    "mixed with a broken line": (
        lambda lines: [*lines[:6], b'{"ticket":"D"}\n', *lines[6:]],
        [("D", 7, "seq"), ("A", 1, "healthy"), ("B", 8, "mixed"), ("D", 10, "healthy")],
    ),
    "backwards": (
        lambda lines: [*lines[:5], lines[5].replace(b"T23:", b"T21:"), *lines[6:]],
        [("A", 1, "healthy"), ("B", 6, "backwards"), ("D", 9, "healthy")],
    ),
    "broken body": (
        lambda lines: [*lines[:5], lines[5].replace(b'"vendor"', b"7"), *lines[6:]],
        [("A", 1, "healthy"), ("B", 6, "data.by"), ("D", 9, "healthy")],
    ),
    "unknown content": (
        lambda lines: [*lines[:5], lines[5].replace(b'"vendor"', b'"nobody"'), *lines[6:]],
        [("A", 1, "healthy"), ("B", 5, "healthy"), ("D", 9, "healthy")],
    ),
    "unknown content of an opening": (
        lambda lines: [*lines[:4], lines[4].replace(b'"customer"', b'"nobody"'), *lines[5:]],
        [("A", 1, "healthy"), ("B", 5, "not-opened"), ("D", 9, "healthy")],
    ),
    "broken first body": (
        lambda lines: [*lines[:4], lines[4].replace(b'"customer"', b"7"), *lines[5:]],
        [("A", 1, "healthy"), ("B", 5, "data.by"), ("D", 9, "healthy")],
    ),
    "broken number": (
        lambda lines: [*lines[:5], lines[5].replace(b'"seq":2', b'"seq":"2"'), *lines[6:]],
        [("A", 1, "healthy"), ("B", 6, "seq"), ("D", 9, "healthy")],
    ),
    "broken stray": (
        lambda lines: [lines[5].replace(b'"vendor"', b"7"), *lines[:4]],
        [("B", 1, "data.by"), ("A", 2, "healthy")],
    ),
    "cut line": (
        lambda lines: [*lines[:5], lines[5][:40] + b"\n", *lines[6:]],
        [("A", 1, "healthy"), ("B", 6, "not-json"), ("D", 9, "healthy")],
    ),
    "truncated": (
        lambda lines: [*lines[:-1], lines[-1][:40]],
        [("A", 1, "healthy"), ("B", 5, "healthy"), ("D", 12, "truncated")],
    ),
    "not UTF-8": (
        lambda lines: [*lines[:5], b"\xff\xfe\n", *lines[5:]],
        [
            (None, 6, "not-utf-8"),
            ("A", 1, "healthy"),
            ("B", 5, "healthy"),
            ("D", 10, "healthy"),
        ],
    ),
    "blank line": (
        lambda lines: [*lines[:4], b"\n", *lines[4:8], b"[]\n", *lines[8:]],
        [
            (None, 5, "blank"),
            ("A", 1, "healthy"),
            (None, 10, ""),
            ("B", 6, "healthy"),
            ("D", 11, "healthy"),
        ],
    ),
    "no ticket": (
        lambda lines: [b"{}\n", b'{"ticket":7}\n', *lines[:4]],
        [(None, 1, "ticket"), (None, 2, "ticket"), ("A", 3, "healthy")],
    ),
    "empty": (lambda lines: [], [(None, 1, "empty")]),
}


@pytest.mark.parametrize(("damage", "expected"), DAMAGE.values(), ids=DAMAGE)
def test_damage_is_reported_and_other_tickets_are_read(
    damage: Callable[[Lines], Lines], expected: list[tuple[str | None, int, str]]
) -> None:
    """Each kind of damage is reported with its code or path, and other tickets are read."""
    assert sorted(expected, key=str) == sorted(summary(damage(lines_of("A", "B", "D"))), key=str)


def test_lines_may_be_text() -> None:
    """Lines may be given as text, even a last line that is cut off."""
    lines = [line.decode() for line in lines_of("A", "B")]

    assert [("A", 1, "healthy"), ("B", 8, "truncated")] == summary([*lines[:-1], lines[-1][:50]])


def test_the_last_line_may_lack_its_end() -> None:
    """A last line without a line end is read if its JSON is complete."""
    lines = lines_of("A")

    assert [("A", 1, "healthy")] == summary([*lines[:-1], lines[-1].rstrip()])


def test_reading_raises_the_first_problem() -> None:
    """Reading yields the healthy tickets before the first problem, then raises it."""
    reading = read_histories(lines_of("A", "B")[:5] + lines_of("B")[2:])

    assert "A" == next(reading).ticket
    with pytest.raises(HistoryError) as caught:
        next(reading)
    assert "line 6: ticket B: event 1 is followed by event 3" == str(caught.value)


def test_a_history_that_begins_with_a_newer_opening_is_refused() -> None:
    """A history that begins with a newer opening is refused with its schema."""
    line = lines_of("A")[0].replace(b'"schema":1', b'"schema":2')

    with pytest.raises(HistoryError, match=r"unknown event \('opened', schema 2\)"):
        list(read_histories([line]))


def test_unknown_events_belong_to_their_history() -> None:
    """A history with unknown events counts as healthy."""
    lines = lines_of("A")
    lines[1] = lines[1].replace(b'"replied"', b'"promoted"')

    assert [("A", 1, "healthy")] == summary(lines)


@given(damaged_lines())
def test_damage_in_one_ticket_leaves_the_others_whole(case: tuple[int, Lines]) -> None:
    """Damage in one ticket raises no error, and the other tickets are read."""
    victim, lines = case
    healthy = {
        item.ticket: item.events for item in scan_histories(lines) if isinstance(item, History)
    }
    neighbours = {ticket for ticket in TICKETS if ticket != TICKETS[victim]}

    assert dict.fromkeys(neighbours, EVENTS) == {
        ticket: healthy.get(ticket) for ticket in neighbours
    }


@given(st.binary())
def test_any_bytes_are_broken_histories(content: bytes) -> None:
    """Random bytes are read as broken histories and raise no error."""
    found = list(scan_histories(io.BytesIO(content)))

    assert [] == [item for item in found if isinstance(item, History)]
