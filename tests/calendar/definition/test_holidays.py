"""Holidays of countries, listed dates, and the years for which they are known."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs
import pytest

from ticketcore.calendar import BusinessCalendar, CalendarError, CalendarRangeError, Holidays


def test_a_country_has_holidays_by_name() -> None:
    """Names are in the country's own language, regardless of the machine's locale."""
    assert "Karfreitag" == Holidays(country="DE").of_year(2026)[date(2026, 4, 3)]
    assert (
        "Good Friday" == Holidays(country="DE", language="en_US").of_year(2026)[date(2026, 4, 3)]
    )


def test_a_subdivision_has_more() -> None:
    """A calendar with a subdivision has its regional holidays besides the national ones."""
    women = date(2026, 3, 8)
    assert women not in Holidays(country="DE").of_year(2026)
    assert women in Holidays(country="DE", subdivision="BE").of_year(2026)


def test_categories_select_holidays() -> None:
    """Categories select holidays, such as optional ones besides public ones."""
    eve = date(2026, 12, 24)
    assert eve not in Holidays(country="DK").of_year(2026)
    assert eve in Holidays(country="DK", categories=("public", "optional")).of_year(2026)
    assert Holidays(country="DK", categories="public") == Holidays(
        country="DK", categories=["public"]
    )


def test_days_are_added_and_removed() -> None:
    """Holidays can be added, and removed by date or name; added ones stay."""
    holidays = Holidays(
        country="DE",
        add={date(2026, 12, 24): "Heiligabend"},
        remove=["Erster Mai", date(2026, 1, 1), "2026-12-24"],
    )
    found = holidays.of_year(2026)
    assert "Heiligabend" == found[date(2026, 12, 24)]
    assert not {date(2026, 1, 1), date(2026, 5, 1)} & found.keys()
    assert date(2027, 1, 1) in holidays.of_year(2027)


def test_a_year_has_its_own_dates_only() -> None:
    """Listed dates count in their own year only, from its first day to its last."""
    days = ["2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01"]
    expected = {date(2026, 1, 1): "holiday", date(2026, 12, 31): "holiday"}
    assert expected == Holidays(add=days).of_year(2026)


@pytest.mark.parametrize(
    "given",
    [
        [date(2026, 5, 1)],
        ["2026-05-01"],
        {"2026-05-01": "holiday"},
        {date(2026, 5, 1): "holiday"},
        Holidays(add=["2026-05-01"]),
    ],
)
def test_dates_in_different_forms_are_equal(given: Any) -> None:
    """Dates, texts and mappings of the same days make equal calendars."""
    expected = BusinessCalendar(zone="UTC", hours="mon 09:00-10:00", holidays=[date(2026, 5, 1)])
    assert expected == BusinessCalendar(zone="UTC", hours="mon 09:00-10:00", holidays=given)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"country": "Deutschland"}, 'unknown country "Deutschland"'),
        ({"country": "D"}, 'unknown country "D": did you mean'),
        ({"country": "de"}, r'unknown country "de": did you mean "DE"\?'),
        *(
            ({"country": name}, f'unknown country "{name}"')
            for name in ("utils", "HolidayBase", "list_supported_countries", "__name__", "NYSE")
        ),
        (
            {"country": "DE", "subdivision": "XX"},
            'unknown subdivision of DE "XX": known are Augsburg, BB, BE',
        ),
        ({"country": "DE", "categories": ["bank"]}, 'unknown category of DE "bank"'),
        (
            {"country": "DE", "language": "eng"},
            'unknown language of DE "eng": did you mean "en_US"',
        ),
        ({"country": "MC", "subdivision": "A"}, 'unknown subdivision of MC "A": known are none$'),
        ({"country": "DE", "language": "xx"}, 'unknown language of DE "xx"'),
        ({"subdivision": "BE"}, "^holidays: a subdivision, category or language needs a country$"),
        ({"categories": "bank"}, "a subdivision, category or language needs a country"),
        ({"language": "de"}, "a subdivision, category or language needs a country"),
        ({"add": "2026-05-01"}, '"2026-05-01" is not a list: give dates'),
        ({"add": 3}, r"^holidays: 3 is not a list: give dates, or Holidays\(country=…\)$"),
        ({"remove": None}, "^removed holidays: None is not a list: give a list"),
        ({"categories": 3}, "^categories: 3 is not a list: give a list of names"),
        ({"add": ["1. Mai"]}, '^holidays: "1. Mai" is not a date'),
        ({"remove": [3]}, "removed holidays: 3 is not a date"),
    ],
)
def test_unknown_holidays_are_refused(options: dict[str, Any], message: str) -> None:
    """An unknown holiday is refused with the name found and the nearest known name."""
    with pytest.raises(CalendarError, match=message):
        Holidays(**options)


def test_a_calendar_ends_where_its_holidays_do() -> None:
    """A calendar has no answers for years whose holidays are unknown."""
    calendar = BusinessCalendar(
        zone="Europe/Berlin", hours="mon 09:00-10:00", holidays=Holidays(country="DE")
    )
    with pytest.raises(CalendarRangeError, match="holidays of DE are known for 1991 to 2100, not"):
        calendar.next_open(datetime(1985, 5, 1, tzinfo=UTC))
    assert range(1991, 2101) == calendar.supported_years


def test_a_question_about_the_last_known_year_leaves_others_answered() -> None:
    """A question about the last known year does not prevent later questions about known years."""
    calendar = BusinessCalendar(
        zone="UTC", hours="mon-fri 09:00-10:00", holidays=Holidays(country="DE")
    )
    for year in (2100, 2098):
        start = datetime(year, 7, 1, 9, tzinfo=UTC)
        assert calendar.is_open(start)


def test_a_search_does_not_run_into_unknown_years() -> None:
    """A search for an answer in a known year does not compute unknown years."""
    calendar = BusinessCalendar(
        zone="Europe/Berlin", hours="mon 09:00-10:00", holidays=Holidays(country="DE")
    )
    calendar.between(datetime(2005, 5, 1, tzinfo=UTC), datetime(2040, 5, 1, tzinfo=UTC))
    assert date(1997, 12, 1) == calendar.add_working_dates(date(2005, 1, 10), -354)


def hungary(**options: Any) -> BusinessCalendar:
    """Return an office in Hungary, which closes earlier on Fridays."""
    return BusinessCalendar(
        zone="Europe/Budapest",
        hours="mon-thu 09:00-17:00; fri 09:00-15:00",
        holidays=Holidays(country="HU", language="en_US", **options),
    )


def open_hours(calendar: BusinessCalendar, day: str) -> list[str]:
    """Return the open hours of a date, in local time."""
    begin = datetime.fromisoformat(f"{day}T00:00").replace(tzinfo=calendar.zone)
    found = calendar.intervals(begin, begin + timedelta(hours=24))
    local = [tuple(at.astimezone(calendar.zone) for at in interval) for interval in found]
    return [f"{begin:%H:%M}-{end:%H:%M}" for begin, end in local]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["09:00-15:00"]),
        ({"make_up_hours": "09:00-12:00"}, ["09:00-12:00"]),
        ({"make_up_hours": "closed"}, []),
    ],
)
def test_a_make_up_day_is_worked(options: dict[str, Any], expected: list[str]) -> None:
    """A make-up day, such as Saturday 10 January 2026 in Hungary, has the hours of a Friday."""
    assert expected == open_hours(hungary(**options), "2026-01-10")
    assert [] == open_hours(hungary(**options), "2026-01-02")


def test_an_exception_overrides_a_make_up_day() -> None:
    """An exception overrides a make-up day; a regular closure does not."""
    calendar = attrs.evolve(hungary(), closures="FREQ=WEEKLY;BYDAY=SA")
    assert ["09:00-15:00"] == open_hours(calendar, "2026-01-10")
    closed = attrs.evolve(calendar, exceptions={"2026-01-10": "closed"})
    assert [] == open_hours(closed, "2026-01-10")
    assert () == closed.make_up_days(date(2026, 1, 1), date(2026, 1, 31))
    assert (date(2026, 1, 10),) == (closed | calendar).make_up_days(
        date(2026, 1, 1), date(2026, 1, 31)
    )


def test_an_explanation_shows_make_up_days() -> None:
    """An explanation shows make-up days, and until when they are announced."""
    start = datetime(2026, 1, 9, 12, tzinfo=UTC)
    for span in ("8 working hours", "1 working day"):
        found = hungary().explain(start, span)
        assert (date(2026, 1, 10),) == found.make_up_days
        assert ["2026-01-10"] == found.to_dict()["make_up_days"]
        assert "make-up day: Sat 2026-01-10, worked in exchange for another day off" in str(found)
    assert () == hungary().explain(start, "24 hours").make_up_days
    assert () == hungary().explain(start, "0 working hours").make_up_days
    later = hungary().explain(datetime(2028, 1, 9, 12, tzinfo=UTC), "8 working hours")
    exchanges = later.holidays[1]
    assert "days off and make-up days announced for HU" in exchanges.source
    assert exchanges.until.year < 2028
    assert f"known until {exchanges.until}; the answer lies after that" in str(later)
    assert 1 == len(Holidays(country="DE").sources)


@pytest.mark.parametrize("country", ["CN", "TW", "VN", "KZ", "UA", "AM", "BY"])
def test_make_up_days_are_known_for_other_countries(country: str) -> None:
    """Each make-up day is on a weekend, within its year, and not a holiday."""
    holidays = Holidays(country=country)
    for year in range(2012, 2027):
        for day in holidays.make_up_days(year):
            assert (year, True) == (day.year, day.weekday() >= 5)
            assert day not in holidays.of_year(year)


def turkey(**options: Any) -> BusinessCalendar:
    """Return an office in Turkey, where half days begin at one o'clock."""
    return BusinessCalendar(
        zone="Europe/Istanbul",
        hours="mon-fri 09:00-12:00 12:30-18:00",
        holidays=Holidays(country="TR", language="en_US", **options),
    )


