"""Explanations of deadlines, as data and as text."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from calendar_pictures import RICH, THURSDAY
from ticketcore.calendar import BusinessCalendar, Calendar, CalendarError, Holidays, Span

CALENDAR = BusinessCalendar(**RICH)

TEXT = """\
30 working hours from Thu 2026-03-26 15:30 CET (Europe/Berlin)
due Wed 2026-04-08 15:30 CEST, 2026-04-08T13:30:00Z
counted 30 h:
  Thu 2026-03-26 15:30 to 17:00
  Fri 2026-03-27 09:00 to 17:00
  Mon 2026-03-30 09:00 to 12:00
  Tue 2026-03-31 09:00 to 12:00
  Tue 2026-03-31 13:00 to 17:00
  Wed 2026-04-01 09:00 to 12:00
  Tue 2026-04-07 09:00 to 10:00
  Wed 2026-04-08 09:00 to 15:30
skipped:
  Sat 2026-03-28 00:00 to 24:00  day off: Saturday
  Sun 2026-03-29 00:00 to 24:00  day off: Sunday
  Mon 2026-03-30 12:00 to 17:00  pause
  Tue 2026-03-31 12:00 to 13:00  break: fire drill
  Wed 2026-04-01 00:00 to 09:00  exception: stocktaking
  Wed 2026-04-01 12:00 to 24:00  exception: stocktaking
  Thu 2026-04-02 00:00 to 24:00  closure: anniversary
  Fri 2026-04-03 00:00 to 24:00  holiday: Karfreitag
  Sat 2026-04-04 00:00 to 24:00  day off: Saturday
  Sun 2026-04-05 00:00 to 24:00  day off: Sunday
  … 3 more
  outside hours  64 h
clocks changed: Sun 2026-03-29 02:00 became 03:00
holidays: the listed dates, known until 2026-04-03; the answer lies after that"""


def test_an_explanation_is_text() -> None:
    """An explanation as text lists intervals, reasons, clock changes and holidays."""
    assert TEXT == str(CALENDAR.explain(THURSDAY, "30 working hours"))


@pytest.mark.parametrize(
    ("zone", "start", "expected"),
    [
        ("America/Sao_Paulo", "2019-02-15", "Sun 2019-02-17 00:00 became Sat 2019-02-16 23:00"),
        ("Pacific/Apia", "2011-12-28", "Fri 2011-12-30 00:00 became Sat 2011-12-31 00:00"),
    ],
)
def test_a_change_of_clocks_to_another_date_is_written_with_the_date(
    zone: str, start: str, expected: str
) -> None:
    """If the clocks change at midnight, the explanation writes the date of both sides."""
    calendar = BusinessCalendar(zone=zone, hours="mon-sun 00:00-24:00")
    begin = datetime.fromisoformat(f"{start}T12:00Z")
    assert f"clocks changed: {expected}" in str(calendar.explain(begin, "96 hours")).splitlines()


def test_a_moved_deadline_is_told_in_the_zone_of_the_calendar() -> None:
    """The end of the span, from which the deadline moved, stands in the calendar's own time."""
    found = CALENDAR.explain(THURSDAY, "1 hour", at_time="16:00")
    assert 'moved from Thu 2026-03-26 16:30 CET by at_time = "16:00"' in str(found).splitlines()


@pytest.mark.parametrize(
    ("span", "expected"),
    [("1 working day", "counted 1 working day:"), ("2 working days", "counted 2 working days:")],
)
def test_working_days_are_counted_in_words(span: str, expected: str) -> None:
    """One working day is written in the singular, two in the plural."""
    assert expected in str(CALENDAR.explain(THURSDAY, span)).splitlines()


