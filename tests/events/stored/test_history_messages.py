"""The messages about broken history files have the line, the ticket and the event."""

from datetime import UTC, datetime

import pytest

from ticketcore.errors import CodecError
from ticketcore.events import BrokenHistory, Closed, Opened, Recorded, scan_histories, to_line

AT = datetime(2026, 1, 5, 10, tzinfo=UTC)
OPENED = Opened(at=AT, by="customer", type="technical", zone="UTC")
CLOSED = Closed(at=AT, by="vendor")


def line(ticket: str, seq: int) -> str:
    """Return an opening or a closing as it is stored."""
    return to_line(Recorded(ticket, seq, OPENED if seq == 1 else CLOSED)) + "\n"


FIRST = line("T", 1)
MESSAGES: dict[str, tuple[list[str] | list[bytes], list[str]]] = {
    "unknown content at the beginning": (
        [line("T", 2).replace('"seq":2', '"seq":1').replace('"data":{', '"data":{"x":1,')],
        [
            "line 1: ticket T: begins with an unknown event ('closed', schema 1: data.x: expected"
            " a known field, found 1), not with an opening"
        ],
    ),
    "a blank line": (["\n"], ["line 1: blank line"]),
    "not UTF-8": ([b"\xff\n"], ["line 1: not UTF-8: invalid start byte"]),
    "not JSON": (["?\n"], ["line 1: not JSON: Expecting value at character 1"]),
    "a line that is cut off": (
        [FIRST, '{"ticket":"T","seq":2,"event"'],
        [
            "line 2: ticket T: the line is cut off: not JSON:"
            " Expecting ':' delimiter at character 30"
        ],
    ),
    "a text that is cut off": (
        [FIRST, '{"ticket":"T'],
        ["line 2: the line is cut off: not JSON: Unterminated string starting at character 11"],
    ),
    "a key that occurs twice": (
        ['{"a":1,"a":2}\n'],
        ["line 1: not JSON: a key occurs twice in one object"],
    ),
    "not a number": (['{"a":NaN}\n'], ["line 1: not JSON: NaN is not a number"]),
    "a gap": ([FIRST, line("T", 3)], ["line 2: ticket T: event 1 is followed by event 3"]),
    "a missing first line": (
        [line("T", 2)],
        ["line 1: ticket T: begins with event 2, not with event 1"],
    ),
    "another first event": (
        [to_line(Recorded("T", 1, CLOSED)) + "\n"],
        ["line 1: ticket T: begins with 'closed', not with an opening"],
    ),
    "lines of another ticket": (
        [FIRST, line("U", 2), line("T", 2)],
        [
            "line 2: ticket U: begins with event 2, not with event 1",
            "line 3: ticket T: lines of another ticket come before event 2",
        ],
    ),
    "an empty ticket number": (
        [FIRST.replace('"T"', '""')],
        ["line 1: ticket  event 1: ticket: expected text with a visible character, found ''"],
    ),
    "an event number of 0": (
        [FIRST.replace('"seq":1', '"seq":0')],
        ["line 1: ticket T event 0: seq: expected a number from 1, found 0"],
    ),
    "an event number that is text": (
        [FIRST.replace('"seq":1', '"seq":"1"')],
        ["line 1: ticket T: seq: expected a whole number, found '1'"],
    ),
    "a schema that never existed": (
        [FIRST.replace('"schema":1', '"schema":0')],
        ["line 1: ticket T event 1: schema: expected a number from 1, found 0"],
    ),
}


@pytest.mark.parametrize("case", MESSAGES)
def test_a_message_has_the_position_and_the_value_found(case: str) -> None:
    """A message names the ticket and the event if they are known, and the value found."""
    lines, messages = MESSAGES[case]
    broken = [found for found in scan_histories(lines) if isinstance(found, BrokenHistory)]

    assert messages == [
        str(one.error)[: len(message)] for one, message in zip(broken, messages, strict=True)
    ]
    assert [one.line for one in broken] == [one.error.line for one in broken]


def test_an_empty_file_is_reported_once() -> None:
    """An empty file is reported once, for line 1, without a ticket."""
    (broken,) = scan_histories([])

    assert isinstance(broken, BrokenHistory)
    assert (None, 1, "the file has no events") == (broken.ticket, broken.line, str(broken.error))


@pytest.mark.parametrize(("case", "seq"), [("a gap", 3), ("a missing first line", 2)])
def test_an_error_has_ticket_and_number_as_attributes(case: str, seq: int) -> None:
    """An error has the ticket and the number of the event as attributes."""
    *_, broken = scan_histories(MESSAGES[case][0])

    assert isinstance(broken, BrokenHistory)
    assert ("T", seq) == (broken.error.ticket, broken.error.seq)


def test_an_interrupted_ticket_names_its_next_event() -> None:
    """An interrupted ticket is reported with the line of its next event."""
    *_, mixed = scan_histories([FIRST, line("U", 2), line("T", 2)])

    assert isinstance(mixed, BrokenHistory)
    assert ("T", 2, 3) == (mixed.error.ticket, mixed.error.seq, mixed.line)


def test_the_position_of_a_broken_line_is_found_in_any_form() -> None:
    """The position of a broken line is found in any order of keys and with any spaces."""
    spaced = FIRST + '{ "seq": 2, "ticket": "T", "event": "closed" }\n'
    *_, broken = scan_histories(spaced.splitlines(keepends=True))

    assert isinstance(broken, BrokenHistory)
    assert isinstance(broken.error, CodecError)
    assert ("T", 2) == (broken.error.ticket, broken.error.seq)
