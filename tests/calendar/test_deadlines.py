"""Chains of spans, and where deadlines land: `roll` and `at_time`."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.calendars.strategies import situations
from ticketcore.calendar import BusinessCalendar, CalendarError, Span

OFFICE = BusinessCalendar(
    zone="UTC", hours="mon-thu 09:00-17:00; fri 09:00-14:00", holidays=["2026-01-12"]
)
NIGHTS = BusinessCalendar(zone="UTC", hours="mon-fri 22:00-06:00")
ALWAYS = BusinessCalendar(zone="UTC", hours="mon-fri 00:00-24:00")
BERLIN = BusinessCalendar(zone="Europe/Berlin", hours="mon-sun 00:00-24:00")


def due(calendar: BusinessCalendar, start: str, *spans: str, **options: Any) -> str:
    """Return where a chain of spans lands, in UTC."""
    chain = [Span.parse(span) for span in spans]
    return f"{calendar.due(datetime.fromisoformat(start), chain, **options):%a %d %H:%M}"


@pytest.mark.parametrize(
    ("calendar", "start", "span", "expected"),
    [
        (OFFICE, "2026-01-07T10:00Z", "1 working day", "Thu 08 17:00"),
        (OFFICE, "2026-01-07T20:00Z", "1 working day", "Thu 08 17:00"),
        (OFFICE, "2026-01-08T10:00Z", "1 working day", "Fri 09 14:00"),
        (OFFICE, "2026-01-09T10:00Z", "1 working day", "Tue 13 17:00"),
        (OFFICE, "2026-01-07T10:00Z", "2 working hours", "Wed 07 17:00"),
        (OFFICE, "2026-01-07T16:00Z", "1 working hour", "Wed 07 17:00"),
        (OFFICE, "2026-01-07T16:00Z", "2 hours", "Thu 08 17:00"),
        (OFFICE, "2026-01-07T05:00Z", "1 hour", "Wed 07 17:00"),
        (OFFICE, "2026-01-09T10:00Z", "1 day", "Tue 13 17:00"),
        (OFFICE, "2026-01-06T20:00Z", "1 day", "Wed 07 17:00"),
        (OFFICE, "2026-01-09T10:00Z", "0 days", "Fri 09 14:00"),
        (NIGHTS, "2026-01-07T01:00Z", "2 hours", "Wed 07 06:00"),
        (NIGHTS, "2026-01-07T05:00Z", "2 hours", "Thu 08 06:00"),
        (NIGHTS, "2026-01-07T23:00Z", "1 working day", "Fri 09 06:00"),
        (ALWAYS, "2026-01-07T10:00Z", "1 hour", "Thu 08 00:00"),
        (ALWAYS | ALWAYS, "2026-01-07T10:00Z", "1 hour", "Thu 08 00:00"),
        (OFFICE & OFFICE, "2026-01-07T10:00Z", "1 working day", "Thu 08 17:00"),
    ],
)
def test_day_end(calendar: BusinessCalendar, start: str, span: str, expected: str) -> None:
    """A deadline lands at the last closing of its working date, or of the next one."""
    assert expected == due(calendar, start, span, roll="day-end")


def test_day_end_heeds_breaks_and_pauses() -> None:
    """A break or a pause at the end of the day moves the last closing earlier."""
    calendar = BusinessCalendar(
        zone="UTC",
        hours="mon-fri 09:00-17:00",
        breaks={"2026-01-08": "16:00-17:00"},
        pauses=[(datetime(2026, 1, 9, 15, tzinfo=UTC), datetime(2026, 1, 9, 20, tzinfo=UTC))],
    )
    assert "Thu 08 16:00" == due(calendar, "2026-01-07T10:00Z", "1 working day", roll="day-end")
    assert "Fri 09 15:00" == due(calendar, "2026-01-08T10:00Z", "1 working day", roll="day-end")


@pytest.mark.parametrize(
    ("start", "span", "expected"),
    [
        ("2026-01-09T10:00Z", "1 day", "Fri 09 14:00"),
        ("2026-01-07T10:00Z", "1 day", "Thu 08 10:00"),
        ("2026-01-09T10:00Z", "3 days", "Fri 09 14:00"),
        ("2026-01-08T16:00Z", "1 working hour", "Thu 08 17:00"),
        ("2026-01-07T20:00Z", "1 working day", "Thu 08 17:00"),
    ],
)
def test_backward(start: str, span: str, expected: str) -> None:
    """With `roll="backward"`, a deadline in closed time moves to the last closing."""
    assert expected == due(OFFICE, start, span, roll="backward")


@pytest.mark.parametrize(
    ("start", "span", "options", "expected"),
    [
        # Days land at the time of their date.
        ("2026-01-06T10:00Z", "1 working day", {}, "Wed 07 16:00"),
        ("2026-01-06T20:00Z", "1 working day", {}, "Wed 07 16:00"),
        ("2026-01-06T10:00Z", "1 day", {}, "Wed 07 16:00"),
        ("2026-01-09T10:00Z", "1 day", {}, "Sat 10 16:00"),
        ("2026-01-09T10:00Z", "1 day", {"roll": "forward"}, "Tue 13 16:00"),
        ("2026-01-09T10:00Z", "1 day", {"roll": "backward"}, "Fri 09 14:00"),
        ("2026-01-10T10:00Z", "1 day", {"roll": "backward"}, "Fri 09 14:00"),
        # The time may be closed on its date.
        ("2026-01-08T10:00Z", "1 working day", {}, "Fri 09 16:00"),
        ("2026-01-08T10:00Z", "1 working day", {"roll": "forward"}, "Tue 13 09:00"),
        ("2026-01-08T10:00Z", "1 working day", {"roll": "backward"}, "Fri 09 14:00"),
        # Other spans land at the first such time from their end on.
        ("2026-01-06T10:00Z", "2 hours", {}, "Tue 06 16:00"),
        ("2026-01-06T14:00Z", "2 hours", {}, "Tue 06 16:00"),
        ("2026-01-06T15:00Z", "2 working hours", {}, "Wed 07 16:00"),
        ("2026-01-09T15:00Z", "2 hours", {"roll": "forward"}, "Tue 13 16:00"),
    ],
)
def test_at_time(start: str, span: str, options: dict[str, Any], expected: str) -> None:
    """A deadline lands at a time of day, which `roll` then moves into open time."""
    assert expected == due(OFFICE, start, span, at_time="16:00", **options)
    assert expected == due(OFFICE, start, span, at_time=time(16), **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"at_time": "16:00", "roll": "day-end"}, "exclude each other"),
        ({"at_time": "4 pm"}, 'at_time: "4 pm" is not a time'),
        ({"at_time": "26:00"}, 'at_time: "26:00" is after the end of the day'),
        ({"boundary": "end"}, 'unknown boundary "end"'),
        ({"roll": "next-open"}, 'unknown roll "next-open": give "forward", "backward", "day-end"'),
    ],
)
def test_options_are_checked(options: dict[str, Any], message: str) -> None:
    """An unknown or contradictory option is refused."""
    with pytest.raises(CalendarError, match=message):
        due(OFFICE, "2026-01-06T10:00Z", "1 day", **options)


def test_midnight_is_the_end_of_its_date() -> None:
    """A deadline at 24:00 ends its own date, not the next one."""
    assert "Thu 08 00:00" == due(OFFICE, "2026-01-06T10:00Z", "1 day", at_time="24:00")


@pytest.mark.parametrize(
    ("start", "spans", "expected"),
    [
        # 02:30 is skipped on 29 March and comes twice on 25 October.
        ("2026-03-28T02:30+01:00", ["1 day"], "Sun 29 01:00"),
        ("2026-03-28T02:30+01:00", ["1 day", "6 days"], "Sat 04 00:30"),
        ("2026-03-28T02:30+01:00", ["1 working day", "6 days"], "Sat 04 00:30"),
        ("2026-03-28T02:30+01:00", ["1 day", "1 working day"], "Mon 30 00:30"),
        ("2026-03-28T02:30+01:00", ["1 day", "1 month"], "Wed 29 00:30"),
        ("2026-03-28T02:30+01:00", ["1 day", "1 hour", "1 day"], "Mon 30 02:00"),
        ("2026-10-24T02:30+02:00", ["1 day", "1 day"], "Mon 26 01:30"),
        ("2026-03-28T02:30+01:00", ["1 day", "0 days"], "Sun 29 01:00"),
        ("2026-03-28T02:30+01:00", [], "Sat 28 01:30"),
        ("1850-03-01T12:00+00:00", ["1 day", "1 day"], "Sun 03 12:00"),
    ],
)
def test_a_chain_of_days_keeps_the_local_time(start: str, spans: list[str], expected: str) -> None:
    """A chain of days keeps the local time, even over an hour that the clocks skip."""
    assert expected == due(BERLIN, start, *spans)


def test_a_working_day_in_closed_time_passes_on_the_opening() -> None:
    """A working day that begins in closed time ends when the calendar opens, in a chain too."""
    assert "Thu 15 09:00" == due(OFFICE, "2026-01-12T20:00Z", "1 working day", "1 day")
    explained = OFFICE.explain_chain(
        datetime(2026, 1, 12, 20, tzinfo=UTC), [Span.parse("1 working day"), Span.parse("1 day")]
    )
    assert ["Wed 14 09:00", "Thu 15 09:00"] == [f"{part.due:%a %d %H:%M}" for part in explained]


@settings(max_examples=30, deadline=None)
@given(
    situations(),
    st.lists(
        st.sampled_from(["3 hours", "2 days", "5 working hours", "2 working days", "1 month"]),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from([None, "forward", "backward", "day-end"]),
    st.sampled_from([None, "16:00"]),
)
def test_an_explained_chain_ends_at_its_deadline(
    situation: Any, texts: list[str], roll: Any, at_time: str | None
) -> None:
    """Each part of an explained chain begins where the last one ends, up to the deadline."""
    calendar, start, _ = situation
    if roll == "day-end":
        at_time = None
    spans = [Span.parse(text) for text in texts]
    parts = calendar.explain_chain(start, spans, roll=roll, at_time=at_time)
    assert calendar.due(start, spans, roll=roll, at_time=at_time) == parts[-1].due
    assert [start, *(part.due for part in parts[:-1])] == [part.start for part in parts]
    due = parts[-1].due
    if roll in ("forward", "backward", "day-end"):
        assert calendar.is_open(due) or due == calendar.previous_close(due)


def test_a_chain_keeps_its_local_time_over_a_gap() -> None:
    """A span that ends in the gap of clocks, 02:30, is followed by one from 02:30, not 03:00."""
    berlin = BusinessCalendar(zone="Europe/Berlin", hours="mon-fri 09:00-17:00")
    assert "Sun 29 01:00" == due(berlin, "2026-03-28T02:30+01:00", "1 day")
    assert "Mon 30 00:30" == due(berlin, "2026-03-28T02:30+01:00", "1 day", "1 day")
    start = datetime.fromisoformat("2026-03-28T02:30+01:00")
    explained = berlin.explain_chain(start, [Span.parse("1 day")] * 2)
    assert "Mon 30 00:30" == f"{explained[-1].due:%a %d %H:%M}"


def test_an_explanation_shows_how_a_deadline_was_moved() -> None:
    """The explanation has the end of the span, the options, and the closed time that was
    skipped."""
    start = datetime(2026, 1, 8, 10, tzinfo=UTC)
    found = OFFICE.explain(start, "1 day", at_time="16:00", roll="forward")
    assert datetime(2026, 1, 9, 10, tzinfo=UTC) == found.end
    assert datetime(2026, 1, 13, 9, tzinfo=UTC) == found.due
    line = 'moved from Fri 2026-01-09 10:00 UTC by at_time = "16:00", roll = "forward"'
    assert line in str(found).splitlines()
    assert {"holiday", "weekday", "outside hours"} == {s.reason for s in found.skipped}
    data = found.to_dict()
    assert ("16:00", "forward") == (data["at_time"], data["roll"])
    assert ("2026-01-09T10:00:00+00:00", "2026-01-13T09:00:00+00:00") == (data["end"], data["due"])
    earlier = OFFICE.explain(start, "2 days", roll="backward")
    assert datetime(2026, 1, 9, 14, tzinfo=UTC) == earlier.due
    assert () == earlier.skipped
    assert "by roll = " in str(earlier)
    assert timedelta(days=2) == earlier.total


def test_make_up_days_of_a_closed_calendar_are_none() -> None:
    """A calendar without a country has no make-up days."""
    assert () == OFFICE.make_up_days(date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("calendar", "span", "end", "expected"),
    [
        (OFFICE, "2 hours", "2026-01-08T10:00Z", "Thu 08 08:00"),
        (OFFICE, "2 working hours", "2026-01-08T10:00Z", "Wed 07 16:00"),
        (OFFICE, "2 working days", "2026-01-13T10:00Z", "Thu 08 10:00"),
        (BERLIN, "1 day", "2026-03-29T10:00Z", "Sat 28 11:00"),
        (BERLIN, "1 month", "2026-03-31T10:00Z", "Sat 28 11:00"),
    ],
)
def test_a_span_can_be_counted_back(
    calendar: BusinessCalendar, span: str, end: str, expected: str
) -> None:
    """A span that is counted back keeps the local time of days."""
    start = calendar.start_of(Span.parse(span), datetime.fromisoformat(end))
    assert expected == f"{start:%a %d %H:%M}"


def test_a_span_that_begins_before_all_dates_is_refused() -> None:
    """A span that leads back before the first date is refused with its text."""
    with pytest.raises(CalendarError, match="2100 years before"):
        OFFICE.start_of(Span.parse("2100 years"), datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("span", ["2 working hours", None, 7, timedelta(hours=2), ["2 hours"]])
def test_what_is_not_a_span_is_refused(span: Any) -> None:
    """A value that is not a span is refused, and the error says how to write one as text."""
    start = datetime(2026, 1, 7, tzinfo=UTC)
    with pytest.raises(CalendarError, match=r"expected a Span, or a list of them, found .*: read"):
        OFFICE.due(start, span)
    with pytest.raises(CalendarError, match="expected a Span"):
        OFFICE.start_of(span, start)
    with pytest.raises(CalendarError, match="expected a Span"):
        OFFICE.explain_chain(start, span)
