"""Holidays: by country, by dates, and until when they are known."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from ticketcore.calendar import BusinessCalendar, CalendarError, CalendarRangeError, Holidays


def test_a_country_has_holidays_by_name() -> None:
    """Names are in the country's own language, whatever the locale of the machine."""
    assert "Karfreitag" == Holidays(country="DE").of_year(2026)[date(2026, 4, 3)]
    assert (
        "Good Friday" == Holidays(country="DE", language="en_US").of_year(2026)[date(2026, 4, 3)]
    )


def test_a_subdivision_has_more() -> None:
    """Without a subdivision only national holidays count."""
    women = date(2026, 3, 8)
    assert women not in Holidays(country="DE").of_year(2026)
    assert women in Holidays(country="DE", subdivision="BE").of_year(2026)


def test_categories_choose_among_holidays() -> None:
    """A bank may be closed when others are open."""
    eve = date(2026, 12, 24)
    assert eve not in Holidays(country="DK").of_year(2026)
    assert eve in Holidays(country="DK", categories=("public", "optional")).of_year(2026)
    assert Holidays(country="DK", categories="public") == Holidays(
        country="DK", categories=["public"]
    )


def test_days_are_added_and_removed() -> None:
    """Days come and go by date or by name; what is added is not removed."""
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
    """Dates that are given belong to their year, from its first to its last."""
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
def test_dates_in_many_forms_are_one_value(given: Any) -> None:
    """Dates, texts and mappings of the same days make equal calendars."""
    expected = BusinessCalendar(zone="UTC", hours="mon 09:00-10:00", holidays=[date(2026, 5, 1)])
    assert expected == BusinessCalendar(zone="UTC", hours="mon 09:00-10:00", holidays=given)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"country": "Deutschland"}, 'there is no country "Deutschland"'),
        ({"country": "D"}, 'there is no country "D": did you mean'),
        ({"country": "de"}, r'there is no country "de": did you mean "DE"\?'),
        *(
            ({"country": name}, f'there is no country "{name}"')
            for name in ("utils", "HolidayBase", "list_supported_countries", "__name__", "NYSE")
        ),
        (
            {"country": "DE", "subdivision": "XX"},
            'no subdivision of DE "XX": known are Augsburg, BB, BE',
        ),
        ({"country": "DE", "categories": ["bank"]}, 'no category of DE "bank"'),
        ({"country": "DE", "language": "eng"}, 'no language of DE "eng": did you mean "en_US"'),
        ({"country": "MC", "subdivision": "A"}, 'no subdivision of MC "A": known are none$'),
        ({"country": "DE", "language": "xx"}, 'no language of DE "xx"'),
        ({"subdivision": "BE"}, "^holidays: a subdivision, category or language needs a country$"),
        ({"categories": "bank"}, "a subdivision, category or language needs a country"),
        ({"language": "de"}, "a subdivision, category or language needs a country"),
        ({"add": "2026-05-01"}, '"2026-05-01" is one text: give dates'),
        ({"add": ["1. Mai"]}, '^holidays: "1. Mai" is not a date'),
        ({"remove": [3]}, "removed holidays: 3 is not a date"),
    ],
)
def test_holidays_that_are_not_known(options: dict[str, Any], message: str) -> None:
    """The error names what was found and the nearest that there is."""
    with pytest.raises(CalendarError, match=message):
        Holidays(**options)


def test_a_calendar_ends_where_its_holidays_do() -> None:
    """To answer for a year without known holidays as if it had none would be wrong."""
    calendar = BusinessCalendar(
        zone="Europe/Berlin", hours="mon 09:00-10:00", holidays=Holidays(country="DE")
    )
    with pytest.raises(CalendarRangeError, match="holidays of DE are known for 1991 to 2100, not"):
        calendar.next_open(datetime(1985, 5, 1, tzinfo=UTC))
    assert range(1991, 2101) == calendar.supported_years


def test_the_last_known_year_is_asked_about_before_others() -> None:
    """What was asked about the last year does not carry the next question beyond it."""
    calendar = BusinessCalendar(
        zone="UTC", hours="mon-fri 09:00-10:00", holidays=Holidays(country="DE")
    )
    for year in (2100, 2098):
        start = datetime(year, 7, 1, 9, tzinfo=UTC)
        assert calendar.is_open(start)


def test_a_search_does_not_run_into_unknown_years() -> None:
    """Looking further than needed must not fail where the answer is well inside."""
    calendar = BusinessCalendar(
        zone="Europe/Berlin", hours="mon 09:00-10:00", holidays=Holidays(country="DE")
    )
    calendar.between(datetime(2005, 5, 1, tzinfo=UTC), datetime(2040, 5, 1, tzinfo=UTC))
    assert date(1997, 12, 1) == calendar.add_working_dates(date(2005, 1, 10), -354)
