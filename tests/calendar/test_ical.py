"""Closures from iCalendar files, and calendars written as iCalendar files."""

from datetime import UTC, date, datetime, timedelta

import attrs
import pytest

from ticketcore.calendar import (
    BusinessCalendar,
    CalendarError,
    CalendarRangeError,
    Closure,
    Holidays,
    NaiveDatetimeError,
    read_ics,
    write_ics,
)


def ics(*events: str) -> str:
    """Return an iCalendar file of events, each given by its lines."""
    wrapped = [f"BEGIN:VEVENT\nUID:{n}\n{lines}\nEND:VEVENT" for n, lines in enumerate(events)]
    return "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *wrapped, "END:VCALENDAR"])


def test_events_become_closures() -> None:
    """All-day events become holidays, recurring ones closures, timed ones pauses."""
    found = read_ics(
        ics(
            "DTSTART;VALUE=DATE:20260107\nSTATUS:CANCELLED",
            "DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261226\nSUMMARY:Christmas",
            "DTSTART;VALUE=DATE:20260105",
            "DTSTART;VALUE=DATE:20200601\nDTEND;VALUE=DATE:20200603\nRRULE:FREQ=YEARLY\n"
            "EXDATE;VALUE=DATE:20210601\nSUMMARY:Outing",
            "DTSTART:20260106T120000Z\nDTEND:20260106T130000Z\nSUMMARY:Fire drill",
        )
    )
    assert {
        date(2026, 12, 24): "Christmas",
        date(2026, 12, 25): "Christmas",
        date(2026, 1, 5): "closed",
    } == found.holidays
    outing = Closure(
        "FREQ=YEARLY", name="Outing", since=date(2020, 6, 1), days=2, without=[date(2021, 6, 1)]
    )
    assert (outing,) == found.closures
    noon = datetime(2026, 1, 6, 12, tzinfo=UTC)
    assert ((noon, noon + timedelta(hours=1)),) == found.pauses


def test_a_written_file_is_read_back() -> None:
    """It closes the same dates, and equal calendars write equal files."""
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


def test_an_event_without_a_length_closes_nothing() -> None:
    """An instant is not a pause."""
    assert () == read_ics(ics("DTSTART:20260106T120000Z\nSUMMARY:Reminder")).pauses


def test_dates_opened_by_exception_are_left_out_of_the_rule() -> None:
    """They are written as EXDATE of the recurring closure."""
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
    with pytest.raises(CalendarError, match="takes 2 days, of which 2026-01-07 is open by exc"):
        write_ics(several, [2026])


@pytest.mark.parametrize("year", [1899, 2101, 9999])
def test_unsupported_years_are_not_written(year: int) -> None:
    """They are refused even if dates are listed for them."""
    calendar = BusinessCalendar(
        zone="UTC", hours="mon 09:00-17:00", holidays=[date(1899, 1, 1), date(9999, 12, 31)]
    )
    with pytest.raises(CalendarRangeError, match=f"^year {year} is outside the supported"):
        write_ics(calendar, [2026, year])


def test_unknown_years_are_not_written() -> None:
    """A file without holidays for a year would say that the year has none."""
    calendar = BusinessCalendar(
        zone="UTC", hours="mon 09:00-17:00", holidays=Holidays(country="DE")
    )
    with pytest.raises(CalendarRangeError):
        write_ics(calendar, [1980])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not an iCalendar file"),
        ("closed on Mondays", "is not an iCalendar file"),
        (ics("SUMMARY:some day"), "is not an iCalendar file of closures: No DTSTART"),
        (
            ics("DTSTART:20260105T100000Z\nDTEND:20260105T110000Z\nRRULE:FREQ=DAILY"),
            "recurs at times of day",
        ),
        (
            ics("DTSTART;VALUE=DATE:20260105\nRRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY"),
            "has several rules: give it one",
        ),
        (
            ics("DTSTART;VALUE=DATE:20260105\nRDATE;VALUE=DATE:20260107"),
            'event "closed" has further dates, RDATE: give each as its own event',
        ),
        (
            ics("DTSTART;VALUE=DATE:20260105\nRECURRENCE-ID;VALUE=DATE:20260106"),
            'event "closed" moves an occurrence, RECURRENCE-ID: give each as its own event',
        ),
        (
            ics("DTSTART;VALUE=DATE:20260105\nRRULE:FREQ=DAILY;COUNT=3"),
            "uses COUNT",
        ),
    ],
)
def test_events_that_cannot_be_kept_are_refused(text: str, message: str) -> None:
    """They are not left out silently."""
    with pytest.raises(CalendarError, match=message):
        read_ics(text)


def test_a_timed_event_needs_a_zone() -> None:
    """A floating time is another instant in each zone."""
    with pytest.raises(NaiveDatetimeError):
        read_ics(ics("DTSTART:20260105T100000\nDTEND:20260105T110000"))


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
DTSTART;VALUE=DATE:19000101
DTEND;VALUE=DATE:19000105
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
    """It lists closed dates, then rules, then pauses. An exception overrides a holiday."""
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

    # In which order the lines of an event come is the library's to say.
    assert sorted(WRITTEN.splitlines()) == sorted(
        "UID:" if line.startswith("UID:") else line for line in lines if line
    )
    assert len(ids) == len(set(ids))
