"""Fuzz the reader of iCalendar files: `python -m fuzz.ics -max_total_time=60`."""

import atheris

with atheris.instrument_imports(include=["ticketcore", "icalendar"]):
    from ticketcore.calendar import BusinessCalendar, read_ics, write_ics
    from ticketcore.errors import TicketcoreError

from fuzz._harness import fuzz

_SEEDS = (
    b"DTSTART;VALUE=DATE:20260107\nDTEND;VALUE=DATE:20260109\nSUMMARY:closed",
    b"UID:1\nDTSTART:20260107\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=WE;COUNT=5\nSEQUENCE:1",
    b"UID:1\nDTSTART:20260107\nRRULE:FREQ=MONTHLY;BYMONTHDAY=-1;UNTIL=20270101T000000Z",
    b"UID:1\nRECURRENCE-ID;TZID=Europe/Berlin:20260107T000000\nDTSTART:20260108",
    b"DTSTART:20260107\nEXDATE;VALUE=DATE:20260107\nRDATE;VALUE=DATE:20260109,20260110",
    b"DTSTART;TZID=Europe/Berlin:20260328T120000\nDURATION:P1DT2H\nSTATUS:CANCELLED",
    b"DTSTART:20260105T100000\nDTEND:20260105T110000Z\nTRANSP:TRANSPARENT\nEXRULE:FREQ=DAILY",
    b"DTSTART;VALUE=DATE:99991231\nDURATION:P4W\nRRULE:FREQ=YEARLY;BYWEEKNO=1;WKST=SU",
)


def read(data: bytes) -> None:
    """Check that a file is refused with a typed error, or read and written again."""
    found = read_ics(data, zone="Europe/Berlin")
    calendar = BusinessCalendar(zone="UTC", hours="mon-sun 00:00-24:00", **found._asdict())
    read_ics(write_ics(calendar, [2026]))


def files() -> list[bytes]:
    """Return a file for each seed."""
    head, end = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    return [head + seed.replace(b"\n", b"\r\n") + end for seed in _SEEDS]


if __name__ == "__main__":
    fuzz(read, files(), refuses=TicketcoreError)