def test_a_half_day_ends_early() -> None:
    """A half day ends at `half_day_until`, and is the reason why the afternoon is closed."""
    calendar = turkey(categories=("public", "half_day"), half_day_until="13:00")
    assert ["09:00-12:00", "12:30-13:00"] == open_hours(calendar, "2026-10-28")
    assert [] == open_hours(calendar, "2026-10-29")
    found = calendar.explain(datetime(2026, 10, 28, 7, tzinfo=UTC), "4 working hours")
    assert ("half day", "Republic Day (from 1pm)") in {(s.reason, s.name) for s in found.skipped}
    assert date(2026, 10, 28) not in calendar.holidays.of_year(2026)


def test_half_days_alone_leave_holidays_open() -> None:
    """Only the given categories apply: half days alone leave public holidays open."""
    calendar = turkey(categories="half_day", half_day_until="13:00")
    assert ["09:00-12:00", "12:30-18:00"] == open_hours(calendar, "2026-10-29")
    assert ["09:00-12:00", "12:30-13:00"] == open_hours(calendar, "2026-10-28")


def test_a_half_day_on_a_closed_weekday_changes_nothing() -> None:
    """A half day on a closed weekday changes nothing, and the weekday remains the reason."""
    calendar = attrs.evolve(
        turkey(categories=("public", "half_day"), half_day_until="13:00"),
        hours="mon-tue 09:00-18:00",
    )
    found = calendar.explain(datetime(2026, 10, 27, 14, tzinfo=UTC), "4 working hours")
    assert ("weekday", "wednesday") in {(s.reason, s.name) for s in found.skipped}


