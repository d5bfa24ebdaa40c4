"""Spans: read from text, written back, and of the kind that their unit says."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore.calendar import CalendarError, Span

units = st.sampled_from(["second", "minute", "hour", "day", "week", "month", "year"])


@given(st.integers(0, 10**6), units, st.booleans())
def test_text_round_trips(amount: int, unit: Any, working: bool) -> None:
    """What a span writes is what it is read from."""
    working = working and unit in ("second", "minute", "hour", "day")
    span = Span(amount, unit, working=working)
    assert span == Span.parse(str(span))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("48 working hours", Span(48, "hour", working=True)),
        ("1 working hour", Span(1, "hour", working=True)),
        ("5  working\tminutes", Span(5, "minute", working=True)),
        (" 7 working days ", Span(7, "day", working=True)),
        ("24 hours", Span(24, "hour")),
        ("1 week", Span(1, "week")),
        ("2 months", Span(2, "month")),
        ("1 years", Span(1, "year")),
        ("0 minutes", Span(0, "minute")),
    ],
)
def test_text_is_read(text: str, expected: Span) -> None:
    """Singular, plural and spaces do not matter."""
    assert expected == Span.parse(text)


@pytest.mark.parametrize(
    ("text", "kind", "delta"),
    [
        ("90 minutes", "elapsed", timedelta(minutes=90)),
        ("48 working hours", "open time", timedelta(hours=48)),
        ("7 working days", "open days", timedelta(0)),
        ("2 months", "calendar", timedelta(0)),
    ],
)
def test_the_unit_says_the_kind(text: str, kind: str, delta: timedelta) -> None:
    """Hours elapse, days keep the local time, working hours and days are open ones."""
    span = Span.parse(text)
    assert (kind, delta) == (span.kind, span.delta)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hours",
        "4",
        "-4 hours",
        "1.5 hours",
        "4 fortnights",
        "4 working weeks",
        "4 day s",
        f"{'9' * 5000} hours",
    ],
)
def test_text_that_is_no_span(text: str) -> None:
    """The error shows what a span looks like."""
    with pytest.raises(CalendarError, match="is not a span: write a whole number and a unit"):
        Span.parse(text)


def test_spans_longer_than_time() -> None:
    """Hours beyond a billion days are refused when read."""
    with pytest.raises(CalendarError, match="is longer than any calendar"):
        Span.parse(f"{10**14} hours")


@pytest.mark.parametrize("text", ["1 hour", "2 hours", "1 working day", "0 minutes", "1 month"])
def test_one_is_written_in_the_singular(text: str) -> None:
    """As people write it."""
    assert text == str(Span.parse(text))


def test_what_is_no_span_is_quoted() -> None:
    """The error shows what was found, however the span was made."""
    with pytest.raises(CalendarError, match='"in a  while" is not a span'):
        Span.parse("in a  while")
    with pytest.raises(CalendarError, match='"2 working months" is not a span'):
        Span(2, "month", working=True)
    with pytest.raises(CalendarError, match="48 is not a span"):
        Span.parse(48)  # type: ignore[arg-type]
