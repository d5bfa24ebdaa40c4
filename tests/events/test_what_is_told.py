"""What is wrong with a history file is told in words, with the ticket, the event and the line."""

from datetime import UTC, datetime

import pytest

from ticketcore._internal.json_text import decode
from ticketcore.errors import CodecError
from ticketcore.events import BrokenHistory, Closed, Opened, Recorded, scan_histories, to_line

AT = datetime(2026, 1, 5, 10, tzinfo=UTC)
OPENED = Opened(at=AT, by="customer", type="technical", zone="UTC")
CLOSED = Closed(at=AT, by="vendor")


def line(ticket: str, seq: int) -> str:
    """An opening, or what follows it, as it is stored."""
    return to_line(Recorded(ticket, seq, OPENED if seq == 1 else CLOSED)) + "\n"


FIRST = line("T", 1)
TOLD: dict[str, tuple[list[str] | list[bytes], list[str]]] = {
    "a blank line": (["\n"], ["line 1: blank line"]),
    "no UTF-8": ([b"\xff\n"], ["line 1: not UTF-8: invalid start byte"]),
    "no JSON": (["?\n"], ["line 1: not JSON: Expecting value: line 1 column 1 (char 0)"]),
    "a line that breaks off": (
        [FIRST, '{"ticket":"T","seq":2,"type"'],
        [
            "line 2: ticket T: the line is cut off: not JSON:"
            " Expecting ':' delimiter: line 1 column 29"
        ],
    ),
    "a key that stands twice": (
        ['{"a":1,"a":2}\n'],
        ["line 1: not JSON: a key occurs twice in one object"],
    ),
    "no number": (['{"a":NaN}\n'], ["line 1: not JSON: NaN is not a number"]),
    "a gap": ([FIRST, line("T", 3)], ["line 2: ticket T: event 1 is followed by event 3"]),
    "no beginning": ([line("T", 2)], ["line 1: ticket T: begins with event 2, not with event 1"]),
    "another beginning": (
        [to_line(Recorded("T", 1, CLOSED)) + "\n"],
        ["line 1: ticket T: begins with 'closed', not with an opening"],
    ),
    "lines of another": (
        [FIRST, line("U", 2), line("T", 2)],
        [
            "line 2: ticket U: begins with event 2, not with event 1",
            "line 3: ticket T: lines of another ticket come before event 2",
        ],
    ),
    "no ticket": (
        [FIRST.replace('"T"', '""')],
        ["line 1: ticket  event 1: ticket: expected text that is not empty, found ''"],
    ),
    "no number of an event": (
        [FIRST.replace('"seq":1', '"seq":0')],
        ["line 1: ticket T event 0: seq: expected a number from 1, found 0"],
    ),
    "a number that is text": (
        [FIRST.replace('"seq":1', '"seq":"1"')],
        ["line 1: ticket T: seq: expected a whole number, found '1'"],
    ),
    "a schema that never was": (
        [FIRST.replace('"schema":1', '"schema":0')],
        ["line 1: ticket T event 1: schema: expected a number from 1, found 0"],
    ),
}


@pytest.mark.parametrize("what", TOLD)
def test_what_is_wrong_is_told_with_its_place(what: str) -> None:
    """The line, the ticket where it is known, and what was found."""
    lines, told = TOLD[what]
    broken = [found for found in scan_histories(lines) if isinstance(found, BrokenHistory)]

    assert told == [str(one.error)[: len(words)] for one, words in zip(broken, told, strict=False)]
    assert [one.line for one in broken] == [one.error.line for one in broken]


def test_an_empty_file_holds_no_history() -> None:
    """It is told once, of the first line, and of no ticket."""
    (broken,) = scan_histories([])

    assert isinstance(broken, BrokenHistory)
    assert (None, 1, "the file has no events") == (broken.ticket, broken.line, str(broken.error))


@pytest.mark.parametrize(("what", "seq"), [("a gap", 3), ("no beginning", 2)])
def test_the_event_is_named_by_its_number(what: str, seq: int) -> None:
    """A program finds ticket and sequence on the error."""
    *_, broken = scan_histories(TOLD[what][0])

    assert isinstance(broken, BrokenHistory)
    assert ("T", seq) == (broken.error.ticket, broken.error.seq)


def test_an_interrupting_line_names_its_event() -> None:
    """Where lines of two tickets are mixed, the event that came too late is named."""
    *_, mixed = scan_histories([FIRST, line("U", 2), line("T", 2)])

    assert isinstance(mixed, BrokenHistory)
    assert ("T", 2, 3) == (mixed.error.ticket, mixed.error.seq, mixed.line)


def test_the_number_of_a_broken_line_is_found_however_it_is_written() -> None:
    """JSON that is not in the one form is broken at the same place."""
    spaced = FIRST + '{ "seq": 2, "ticket": "T", "type": "closed" }\n'
    *_, broken = scan_histories(spaced.splitlines(keepends=True))

    assert isinstance(broken, BrokenHistory)
    assert isinstance(broken.error, CodecError)
    assert ("T", 2) == (broken.error.ticket, broken.error.seq)


def test_what_is_nested_too_deeply_says_so() -> None:
    """Deeper than the interpreter can follow."""
    with pytest.raises(ValueError, match=r"^nested too deeply$"):
        decode("[" * 100_000)
