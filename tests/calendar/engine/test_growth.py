"""A table grows by years. Its answers do not show where a year ends and the next begins."""

from datetime import UTC, date, datetime, timedelta

import pytest

from ticketcore.calendar import BusinessCalendar, CalendarRangeError

NIGHTS = "mon-sun 22:00-06:00"


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("hours", range(-30, 30, 3))
def test_new_year_is_a_night_like_others(zone: str, hours: int) -> None:
    """A fresh calendar that is asked about New Year knows the night shift that runs over it."""
    new_year = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    week = timedelta(days=7)

    def fresh() -> BusinessCalendar:
        return BusinessCalendar(zone=zone, hours=NIGHTS)

    assert fresh().is_open(new_year - week) == fresh().is_open(new_year)
    assert fresh().next_open(new_year - week) == fresh().next_open(new_year) - week
    assert fresh().next_close(new_year - week) == fresh().next_close(new_year) - week
    assert fresh().previous_close(new_year + week) == fresh().previous_close(new_year) + week
    assert fresh().add(new_year - week, timedelta(hours=30)) == (
        fresh().add(new_year, timedelta(hours=30)) - week
    )


def test_subtracting_down_to_the_first_opening_of_a_table_extends_it() -> None:
    """Time used up at the first opening of a table goes back to a closing before the table."""
    calendar = BusinessCalendar(
        zone="UTC",
        hours={},
        exceptions={"2024-05-01": "10:00-12:00", "2026-05-01": "10:00-12:00"},
    )
    start, span = datetime(2026, 5, 1, 12, tzinfo=UTC), timedelta(hours=2)
    expected = datetime(2024, 5, 1, 12, tzinfo=UTC)
    assert expected == calendar.subtract(start, span, "next-open")


@pytest.mark.parametrize("first", [2010, 2026, 2040])
@pytest.mark.parametrize("then", [2010, 2026, 2040])
def test_answers_do_not_depend_on_earlier_questions(first: int, then: int) -> None:
    """A table that grew in either direction answers like a fresh one."""
    calendar = BusinessCalendar(zone="Europe/Berlin", hours=NIGHTS)
    calendar.is_open(datetime(first, 7, 1, tzinfo=UTC))
    start, span = datetime(then, 12, 30, 12, tzinfo=UTC), timedelta(hours=100)
    fresh = BusinessCalendar(zone="Europe/Berlin", hours=NIGHTS)
    assert fresh.add(start, span) == calendar.add(start, span)
    assert fresh.subtract(start, span) == calendar.subtract(start, span)


@pytest.mark.parametrize(("start", "end"), [(2025, 2028), (2026, 2028), (2025, 2026)])
def test_open_time_between_years_is_counted_in_both_directions(start: int, end: int) -> None:
    """Open time between reversed instants is negative, whichever years are computed."""
    low, high = datetime(start, 5, 1, tzinfo=UTC), datetime(end, 9, 1, tzinfo=UTC)
    for asked in (False, True):
        there, back = (BusinessCalendar(zone="UTC", hours=NIGHTS) for _ in range(2))
        if asked:
            back.is_open(datetime(2026, 7, 1, tzinfo=UTC))
        expected = (high - low) / 3  # eight hours of each day
        assert expected == there.between(low, high)
        assert -expected == back.between(high, low)


def test_calendars_that_touch_are_not_open_together() -> None:
    """If one calendar closes when the other opens, their intersection has no open time there."""
    mornings = BusinessCalendar(zone="UTC", hours="mon-fri 09:00-12:00")
    others = BusinessCalendar(zone="UTC", hours="mon 12:00-17:00; tue 10:00-17:00")
    both = mornings & others
    monday, week = datetime(2026, 1, 5, tzinfo=UTC), timedelta(days=7)
    opening, closing = (datetime(2026, 1, 6, hour, tzinfo=UTC) for hour in (10, 12))
    assert ((opening, closing),) == both.intervals(monday, monday + week)
    assert closing == both.next_close(monday)
    assert not both.is_working_date(monday.date())


def test_a_combination_has_the_dates_of_its_zone() -> None:
    """A combination counts the dates of its zone: Monday evening in Honolulu is a Monday."""
    evenings = BusinessCalendar(zone="Pacific/Honolulu", hours="mon 18:00-24:00")
    dates = (evenings | evenings).working_dates(date(2026, 1, 1), date(2026, 1, 15))
    assert (date(2026, 1, 5), date(2026, 1, 12)) == dates


@pytest.mark.parametrize("year", [1901, 2026, 2099])
def test_a_combination_is_open_from_the_first_day_of_a_year(year: int) -> None:
    """A combination supports one year less than its calendars at either end."""
    always = BusinessCalendar(zone="UTC", hours="mon-sun 00:00-24:00")
    for month in (1, 6):
        assert (always | always).is_open(datetime(year, month, 4, 12, tzinfo=UTC))
    assert (always | always).is_open(datetime(2026, 1, 1, 12, tzinfo=UTC))


def test_a_search_finds_answers_years_ahead() -> None:
    """A search finds the next closing or working date, and refuses to look beyond the last one."""
    days = {"2026-05-01": "10:00-12:00", "2028-05-01": "10:00-12:00"}
    calendar, fresh = (BusinessCalendar(zone="UTC", hours={}, exceptions=days) for _ in range(2))
    expected = datetime(2028, 5, 1, 12, tzinfo=UTC)
    assert expected == calendar.next_close(datetime(2026, 6, 1, tzinfo=UTC))
    assert expected.date() == fresh.add_working_dates(date(2026, 6, 1), 1)
    with pytest.raises(CalendarRangeError):
        calendar.add_working_dates(date(2026, 1, 1), 3)


def test_a_recurring_closure_includes_new_year() -> None:
    """A closure without a first date applies to the first day of a year too."""
    calendar = BusinessCalendar(
        zone="UTC", hours="mon-sun 09:00-17:00", closures="FREQ=MONTHLY;BYMONTHDAY=1"
    )
    assert not calendar.is_working_date(date(2026, 1, 1))
    assert calendar.is_working_date(date(2026, 1, 2))


def test_a_calendar_may_open_only_once() -> None:
    """A calendar that opens only once still finds its opening."""
    once = BusinessCalendar(zone="UTC", hours={}, exceptions={"2026-05-01": "10:00-12:00"})
    inside = datetime(2026, 5, 1, 11, tzinfo=UTC)
    assert once.is_open(inside)
    assert inside == once.next_open(inside)


def test_each_of_several_closures_applies() -> None:
    """Each of several closures applies; the last one does not replace the others."""
    closures = ["FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=TU"]
    calendar = BusinessCalendar(zone="UTC", hours="mon-wed 09:00-10:00", closures=closures)
    dates = calendar.working_dates(date(2026, 1, 5), date(2026, 1, 12))
    assert (date(2026, 1, 7),) == dates
