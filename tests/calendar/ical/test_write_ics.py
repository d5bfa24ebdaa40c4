"""Calendars are written as iCalendar files that other programs read as the same dates."""

from contextlib import suppress
from datetime import UTC, date, datetime

import attrs
import pytest
from hypothesis import HealthCheck, given, settings

from support.calendars.ics_files import YEARS, closed_dates, files
from ticketcore.calendar import (
    BusinessCalendar,
    CalendarError,
    CalendarRangeError,
    Closure,
    Holidays,
    read_ics,
    write_ics,
)


def test_a_written_file_is_read_back() -> None:
    """A written file is read back with the same closed dates."""
    calendar = BusinessCalendar(
        zone="Europe/Berlin",
        hours="mon-fri 09:00-17:00",
        holidays=Holidays(country="DE"),
        exceptions={"2026-05-01": "09:00-12:00", "2026-05-04": "closed", "2027-01-04": ()},
        closures=[
            "FREQ=WEEKLY;BYDAY=WE",
            Closure("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", days=9, without=[date(2027, 12, 24)]),
        ],
        pauses=[(datetime(2026, 1, 5, 10, tzinfo=UTC), datetime(2026, 1, 5, 11, tzinfo=UTC))],
    )
    text = write_ics(calendar, [2026])
    assert text == write_ics(calendar, [2026, 2026])
    found = read_ics(text)
    again = BusinessCalendar(
        zone="Europe/Berlin",
        hours="mon-fri 09:00-17:00",
        holidays=found.holidays,
        exceptions={"2026-05-01": "09:00-12:00"},
        closures=found.closures,
        pauses=found.pauses,
    )
    low, high = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)
    assert calendar.intervals(low, high) == again.intervals(low, high)
    assert "closed" == found.holidays[date(2026, 5, 4)]
    assert date(2027, 1, 4) not in found.holidays


def test_dates_opened_by_exception_are_left_out_of_the_rule() -> None:
    """Dates that an exception opens are written as EXDATE of the recurring closure."""
    hours = "mon-fri 09:00-17:00"
    closures = [Closure("FREQ=WEEKLY;BYDAY=WE", without=[date(2026, 1, 14)])]
    exceptions = {
        "2026-01-07": "09:00-12:00",
        "2026-01-08": "09:00-12:00",
        "2026-01-21": "closed",
        "2101-01-05": "09:00-12:00",  # a Wednesday that no calendar reaches
    }
    calendar = BusinessCalendar(zone="UTC", hours=hours, closures=closures, exceptions=exceptions)
    (found,) = read_ics(write_ics(calendar, [2026])).closures
    assert (date(2026, 1, 7), date(2026, 1, 14)) == found.without
    several = attrs.evolve(calendar, closures=[Closure("FREQ=WEEKLY;BYDAY=TU", days=2)])
    several_found = read_ics(write_ics(several, [2026]))
    assert () == several_found.closures
    assert [date(2026, 1, day) for day in (6, 13, 14)] == sorted(several_found.holidays)[:3]


RULES = [
    Closure("FREQ=WEEKLY;BYDAY=WE"),
    Closure("FREQ=WEEKLY;BYDAY=WE", days=4),
    Closure("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", since=date(2023, 5, 3)),
    Closure("FREQ=WEEKLY;BYDAY=MO,TU,WE;BYSETPOS=2"),
    Closure("FREQ=DAILY;COUNT=30;BYDAY=SA", since=date(2025, 6, 1)),
    Closure("FREQ=MONTHLY", since=date(2020, 1, 31)),
    Closure("FREQ=YEARLY;BYEASTER=-2,1", name="Easter"),
    Closure("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", days=9, without=[date(2026, 12, 24)]),
    Closure("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;UNTIL=20260101"),
    Closure("FREQ=YEARLY", since=date(2030, 6, 1)),
    Closure.of_range(date(2025, 12, 24), date(2026, 1, 6), "winter"),
]


