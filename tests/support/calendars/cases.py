"""Dated cases of business time: a small calendar, one operation, and the expected answer."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs

from ticketcore.calendar import BusinessCalendar, CalendarError

COLLECTED = Path(__file__).parents[4] / "shared" / "cases" / "calendar.json"
OFFICE = "mon-fri 09:00-17:00"
LUNCH = "mon-fri 08:00-12:00 13:00-17:00"
SECOND = timedelta(seconds=1)
ALWAYS = "mon-sun 00:00-24:00"


@attrs.frozen
class Case:
    """One operation on one calendar. `amount` is an end, a duration or a number of days."""

    name: str
    zone: str
    hours: object
    operation: str
    start: str
    amount: str
    expected: str
    options: dict[str, Any] = attrs.field(factory=dict)

    def __str__(self) -> str:
        return self.name

    def answer(self) -> str:
        """Return an answer as a list, without its zone, or that it was refused."""
        try:
            calendar = BusinessCalendar(zone=self.zone, hours=self.hours, **self.options)  # type: ignore[arg-type]
        except CalendarError:
            return "error"
        answer: str = _OPERATIONS[self.operation](calendar, self.start, self.amount)
        return answer


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _day(text: str) -> date:
    return _instant(text).date()


def _duration(text: str) -> timedelta:
    match = re.fullmatch(r"(-?)PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?", text)
    assert match is not None, text
    sign, *parts = match.groups()
    hours, minutes, seconds = (int(part or 0) for part in parts)
    total = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -total if sign else total


def _days(text: str) -> int:
    return int(text.replace("P", "").replace("D", ""))


def _written(instant: datetime) -> str:
    assert instant.tzinfo is UTC
    return instant.isoformat()


_OPERATIONS: dict[str, Any] = {
    "construct": lambda c, s, a: "ok",
    "add": lambda c, s, a: _written(c.add(_instant(s), _duration(a))),
    "subtract": lambda c, s, a: _written(c.subtract(_instant(s), _duration(a))),
    "between": lambda c, s, a: str(c.between(_instant(s), _instant(a)) // SECOND),
    "add_days": lambda c, s, a: _written(c.add_days(_instant(s), _days(a))),
    "subtract_days": lambda c, s, a: _written(c.subtract_days(_instant(s), _days(a))),
    "next_open": lambda c, s, a: _written(c.next_open(_instant(s))),
    "next_close": lambda c, s, a: _written(c.next_close(_instant(s))),
    "prev_open": lambda c, s, a: _written(c.previous_close(_instant(s))),
    "is_open": lambda c, s, a: str(c.is_open(_instant(s))),
    "add_business_dates": lambda c, s, a: c.add_working_dates(_day(s), _days(a)).isoformat(),
    "count_business_dates": lambda c, s, a: str(c.count_working_dates(_day(s), _day(a))),
    "count_business_dates_inclusive": lambda c, s, a: str(
        c.count_working_dates(_day(s), _day(a), inclusive=True)
    ),
}


def cases() -> list[Case]:
    """Return the cases of this file, and those collected from other projects if present."""
    return [*OWN, *_collected()]


def _collected() -> Iterator[Case]:
    if not COLLECTED.exists():
        return
    for case in json.loads(COLLECTED.read_text(encoding="utf-8")):
        expected = str(case["expected_here"])
        if re.fullmatch(r"\d{4}-\d\d-\d\dT.*", expected):
            expected = _instant(expected).astimezone(UTC).isoformat()
        yield Case(
            name=f"collected {case['id']}",
            zone=case["tz"],
            hours={day: [tuple(pair) for pair in pairs] for day, pairs in case["week"].items()},
            operation=case["op"],
            start=case["start"] or "",
            amount=case.get("amount") or case.get("end") or "",
            expected=expected,
            options={
                "holidays": case["holidays"],
                "exceptions": _hours(case.get("shifts", {})),
                "breaks": _hours(case.get("breaks", {})),
                "pauses": [tuple(map(_instant, pair)) for pair in case.get("pauses", [])],
            },
        )


def _hours(days: dict[str, list[list[str]]]) -> dict[str, list[tuple[str, ...]]]:
    return {day: [tuple(pair) for pair in pairs] for day, pairs in days.items()}


def _case(
    name: str,
    zone: str,
    hours: object,
    operation: str,
    start: str,
    amount: str,
    expected: str,
    **options: Any,
) -> Case:
    return Case(name, zone, hours, operation, start, amount, expected, options)


OWN = [
    _case(
        "inside one morning",
        "UTC",
        OFFICE,
        "add",
        "2024-03-06T09:15Z",
        "PT90M",
        "2024-03-06T10:45:00+00:00",
    ),
    _case(
        "before opening",
        "UTC",
        OFFICE,
        "add",
        "2024-03-06T06:00Z",
        "PT1H",
        "2024-03-06T10:00:00+00:00",
    ),
    _case(
        "after closing",
        "UTC",
        OFFICE,
        "add",
        "2024-03-06T20:00Z",
        "PT1H",
        "2024-03-07T10:00:00+00:00",
    ),
    _case(
        "over the weekend",
        "UTC",
        OFFICE,
        "add",
        "2024-03-08T16:30Z",
        "PT1H",
        "2024-03-11T09:30:00+00:00",
    ),
    _case(
        "from a Sunday",
        "UTC",
        OFFICE,
        "add",
        "2024-03-10T12:00Z",
        "PT30M",
        "2024-03-11T09:30:00+00:00",
    ),
    _case(
        "to the closing instant",
        "UTC",
        OFFICE,
        "add",
        "2024-03-08T16:00Z",
        "PT1H",
        "2024-03-08T17:00:00+00:00",
    ),
    _case(
        "a week of work",
        "UTC",
        OFFICE,
        "add",
        "2024-03-04T09:00Z",
        "PT40H",
        "2024-03-08T17:00:00+00:00",
    ),
    _case(
        "seconds count",
        "UTC",
        OFFICE,
        "add",
        "2024-03-08T16:59:58Z",
        "PT5S",
        "2024-03-11T09:00:03+00:00",
    ),
    _case(
        "over lunch",
        "UTC",
        LUNCH,
        "add",
        "2024-03-06T11:45Z",
        "PT30M",
        "2024-03-06T13:15:00+00:00",
    ),
    _case(
        "back over lunch",
        "UTC",
        LUNCH,
        "subtract",
        "2024-03-06T13:15Z",
        "PT30M",
        "2024-03-06T11:45:00+00:00",
    ),
    _case(
        "back over the weekend",
        "UTC",
        OFFICE,
        "subtract",
        "2024-03-11T09:30Z",
        "PT1H",
        "2024-03-08T16:30:00+00:00",
    ),
    _case(
        "back to the opening instant",
        "UTC",
        OFFICE,
        "subtract",
        "2024-03-11T10:00Z",
        "PT1H",
        "2024-03-11T09:00:00+00:00",
    ),
    _case(
        "a negative span",
        "UTC",
        OFFICE,
        "add",
        "2024-03-11T09:30Z",
        "-PT1H",
        "2024-03-08T16:30:00+00:00",
    ),
    _case(
        "nothing, when closed",
        "UTC",
        OFFICE,
        "add",
        "2024-03-09T09:30Z",
        "PT0S",
        "2024-03-11T09:00:00+00:00",
    ),
    _case(
        "nothing, when open",
        "UTC",
        OFFICE,
        "add",
        "2024-03-08T09:30Z",
        "PT0S",
        "2024-03-08T09:30:00+00:00",
    ),
    _case(
        "round the clock but Sunday",
        "UTC",
        "mon-sat 00:00-24:00",
        "add",
        "2024-03-09T23:59:30Z",
        "PT60S",
        "2024-03-11T00:00:30+00:00",
    ),
    _case(
        "a night shift",
        "UTC",
        "mon-thu 22:00-06:00",
        "add",
        "2024-03-07T23:00Z",
        "PT8H",
        "2024-03-11T23:00:00+00:00",
    ),
    _case(
        "a night shift by 26:00",
        "UTC",
        "fri 22:00-26:00",
        "between",
        "2024-03-08T00:00Z",
        "2024-03-10T00:00Z",
        "14400",
    ),
    _case(
        "hours in New York",
        "America/New_York",
        OFFICE,
        "add",
        "2024-03-08T21:30Z",
        "PT1H",
        "2024-03-11T13:30:00+00:00",
    ),
    _case(
        "hours in Tokyo",
        "Asia/Tokyo",
        OFFICE,
        "next_open",
        "2024-03-08T08:00Z",
        "",
        "2024-03-11T00:00:00+00:00",
    ),
    _case(
        "a night of 23 hours",
        "Europe/Berlin",
        ALWAYS,
        "between",
        "2024-03-30T23:00Z",
        "2024-03-31T22:00Z",
        "82800",
    ),
    _case(
        "hours inside the gap begin at the transition",
        "Europe/Berlin",
        "sun 02:30-04:00",
        "next_open",
        "2024-03-30T23:00Z",
        "",
        "2024-03-31T01:00:00+00:00",
    ),
    _case(
        "hours that begin a second into the gap, too",
        "Europe/Berlin",
        "sun 02:00:01-04:00",
        "next_open",
        "2024-03-30T23:00Z",
        "",
        "2024-03-31T01:00:00+00:00",
    ),
    _case(
        "and those that begin at its last second",
        "Europe/Berlin",
        "sun 02:59:59-04:00",
        "next_open",
        "2024-03-30T23:00Z",
        "",
        "2024-03-31T01:00:00+00:00",
    ),
    _case(
        "hours within the gap are skipped",
        "Europe/Berlin",
        "sun 02:00-03:00; mon 09:00-10:00",
        "between",
        "2024-03-30T23:00Z",
        "2024-03-31T22:00Z",
        "0",
    ),
    _case(
        "half of the gap in Lord Howe",
        "Australia/Lord_Howe",
        "sun 02:15-03:00",
        "between",
        "2024-10-05T10:00Z",
        "2024-10-06T10:00Z",
        "1800",
    ),
    _case(
        "the repeated hour counts twice",
        "Europe/Berlin",
        "sun 02:00-03:00",
        "between",
        "2024-10-26T22:00Z",
        "2024-10-27T23:00Z",
        "7200",
    ),
    _case(
        "closing in the repeated hour is the second time",
        "Europe/Berlin",
        "sat 20:00-26:30",
        "next_close",
        "2024-10-26T20:00Z",
        "",
        "2024-10-27T01:30:00+00:00",
    ),
    _case(
        "the date ends at its first midnight",
        "America/Havana",
        "sat 00:00-24:00",
        "next_close",
        "2024-11-02T12:00Z",
        "",
        "2024-11-03T04:00:00+00:00",
    ),
    _case(
        "a date that never was",
        "Pacific/Apia",
        ALWAYS,
        "count_business_dates",
        "2011-12-29T00:00Z",
        "2012-01-01T00:00Z",
        "2",
    ),
    _case(
        "a holiday",
        "UTC",
        OFFICE,
        "add",
        "2024-04-30T16:30Z",
        "PT1H",
        "2024-05-02T09:30:00+00:00",
        holidays=[date(2024, 5, 1)],
    ),
    _case(
        "a holiday as text",
        "UTC",
        OFFICE,
        "next_open",
        "2024-05-01T10:00Z",
        "",
        "2024-05-02T09:00:00+00:00",
        holidays=["2024-05-01"],
    ),
    _case(
        "a make-up Saturday",
        "UTC",
        OFFICE,
        "add",
        "2024-03-08T16:30Z",
        "PT1H",
        "2024-03-09T10:30:00+00:00",
        exceptions={"2024-03-09": "10:00-14:00"},
    ),
    _case(
        "an exception wins over a holiday",
        "UTC",
        OFFICE,
        "is_open",
        "2024-05-01T10:00Z",
        "",
        "True",
        holidays=["2024-05-01"],
        exceptions={"2024-05-01": "10:00-11:00"},
    ),
    _case(
        "an early closing",
        "UTC",
        OFFICE,
        "add",
        "2024-12-24T11:30Z",
        "PT1H",
        "2024-12-25T09:30:00+00:00",
        exceptions={"2024-12-24": "09:00-12:00"},
    ),
    _case(
        "a break on one date",
        "UTC",
        OFFICE,
        "add",
        "2024-03-06T11:30Z",
        "PT1H",
        "2024-03-06T13:00:00+00:00",
        breaks={"2024-03-06": "12:00-12:30"},
    ),
    _case(
        "a pause",
        "UTC",
        OFFICE,
        "add",
        "2024-03-06T10:00Z",
        "PT3H",
        "2024-03-06T14:26:36+00:00",
        pauses=[(_instant("2024-03-06T11:00Z"), _instant("2024-03-06T12:26:36Z"))],
    ),
    _case(
        "a recurring closure",
        "UTC",
        OFFICE,
        "add",
        "2024-03-05T16:30Z",
        "PT1H",
        "2024-03-07T09:30:00+00:00",
        closures="FREQ=WEEKLY;BYDAY=WE",
    ),
    _case(
        "between, reversed",
        "UTC",
        OFFICE,
        "between",
        "2024-03-11T10:00Z",
        "2024-03-08T16:00Z",
        "-7200",
    ),
    _case(
        "between over ten years",
        "UTC",
        "mon 09:00-10:00",
        "between",
        "2014-01-01T00:00Z",
        "2024-01-01T00:00Z",
        "1875600",
    ),
    _case(
        "Saturday and one day",
        "UTC",
        OFFICE,
        "add_days",
        "2024-03-09T11:00Z",
        "P1D",
        "2024-03-11T11:00:00+00:00",
    ),
    _case(
        "Friday evening and one day",
        "UTC",
        OFFICE,
        "add_days",
        "2024-03-08T19:00Z",
        "P1D",
        "2024-03-12T09:00:00+00:00",
    ),
    _case(
        "no days, when closed",
        "UTC",
        OFFICE,
        "add_days",
        "2024-03-09T11:00Z",
        "P0D",
        "2024-03-11T09:00:00+00:00",
    ),
    _case(
        "Sunday less one day",
        "UTC",
        OFFICE,
        "subtract_days",
        "2024-03-10T11:00Z",
        "P1D",
        "2024-03-08T11:00:00+00:00",
    ),
    _case(
        "an evening less one day",
        "UTC",
        OFFICE,
        "subtract_days",
        "2024-03-07T21:00Z",
        "P1D",
        "2024-03-06T17:00:00+00:00",
    ),
    _case(
        "less a negative day",
        "UTC",
        OFFICE,
        "subtract_days",
        "2024-03-07T11:00Z",
        "P-1D",
        "2024-03-08T11:00:00+00:00",
    ),
    _case(
        "the same wall time over a change of clocks",
        "Europe/Berlin",
        OFFICE,
        "add_days",
        "2024-03-29T09:00Z",
        "P1D",
        "2024-04-01T08:00:00+00:00",
    ),
    _case(
        "dates forward",
        "UTC",
        OFFICE,
        "add_business_dates",
        "2024-03-07T00:00Z",
        "P2D",
        "2024-03-11",
    ),
    _case(
        "dates back",
        "UTC",
        OFFICE,
        "add_business_dates",
        "2024-03-10T00:00Z",
        "P-1D",
        "2024-03-08",
    ),
    _case(
        "dates in a week",
        "UTC",
        OFFICE,
        "count_business_dates",
        "2024-03-04T00:00Z",
        "2024-03-11T00:00Z",
        "5",
    ),
    _case(
        "dates in a week, reversed",
        "UTC",
        OFFICE,
        "count_business_dates",
        "2024-03-11T00:00Z",
        "2024-03-04T00:00Z",
        "-5",
    ),
    _case("closing is no longer open", "UTC", OFFICE, "is_open", "2024-03-06T17:00Z", "", "False"),
    _case("opening is open", "UTC", OFFICE, "is_open", "2024-03-06T09:00Z", "", "True"),
    _case(
        "the closing before",
        "UTC",
        OFFICE,
        "prev_open",
        "2024-03-11T09:00Z",
        "",
        "2024-03-08T17:00:00+00:00",
    ),
    _case(
        "the closing now",
        "UTC",
        OFFICE,
        "prev_open",
        "2024-03-08T17:00Z",
        "",
        "2024-03-08T17:00:00+00:00",
    ),
    _case(
        "ten past midnight, half written", "UTC", "mon 08:00-24:10", "construct", "", "", "error"
    ),
    _case(
        "hours that overlap", "UTC", "mon 08:00-12:00 11:00-13:00", "construct", "", "", "error"
    ),
    _case("a week without hours", "UTC", {}, "construct", "", "", "error"),
    _case(
        "a night that runs into the morning",
        "UTC",
        "mon 22:00-06:00; tue 05:00-09:00",
        "construct",
        "",
        "",
        "error",
    ),
    _case("an opening of 24 hours from noon", "UTC", "mon 12:30-12:00", "construct", "", "", "ok"),
]
