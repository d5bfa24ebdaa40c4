"""An iCalendar file is kept exactly, or refused with the name of the event."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.calendars.ics_files import YEARS, closed_dates, files, ics
from support.counting import calls_of
from ticketcore.calendar import (
    BusinessCalendar,
    CalendarError,
    Closure,
    IcsClosures,
    NaiveDatetimeError,
    read_ics,
)

DAY = "DTSTART;VALUE=DATE:20260107\n"
WEEKLY = f"UID:1\n{DAY}RRULE:FREQ=WEEKLY\nSUMMARY:weekly"


def closed(found: IcsClosures, years: range = YEARS) -> set[date]:
    """Return the closed dates of some years."""
    dates = {day for closure in found.closures for year in years for day in closure.of_year(year)}
    return dates | {day for day in found.holidays if day.year in years}


def january(*events: str) -> list[int]:
    """Return the days of January 2026 that the events close."""
    dates = closed(read_ics(ics(*events)), range(2026, 2027))
    return sorted(day.day for day in dates if day.month == 1)


def calendar(found: IcsClosures) -> BusinessCalendar:
    """Return a calendar that is open except for the closures of a file."""
    return BusinessCalendar(zone="UTC", hours="mon-sun 00:00-24:00", **found._asdict())


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(files())
def test_closed_dates_agree_with_another_reader(text: str) -> None:
    """Another reader finds the same closed dates, also for moved and cancelled occurrences."""
    try:
        found = read_ics(text)
    except CalendarError:
        return  # the tests below say what is refused
    assert closed_dates(text) == closed(found)


def test_events_become_arguments_of_a_calendar() -> None:
    """All-day events become holidays, recurring ones closures, timed ones pauses."""
    found = read_ics(
        ics(
            "UID:0\nDTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261226\nSUMMARY:Christmas",
            "UID:1\nDTSTART;VALUE=DATE:20260105",
            "UID:2\nDTSTART;VALUE=DATE:20200601\nDTEND;VALUE=DATE:20200603\nRRULE:FREQ=YEARLY\n"
            "EXDATE;VALUE=DATE:20210601\nSUMMARY:Outing",
            "UID:3\nDTSTART:20260106T120000Z\nDTEND:20260106T130000Z\nSUMMARY:Fire drill",
        )
    )
    names = {"2026-01-05": "closed", "2026-12-24": "Christmas", "2026-12-25": "Christmas"}
    assert names == {str(day): name for day, name in found.holidays.items()}
    outing = Closure(
        "FREQ=YEARLY", name="Outing", since=date(2020, 6, 1), days=2, without=[date(2021, 6, 1)]
    )
    assert (outing,) == found.closures
    noon = datetime(2026, 1, 6, 12, tzinfo=UTC)
    assert ((noon, noon + timedelta(hours=1)),) == found.pauses


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        # An all-day event without a length closes its date.
        ([f"{DAY}DTEND;VALUE=DATE:20260107"], [7]),
        ([f"{DAY}DURATION:PT0S"], [7]),
        (["DTSTART;TZID=Europe/Berlin;VALUE=DATE:20260107"], [7]),
        (["DTSTART:20260107"], [7]),
        ([f"{DAY}DURATION:P2D"], [7, 8]),
        (["dtstart;value=date:20260107\nTRANSP:TRANSPARENT\nSTATUS:TENTATIVE"], [7]),
        # Dates of cancelled events and occurrences are open, in upper or lower case.
        ([f"{DAY}STATUS:cancelled"], []),
        (
            [
                WEEKLY,
                "UID:1\nRECURRENCE-ID;VALUE=DATE:20260114\nDTSTART:20260114\nSTATUS:CANCELLED",
            ],
            [7, 21, 28],
        ),
        ([WEEKLY, "UID:1\nRECURRENCE-ID;VALUE=DATE:20260114\nDTSTART:20260115"], [7, 15, 21, 28]),
        ([f"{WEEKLY}\nEXDATE;TZID=Europe/Berlin:20260114T000000"], [7, 21, 28]),
        ([f"{WEEKLY}\nEXDATE:20260114\nEXDATE;VALUE=DATE:20260121"], [7, 28]),
        ([f"{WEEKLY}\nSTATUS:CANCELLED"], []),
        # The newest version of an event counts.
        (
            [f"UID:1\nSEQUENCE:1\n{DAY}", "UID:1\nSEQUENCE:2\nDTSTART;VALUE=DATE:20260109"],
            [9],
        ),
        (
            ["UID:1\nSEQUENCE:2\nDTSTART;VALUE=DATE:20260109", f"UID:1\nSEQUENCE:1\n{DAY}"],
            [9],
        ),
        # Events without a UID are different events.
        ([DAY, "DTSTART;VALUE=DATE:20260109"], [7, 9]),
        # Rules with COUNT, several rules, further dates; the first date always counts.
        ([f"{DAY}RRULE:FREQ=DAILY;COUNT=3"], [7, 8, 9]),
        ([f"{DAY}RRULE:FREQ=WEEKLY;COUNT=2\nRRULE:FREQ=DAILY;COUNT=2"], [7, 8, 14]),
        ([f"{DAY}RRULE:FREQ=WEEKLY;BYDAY=TH;UNTIL=20260116T120000Z"], [7, 8, 15]),
        ([f"{DAY}DURATION:P2D\nRDATE;VALUE=DATE:20260120"], [7, 8, 20, 21]),
        ([f"{DAY}RDATE;VALUE=DATE:20260120\nEXDATE:20260107"], [20]),
        # A changed occurrence without its series closes its own date.
        (["UID:1\nRECURRENCE-ID;VALUE=DATE:20260114\nDTSTART:20260115"], [15]),
        # Broken values of other properties do not matter.
        ([f"{DAY}GEO:nowhere\nDTSTAMP:yesterday"], [7]),
        # Long events.
        (["DTSTART;VALUE=DATE:20200101\nDTEND;VALUE=DATE:99991231"], list(range(1, 32))),
        (["DTSTART;VALUE=DATE:99991231\nDURATION:P4W"], []),
    ],
)
def test_events_close_dates(events: list[str], expected: list[int]) -> None:
    """Each spelling of an event closes or opens the intended dates."""
    assert expected == january(*events)


@pytest.mark.parametrize(
    ("events", "message"),
    [
        (["SUMMARY:some day"], 'event "some day" has no DTSTART'),
        ([DAY + DAY], 'event "closed" has DTSTART more than once'),
        ([f"{DAY}STATUS:CANCELLED\nSTATUS:CONFIRMED"], "has STATUS more than once"),
        (["DTSTART;VALUE=DATE:2026\nSUMMARY:x"], 'event "x" has a broken DTSTART: '),
        (["DTSTART;VALUE=TIME:100000"], 'event "closed" has a broken DTSTART: 10:00:00'),
        ([f"{DAY}closed until further notice"], 'event "closed" has a broken line: '),
        (
            [f"{DAY}DTEND;VALUE=DATE:20260105"],
            "ends on 2026-01-05, before it begins on 2026-01-07",
        ),
        ([f"{DAY}DTEND:20260108T100000Z"], "begins on a date and ends at a time of day"),
        ([f"{DAY}DTEND:20260108\nDURATION:P1D"], "has both DTEND and DURATION"),
        ([f"{DAY}DURATION:PT36H"], "has a DURATION that is not a number of whole days"),
        ([f"{DAY}DURATION:-P1D"], "has a DURATION that is not a number of whole days"),
        (
            ["DTSTART:20260105T100000Z\nDTEND:20260105T110000Z\nRRULE:FREQ=DAILY"],
            "recurs at times of day, but closures cover whole dates",
        ),
        (["DTSTART:20260105T100000Z\nDTEND:20260104T100000Z"], "ends at .* before it begins at"),
        (
            [WEEKLY, "UID:1\nRECURRENCE-ID:20260114T090000Z\nDTSTART;VALUE=DATE:20260115"],
            "has the RECURRENCE-ID 2026-01-14 09:00:00.*, which is not a date",
        ),
        (["DTSTART:20260105T100000Z\nDTEND;VALUE=DATE:20260106"], "begins at a time of day and"),
        (["DTSTART:20260105T100000Z\nDURATION:-PT1H"], "has a negative DURATION"),
        (
            ["DTSTART;TZID=Europe/Berlin:20260328T120000\nDURATION:P1D"],
            "has a DURATION in days over a change of clocks: give DTEND",
        ),
        (["DTSTART;TZID=Mars/X:20260105T100000"], 'has an unknown time zone "Mars/X"'),
        ([f"{WEEKLY}\nEXDATE:20260114T090000Z"], "has the EXDATE 2026-01-14 09:00:00.*not a date"),
        (
            [f"{DAY}RDATE;VALUE=PERIOD:20260109T100000Z/PT1H"],
            "has the RDATE .*, which is not a da",
        ),
        ([f"{WEEKLY}\nEXRULE:FREQ=DAILY"], 'event "weekly" has an EXRULE: list the dates'),
        (
            [WEEKLY, "UID:1\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260114\nDTSTART:20260115"],
            r"changes all later occurrences \(RANGE\)",
        ),
        (
            [WEEKLY, f"UID:1\nRECURRENCE-ID:20260114\n{DAY}RRULE:FREQ=DAILY"],
            "is one occurrence of a series and recurs itself",
        ),
        (
            [f"{WEEKLY}\nEXDATE:20260114", "UID:1\nRECURRENCE-ID:20260114\nDTSTART:20260115"],
            "replaces the occurrence 2026-01-14, which EXDATE excludes",
        ),
        (
            [f"UID:1\n{DAY}SUMMARY:a", f"UID:1\n{DAY}SUMMARY:b"],
            '"b" has the same UID .* event "a"',
        ),
        ([f"{DAY}RRULE:FREQ=WEEKLY;UNTIL=20250101"], "recurs until 2025-01-01, before it begins"),
        ([f"{DAY}RRULE:FREQ=DAILY;INTERVAL=0"], "cannot be kept: .* INTERVAL must be a whole"),
        (
            [f"{DAY}RRULE:FREQ=WEEKLY;BYDAY=MO,TU,FR;BYSETPOS=2"],
            "uses BYSETPOS and begins in the middle of a week",
        ),
        ([f"{DAY}RRULE:FREQ=HOURLY"], "cannot be kept: .* uses times of day"),
        (
            [f"{DAY}DTEND;VALUE=DATE:29260108\nRRULE:FREQ=WEEKLY\nSUMMARY:typo"],
            r'event "typo" cannot be kept: .* closes \d+ days',
        ),
        ([f"{DAY}RRULE:FREQ=WEEKLY;UNTIL=202612"], "has an RRULE that cannot be read"),
    ],
)
def test_events_that_cannot_be_kept_are_refused(events: list[str], message: str) -> None:
    """An event that cannot be kept is not left out silently; the message names it."""
    with pytest.raises(CalendarError, match=message) as caught:
        read_ics(ics(*events))
    _, _, name = events[-1].partition("SUMMARY:")
    assert str(caught.value).startswith(f'event "{name.split()[0] if name else "closed"}')


@pytest.mark.parametrize(
    "text",
    [
        "",
        "closed on Mondays",
        "BEGIN:VEVENT\r\nEND:VEVENT\r\n",
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260107",
        "END:VCALENDAR",
        b"\xff\xfe",
        ics(f"DTSTART;TZID={'X' * 300}:20260107T000000"),
    ],
    ids=["empty", "text", "event alone", "cut off", "end alone", "bytes", "zone"],
)
def test_text_that_is_not_a_calendar_is_refused(text: str | bytes) -> None:
    """Text that is not a calendar raises CalendarError, and no error of the parser."""
    with pytest.raises(CalendarError, match=r"iCalendar|calendar|VCALENDAR|unknown time zone"):
        read_ics(text)


def test_hours_elapse_in_a_duration() -> None:
    """A duration of two hours elapses: from 01:30 to 04:30 when clocks go forward."""
    found = read_ics(ics("DTSTART;TZID=Europe/Berlin:20260329T013000\nDURATION:PT2H"))
    start = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert ((start, start + timedelta(hours=2)),) == found.pauses
    (pause,) = read_ics(ics("DTSTART;TZID=Europe/Berlin:20260105T120000\nDURATION:P1D")).pauses
    assert timedelta(days=1) == pause[1] - pause[0]


def test_a_floating_time_needs_a_zone() -> None:
    """A floating time is refused without a zone, because it means an instant only in one."""
    text = ics("DTSTART:20260105T100000\nDTEND:20260105T110000\nSUMMARY:drill")
    with pytest.raises(NaiveDatetimeError, match=r'the DTSTART of event "drill" .* has no offset'):
        read_ics(text)
    start = datetime(2026, 1, 5, 9, tzinfo=UTC)
    assert ((start, start + timedelta(hours=1)),) == read_ics(text, zone="Europe/Berlin").pauses
    with pytest.raises(CalendarError, match="unknown zone"):
        read_ics(text, zone="Mars/X")


def test_a_timed_event_without_a_length_closes_nothing() -> None:
    """A timed event without a length closes nothing, and may be excluded or moved."""
    reminder = "UID:1\nDTSTART:20260106T120000Z\nSUMMARY:reminder"
    assert () == read_ics(ics(reminder)).pauses
    assert () == read_ics(ics(f"{reminder}\nDTEND:20260106T120000Z")).pauses
    excluded = f"{reminder}\nDURATION:PT1H\nEXDATE;VALUE=DATE:20260106"
    assert () == read_ics(ics(excluded)).pauses
    moved = "UID:1\nRECURRENCE-ID:20260106T120000Z\nDTSTART:20260107T120000Z\nDURATION:PT1H"
    (pause,) = read_ics(ics(moved)).pauses
    assert datetime(2026, 1, 7, 12, tzinfo=UTC) == pause[0]


def test_several_calendars_may_be_in_one_file() -> None:
    """All calendars in one file count; tasks and notes close nothing."""
    task = "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nDUE:20260101\r\nEND:VTODO\r\nEND:VCALENDAR\r\n"
    found = read_ics(ics(DAY) + ics("DTSTART;VALUE=DATE:20260109") + task)
    assert [7, 9] == [day.day for day in found.holidays]


def test_nested_calendars_are_read() -> None:
    """Nested calendars are read at any depth."""
    depth = 5_000
    text = "BEGIN:VCALENDAR\r\n" * depth + "END:VCALENDAR\r\n" * depth
    assert IcsClosures({}, (), ()) == read_ics(text)


def test_a_long_event_stays_small() -> None:
    """A long event of eighty centuries is one closure and costs no more than a year."""
    text = ics("DTSTART;VALUE=DATE:20200101\nDTEND;VALUE=DATE:99991231")
    usual = calls_of(lambda: read_ics(ics(WEEKLY)))
    assert calls_of(lambda: read_ics(text)) < 3 * usual
    found = read_ics(text)
    assert ({}, 1) == (found.holidays, len(found.closures))
    assert not calendar(found).is_working_date(date(2099, 6, 1))
    assert calendar(found).is_working_date(date(2019, 12, 31))


@settings(max_examples=200, deadline=None)
@given(
    st.text()
    | st.lists(st.sampled_from([*WEEKLY.split("\n"), "EXDATE:2026", "END:VEVENT"])).map(
        lambda lines: ics("\n".join(lines))
    )
)
def test_any_text_is_read_or_refused(text: str) -> None:
    """Any text is read or raises one of the calendar's own errors."""
    with suppress(CalendarError, NaiveDatetimeError):
        read_ics(text)


def test_a_text_that_is_too_long_is_refused() -> None:
    """A text above the size limit is refused before it is parsed."""
    with pytest.raises(CalendarError, match="the text has more than 1,000,000 bytes"):
        read_ics("x" * 1_000_001)
