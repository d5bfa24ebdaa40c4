"""Recurrence rules give the dates that RFC 5545 defines, and do so soon."""

from datetime import date, datetime, time, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from support.counting import calls_of
from ticketcore.calendar import CalendarError, Closure
from ticketcore.calendar.definition._recurrence import _dates_of_year, dates_between

FIRST, LAST = date(2024, 1, 1), date(2028, 12, 31)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEKDAY_LISTS: st.SearchStrategy[list[str]] = st.lists(
    st.sampled_from(WEEKDAYS), min_size=1, max_size=3, unique=True
)
POSITIONS = st.sampled_from(["1", "+2", "-1", "5", "-2"])


def dates(rule: str, since: date, first: date = FIRST, last: date = LAST) -> list[date]:
    """Return the occurrences of a rule in a range."""
    return list(dates_between(Closure(rule, since=since).recurrence, since, first, last))


def numbers(*allowed: int) -> st.SearchStrategy[str]:
    """Return lists of some of the numbers, as text."""
    chosen = st.lists(st.sampled_from(allowed), min_size=1, max_size=4, unique=True)
    return chosen.map(lambda found: ",".join(map(str, found)))


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Return rules that dateutil reads as RFC 5545 defines them."""
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}"]
    if draw(st.booleans()):
        parts.append(f"INTERVAL={draw(st.integers(1, 15))}")
    by: list[str] = []
    if draw(st.booleans()):
        by.append(f"BYMONTH={draw(numbers(*range(1, 13)))}")
    if frequency != "WEEKLY" and draw(st.booleans()):
        by.append(f"BYMONTHDAY={draw(numbers(*range(1, 32), *range(-31, 0)))}")
    if draw(st.booleans()):
        days = draw(WEEKDAY_LISTS)
        numbered = draw(st.booleans())
        if numbered and frequency in ("MONTHLY", "YEARLY"):
            # dateutil takes a weekday with a number and one without as both required.
            positions = draw(st.lists(POSITIONS, min_size=len(days), max_size=len(days)))
            days = [position + day for position, day in zip(positions, days, strict=True)]
        by.append(f"BYDAY={','.join(days)}")
    if draw(st.booleans()) and by:
        by.append(f"BYSETPOS={draw(numbers(1, 2, 3, -1, -2))}")
    end = draw(st.sampled_from(["", "COUNT=1", "COUNT=17", "UNTIL=20250615", "UNTIL=20280229"]))
    week = draw(st.sampled_from(["", "WKST=SU", "WKST=WE"]))
    return ";".join(filter(None, [*parts, *by, end, week]))


def is_impossible(rule: str, since: date) -> bool:
    """Tell whether a recurrence rule is refused because it matches no date."""
    try:
        Closure(rule, since=since)
    except CalendarError:
        return True
    return False


@settings(max_examples=60, deadline=None)
@given(rules(), st.dates(date(2015, 1, 1), date(2026, 12, 31)))
def test_occurrences_agree_with_dateutil(rule: str, since: date) -> None:
    """Occurrences agree with dateutil for all frequencies, intervals, BY parts and ends."""
    assume(not is_impossible(rule, since))  # dateutil would search until the year 9999
    found = dates(rule, since)
    low, high = datetime.combine(FIRST, time()), datetime.combine(LAST, time())
    begin = datetime.combine(since, time())
    expected = rrulestr(rule, dtstart=begin).between(low, high, inc=True)
    assert [day.date() for day in expected] == found


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO", ["2024-01-01", "2024-12-30", "2025-12-29"]),
        ("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=TH", ["2024-12-26", "2025-12-25", "2026-12-31"]),
        ("FREQ=YEARLY;BYYEARDAY=1,-1;BYDAY=WE", ["2024-01-01"]),
        ("FREQ=MONTHLY;BYDAY=MO,-1SU;BYMONTH=2;UNTIL=20240229", ["2024-02-05", "2024-02-12"]),
        ("FREQ=YEARLY;BYEASTER=0,1", ["2024-03-31", "2024-04-01", "2025-04-20"]),
    ],
)
def test_rules_that_dateutil_reads_differently(rule: str, expected: list[str]) -> None:
    """`dateutil` departs from RFC 5545 for weeks over New Year and for mixed weekdays."""
    found = [str(day) for day in dates(rule, date(2024, 1, 1))]
    if rule.startswith("FREQ=YEARLY;BYYEARDAY"):
        assert ["2025-01-01", "2025-12-31"] == found[:2]
        return
    assert expected == found[: len(expected)]


@pytest.mark.parametrize(
    ("rule", "since"),
    [
        ("FREQ=DAILY", date(1, 1, 1)),
        ("FREQ=DAILY;INTERVAL=999999999", date(2020, 1, 1)),
        ("FREQ=DAILY;COUNT=999999999", date(1900, 1, 1)),
        ("FREQ=WEEKLY;BYDAY=WE", date(9999, 12, 1)),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO;INTERVAL=4", date(2000, 1, 1)),
    ],
)
def test_the_cost_does_not_grow_with_the_numbers_of_a_rule(rule: str, since: date) -> None:
    """One year of a rule costs the same work, whatever its first date, interval or count."""
    _dates_of_year.cache_clear()
    usual = calls_of(lambda: Closure("FREQ=DAILY", since=date(2026, 1, 1)).of_year(2026))
    years = 201 if "COUNT" in rule else 10
    assert calls_of(lambda: Closure(rule, since=since).of_year(2026)) < years * usual


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20260331", ["2026-01-30", "2026-02-27", "2026-03-27"]),
        ("FREQ=MONTHLY;BYDAY=-2MO;UNTIL=20260228", ["2026-01-19", "2026-02-16"]),
        ("FREQ=YEARLY;BYDAY=-1FR", ["2026-12-25"]),
        ("FREQ=YEARLY;BYMONTH=6;BYDAY=-1FR", ["2026-06-26"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", ["2026-02-28"]),
        ("FREQ=YEARLY;BYYEARDAY=-1", ["2026-12-31"]),
        ("FREQ=YEARLY;BYMONTH=5;BYDAY=MO,TU;BYSETPOS=-1", ["2026-05-26"]),
    ],
)
def test_negative_numbers_count_from_the_end(rule: str, expected: list[str]) -> None:
    """A negative number counts from the end of the month, the year or the period."""
    year = date(2026, 1, 1), date(2026, 12, 31)
    assert expected == [str(day) for day in dates(rule, year[0], *year)]


def test_a_week_may_begin_before_year_1() -> None:
    """A week that begins before year 1 gives the first days of the calendar their week."""
    first = date(1, 1, 1)
    found = dates("FREQ=WEEKLY;WKST=SU;BYDAY=MO,SU", first, first, first + timedelta(days=7))
    assert [1, 7, 8] == [day.day for day in found]
