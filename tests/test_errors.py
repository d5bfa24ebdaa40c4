"""The messages of errors, and their copies in other processes."""

import copy
import pickle
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from ticketcore.calendar import Closure, Holidays, Span, zone_of
from ticketcore.commands import Reply, load_stored_command
from ticketcore.errors import (
    CalendarError,
    CodecError,
    DataError,
    HistoryError,
    MoneyError,
    PolicyError,
    RefusedError,
    ScenarioError,
    TicketcoreError,
)
from ticketcore.events import Money, from_line
from ticketcore.policies import load_policy, parse_policy, preset_text
from ticketcore.scenarios import load_scenario, local_instant, parse_scenario


@pytest.mark.parametrize(
    "error",
    [
        HistoryError("gap", "event 2 is followed by event 4", ticket="7\n\x1b[31m\ud800"),
        CodecError("data", 7, "text", ticket="7\n\x1b[31m\ud800", seq=2),
        CodecError("7\n\x1b[31m\ud800", 7, "a known field"),
    ],
)
def test_messages_escape_control_characters(error: DataError) -> None:
    """Ticket numbers and keys stay on one line, whatever characters a file holds."""
    assert r"7\n\x1b[31m\ud800" in str(error)
    assert str(error).isprintable()


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))]
)
def test_a_refusal_can_be_copied_and_pickled(
    copied: Callable[[RefusedError], RefusedError],
) -> None:
    """A refusal can be copied and pickled with its message and attributes."""
    command = Reply(at=datetime(2026, 1, 5, tzinfo=UTC), by="vendor")
    refusal = RefusedError("ticket-closed", "it was closed", command=command, rule="C8")
    other = copied(refusal)

    assert (str(refusal), vars(refusal)) == (str(other), vars(other))


def test_a_message_gives_the_known_parts_of_a_place() -> None:
    """An event without a sequence number is located by its line and ticket."""
    wrong = CodecError("seq", "1", "a whole number", ticket="ü7", line=3)

    assert "line 3: ticket ü7: seq: expected a whole number, found '1'" == str(wrong)


def _holidays(country: Any) -> object:
    place: Any = [country]
    return Holidays(country=place)


@pytest.mark.parametrize("value", [None, 7, 4.5, ["x"]])
@pytest.mark.parametrize(
    ("read", "error"),
    [
        (load_policy, PolicyError),
        (parse_policy, PolicyError),
        (preset_text, PolicyError),
        (load_scenario, ScenarioError),
        (parse_scenario, ScenarioError),
        (from_line, CodecError),
        (load_stored_command, CodecError),
        (Money.parse, MoneyError),
        (Span.parse, CalendarError),
        (Closure, CalendarError),
        (zone_of, CalendarError),
        (_holidays, CalendarError),
    ],
)
def test_a_value_that_is_not_text_raises_an_error_of_the_library(
    read: Callable[[Any], object], error: type[TicketcoreError], value: object
) -> None:
    """A value that is not text raises the error of its reader."""
    with pytest.raises(error) as caught:
        read(value)

    assert str(value) in str(caught.value)


def test_an_impossible_file_name_is_refused() -> None:
    """A file name with NUL is refused, as by the operating system."""
    with pytest.raises(ScenarioError, match="not a file name"):
        load_scenario("a\0b")
    with pytest.raises(ValueError, match="found the value None"):
        local_instant(None, "UTC")


def test_a_file_error_lists_twenty_problems() -> None:
    """No list of problems is longer than twenty lines and a count."""
    with pytest.raises(PolicyError) as caught:
        parse_policy("\n".join(f"unknown_{n} = 1" for n in range(30)))

    lines = str(caught.value).splitlines()
    assert 22 == len(lines)
    assert f"and {len(caught.value.problems) - 20} more" == lines[-1]