def test_an_explanation_is_data() -> None:
    """`to_dict` returns only values that JSON can hold."""
    found = CALENDAR.explain(THURSDAY, "30 working hours").to_dict()
    assert found == json.loads(json.dumps(found))
    assert {
        "start": "2026-03-26T14:30:00+00:00",
        "due": "2026-04-08T13:30:00+00:00",
        "span": "30 working hours",
        "boundary": "close",
        "roll": None,
        "zone": "Europe/Berlin",
        "total_seconds": 30 * 3600,
        "dates": [],
    }.items() <= found.items()
    assert ["2026-03-26T14:30:00+00:00", "2026-03-26T16:00:00+00:00"] == found["counted"][0]
    assert {
        "start": "2026-03-26T16:00:00+00:00",
        "end": "2026-03-27T08:00:00+00:00",
        "reason": "outside hours",
        "name": "",
    } == found["skipped"][0]
    reasons = {(s["reason"], s["name"]) for s in found["skipped"]}
    assert {
        ("outside hours", ""),
        ("weekday", "saturday"),
        ("weekday", "sunday"),
        ("pause", ""),
        ("break", "fire drill"),
        ("exception", "stocktaking"),
        ("exception", "closed"),
        ("exception", "special hours"),
        ("closure", "anniversary"),
        ("holiday", "Karfreitag"),
    } == reasons
    assert [
        {
            "at": "2026-03-29T01:00:00+00:00",
            "offset_before_seconds": 3600.0,
            "offset_after_seconds": 7200.0,
        }
    ] == found["clock_changes"]
    assert [{"source": "the listed dates", "until": "2026-04-03"}] == found["holidays"]


def test_working_days_are_explained_by_dates() -> None:
    """A span in working days is explained by the dates counted and the closed days skipped."""
    found = CALENDAR.explain(THURSDAY, "3 working days")
    assert ("2026-03-27", "2026-03-30", "2026-03-31") == tuple(map(str, found.dates))
    assert ["saturday", "sunday"] == [skipped.name for skipped in found.skipped]
    assert "counted 3 working days:\n  Fri 2026-03-27" in str(found)
    assert found.due == CALENDAR.due(THURSDAY, Span.parse("3 working days"))


def test_the_options_are_part_of_the_explanation() -> None:
    """Rounding options apply to the explained deadline as they do in `due` and `add`."""
    friday = datetime(2026, 3, 27, 15, tzinfo=UTC)
    monday = datetime(2026, 3, 30, 7, tzinfo=UTC)
    for span in ("1 working hour", timedelta(hours=1)):
        found = CALENDAR.explain(friday, span, boundary="next-open")
        assert (monday, "next-open", None) == (found.due, found.boundary, found.roll)
        found = CALENDAR.explain(friday, span, roll="forward")
        assert (monday, "close", "forward") == (found.due, found.boundary, found.roll)
        assert friday + timedelta(hours=1) == CALENDAR.explain(friday, span).due


def test_the_date_of_the_start_does_not_count() -> None:
    """The date of the start, in the calendar's zone, does not count as a working date."""
    tokyo = BusinessCalendar(zone="Asia/Tokyo", hours="mon-fri 09:00-17:00")
    found = tokyo.explain(datetime(2026, 1, 8, 23, tzinfo=UTC), "2 working days").to_dict()
    assert ["2026-01-12", "2026-01-13"] == found["dates"]


def test_time_of_another_calendar_is_a_reason() -> None:
    """In a combination, time that the other calendar takes away is listed as skipped."""
    tokyo = BusinessCalendar(zone="Asia/Tokyo", hours="mon-fri 09:00-17:00")
    mornings = BusinessCalendar(zone="Asia/Tokyo", hours="mon-fri 09:00-12:00")
    start = datetime(2026, 1, 8, 0, tzinfo=UTC)
    found = (tokyo - mornings).explain(start, "1 working hour")
    noon = start + timedelta(hours=3)
    assert [(start, noon, "other calendar", "")] == list(found.skipped)
    assert noon + timedelta(hours=1) == found.due


def test_a_break_is_found_by_the_calendars_date() -> None:
    """A break is found by the local date of the calendar, even if it is another date elsewhere."""
    tokyo = BusinessCalendar(
        zone="Asia/Tokyo",
        hours="mon-fri 07:00-17:00",
        breaks={"2026-01-13": {"hours": "08:00-08:30", "name": "gymnastics"}},
    )
    found = tokyo.explain(datetime(2026, 1, 12, 22, 30, tzinfo=UTC), "1 working hour")
    assert ["gymnastics"] == [skipped.name for skipped in found.skipped]


