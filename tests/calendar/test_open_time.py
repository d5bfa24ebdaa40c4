"""The ends of spans of each kind, and deadlines in closed time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ticketcore.calendar import BusinessCalendar, CalendarError, CalendarRangeError, Span

WEEKDAYS = "mon-fri 00:00-24:00"
OFFICE = "mon-fri 09:00-17:00"


def due(zone: str, hours: str, start: str, span: str, **options: Any) -> str:
    """Return the end of a span in UTC, as text."""
    calendar = BusinessCalendar(zone=zone, hours=hours)
    found = calendar.due(datetime.fromisoformat(start), Span.parse(span), **options)
    assert found.tzinfo is UTC
    return f"{found:%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize(
    ("start", "span", "expected"),
    [
        ("2026-01-09T00:00Z", "24 working hours", "2026-01-12T00:00:00Z"),
        ("2026-01-05T00:00Z", "24 working hours", "2026-01-06T00:00:00Z"),
        ("2026-01-05T00:00Z", "23 working hours", "2026-01-05T23:00:00Z"),
        ("2026-01-10T10:00Z", "0 working minutes", "2026-01-12T00:00:00Z"),
    ],
)
def test_boundary_next_open(start: str, span: str, expected: str) -> None:
    """Open time used up at closing time ends at the next opening, but not at an open midnight."""
    assert expected == due("UTC", WEEKDAYS, start, span, boundary="next-open")


@pytest.mark.parametrize(
    ("start", "span", "expected"),
    [
        ("2026-03-28T12:00+01:00", "24 hours", "2026-03-29T11:00:00Z"),
        ("2026-03-28T12:00+01:00", "1 day", "2026-03-29T10:00:00Z"),
        ("2026-03-28T02:30+01:00", "1 day", "2026-03-29T01:00:00Z"),
        ("2026-10-24T02:30+02:00", "1 day", "2026-10-25T00:30:00Z"),
        ("2026-10-25T02:30+01:00", "0 days", "2026-10-25T01:30:00Z"),
        ("2026-10-25T02:30+01:00", "1 week", "2026-11-01T01:30:00Z"),
        ("2026-01-31T12:00+01:00", "1 month", "2026-02-28T11:00:00Z"),
        ("2026-01-31T12:00+01:00", "2 months", "2026-03-31T10:00:00Z"),
        ("2026-11-30T12:00+01:00", "3 months", "2027-02-28T11:00:00Z"),
        ("2024-02-29T12:00+01:00", "1 year", "2025-02-28T11:00:00Z"),
        ("2026-03-27T15:00+01:00", "1 working day", "2026-03-30T13:00:00Z"),
        ("2026-03-27T15:00+01:00", "3 working hours", "2026-03-30T08:00:00Z"),
        ("2026-03-27T15:00+01:00", "90 minutes", "2026-03-27T15:30:00Z"),
        ("2026-03-27T15:00+01:00", "30 seconds", "2026-03-27T14:00:30Z"),
    ],
)
def test_each_kind_of_span_over_a_change_of_clocks(start: str, span: str, expected: str) -> None:
    """Over a change of clocks, hours elapse and days keep the local time if it exists."""
    assert expected == due("Europe/Berlin", OFFICE, start, span)


def test_roll_forward() -> None:
    """With `roll="forward"`, a result in closed time moves to the next opening."""
    assert "2026-01-12T09:00:00Z" == due(
        "UTC", OFFICE, "2026-01-09T15:00Z", "1 day", roll="forward"
    )
    assert "2026-01-08T15:00:00Z" == due(
        "UTC", OFFICE, "2026-01-07T15:00Z", "1 day", roll="forward"
    )
    closing = due("UTC", OFFICE, "2026-01-09T16:00Z", "1 working hour", roll="forward")
    assert "2026-01-12T09:00:00Z" == closing


@pytest.mark.parametrize(
    ("span", "options", "message"),
    [
        ("1 day", {"roll": "back"}, 'unknown roll "back": give "forward", "backward"'),
        (
            "1 working hour",
            {"boundary": "end"},
            'unknown boundary "end": give "close" or "next-open"',
        ),
        *((span, {"boundary": "end"}, 'unknown boundary "end"') for span in ("1 day", "0 hours")),
    ],
)
def test_options_are_checked(span: str, options: dict[str, Any], message: str) -> None:
    """A misspelt option is refused, for spans that do not use it too."""
    with pytest.raises(CalendarError, match=message):
        due("UTC", OFFICE, "2026-01-09T15:00Z", span, **options)


def test_subtract_mirrors_the_boundary() -> None:
    """Subtracting open time ends at an opening, or at the closing before."""
    calendar, hour = BusinessCalendar(zone="UTC", hours=OFFICE), Span.parse("1 hour").delta
    start = datetime(2026, 1, 12, 10, tzinfo=UTC)
    assert datetime(2026, 1, 12, 9, tzinfo=UTC) == calendar.subtract(start, hour)
    assert datetime(2026, 1, 9, 17, tzinfo=UTC) == calendar.subtract(start, hour, "next-open")
    with pytest.raises(CalendarError, match='unknown boundary "start"'):
        calendar.subtract(start, hour, "start")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "span",
    [
        "9000 years",
        "99999999 months",
        "99999999 days",
        "999999999 weeks",
        f"{10**30} days",
        "99999999 hours",
        "99999999 working days",
        f"{10**12} working days",
    ],
)
def test_spans_beyond_the_years_are_refused(span: str) -> None:
    """A result after the year 9999, or after the supported years, is a CalendarRangeError."""
    with pytest.raises(CalendarRangeError):
        due("Europe/Berlin", OFFICE, "2026-01-09T15:00Z", span)


@pytest.mark.parametrize(
    "zone", ["America/Los_Angeles", "Australia/Lord_Howe", "Africa/Casablanca"]
)
@pytest.mark.parametrize("days", [1, 6, 40, 364])
def test_calendar_days_keep_the_local_time(zone: str, days: int) -> None:
    """Adding calendar days keeps the local time all year, if that time exists."""
    clocks = ZoneInfo(zone)
    calendar = BusinessCalendar(zone=zone, hours=WEEKDAYS)
    for hour in range(0, 366 * 24, 5):
        start = datetime(2026, 1, 1, 2, 30, tzinfo=UTC) + timedelta(hours=hour)
        expected = start.astimezone(clocks).replace(tzinfo=None) + timedelta(days=days)
        found = calendar.due(start, Span(days, "day")).astimezone(clocks).replace(tzinfo=None)
        shown = expected.replace(tzinfo=clocks).astimezone(UTC).astimezone(clocks)
        left_out = shown.replace(tzinfo=None) != expected
        assert expected == found or left_out, start


def test_calendar_days_need_no_supported_years() -> None:
    """Adding calendar days works outside the supported years, since only the zone counts."""
    assert "1850-03-05T12:00:00Z" == due("UTC", WEEKDAYS, "1850-03-01T12:00Z", "4 days")


def test_a_negative_span_keeps_its_boundary() -> None:
    """Adding a negative span is subtracting, and the other way round."""
    calendar, hour = BusinessCalendar(zone="UTC", hours=OFFICE), timedelta(hours=1)
    monday, friday = datetime(2026, 1, 12, 10, tzinfo=UTC), datetime(2026, 1, 9, 16, tzinfo=UTC)

    assert datetime(2026, 1, 9, 17, tzinfo=UTC) == calendar.add(monday, -hour, "next-open")
    assert datetime(2026, 1, 12, 9, tzinfo=UTC) == calendar.add(monday, -hour)
    assert datetime(2026, 1, 12, 9, tzinfo=UTC) == calendar.subtract(friday, -hour, "next-open")
    assert datetime(2026, 1, 9, 17, tzinfo=UTC) == calendar.subtract(friday, -hour)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda c, t: c.add(t, timedelta.max), f"{timedelta.max} after 2026-01-09"),
        (lambda c, t: c.subtract(t, timedelta.max), f"{timedelta.max} before 2026-01-09"),
        (lambda c, t: c.due(t, Span(9000, "year")), "9000 years after 2026-01-09"),
    ],
)
def test_the_message_for_a_span_that_is_too_long_quotes_it(
    ask: Callable[[BusinessCalendar, datetime], object], message: str
) -> None:
    """A span that is too long is refused with its text and the start."""
    calendar = BusinessCalendar(zone="UTC", hours=OFFICE)
    with pytest.raises(CalendarRangeError, match=message):
        ask(calendar, datetime(2026, 1, 9, tzinfo=UTC))


@pytest.mark.parametrize(
    ("start", "span", "expected"),
    [
        ("2026-10-25T01:30Z", "371 days", "2027-10-31T00:30:00Z"),
        ("2026-10-25T01:30Z", "53 weeks", "2027-10-31T00:30:00Z"),
        ("2027-10-31T01:30Z", "5 years", "2032-10-31T00:30:00Z"),
        ("2027-10-31T01:30Z", "60 months", "2032-10-31T00:30:00Z"),
    ],
)
def test_a_repeated_local_time_is_its_first_occurrence(
    start: str, span: str, expected: str
) -> None:
    """A local time that occurs twice means its first occurrence, even from the second."""
    assert expected == due("Europe/Berlin", OFFICE, start, span)


@pytest.mark.parametrize("minute", [0, 30, 59])
@pytest.mark.parametrize("microseconds", [1, 500_000, 999_999])
def test_a_transition_is_at_a_whole_second(minute: int, microseconds: int) -> None:
    """A fraction of a second in the start does not shift it, in results and in explanations."""
    calendar = BusinessCalendar(zone="Europe/Berlin", hours="mon-sun 00:00-24:00")
    start = datetime(2026, 3, 28, 1, minute, microsecond=microseconds, tzinfo=UTC)
    transition = datetime(2026, 3, 29, 1, tzinfo=UTC)
    for span in ("1 day", "1 working day"):
        assert transition == calendar.due(start, Span.parse(span))
    assert [transition] == [
        change.at for change in calendar.explain(start, "2 days").clock_changes
    ]
