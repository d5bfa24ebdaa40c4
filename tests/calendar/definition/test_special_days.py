"""Exceptions, breaks and pauses: which rule wins, and which input is refused."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs
import pytest

from ticketcore.calendar import BusinessCalendar, CalendarError, NaiveDatetimeError
from ticketcore.calendar.definition._special_days import SpecialDay

EVE = date(2026, 12, 24)


def open_on(day: date, **options: Any) -> list[str]:
    """Return the open hours of a date in an office that is open from nine to five."""
    calendar = BusinessCalendar(zone="UTC", hours="mon-fri 09:00-17:00", **options)
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    intervals = calendar.intervals(midnight, midnight + timedelta(days=2))
    return [f"{begin:%d %H:%M}-{end:%d %H:%M}" for begin, end in intervals if begin.date() == day]


@pytest.mark.parametrize(
    ("special", "expected"),
    [
        ("09:00-12:00", ["24 09:00-24 12:00"]),
        ("20:00-02:00", ["24 20:00-25 02:00"]),
        ("closed", []),
        ((), []),
        ("", []),
        ("10:00-11:00 11:00-12:00", ["24 10:00-24 12:00"]),
        ([("10:00", "11:00")], ["24 10:00-24 11:00"]),
        ({"hours": "10:00-11:00", "name": "Christmas Eve"}, ["24 10:00-24 11:00"]),
    ],
)
def test_an_exception_replaces_the_hours_of_a_date(special: Any, expected: list[str]) -> None:
    """An exception replaces the hours of the weekday, and a holiday."""
    assert expected == open_on(EVE, exceptions={EVE: special})
    assert expected == open_on(EVE, exceptions={"2026-12-24": special}, holidays=[EVE])


def test_a_date_without_a_name_is_the_same_in_both_forms() -> None:
    """Hours alone, and a mapping of hours alone, make equal exceptions."""
    one, other = (
        BusinessCalendar(zone="UTC", hours="mon 09:00-17:00", exceptions={EVE: special}).exceptions
        for special in ("10:00-11:00", {"hours": "10:00-11:00"})
    )
    assert one == other
    assert "" == one[0].name


def test_exceptions_of_several_calendars_can_be_joined() -> None:
    """Exceptions of several calendars can be joined in any order."""
    later, earlier = (
        BusinessCalendar(zone="UTC", hours="mon-fri 09:00-17:00", exceptions={day: "closed"})
        for day in (date(2026, 12, 24), date(2025, 12, 24))
    )
    both = attrs.evolve(later, exceptions=later.exceptions + earlier.exceptions)
    assert not both.is_working_date(date(2026, 12, 24))
    assert not both.is_working_date(date(2025, 12, 24))


def test_breaks_shorten_the_hours_of_a_date() -> None:
    """A break shortens the hours of a weekday or of an exception, and opens nothing."""
    assert ["24 09:00-24 12:00", "24 14:00-24 17:00"] == open_on(EVE, breaks={EVE: "12:00-14:00"})
    assert ["24 10:00-24 11:00"] == open_on(
        EVE, exceptions={EVE: "10:00-12:00"}, breaks={EVE: "11:00-18:00 08:00-09:00"}
    )
    assert [] == open_on(EVE, breaks={EVE: "00:00-24:00"})
    assert ["24 09:00-24 17:00"] == open_on(EVE, breaks={"2026-12-23": "09:00-10:00"})


def test_a_break_may_run_past_midnight() -> None:
    """A break past midnight closes the next date too, even at New Year, and keeps its name
    there."""
    always = BusinessCalendar(
        zone="Europe/Berlin",
        hours="mon-sun 00:00-24:00",
        breaks={
            EVE: {"hours": "22:00-02:00", "name": "works"},
            date(2026, 12, 31): {"hours": "23:00-25:30"},
        },
    )
    christmas = datetime(2026, 12, 24, 23, tzinfo=UTC)  # midnight in Berlin
    hours = timedelta(hours=1)
    expected = [(christmas - 3 * hours, christmas - 2 * hours), (christmas + 2 * hours,) * 2]
    expected[1] = (expected[1][0], christmas + 3 * hours)
    assert expected == list(always.intervals(christmas - 3 * hours, christmas + 3 * hours))
    new_year = datetime(2026, 12, 31, 23, tzinfo=UTC)
    assert new_year + 1.5 * hours == always.next_open(new_year - hours)
    (skipped,) = always.explain(christmas - 3 * hours, "2 working hours").skipped
    assert (christmas - 2 * hours, christmas + 2 * hours, "break", "works") == skipped


def test_a_break_that_begins_with_the_opening_leaves_nothing_before_it() -> None:
    """A break that begins with the opening leaves no open time before it."""
    calendar = BusinessCalendar(
        zone="Europe/Berlin", hours="sun 02:30-05:00", breaks={"2026-10-25": "02:30-04:00"}
    )
    day = datetime(2026, 10, 25, tzinfo=UTC)
    expected = [(day + timedelta(hours=3), day + timedelta(hours=4))]
    assert expected == list(calendar.intervals(day, day + timedelta(days=1)))


def test_new_year_is_a_date_like_others() -> None:
    """Exceptions and breaks apply to 31 December and 1 January, each to its own date."""
    new_year = date(2027, 1, 1)
    exceptions = {"2026-12-31": "20:00-26:00", new_year: "20:00-26:00"}
    breaks = {"2026-12-31": "21:00-22:00", new_year: "01:00-01:30 22:00-23:00"}
    assert [
        "31 20:00-31 21:00",
        "31 22:00-01 01:00",
    ] == open_on(date(2026, 12, 31), exceptions=exceptions, breaks=breaks)
    assert [
        "01 00:00-01 01:00",
        "01 01:30-01 02:00",
        "01 20:00-01 22:00",
        "01 23:00-02 02:00",
    ] == open_on(new_year, exceptions=exceptions, breaks=breaks)


def test_pauses_are_taken_out_of_all_open_time() -> None:
    """Pauses are taken out of all open time; they may overlap and be unsorted."""
    pauses = [
        (datetime(2026, 12, 24, 12, tzinfo=UTC), datetime(2026, 12, 24, 14, tzinfo=UTC)),
        (datetime(2026, 12, 23, 20, tzinfo=UTC), datetime(2026, 12, 24, 10, tzinfo=UTC)),
        (datetime(2026, 12, 24, 13, tzinfo=UTC), datetime(2026, 12, 24, 15, tzinfo=UTC)),
    ]
    assert ["24 10:00-24 12:00", "24 15:00-24 17:00"] == open_on(EVE, pauses=pauses)
    whole_day = [(datetime(2026, 12, 24, tzinfo=UTC), datetime(2026, 12, 25, tzinfo=UTC))]
    assert [] == open_on(EVE, pauses=whole_day)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"exceptions": {"24.12.2026": "closed"}}, 'exceptions: "24.12.2026" is not a date'),
        ({"exceptions": {datetime(2026, 1, 1, tzinfo=UTC): "closed"}}, "exceptions: .* not a dat"),
        ({"exceptions": {EVE: "closed", "2026-12-24": ()}}, "exceptions: 2026-12-24 is given twi"),
        ({"exceptions": [SpecialDay(EVE, (), ""), SpecialDay(EVE, (), "x")]}, "is given twice"),
        ({"breaks": "2026-12-24"}, 'breaks: "2" has no hours: give a mapping of dates'),
        (
            {"exceptions": {EVE: {"name": "Eve"}}},
            'give "hours" and, optionally, "name", not "name"',
        ),
        ({"exceptions": {EVE: {"hours": "", "nam": "Eve"}}}, r'not "hours", "nam"'),
        ({"exceptions": {EVE: {"hours": "12"}}}, 'exceptions, 2026-12-24: "12" is not an opening'),
        ({"breaks": {EVE: "12:00-11:00 10:00-13:00"}}, "breaks, 2026-12-24: 10:00-13:00 and"),
        (
            {"pauses": [(datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))]},
            "ends before it begins",
        ),
        (
            {"pauses": [(datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC))]},
            "ends before it begins",
        ),
    ],
)
def test_invalid_special_days_are_refused(options: dict[str, Any], message: str) -> None:
    """An invalid special day is refused with its place, its date and the value found."""
    with pytest.raises(CalendarError, match=message):
        open_on(EVE, **options)


def test_an_instant_of_a_pause_needs_an_offset() -> None:
    """A local time cannot begin or end a pause, because it is not an instant."""
    naive = datetime(2026, 1, 1)  # noqa: DTZ001
    with pytest.raises(NaiveDatetimeError):
        open_on(EVE, pauses=[(naive, datetime(2026, 1, 2, tzinfo=UTC))])


def test_a_range_of_dates_has_the_hours_of_each_date() -> None:
    """A range of exceptions includes both ends; the dates of holidays may be a range too."""
    days = "2026-12-23 to 2026-12-25"
    calendar = BusinessCalendar(
        zone="UTC", hours="mon-fri 09:00-17:00", exceptions={days: "10:00-11:00"}
    )
    expected = {date(2026, 12, day): "10:00-11:00" for day in (23, 24, 25)}
    assert expected == {special.day: str(special.openings[0]) for special in calendar.exceptions}
    holidays = BusinessCalendar(zone="UTC", hours="mon 09:00-17:00", holidays={days: "rest"})
    assert [*expected] == [day for day, _ in holidays.holidays.add]
    assert holidays == attrs.evolve(holidays, holidays=dict.fromkeys(expected, "rest"))


@pytest.mark.parametrize(
    ("days", "message"),
    [
        ("2026-12-25 to 2026-12-23", '"2026-12-25 to 2026-12-23" has -1 days: give a range of 1'),
        ("2026-01-01 to 2027-01-02", "has 367 days: give a range of 1 to 366"),
        ("2026-01-01 to soon", '"soon" is not a date'),
        ("2026-01-01 - 2026-01-02", '"2026-01-01 - 2026-01-02" is not a date'),
    ],
)
def test_a_range_that_cannot_be_meant_is_refused(days: str, message: str) -> None:
    """A range that is reversed, too long or not two dates is refused with its text."""
    with pytest.raises(CalendarError, match=message):
        open_on(EVE, exceptions={days: "closed"})