@pytest.mark.parametrize("span", ["24 hours", "6 days", "2 months", "0 hours", "3 working hours"])
def test_every_kind_of_span_is_explained(span: str) -> None:
    """Elapsed time and calendar days count as one interval up to the instant that `roll` moves."""
    found = CALENDAR.explain(THURSDAY, span, roll="forward")
    assert found.due == CALENDAR.due(THURSDAY, Span.parse(span), roll="forward")
    assert (
        found.total + sum((s.end - s.start for s in found.skipped), timedelta(0))
        == found.due - THURSDAY
    )


def test_elapsed_hours_skip_nothing() -> None:
    """Elapsed hours count as one interval and skip nothing."""
    found = CALENDAR.explain(THURSDAY, "24 hours")
    assert ((THURSDAY, THURSDAY + timedelta(hours=24)),) == found.counted
    assert () == found.skipped


def test_an_interval_is_written_with_its_dates() -> None:
    """The end of an interval has a date only if it differs; 24:00 belongs to its own day."""
    nights = BusinessCalendar(zone="Pacific/Honolulu", hours="mon 18:00-24:00; tue 22:00-06:00")
    text = str(nights.explain(datetime(2026, 1, 5, 12, tzinfo=UTC), "14 working hours"))
    assert "\n  Mon 2026-01-05 18:00 to 24:00\n" in text
    assert "\n  Tue 2026-01-06 22:00 to Wed 2026-01-07 06:00\n" in text


def test_at_most_twelve_lines_are_written() -> None:
    """A long list is cut to its first ten lines and the last one."""
    for count, more in ((12, ""), (13, "  … 2 more")):
        text = str(CALENDAR.explain(THURSDAY, f"{count} working days"))
        days = text.partition("working days:\n")[2].partition("\nskipped")[0].splitlines()
        assert (12, more) == (len(days), "".join(day for day in days if "more" in day))


def test_the_last_known_date_is_known() -> None:
    """An answer on the last known date counts as known."""
    calendar = BusinessCalendar(zone="UTC", hours="mon 09:00-10:00", holidays=["2026-03-27"])
    for days, end in ((1, "known until 2026-03-27"), (2, "; the answer lies after that")):
        assert str(calendar.explain(THURSDAY, f"{days} days")).endswith(end)


def test_the_time_over_which_a_result_rolls_is_skipped() -> None:
    """If `roll` moves a result, the skipped time is listed with its reasons."""
    found = CALENDAR.explain(THURSDAY, "2 days", roll="forward")
    assert ["saturday", "sunday", ""] == [skipped.name for skipped in found.skipped]
    assert timedelta(days=2) == found.total
    assert found == CALENDAR.explain(THURSDAY, Span.parse("2 days"), roll="forward")


def test_a_negative_span_is_explained() -> None:
    """A negative timedelta is explained as open time back to an earlier instant."""
    found = CALENDAR.explain(THURSDAY, timedelta(hours=-9))
    assert datetime(2026, 3, 25, 13, 30, tzinfo=UTC) == found.due
    assert timedelta(hours=9) == found.total
    assert str(found).startswith("-9 h of open time from")
    rolled = CALENDAR.explain(THURSDAY, timedelta(hours=1, minutes=30), roll="forward")
    assert datetime(2026, 3, 27, 8, tzinfo=UTC) == rolled.due
    assert str(rolled).startswith("1 h 30 min of open time")


def test_fractions_of_a_minute_are_written() -> None:
    """Times with seconds or fractions are written exactly."""
    start = THURSDAY + timedelta(seconds=5, microseconds=250_000)
    text = str(CALENDAR.explain(start, timedelta(seconds=30, microseconds=500_000)))
    assert "30.5 s of open time from Thu 2026-03-26 15:30:05.250000 CET" in text
    assert "counted 30.5 s" in text
    assert "15:30:35.750000" in text
    assert "due Thu 2026-03-26 15:30:35 CET" in str(
        CALENDAR.explain(THURSDAY, "35 working seconds")
    )


