"""Fuzz recurrence rules: `python -m fuzz.rules -max_total_time=60`."""

from datetime import date

import atheris

with atheris.instrument_imports(include=["ticketcore"]):
    from ticketcore.calendar import Closure
    from ticketcore.errors import CalendarError

from fuzz._harness import fuzz

_SEEDS = (
    b"FREQ=DAILY;INTERVAL=3;COUNT=10",
    b"FREQ=WEEKLY;BYDAY=MO,WE;WKST=SU;UNTIL=20261231T235959Z",
    b"FREQ=MONTHLY;BYDAY=1MO,-1FR;BYSETPOS=1,-1",
    b"FREQ=MONTHLY;BYMONTHDAY=13,-1;BYMONTH=2,12",
    b"FREQ=YEARLY;BYWEEKNO=1,-1;BYYEARDAY=1,366",
    b"RRULE:FREQ=YEARLY;BYEASTER=-2,1",
)


def read(data: bytes) -> None:
    """Check that a rule is refused with a typed error, or gives the dates of each year."""
    text = data.decode(errors="replace")
    for since in (None, date(2020, 2, 29)):
        closure = Closure(text, since=since, days=2)
        for year in (1900, 2026, 2100):
            closure.of_year(year)


if __name__ == "__main__":
    fuzz(read, _SEEDS, refuses=CalendarError)
