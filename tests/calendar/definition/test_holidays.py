"""Holidays of countries, listed dates, and the years for which they are known."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from ticketcore.calendar import BusinessCalendar, CalendarError, CalendarRangeError, Holidays


def test_a_country_has_holidays_by_name() -> None:
    """Names are in the country's own language, regardless of the machine's locale."""
    assert "Karfreitag" == Holidays(country="DE").of_year(2026)[date(2026, 4, 3)]
    assert (
        "Good Friday" == Holidays(country="DE", language="en_US").of_year(2026)[date(2026, 4, 3)]
    )


def test_a_subdivision_has_more() -> None:
    """Without a subdivision only national holidays count."""
    women = date(2026, 3, 8)
    assert women not in Holidays(country="DE").of_year(2026)
    assert women in Holidays(country="DE", subdivision="BE").of_year(2026)


def test_categories_select_holidays() -> None:
    """Some countries have optional holidays besides public ones."""
    eve = date(2026, 12, 24)
    assert eve not in Holidays(country="DK").of_year(2026)
    assert eve in Holidays(country="DK", categories=("public", "optional")).of_year(2026)
    assert Holidays(country="DK", categories="public") == Holidays(
        country="DK", categories=["public"]
    )


def test_days_are_added_and_removed() -> None:
    """Dates can be added, and removed by date or name. Added dates are never removed."""
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
    """Listed dates belong to their year, from its first to its last day."""
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
        ({"add": "2026-05-01"}, '"2026-05-01" is one text: give dates'),
        ({"add": ["1. Mai"]}, '^holidays: "1. Mai" is not a date'),
        ({"remove": [3]}, "removed holidays: 3 is not a date"),
    ],
)
def test_unknown_holidays_are_refused(options: dict[str, Any], message: str) -> None:
    """The message names what was found and the nearest known name."""
    with pytest.raises(CalendarError, match=message):
        Holidays(**options)


def test_a_calendar_ends_where_its_holidays_do() -> None:
    """A year whose holidays are unknown has no answer."""
    calendar = BusinessCalendar(
        zone="Europe/Berlin", hours="mon 09:00-10:00", holidays=Holidays(country="DE")
    )
    with pytest.raises(CalendarRangeError, match="holidays of DE are known for 1991 to 2100, not"):
        calendar.next_open(datetime(1985, 5, 1, tzinfo=UTC))
    assert range(1991, 2101) == calendar.supported_years


def test_a_question_about_the_last_known_year_leaves_others_answered() -> None:
    """The next question does not go beyond the known years."""
    calendar = BusinessCalendar(
        zone="UTC", hours="mon-fri 09:00-10:00", holidays=Holidays(country="DE")
    )
    for year in (2100, 2098):
        start = datetime(year, 7, 1, 9, tzinfo=UTC)
        assert calendar.is_open(start)


def test_a_search_does_not_run_into_unknown_years() -> None:
    """Computing years ahead must not fail if the answer lies in a known year."""
    calendar = BusinessCalendar(
        zone="Europe/Berlin", hours="mon 09:00-10:00", holidays=Holidays(country="DE")
    )
    calendar.between(datetime(2005, 5, 1, tzinfo=UTC), datetime(2040, 5, 1, tzinfo=UTC))
    assert date(1997, 12, 1) == calendar.add_working_dates(date(2005, 1, 10), -354)
