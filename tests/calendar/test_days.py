"""Working dates are counted in both directions and can be added to any date."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from ticketcore.calendar import BusinessCalendar, CalendarRangeError

CALENDAR = BusinessCalendar(
    zone="Asia/Tokyo", hours="mon-fri 09:00-17:00", holidays=["2026-01-12"]
)
FRIDAY, SATURDAY, MONDAY, TUESDAY = (date(2026, 1, day) for day in (9, 10, 12, 13))


@pytest.mark.parametrize(
    ("start", "end", "without_end", "with_end"),
    [
        (FRIDAY, TUESDAY, 1, 2),
        (TUESDAY, FRIDAY, -1, -2),
        (FRIDAY, FRIDAY, 0, 1),
        (SATURDAY, MONDAY, 0, 0),
        (date(2026, 1, 1), date(2026, 1, 31), 21, 21),
    ],
)
def test_working_dates_are_counted_with_or_without_the_end(
    start: date, end: date, without_end: int, with_end: int
) -> None:
    """Working dates are counted with or without the end, and negative if reversed."""
    assert without_end == CALENDAR.count_working_dates(start, end)
    assert with_end == CALENDAR.count_working_dates(start, end, inclusive=True)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (SATURDAY, 0, SATURDAY),
        (SATURDAY, 1, TUESDAY),
        (SATURDAY, -1, FRIDAY),
        (FRIDAY, 1, TUESDAY),
        (TUESDAY, -1, FRIDAY),
        (FRIDAY, 2_000, date(2033, 9, 12)),
        (FRIDAY, -2_000, date(2018, 5, 11)),
    ],
)
def test_working_dates_are_added(day: date, count: int, expected: date) -> None:
    """Adding zero working dates keeps the date; one leads from a closed date to a working one."""
    fresh = BusinessCalendar(**{f: getattr(CALENDAR, f) for f in ("zone", "hours", "holidays")})

    assert expected == fresh.add_working_dates(day, count)


def test_each_working_date_is_one_after_the_one_before() -> None:
    """Each working date follows the one before, even across the ends of tables."""
    dates = CALENDAR.working_dates(date(2025, 12, 1), date(2027, 2, 1))
    for before, after in pairwise(dates):
        fresh = BusinessCalendar(zone="Asia/Tokyo", hours=CALENDAR.hours, holidays=["2026-01-12"])
        assert (after, before) == (
            fresh.add_working_dates(before, 1),
            fresh.add_working_dates(after, -1),
        )


def test_dates_are_those_of_the_calendars_zone() -> None:
    """Dates are those of the calendar's zone: Saturday in Tokyo may be Friday in London."""
    saturday = datetime(2026, 1, 9, 23, tzinfo=UTC)

    assert datetime(2026, 1, 13, 0, tzinfo=UTC) == CALENDAR.add_days(saturday, 1)
    assert not CALENDAR.is_working_date(SATURDAY)


def test_a_fully_paused_date_is_not_a_working_date() -> None:
    """A fully paused date is not a working date, but one with a minute left is."""
    tuesday = datetime(2026, 1, 6, tzinfo=UTC)
    hour = timedelta(hours=1)
    pauses = [
        (tuesday + 9 * hour, tuesday + 17 * hour),
        (tuesday + 30 * hour, tuesday + 34 * hour),
        (tuesday + 70 * hour, tuesday + 78 * hour),
    ]
    calendar = BusinessCalendar(
        zone="UTC", hours="mon-wed 09:00-17:00; thu 22:00-30:00; fri 09:00-17:00", pauses=pauses
    )
    assert [7, 9] == [
        day.day for day in calendar.working_dates(date(2026, 1, 6), date(2026, 1, 12))
    ]
    assert tuesday + 34 * hour == calendar.add_days(tuesday - 14 * hour, 1)


@pytest.mark.parametrize("count", [10**7, -(10**7)])
def test_too_many_working_dates_are_refused(count: int) -> None:
    """Too many working dates are refused with the count and the date of the start."""
    with pytest.raises(CalendarRangeError, match=f"{count} working days after 2026-01-09"):
        CALENDAR.add_working_dates(FRIDAY, count)


@pytest.mark.parametrize(("count", "year"), [(36_525, 2126), (2_500_000, 8870), (-73_050, 1826)])
def test_working_dates_beyond_the_supported_years_name_the_year(count: int, year: int) -> None:
    """A working date beyond the supported years is refused with the first such year."""
    with pytest.raises(CalendarRangeError, match=f"^year {year} is outside the supported"):
        CALENDAR.add_working_dates(FRIDAY, count)


def test_no_days_lead_to_the_next_open_instant() -> None:
    """Adding no days and subtracting no days give the same result."""
    friday_night = datetime(2026, 1, 9, 12, tzinfo=UTC)
    opening = datetime(2026, 1, 13, 0, tzinfo=UTC)

    assert opening == CALENDAR.add_days(friday_night, 0)
    assert opening == CALENDAR.subtract_days(friday_night, 0)
    assert opening - timedelta(days=4) == CALENDAR.subtract_days(opening, 1)


@pytest.mark.parametrize("hour", [0, 1])
def test_no_days_keep_an_instant_in_the_repeated_hour(hour: int) -> None:
    """Adding no days to the second 02:30 of a night gives that instant."""
    calendar = BusinessCalendar(zone="Europe/Berlin", hours="mon-sun 00:00-24:00")
    start = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)

    assert start == calendar.add_days(start, 0)
    assert start == calendar.subtract_days(start, 0)


def test_working_dates_are_known_in_all_supported_years() -> None:
    """The first and the last supported date can be reached, but no date beyond."""
    first, last = date(1900, 1, 1), date(2100, 12, 31)
    for day, count, expected in ((date(1900, 1, 8), -5, first), (date(2100, 12, 27), 4, last)):
        fresh = BusinessCalendar(zone="UTC", hours="mon-fri 09:00-17:00")
        assert expected == fresh.add_working_dates(day, count)
        with pytest.raises(CalendarRangeError):
            fresh.add_working_dates(day, 2 * count)


def test_a_combination_knows_working_dates_to_the_end_of_its_last_year() -> None:
    """The last year of a combination ends one year before the last year of its calendars."""
    daily = BusinessCalendar(zone="UTC", hours="mon-sun 09:00-17:00")
    day = date(2099, 12, 28)

    assert date(2099, 12, 31) == (daily | daily).add_working_dates(day, 3)
    with pytest.raises(CalendarRangeError, match="until the end of 2099"):
        (daily | daily).add_working_dates(day, 4)


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        ("2023-01-01T08:00", -1, "2022-12-30T08:00"),
        ("2022-12-31T08:00", -1, "2022-12-30T08:00"),
        ("2022-12-31T08:00", 1, "2023-01-02T08:00"),
        ("2023-01-02T08:00", -1, "2022-12-30T08:00"),
        ("2022-12-30T08:00", 1, "2023-01-02T08:00"),
    ],
)
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles"])
def test_new_year_is_that_of_the_zone(zone: str, start: str, count: int, expected: str) -> None:
    """Working days are counted from the local date, even if it is another year in UTC."""
    calendar = BusinessCalendar(zone=zone, hours="mon-fri 00:00-24:00")

    def local(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=calendar.zone)

    assert local(expected) == calendar.add_days(local(start), count)
