"""Draw the pictures of explained deadlines for the docs and for the tests.

Run ``python tools/calendar_pictures.py``; a test keeps them current. Look at the pictures before
you commit them.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from ticketcore.calendar import BusinessCalendar, Closure, Holidays, explanation_to_svg

ROOT = Path(__file__).parents[1]
THURSDAY = datetime(2026, 3, 26, 14, 30, tzinfo=UTC)
RICH: dict[str, Any] = {
    "zone": "Europe/Berlin",
    "hours": "mon-fri 09:00-17:00",
    "holidays": {date(2026, 4, 3): "Karfreitag"},
    "breaks": {date(2026, 3, 31): {"hours": "12:00-13:00", "name": "fire drill"}},
    "exceptions": {
        date(2026, 4, 1): {"hours": "09:00-12:00", "name": "stocktaking"},
        date(2026, 4, 6): "closed",
        date(2026, 4, 7): "09:00-10:00",
    },
    "closures": Closure("FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=2", name="anniversary"),
    "pauses": [
        (datetime(2026, 3, 30, 10, tzinfo=UTC), datetime(2026, 3, 30, 18, tzinfo=UTC)),
    ],
}
"""A calendar with every reason to be closed, within two weeks around a clock change."""


def pictures() -> Iterator[tuple[Path, str]]:
    """Yield the path of each picture with its SVG text."""
    berlin = BusinessCalendar(
        zone="Europe/Berlin",
        hours={"mon-fri": "09:00-17:00"},
        holidays=Holidays(country="DE", subdivision="BE"),
    )
    docs = ROOT / "docs/calendar/explained.svg"
    yield docs, explanation_to_svg(berlin.explain(THURSDAY, "48 working hours"))
    rich = BusinessCalendar(**RICH)
    others = {
        "every-reason": rich.explain(THURSDAY, "30 working hours"),
        "working-days": rich.explain(THURSDAY, "4 working days"),
        "one-day": rich.explain(THURSDAY, "2 working hours"),
        "months": rich.explain(THURSDAY, "3 months"),
        "back": rich.explain(THURSDAY, timedelta(hours=-9)),
        "two-offices": (berlin - rich).explain(THURSDAY, "6 working hours"),
    }
    for name, explanation in others.items():
        yield ROOT / f"tests/calendar/pictures/{name}.svg", explanation_to_svg(explanation)


if __name__ == "__main__":
    for path, picture in pictures():
        path.write_text(picture + "\n", encoding="utf-8")
