"""Drawn calendars open, and have holidays only on request."""

from datetime import datetime

from hypothesis import given

from ticketcore.calendar import BusinessCalendar, Span
from ticketcore.testing.strategies import calendars, instants, spans


@given(calendars(), spans(days=20), instants())
def test_every_span_ends_in_a_drawn_calendar(
    calendar: BusinessCalendar, span: Span, at: datetime
) -> None:
    """Every span can be added in a drawn calendar, and ends after its start."""
    assert at <= calendar.due(at, span)


@given(calendars(holidays=False))
def test_calendars_can_be_drawn_without_holidays(calendar: BusinessCalendar) -> None:
    """With `holidays=False`, a calendar has neither holidays nor special days."""
    assert () == calendar.exceptions
