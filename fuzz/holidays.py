"""Fuzz the arguments of holidays: `python -m fuzz.holidays -max_total_time=60`."""

import atheris

with atheris.instrument_imports(include=["ticketcore"]):
    from ticketcore.calendar import BusinessCalendar, Holidays
    from ticketcore.errors import CalendarError

from fuzz._harness import fuzz

_SEEDS = (
    b"US||public|en_US||||Columbus Day",
    b"HU|||en_US||09:00-14:00|2026-12-24|2026-01-02",
    b"TR||public,half_day||13:00|closed|2026-12-24 to 2026-12-31|Republic Day",
    b"DE|BE|public||||2026-12-24|Frauentag",
    b"|||||||2026-12-24",
)


def read(data: bytes) -> None:
    """Check that arguments are refused with a typed error, or make a calendar that answers."""
    texts = [*data.decode(errors="replace").split("|"), *[""] * 8][:8]
    country, subdivision, categories, language, until, hours, add, remove = texts
    holidays = Holidays(
        country=country or None,
        subdivision=subdivision or None,
        categories=tuple(filter(None, categories.split(","))),
        language=language or None,
        half_day_until=until or None,
        make_up_hours=hours or None,
        add=list(filter(None, add.split(","))),
        remove=list(filter(None, remove.split(","))),
    )
    calendar = BusinessCalendar(zone="UTC", hours="mon-fri 09:00-17:00", holidays=holidays)
    calendar._open_year(2026)


if __name__ == "__main__":
    fuzz(read, _SEEDS, refuses=CalendarError)