@pytest.mark.parametrize("closure", RULES, ids=lambda closure: f"{closure.rule} {closure.days}")
def test_a_written_closure_is_the_same_for_every_reader(closure: Closure) -> None:
    """Our reader and an independent one find the same closed dates in a written file."""
    opened = {} if closure.days > 1 else {"2025-03-30": "09:00-10:00", "2026-04-01": "09:00-10:00"}
    calendar = BusinessCalendar(
        zone="UTC",
        hours="mon-sun 00:00-24:00",
        holidays={"2026-02-01": "holiday"},
        closures=closure,
        exceptions=opened,
    )
    expected = {day for year in YEARS for day in closure.of_year(year)} | {date(2026, 2, 1)}
    expected -= {date.fromisoformat(day) for day in opened}
    text = write_ics(calendar, YEARS)
    found = read_ics(text)
    ours = {day for c in found.closures for year in YEARS for day in c.of_year(year)}
    assert expected == closed_dates(text)
    assert expected == ours | {day for day in found.holidays if day.year in YEARS}


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(files())
def test_a_file_that_was_read_and_written_closes_the_same_dates(text: str) -> None:
    """A file that was read and written closes the same dates in the written years."""
    with suppress(CalendarError):
        found = read_ics(text)
        calendar = BusinessCalendar(zone="UTC", hours="mon 00:00-24:00", **found._asdict())
        assert closed_dates(text) == closed_dates(write_ics(calendar, YEARS))


@pytest.mark.parametrize("year", [1899, 2101, 9999])
def test_unsupported_years_are_not_written(year: int) -> None:
    """Writing unsupported years is refused, even if dates are listed for them."""
    calendar = BusinessCalendar(
        zone="UTC", hours="mon 09:00-17:00", holidays=[date(1899, 1, 1), date(9999, 12, 31)]
    )
    with pytest.raises(CalendarRangeError, match=f"^year {year} is outside the supported"):
        write_ics(calendar, [2026, year])


def test_unknown_years_are_not_written() -> None:
    """Writing years whose holidays are unknown is refused."""
    calendar = BusinessCalendar(
        zone="UTC", hours="mon 09:00-17:00", holidays=Holidays(country="DE")
    )
    with pytest.raises(CalendarRangeError):
        write_ics(calendar, [1980])


WRITTEN = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//ticketcore//calendar//EN
BEGIN:VEVENT
SUMMARY:closed
DTSTART;VALUE=DATE:20260504
DTEND;VALUE=DATE:20260505
DTSTAMP:19700101T000000Z
UID:
END:VEVENT
BEGIN:VEVENT
SUMMARY:Outing
DTSTART;VALUE=DATE:20260512
DTEND;VALUE=DATE:20260513
DTSTAMP:19700101T000000Z
UID:
END:VEVENT
BEGIN:VEVENT
SUMMARY:Christmas
DTSTART;VALUE=DATE:20261225
DTEND;VALUE=DATE:20261226
DTSTAMP:19700101T000000Z
UID:
END:VEVENT
BEGIN:VEVENT
SUMMARY:stocktaking
DTSTART;VALUE=DATE:20260127
DTEND;VALUE=DATE:20260131
DTSTAMP:19700101T000000Z
EXDATE;VALUE=DATE:20271227
RRULE:FREQ=MONTHLY;BYMONTHDAY=27
UID:
END:VEVENT
BEGIN:VEVENT
SUMMARY:pause
DTSTART:20260105T100000Z
DTEND:20260105T110000Z
DTSTAMP:19700101T000000Z
UID:
END:VEVENT
END:VCALENDAR
"""


def test_the_written_file() -> None:
    """A written file lists closed dates, then rules, then pauses."""
    calendar = BusinessCalendar(
        zone="Europe/Berlin",
        hours="mon-fri 09:00-17:00",
        holidays={date(2026, 5, 1): "Erster Mai", date(2026, 12, 25): "Christmas"},
        exceptions={
            "2026-05-01": "09:00-12:00",
            "2026-05-04": "closed",
            "2026-05-12": {"hours": "closed", "name": "Outing"},
            "2027-05-04": "closed",
        },
        closures=Closure(
            "FREQ=MONTHLY;BYMONTHDAY=27",
            name="stocktaking",
            days=4,
            without=[date(2027, 12, 27)],
        ),
        pauses=[(datetime(2026, 1, 5, 10, tzinfo=UTC), datetime(2026, 1, 5, 11, tzinfo=UTC))],
    )
    lines = write_ics(calendar, [2026]).split("\r\n")
    ids = [line for line in lines if line.startswith("UID:")]

    # The library decides the order of an event's lines.
    assert sorted(WRITTEN.splitlines()) == sorted(
        "UID:" if line.startswith("UID:") else line for line in lines if line
    )
    assert len(ids) == len(set(ids))
