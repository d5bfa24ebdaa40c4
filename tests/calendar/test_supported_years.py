"""Every question is answered or refused with a typed error, and no search is endless."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import numpy as np
import pytest

from support.counting import calls_of
from ticketcore.calendar import (
    BusinessCalendar,
    Calendar,
    CalendarRangeError,
    Holidays,
    Span,
    from_local,
)

NOW = datetime(2026, 1, 9, 12, tzinfo=UTC)
YEAR_1 = datetime.min.replace(tzinfo=UTC)
YEAR_9999 = datetime.max.replace(tzinfo=UTC)
OFFICE = BusinessCalendar(zone="Europe/Berlin", hours="mon-fri 09:00-17:00")
ALWAYS = BusinessCalendar(zone="Europe/Berlin", hours="mon-sun 00:00-24:00")
MINUTE = BusinessCalendar(zone="Europe/Berlin", hours="mon 00:00-00:01")
ONCE = BusinessCalendar(zone="UTC", hours={}, exceptions={"2026-05-01": "10:00-12:00"})
DAILY = BusinessCalendar(zone="UTC", hours="mon-fri 09:00-17:00", closures="FREQ=DAILY")
GERMAN = BusinessCalendar(zone="UTC", hours="mon 09:00-10:00", holidays=Holidays(country="DE"))


BEYOND: dict[str, Callable[[], object]] = {
    "a thousand years": lambda: OFFICE.add(NOW, timedelta(days=365_000)),
    "the longest timedelta": lambda: OFFICE.add(NOW, timedelta.max),
    "the longest timedelta back": lambda: OFFICE.subtract(NOW, timedelta.max),
    "a thousand years back": lambda: OFFICE.subtract(NOW, timedelta(days=365_000)),
    "a work life back": lambda: OFFICE.subtract(NOW, timedelta(days=20_000)),
    "a work life": lambda: OFFICE.add(NOW, timedelta(days=20_000)),
    "a billion days": lambda: OFFICE.add_working_dates(NOW.date(), 10**9),
    "many days back": lambda: OFFICE.add_working_dates(NOW.date(), -(10**5)),
    "the last date": lambda: OFFICE.add_working_dates(date.max, 1),
    "from the first year to the last": lambda: OFFICE.between(YEAR_1, YEAR_9999),
    "the first year": lambda: OFFICE.is_open(YEAR_1),
    "the last year": lambda: OFFICE.next_open(YEAR_9999),
    "calendar days": lambda: OFFICE.explain(NOW, "99999999 days"),
    "an explanation of a thousand years": lambda: OFFICE.explain(NOW, "9000000 hours"),
    "a closing that never comes": lambda: ALWAYS.next_close(NOW),
    "a closing that never was": lambda: ALWAYS.previous_close(NOW),
    "a minute a week": lambda: MINUTE.add(NOW, timedelta(hours=100)),
    "after the last opening": lambda: ONCE.next_open(datetime(2027, 1, 1, tzinfo=UTC)),
    "before the first closing": lambda: ONCE.previous_close(datetime(2026, 1, 1, tzinfo=UTC)),
    "after the last closing": lambda: ONCE.next_close(datetime(2027, 1, 1, tzinfo=UTC)),
    "closed every day": lambda: DAILY.next_open(NOW),
    "nothing left": lambda: (OFFICE - ALWAYS).next_open(NOW),
}


@pytest.mark.parametrize(
    ("ask", "where"),
    [
        ("after the last opening", "until the end of 2100"),
        ("before the first closing", "back to the beginning of 1900"),
    ],
)
def test_a_search_without_an_answer_names_the_last_year(ask: str, where: str) -> None:
    """A search without an answer names the last year of the search and the remedy."""
    message = f"^the calendar has no further open time {where}: use a shorter span, or"
    with pytest.raises(CalendarRangeError, match=message):
        BEYOND[ask]()


@pytest.mark.parametrize(
    ("start", "end", "asked"),
    [
        (datetime(1899, 6, 1, tzinfo=UTC), NOW, 1899),
        (NOW, datetime(2101, 6, 1, tzinfo=UTC), 2101),
        (datetime(1900, 6, 1, tzinfo=UTC), datetime(2101, 6, 1, tzinfo=UTC), 2101),
        (YEAR_1, NOW, 1),
        (NOW, YEAR_9999, 9999),
    ],
)
def test_a_question_outside_the_supported_years_names_the_year(
    start: datetime, end: datetime, asked: int
) -> None:
    """A question outside the supported years is refused with the first year outside them."""
    message = f"^year {asked} is outside the supported years 1900 to 2100$"
    with pytest.raises(CalendarRangeError, match=message):
        OFFICE.between(start, end)


def test_a_combination_supports_the_years_of_both_less_one_at_either_end() -> None:
    """A combination asks both calendars about the next year and the one before, too."""
    assert range(1991, 2101) == GERMAN.supported_years
    assert range(1992, 2100) == (GERMAN & OFFICE).supported_years
    assert range(1992, 2100) == (OFFICE - GERMAN).supported_years
    assert range(1902, 2099) == (OFFICE | (DAILY & ALWAYS)).supported_years


@pytest.mark.parametrize(
    ("calendar", "asked", "supported"),
    [
        (OFFICE & ALWAYS, 1900, "1901 to 2099"),
        (OFFICE | ALWAYS, 2100, "1901 to 2099"),
        ((OFFICE & ALWAYS) - DAILY, 1901, "1902 to 2098"),
        (OFFICE - GERMAN, 1991, "1992 to 2099"),
    ],
)
def test_a_refusal_of_a_combination_names_the_year_asked_for_and_its_own_years(
    calendar: Calendar, asked: int, supported: str
) -> None:
    """A combination is refused with the year of the question and the years that it supports."""
    message = f"^year {asked} is outside the supported years {supported}$"
    with pytest.raises(CalendarRangeError, match=message):
        calendar.is_open(datetime(asked, 6, 1, tzinfo=UTC))


def test_the_first_year_and_the_last_are_searched_to_their_ends() -> None:
    """A search from two centuries away finds the only opening of a calendar."""
    first = BusinessCalendar(zone="UTC", hours={}, exceptions={"1900-05-01": "10:00-12:00"})
    last = BusinessCalendar(zone="UTC", hours={}, exceptions={"2100-05-01": "10:00-12:00"})
    begin, end = datetime(1900, 6, 1, tzinfo=UTC), datetime(2100, 6, 1, tzinfo=UTC)
    assert datetime(1900, 5, 1, 12, tzinfo=UTC) == first.previous_close(end)
    assert datetime(2100, 5, 1, 12, tzinfo=UTC) == last.add(begin, timedelta(hours=2))


def test_three_days_at_either_end_have_no_answers() -> None:
    """The three days at either end have no answers: a shift of the next year may reach them."""
    daily = BusinessCalendar(zone="UTC", hours="mon-sun 09:00-17:00")
    first, last = datetime(1900, 1, 4, tzinfo=UTC), datetime(2100, 12, 28, 18, tzinfo=UTC)
    assert first.replace(hour=9) == daily.next_open(first)
    assert last.replace(hour=17) == daily.previous_close(last)
    with pytest.raises(CalendarRangeError):
        daily.next_open(first - timedelta(microseconds=1))
    with pytest.raises(CalendarRangeError):
        daily.next_close(last)


def test_a_closing_at_the_end_of_the_supported_time_is_found() -> None:
    """The first and the last supported instant have answers, in arrays too."""
    calendar = BusinessCalendar(
        zone="UTC", hours="mon-sun 00:00-24:00", holidays=["1900-01-04", "2100-12-29"]
    )
    first, last = datetime(1900, 1, 4, tzinfo=UTC), datetime(2100, 12, 29, tzinfo=UTC)
    assert last == calendar.next_close(last - timedelta(hours=1))
    assert first == calendar.previous_close(first + timedelta(hours=1))
    bulk, ends = calendar.bulk(), np.array(["1900-01-04T01", "2100-12-28T23"], "M8[us]")
    assert [last.replace(tzinfo=None)] == bulk.next_close(ends[1:]).tolist()
    assert [first.replace(tzinfo=None)] == bulk.previous_close(ends[:1]).tolist()


def test_an_opening_at_the_end_of_the_supported_time_is_refused() -> None:
    """The end of the supported years is the first instant without an answer, in arrays too."""
    calendar = BusinessCalendar(zone="UTC", hours="mon-sun 00:00-24:00", holidays=["2100-12-28"])
    with pytest.raises(CalendarRangeError):
        calendar.next_open(datetime(2100, 12, 28, 12, tzinfo=UTC))
    with pytest.raises(CalendarRangeError):
        calendar.bulk().next_open(np.array(["2100-12-28T12"], "M8[us]"))


TICK = timedelta(microseconds=1)
ENDS = [
    datetime(1900, 1, 4, tzinfo=UTC),
    datetime(2100, 12, 29, tzinfo=UTC),
    datetime(1950, 1, 4, tzinfo=UTC),
    datetime(1950, 12, 29, tzinfo=UTC),
]
"""The ends of the supported time, and of the time for which 1950 alone has answers."""

QUESTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "is open": lambda calendar, instant: calendar.is_open(instant),
    "next open": lambda calendar, instant: calendar.next_open(instant),
    "next close": lambda calendar, instant: calendar.next_close(instant),
    "previous close": lambda calendar, instant: calendar.previous_close(instant),
    "add": lambda calendar, instant: calendar.add(instant, TICK),
    "add nothing": lambda calendar, instant: calendar.add(instant, 0 * TICK),
    "add, at the opening": lambda calendar, instant: calendar.add(instant, TICK, "next-open"),
    "subtract": lambda calendar, instant: calendar.subtract(instant, TICK),
    "subtract, at the opening": lambda calendar, t: calendar.subtract(t, TICK, "next-open"),
    "between": lambda calendar, instant: calendar.between(instant, instant),
    "a day later": lambda calendar, instant: calendar.add_days(instant, 1),
    "a day before": lambda calendar, instant: calendar.add_days(instant, -1),
}


def answer(ask: Callable[[], Any]) -> Any:
    """Return an answer as a list, without its zone, or that it was refused."""
    try:
        found = ask()
    except CalendarRangeError:
        return "refused"
    if isinstance(found, np.ndarray):
        return found.tolist()
    return [found.replace(tzinfo=None) if isinstance(found, datetime) else found]


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize(
    "holidays", [("1900-01-04", "1950-12-29", "2100-12-28"), ("1900-01-03", "2100-12-29")]
)
def test_answers_at_the_ends_do_not_depend_on_earlier_questions(
    name: str, holidays: tuple[str, ...]
) -> None:
    """A calendar that knows all years answers like a fresh one, in arrays too."""
    near = ("1900-03-01", "1949-12-01", "1951-03-01", "2100-12-01")  # a closing is found soon
    calendar = attrs.evolve(ALWAYS, zone="UTC", holidays=(*holidays, *near))
    asked, ask = attrs.evolve(calendar), QUESTIONS[name]
    asked.between(NOW.replace(year=1900), NOW.replace(year=2100, month=12))
    instants = [end + n * TICK for end in ENDS for n in (-1, 0, 1)]
    for instant in (YEAR_1, *instants, YEAR_9999):
        many = np.array([instant.replace(tzinfo=None)], "M8[us]")
        expected = answer(lambda: ask(asked, instant))  # noqa: B023
        assert expected == answer(lambda: ask(attrs.evolve(calendar), instant))  # noqa: B023
        assert expected == answer(lambda: ask(asked.bulk(), many))  # noqa: B023
        assert expected == answer(lambda: ask(attrs.evolve(calendar).bulk(), many))  # noqa: B023


def test_the_last_supported_instant() -> None:
    """The end of the supported time can be an answer, but not a question."""
    last = datetime(2100, 12, 29, tzinfo=UTC)
    for calendar in (attrs.evolve(ALWAYS), ALWAYS):
        assert calendar.is_open(last - TICK)
        assert last == calendar.add(last - TICK, TICK)
        with pytest.raises(CalendarRangeError, match="year 2101 is outside the supported years"):
            calendar.is_open(last)


def calls_to_compute_all_years() -> int:
    """Return the number of calls that computing all years takes on a fresh calendar."""
    fresh = BusinessCalendar(zone="Europe/Berlin", hours="mon-fri 09:00-17:00")
    return calls_of(lambda: fresh.between(NOW.replace(year=1901), NOW.replace(year=2099)))


@pytest.mark.parametrize("ask", BEYOND.values(), ids=BEYOND.keys())
def test_a_search_without_an_answer_ends_soon(ask: Callable[[], object]) -> None:
    """A search without an answer takes little more work than computing each year once."""

    def refuse() -> None:
        with pytest.raises(CalendarRangeError):
            ask()

    assert calls_of(refuse) < 10 * calls_to_compute_all_years()


@pytest.mark.parametrize(
    ("zone", "instant"),
    [
        ("Asia/Tokyo", datetime(9999, 12, 31, 20, tzinfo=UTC)),
        ("America/New_York", datetime(1, 1, 1, 2, tzinfo=UTC)),
    ],
)
def test_an_instant_without_a_local_time_is_refused(zone: str, instant: datetime) -> None:
    """Every operation refuses an instant that has no local time."""
    calendar = BusinessCalendar(zone=zone, hours="mon-fri 09:00-17:00")
    asked: list[Callable[[], object]] = [
        lambda: calendar.due(instant, Span.parse("1 day")),
        lambda: calendar.due(instant, Span.parse("1 working day")),
        lambda: calendar.explain(instant, "1 working day"),
        lambda: calendar.add_days(instant, 1),
        lambda: calendar.subtract_days(instant, 1),
    ]
    for ask in asked:
        with pytest.raises(CalendarRangeError):
            ask()


@pytest.mark.parametrize(
    ("end", "zone"), [(YEAR_9999, "America/New_York"), (YEAR_1, "Asia/Tokyo")]
)
def test_a_local_time_without_a_form_in_utc_is_refused(end: datetime, zone: str) -> None:
    """A local time whose instant lies before year 1 or after 9999 is refused."""
    local = end.replace(tzinfo=None)
    with pytest.raises(
        CalendarRangeError, match=f"^{re.escape(str(local))} in {zone} lies outside the"
    ):
        from_local(local, ZoneInfo(zone))


def test_a_lifetime_of_holidays_is_passed_over() -> None:
    """If every day of 74 years is a holiday, the first opening after them is found soon."""
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(27_028)]
    calendar = BusinessCalendar(zone="UTC", hours="mon-fri 09:00-17:00", holidays=days)
    assert calls_of(lambda: calendar.next_open(NOW)) < 10 * calls_to_compute_all_years()
    assert datetime(2100, 1, 1, 9, tzinfo=UTC) == calendar.next_open(NOW)


def test_a_result_beyond_datetime_is_refused() -> None:
    """A result beyond datetime is refused, and the message names the span and the start."""
    message = r"^-800000 days, 0:00:00 after 2026-01-09 12:00:00\+00:00 lies outside the years"
    with pytest.raises(CalendarRangeError, match=message):
        OFFICE.subtract(NOW, timedelta(days=800_000))


def test_a_date_after_the_last_working_date_is_not_one() -> None:
    """A date after the last working date is not one, and asking about it is no error."""
    assert ONCE.is_working_date(date(2026, 5, 1))
    assert not ONCE.is_working_date(date(2026, 12, 1))


def test_a_week_open_one_minute_is_added_up() -> None:
    """An hour of open time takes sixty weeks at one minute a week."""
    assert datetime(2027, 2, 28, 23, 1, tzinfo=UTC) == MINUTE.add(NOW, timedelta(hours=1))


def test_the_cost_of_between_does_not_grow_with_the_span() -> None:
    """The open time between two instants takes two searches, whatever lies between them."""

    def work(days: int) -> int:
        return calls_of(lambda: OFFICE.between(NOW, NOW + timedelta(days=days)))

    work(7305)
    assert work(7305) == work(1)
