"""What errors say, beside what they carry."""

import copy
import pickle
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from ticketcore._internal.terminal import visible
from ticketcore.calendar import Closure, Holidays, Span, zone_of
from ticketcore.commands import Reply, load_command
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
def test_what_a_file_says_cannot_act_on_a_terminal(error: DataError) -> None:
    """Numbers and keys stay on one line, with control characters and lone surrogates escaped."""
    assert r"7\n\x1b[31m\ud800" in str(error)
    assert str(error).isprintable()


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))]
)
def test_a_refusal_comes_back_from_another_process(
    copied: Callable[[RefusedError], RefusedError],
) -> None:
    """With all that it carries, and as it is told."""
    command = Reply(at=datetime(2026, 1, 5, tzinfo=UTC), by="vendor")
    refusal = RefusedError("ticket-closed", "it was closed", command=command, rule="C8")
    other = copied(refusal)

    assert (str(refusal), vars(refusal)) == (str(other), vars(other))


def test_an_event_without_a_number_is_told_by_its_ticket() -> None:
    """The place of an event is told as far as it is known."""
    wrong = CodecError("seq", "1", "a whole number", ticket="ü7", line=3)

    assert "line 3: ticket ü7: seq: expected a whole number, found '1'" == str(wrong)


def test_a_blank_that_does_not_break_is_shown_as_it_is() -> None:
    """It is no control character: French and Swiss numbers have one."""
    assert "1\u202f000\xa0€" == visible("1\u202f000\xa0€")
    assert r"\u200b" == visible("\u200b")


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
        (load_command, CodecError),
        (Money.parse, MoneyError),
        (Span.parse, CalendarError),
        (Closure, CalendarError),
        (zone_of, CalendarError),
        (_holidays, CalendarError),
    ],
)
def test_what_is_no_text_is_no_bare_error(
    read: Callable[[Any], object], error: type[TicketcoreError], value: object
) -> None:
    """Who reads a text raises the error of its room, and says what was found."""
    with pytest.raises(error) as caught:
        read(value)

    assert str(value) in str(caught.value)


def test_a_name_that_no_file_can_have_is_told() -> None:
    """A NUL ends a name for the system."""
    with pytest.raises(ScenarioError, match="is no name of a file"):
        load_scenario("a\0b")
    with pytest.raises(ValueError, match="found the value None"):
        local_instant(None, "UTC")
