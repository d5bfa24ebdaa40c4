"""Recurring closures by RFC 5545 rules."""

from datetime import date
from typing import Any

import pytest

from ticketcore.calendar import BusinessCalendar, CalendarError, CalendarRangeError, Closure


@pytest.mark.parametrize(
    ("closure", "expected"),
    [
        (Closure("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24,31"), ["2026-12-24", "2026-12-31"]),
        (Closure("RRULE:freq=yearly;bymonth=2;bymonthday=29"), []),
        (Closure("FREQ=YEARLY", since=date(2020, 6, 1)), ["2026-06-01"]),
        (Closure("FREQ=YEARLY;INTERVAL=4", since=date(2022, 6, 1)), ["2026-06-01"]),
        (Closure("FREQ=YEARLY;INTERVAL=4", since=date(2023, 6, 1)), []),
        (Closure("FREQ=YEARLY", since=date(2027, 6, 1)), []),
        (Closure("FREQ=YEARLY", since="2020-06-01"), ["2026-06-01"]),
        (Closure("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=5;UNTIL=20260105T120000Z"), ["2026-01-05"]),
        (
            Closure("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=30", days=4),
            ["2026-01-01", "2026-01-02", "2026-12-30", "2026-12-31"],
        ),
        (
            Closure("FREQ=YEARLY;BYMONTH=3,4;BYMONTHDAY=1", without=[date(2026, 3, 1)]),
            ["2026-04-01"],
        ),
    ],
)
def test_a_rule_closes_dates_of_every_year(closure: Closure, expected: list[str]) -> None:
    """A rule gives the closed dates of a year, over New Year too, without the excepted ones."""
    found = closure.of_year(2026)
    assert expected == [day.isoformat() for day in sorted(found)]
    assert {closure.name} >= set(found.values())


@pytest.mark.parametrize("year", [1, 1899, 2101, 10_000])
def test_a_year_outside_the_supported_ones_is_refused(year: int) -> None:
    """The first and the last supported year have closures, and other years are refused."""
    closure = Closure("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1")
    with pytest.raises(
        CalendarRangeError, match=f"year {year} is outside the supported years 1900 to 2100"
    ):
        closure.of_year(year)
    assert [date(1900, 1, 1)] == list(closure.of_year(1900))
    assert [date(2100, 1, 1)] == list(closure.of_year(2100))


