"""What errors say, beside what they carry."""

import pytest

from ticketcore._visible import visible
from ticketcore.errors import CodecError, DataError, HistoryError


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


def test_an_event_without_a_number_is_told_by_its_ticket() -> None:
    """The place of an event is told as far as it is known."""
    wrong = CodecError("seq", "1", "a whole number", ticket="ü7", line=3)

    assert "line 3: ticket ü7: seq: expected a whole number, found '1'" == str(wrong)


def test_a_blank_that_does_not_break_is_shown_as_it_is() -> None:
    """It is no control character: French and Swiss numbers have one."""
    assert "1\u202f000\xa0€" == visible("1\u202f000\xa0€")
    assert r"\u200b" == visible("\u200b")
