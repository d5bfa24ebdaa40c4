"""Spans are read from text, written back, and of the kind that their unit determines."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore.calendar import CalendarError, Span

units = st.sampled_from(["second", "minute", "hour", "day", "week", "month", "year"])


@given(st.integers(0, 10**6), units, st.booleans())
def test_text_round_trips(amount: int, unit: Any, working: bool) -> None:
    """A span equals the span that is read from its text."""
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
def test_spans_are_read(text: str, expected: Span) -> None:
    """A span may be written in the singular or plural, with or without spaces."""
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
def test_the_unit_determines_the_kind(text: str, kind: str, delta: timedelta) -> None:
    """Hours elapse, days are calendar days, working hours and days are open ones."""
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
def test_text_that_is_not_a_span_is_refused(text: str) -> None:
    """Text that is not a span is refused, and the message shows examples."""
    with pytest.raises(CalendarError, match="is not a span: write a whole number and a unit"):
        Span.parse(text)


def test_spans_beyond_timedelta_are_refused() -> None:
    """Hours that exceed a billion days are refused when they are read."""
    with pytest.raises(CalendarError, match="is too long: it ends after the year 9999"):
        Span.parse(f"{10**14} hours")


@pytest.mark.parametrize("text", ["1 hour", "2 hours", "1 working day", "0 minutes", "1 month"])
def test_one_is_written_in_the_singular(text: str) -> None:
    """A span of one unit is written in the singular."""
    assert text == str(Span.parse(text))


def test_the_message_quotes_the_value() -> None:
    """The message about a span shows the value as it was written."""
    with pytest.raises(CalendarError, match='"in a  while" is not a span'):
        Span.parse("in a  while")
    with pytest.raises(CalendarError, match='"2 working months" is not a span'):
        Span(2, "month", working=True)
    with pytest.raises(CalendarError, match="48 is not a span"):
        Span.parse(48)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 business days", "3 working days"),
        ("1 business day", "1 working day"),
        ("4 workdays", "4 working days"),
        ("48h", "48 hours"),
        ("60 min", "60 minutes"),
        ("60 mins.", "60 minutes"),
        ("90 m", "90 minutes"),
        ("PT1H", "1 hour"),
        ("PT90M", "90 minutes"),
        ("P3D", "3 days"),
        ("P6M", "6 months"),
        ("2 Hours", "2 hours"),
        ("24 hourz", "24 hours"),
        ("1 office hour", "1 working hour"),
        ("2-weeks", "2 weeks"),
    ],
)
def test_the_message_suggests_the_right_form(text: str, expected: str) -> None:
    """Common ways to write a span get the form that is accepted, and the text is quoted."""
    with pytest.raises(CalendarError) as refused:
        Span.parse(text)
    assert f'"{text}" is not a span: did you mean "{expected}"?' == str(refused.value)
    assert expected == str(Span.parse(expected))


@pytest.mark.parametrize("text", ["2 business weeks", "5 fathoms", "soon", "PT1H30M", "1.5 hours"])
def test_there_is_no_suggestion_without_a_right_form(text: str) -> None:
    """A text that is not similar to a span gets examples instead of a suggestion."""
    with pytest.raises(CalendarError, match='write a whole number and a unit, such as "24 hours"'):
        Span.parse(text)


def test_a_span_holds_days_and_months() -> None:
    """A span holds days and months: weeks are days, and years are months."""
    spans = [Span.parse(text) for text in ("2 weeks", "3 working days", "1 year", "2 hours")]
    assert [(14, 0), (3, 0), (0, 12), (0, 0)] == [(span.days, span.months) for span in spans]