def test_closures_in_different_forms_are_equal() -> None:
    """A single rule may be given alone, as text or as a value."""

    def calendar(closures: Any) -> BusinessCalendar:
        return BusinessCalendar(zone="UTC", hours="mon-fri 09:00-10:00", closures=closures)

    rule = "FREQ=WEEKLY;BYDAY=WE"
    assert (
        calendar(rule) == calendar([rule]) == calendar(Closure(rule)) == calendar([Closure(rule)])
    )
    assert not calendar(rule).is_working_date(date(2026, 1, 7))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rule": 7}, "closure 7 is not an RFC 5545 rule: give a text"),
        ({"rule": "FREQ=HOURLY"}, "uses times of day, but closures cover whole dates"),
        ({"rule": "FREQ=DAILY;BYHOUR=9"}, "uses times of day"),
        ({"rule": "FREQ=DAILY;COUNT=3"}, "depends on its first date"),
        ({"rule": "FREQ=YEARLY"}, r"depends on its first date: give it as Closure\("),
        ({"rule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"}, "depends on its first date"),
        (
            {"rule": "FREQ=SOMETIMES;BYDAY=MO"},
            "FREQ must be one of DAILY, WEEKLY, MONTHLY, YEARLY",
        ),
        ({"rule": "BYDAY=MO"}, "is not an RFC 5545 rule"),
        ({"rule": "BYDAY="}, "is not an RFC 5545 rule"),
        ({"rule": "FREQ=WEEKLY;BYDAY=MO\nRRULE:FREQ=WEEKLY;BYDAY=TU"}, "BYDAY is given twice"),
        ({"rule": "FREQ=DAILY", "days": 0}, "closes 0 days: give a number from 1 to 366"),
        ({"rule": "FREQ=DAILY", "days": "2"}, 'closes "2" days: give a number from 1 to 366'),
        ({"rule": "FREQ=DAILY", "days": True}, "closes True days: give a number from 1 to 366"),
        (
            {"rule": "FREQ=WEEKLY;BYDAY=WE", "days": 36_600},
            "closes 36600 days: give a number from",
        ),
        (
            {"rule": "FREQ=DAILY;INTERVAL=0"},
            'INTERVAL must be a whole number of at least 1, not "0"',
        ),
        ({"rule": "FREQ=DAILY;INTERVAL=-1"}, "INTERVAL must be a whole number of at least 1"),
        ({"rule": "FREQ=DAILY;COUNT=0"}, "COUNT must be a whole number of at least 1"),
        ({"rule": "FREQ=DAILY;COUNT=1.5"}, "COUNT must be a whole number of at least 1"),
        ({"rule": "FREQ=DAILY;COUNT=2;UNTIL=20260101"}, "COUNT and UNTIL exclude each other"),
        ({"rule": "FREQ=WEEKLY;BYDAY=WE;UNTIL=202612"}, "UNTIL takes a date such as 20301231"),
        ({"rule": "FREQ=WEEKLY;BYDAY=WE;UNTIL=20261301"}, "UNTIL takes a date such as 20301231"),
        ({"rule": "FREQ=WEEKLY;BYDAY=WED"}, 'BYDAY takes days such as MO or -1FR, not "WED"'),
        ({"rule": "FREQ=MONTHLY;BYDAY=0MO"}, 'BYDAY takes days such as MO or -1FR, not "0MO"'),
        ({"rule": "FREQ=MONTHLY;BYDAY=54MO"}, "BYDAY takes days"),
        ({"rule": "FREQ=YEARLY;BYMONTH=13"}, 'BYMONTH takes numbers from 1 to 12, not "13"'),
        ({"rule": "FREQ=YEARLY;BYMONTHDAY=0"}, 'BYMONTHDAY takes numbers from -31 to 31, not "0"'),
        ({"rule": "FREQ=YEARLY;BYYEARDAY=367"}, "BYYEARDAY takes numbers from -366 to 366"),
        ({"rule": "FREQ=YEARLY;BYWEEKNO=x"}, 'BYWEEKNO takes numbers from -53 to 53, not "X"'),
        ({"rule": "FREQ=WEEKLY;BYDAY=WE;WKST=1"}, 'WKST takes a day such as MO, not "1"'),
        ({"rule": "FREQ=WEEKLY;BYDAYS=WE"}, 'unknown part "BYDAYS=WE": did you mean "BYDAY"?'),
        ({"rule": "FREQ=WEEKLY;BYDAY=WE;"}, 'unknown part "": known are FREQ, INTERVAL'),
        ({"rule": "FREQ=WEEKLY;BYWEEKNO=1"}, "BYWEEKNO needs FREQ=YEARLY"),
        ({"rule": "FREQ=MONTHLY;BYYEARDAY=1"}, "BYYEARDAY cannot be used with FREQ=MONTHLY"),
        ({"rule": "FREQ=WEEKLY;BYMONTHDAY=1"}, "BYMONTHDAY cannot be used with FREQ=WEEKLY"),
        ({"rule": "FREQ=WEEKLY;BYDAY=1MO"}, "a BYDAY with a number needs FREQ=MONTHLY or YEARLY"),
        ({"rule": "FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO"}, "number cannot be used with BYWEEKNO"),
        ({"rule": "FREQ=DAILY;BYSETPOS=1"}, "BYSETPOS needs another BY part"),
        (
            {"rule": "FREQ=DAILY", "without": "2026-01-05"},
            '^closure: "2026-01-05" is not a list: give a list of dates$',
        ),
        ({"rule": "FREQ=DAILY", "since": "5.1.2026"}, 'closure: "5.1.2026" is not a date'),
        ({"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "matches no date: check its days"),
        (
            {"rule": "FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29", "since": date(2001, 1, 1)},
            "matches no date",
        ),
    ],
)
def test_invalid_rules_are_refused(options: dict[str, Any], message: str) -> None:
    """A rule that cannot be read, or whose search would not end, is refused at once."""
    with pytest.raises(CalendarError, match=message):
        Closure(**options)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY;BYDAY=WE;UNTIL=20260114",
        "RRULE:FREQ=WEEKLY;BYDAY=WE;UNTIL=20260114T000000Z",
        " rrule:freq=weekly;byday=we;until=20260114T235959 ",
    ],
)
def test_a_rule_may_have_a_property_name_and_times(rule: str) -> None:
    """A recurrence rule may begin with `RRULE:` and have an instant in UNTIL."""
    closure = Closure(rule)

    assert Closure("FREQ=WEEKLY;BYDAY=WE;UNTIL=20260114") == closure
    assert ["2026-01-07", "2026-01-14"] == [str(day) for day in closure.of_year(2026)]