def test_an_empty_span_counts_nothing() -> None:
    """An empty span counts no time, and skips none."""
    found = CALENDAR.explain(THURSDAY, "0 hours")
    assert ((), (), ()) == (found.counted, found.dates, found.skipped)
    assert "counted" not in str(found)
    assert str(CALENDAR.explain(THURSDAY, timedelta(0))).startswith("0 s of open time from")


def test_each_source_of_holidays_has_its_last_date() -> None:
    """Each source of holidays has its own last date in an explanation."""
    holidays = Holidays(country="DE", subdivision="BE", add=["2026-12-24"])
    calendar = BusinessCalendar(
        zone="Europe/Berlin", hours="mon-fri 09:00-17:00", holidays=holidays
    )
    text = str(calendar.explain(THURSDAY, "48 working hours"))
    assert "holiday: Karfreitag" in text
    assert "the rules for DE-BE in the holidays package, known until 2100-12-31\n" in text
    assert text.endswith("the listed dates, known until 2026-12-24")


def test_combined_calendars_have_the_reasons_of_both() -> None:
    """An intersection has the reasons of both calendars, a difference that the other is open."""
    office = BusinessCalendar(zone="Europe/Berlin", hours="mon-fri 09:00-17:00")
    mornings = BusinessCalendar(
        zone="Europe/Berlin", hours="mon-fri 10:00-12:00", holidays={"2026-03-27": "Drill"}
    )

    def reasons(calendar: Calendar) -> set[str]:
        return {s.reason for s in calendar.explain(THURSDAY, "20 working hours").skipped}

    assert {"outside hours", "weekday", "holiday"} == reasons(office & mornings)
    assert {"outside hours", "weekday", "other calendar"} == reasons(office - mornings)
    assert {"outside hours", "weekday"} == reasons(office | mornings)
    assert office.known_holidays == ()
    assert mornings.known_holidays == (office & mornings | mornings).known_holidays


def test_a_break_may_run_into_the_morning() -> None:
    """A break in a night shift keeps its name after midnight."""
    calendar = BusinessCalendar(
        zone="UTC",
        hours="mon 20:00-06:00",
        breaks={
            "2026-01-05": {"hours": "23:00-25:00", "name": "fog"},
            "2026-01-13": "00:00-01:00",
        },
    )
    start = datetime(2026, 1, 6, 0, 30, tzinfo=UTC)
    found = calendar.explain(start, "12 working hours")
    assert [("break", "fog"), ("break", "")] == [
        (s.reason, s.name) for s in found.skipped if s.reason == "break"
    ]


def test_a_date_that_the_zone_skipped_is_not_listed() -> None:
    """A holiday on a date that the zone skipped is not listed."""
    calendar = BusinessCalendar(
        zone="Pacific/Apia",
        hours="mon-sun 09:00-17:00",
        holidays={"2011-12-30": "the 30th", "2011-12-31": "the 31st"},
    )
    found = calendar.explain(datetime(2011, 12, 30, 2, 30, tzinfo=UTC), "2 working hours")
    assert ["the 31st"] == [s.name for s in found.skipped if s.reason == "holiday"]


def test_unknown_spans_and_options_are_refused() -> None:
    """`explain` refuses the same spans and options as `due`."""
    with pytest.raises(CalendarError, match="is not a span"):
        CALENDAR.explain(THURSDAY, "soon")
    with pytest.raises(CalendarError, match='unknown boundary "end"'):
        CALENDAR.explain(THURSDAY, "1 day", boundary="end")  # type: ignore[arg-type]
    with pytest.raises(CalendarError, match='unknown roll "back"'):
        CALENDAR.explain(THURSDAY, timedelta(hours=1), roll="back")  # type: ignore[arg-type]
