"""Print the answers of other libraries where they are wrong.

Run `python -m benchmarks.calendar.answers`. Each line has a question with a small calendar, the
right answer, which ticketcore gives, and the answer of another library. The docs page "Where other
libraries give wrong answers" quotes them.
"""

import datetime as dt
import warnings
from collections.abc import Iterator
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import business_duration
import pandas as pd
import pytz
from businesstimedelta import BusinessTimeDelta, Rules, WorkDayRule
from dateutil.rrule import rrulestr
from workalendar.europe import Germany

from ticketcore.calendar import BusinessCalendar, Closure

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = BusinessCalendar(zone="UTC", hours="mon-fri 09:00-17:00")
NIGHTS = BusinessCalendar(zone="UTC", hours="mon-fri 23:00-07:00")
ALWAYS = BusinessCalendar(zone="Europe/Berlin", hours="mon-sun 00:00-24:00")
HOUR = dt.timedelta(hours=1)


class Answer(NamedTuple):
    """A question, ticketcore's answer, and that of another library."""

    question: str
    right: str
    library: str
    answer: str


def rules(zone: str, start: dt.time, end: dt.time, days: int = 5) -> Rules:
    """Return the hours of businesstimedelta."""
    week = WorkDayRule(
        start_time=start, end_time=end, working_days=list(range(days)), tz=pytz.timezone(zone)
    )
    return Rules([week])


def answers() -> Iterator[Answer]:
    """Yield all questions."""
    yield from clock_changes()
    yield from hours()
    yield from measured()
    rule = "FREQ=MONTHLY;BYDAY=MO,-1SU"
    first, last = dt.datetime(2026, 1, 1), dt.datetime(2026, 1, 31)
    found = rrulestr(rule, dtstart=first).between(first, last, inc=True)
    dates = Closure(rule).occurrences(first.date(), last.date())
    yield Answer(f"{rule} in January 2026", str(len(dates)), "dateutil", str(len(found)))


def clock_changes() -> Iterator[Answer]:
    """Yield spans over the night on which clocks go forward."""
    start = dt.datetime(2026, 3, 29, 0, 30, tzinfo=BERLIN)
    question, right = "00:30 plus 3 hours, clocks go forward", ALWAYS.add(start, 3 * HOUR)
    week = "Mon Tue Wed Thu Fri Sat Sun"
    hours = pd.offsets.CustomBusinessHour(3, start="00:00", end="23:59", weekmask=week)
    always = rules("Europe/Berlin", dt.time(0), dt.time(23, 59, 59), 7)
    berlin = _text(right.astimezone(BERLIN))
    yield Answer(question, berlin, f"pandas {pd.__version__}", _text(pd.Timestamp(start) + hours))
    waited = start + BusinessTimeDelta(always, hours=3)
    yield Answer(question, berlin, "businesstimedelta", _text(waited))


def hours() -> Iterator[Answer]:
    """Yield whole days, night shifts and negative spans."""
    always = rules("Europe/Berlin", dt.time(0), dt.time(23, 59, 59), 7)
    monday, tuesday = (dt.datetime(2026, 1, day, tzinfo=BERLIN) for day in (5, 6))
    found = always.difference(monday, tuesday)
    measured = dt.timedelta(hours=found.hours, seconds=found.seconds)
    right = _hours(ALWAYS.between(monday, tuesday))
    yield Answer(
        "a day that is open round the clock", right, "businesstimedelta", _hours(measured)
    )
    nights = rules("UTC", dt.time(23), dt.time(7))
    night = dt.datetime(2026, 1, 6, 1, tzinfo=dt.UTC)
    yield Answer(
        "01:00 in a night shift plus 1 hour",
        _text(NIGHTS.add(night, HOUR)),
        "businesstimedelta",
        _text(night + BusinessTimeDelta(nights, hours=1)),
    )
    office, ten = (
        rules("UTC", dt.time(9), dt.time(17)),
        dt.datetime(2026, 1, 12, 10, tzinfo=dt.UTC),
    )
    yield Answer(
        "Monday 10:00 minus 2 hours",
        _text(OFFICE.subtract(ten, 2 * HOUR)),
        "businesstimedelta",
        _text(ten + BusinessTimeDelta(office, hours=-2)),
    )


def measured() -> Iterator[Answer]:
    """Yield measurements whose end comes first."""
    office = rules("UTC", dt.time(9), dt.time(17))
    ten, nine = (dt.datetime(2026, 1, 9, hour, tzinfo=dt.UTC) for hour in (10, 9))
    question, right = "from 10:00 to 09:00", f"{OFFICE.between(ten, nine) // HOUR} h"
    yield Answer(question, right, "businesstimedelta", f"{office.difference(ten, nine).hours} h")
    ends = [at.replace(tzinfo=None) for at in (ten, nine)]
    found = business_duration.businessDuration(*ends, dt.time(9), dt.time(17), [5, 6], unit="hour")
    yield Answer(question, right, "business-duration", f"{found} h")
    friday, wednesday = dt.date(2026, 1, 9), dt.date(2026, 1, 7)
    yield Answer(
        "working days from Friday to Wednesday before",
        str(OFFICE.count_working_dates(friday, wednesday)),
        "workalendar",
        str(Germany().get_working_days_delta(friday, wednesday)),
    )


def _hours(time: dt.timedelta) -> str:
    minutes, seconds = divmod(int(time.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def _text(instant: Any) -> str:
    return f"{instant:%a %H:%M}"


def main() -> None:
    """Print all answers."""
    warnings.simplefilter("ignore")
    print(f"{'question':44} {'right':12} {'library':20} answer")
    for found in answers():
        assert found.right != found.answer, found
        print(f"{found.question:44} {found.right:12} {found.library:20} {found.answer}")


if __name__ == "__main__":
    main()