def test_a_rule_that_has_ended_is_accepted() -> None:
    """A recurrence rule that has ended is accepted and closes no dates."""
    closure = Closure("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;UNTIL=20200301")

    assert [date(2020, 2, 29)] == list(closure.of_year(2020))
    assert {} == closure.of_year(2024)


@pytest.mark.parametrize(
    ("rule", "since", "day"),
    [
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", date(1997, 1, 1), date(2000, 2, 29)),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", date(1999, 12, 1), date(2000, 10, 13)),
        ("FREQ=YEARLY;BYEASTER=0;BYMONTH=4;BYMONTHDAY=25", None, date(2038, 4, 25)),
        (
            "FREQ=YEARLY;INTERVAL=400;BYMONTH=1;BYMONTHDAY=1;BYDAY=MO",
            date(2001, 1, 1),
            date(2001, 1, 1),
        ),
    ],
)
def test_a_rare_rule_is_accepted(rule: str, since: date | None, day: date) -> None:
    """A rule is accepted even if its first date is many years away."""
    assert [day] == list(Closure(rule, since=since).of_year(day.year))


@pytest.mark.parametrize(
    ("days", "expected"),
    [(1, []), (2, ["2027-01-01"]), (5, ["2027-01-01", "2027-01-02", "2027-01-03", "2027-01-04"])],
)
def test_a_closure_continues_after_new_year(days: int, expected: list[str]) -> None:
    """A closure of several days that begins on 31 December closes days of the next year."""
    closure = Closure("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31", days=days)

    assert expected == [str(day) for day in closure.of_year(2027) if day.month == 1]


def test_the_first_day_of_a_week_may_be_in_the_year_before() -> None:
    """A weekly rule with BYSETPOS counts all days of a week that began in the year before."""
    closure = Closure("FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=1")

    assert date(2029, 12, 31) in closure.of_year(2029)
    assert date(2030, 1, 7) == min(closure.of_year(2030))


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SOMETIMES;BYDAY=MO",
        "FREQ=WEEKLY;BYDAY=MO;BYDAY=TU",
        "FREQ=DAILY;BYHOUR=9",
        "FREQ=WEEKLY;BYDAYS=WE",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;COUNT=0",
        "FREQ=WEEKLY;BYDAY=WE;UNTIL=202612",
        "FREQ=YEARLY;BYMONTH=13",
        "FREQ=YEARLY;BYWEEKNO=54",
        "FREQ=YEARLY;BYYEARDAY=367",
        "FREQ=YEARLY;BYMONTHDAY=32",
        "FREQ=YEARLY;BYEASTER=367",
        "FREQ=DAILY;BYSETPOS=0",
        "FREQ=WEEKLY;BYDAY=WED",
        "FREQ=WEEKLY;BYDAY=WE;WKST=1",
        "FREQ=WEEKLY;BYWEEKNO=1",
        "FREQ=YEARLY",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    ],
)
def test_a_refusal_of_a_rule_names_the_rule(rule: str) -> None:
    """Each part of a rule is refused with the text of the whole rule."""
    with pytest.raises(CalendarError, match=f'^closure "{rule}" '):
        Closure(rule)
    with pytest.raises(CalendarError, match=r'^closure "FREQ=DAILY" closes 0 days: '):
        Closure("FREQ=DAILY", days=0)


def test_easter_may_be_counted_backwards() -> None:
    """Good Friday is two days before Easter."""
    assert [date(2026, 4, 3)] == list(Closure("FREQ=YEARLY;BYEASTER=-2").of_year(2026))


def test_a_range_without_a_last_date_is_refused() -> None:
    """A range of dates whose end is no date is refused with the name of the argument."""
    with pytest.raises(CalendarError, match=r'^last date of a closure: "soon" is not a date'):
        Closure.of_range(date(2026, 1, 5), "soon")  # type: ignore[arg-type]


def test_excepted_dates_must_be_dates() -> None:
    """An exception that is not a date is refused, and the message names the closure."""
    with pytest.raises(CalendarError, match='closure: "someday" is not a date'):
        Closure("FREQ=WEEKLY;BYDAY=WE", without=["someday"])