@pytest.mark.parametrize(
    "options",
    [{"country": "TR", "categories": "half_day"}, {"country": "TR", "half_day_until": "13:00"}],
)
def test_half_days_need_their_time(options: dict[str, Any]) -> None:
    """Half days need both their category and their time."""
    with pytest.raises(CalendarError, match='the category "half_day" and half_day_until'):
        Holidays(**options)


def test_a_removed_holiday_takes_its_substitute_with_it() -> None:
    """Removing a holiday also removes the day on which it is observed instead."""
    holidays = Holidays(country="US", remove=["Independence Day"])
    assert not {date(2026, 7, 3), date(2026, 7, 4)} & holidays.of_year(2026).keys()
    only = Holidays(country="US", remove=["Independence Day (observed)"]).of_year(2026)
    assert (False, True) == (date(2026, 7, 3) in only, date(2026, 7, 4) in only)


def test_one_of_two_holidays_on_a_date_can_be_removed() -> None:
    """If one of two holidays on a date is removed, the date stays closed."""
    day = date(2008, 5, 1)
    both = Holidays(country="DE", language="en_US")
    assert "Ascension Day; Labor Day" == both.of_year(2008)[day]
    assert "Labor Day" == attrs.evolve(both, remove=["Ascension Day"]).of_year(2008)[day]
    assert day not in attrs.evolve(both, remove=["Ascension Day", "Labor Day"]).of_year(2008)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"country": "US", "remove": ["Colombus Day"]},
            'unknown holiday of US "Colombus Day": did you mean "Columbus Day"',
        ),
        ({"remove": ["Columbus Day"]}, "is the name of a holiday, which needs a country"),
        ({"country": "US", "remove": "Columbus Day"}, "is not a list: give a list"),
    ],
)
def test_a_name_that_no_holiday_has_is_refused(options: dict[str, Any], message: str) -> None:
    """Removing a holiday by a name that no holiday has is refused."""
    with pytest.raises(CalendarError, match=message):
        Holidays(**options)
