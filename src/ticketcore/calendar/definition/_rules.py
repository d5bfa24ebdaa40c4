"""The rules of a calendar for whole dates: the openings of a date, and why it has none."""

from collections.abc import Iterator
from datetime import date

import attrs

from ticketcore.calendar.definition._closed_time import Reason
from ticketcore.calendar.definition._closures import Closure
from ticketcore.calendar.definition._holidays import Holidays
from ticketcore.calendar.definition._special_days import SpecialDay, of_year, without
from ticketcore.calendar.definition._week import WEEKDAY_NAMES, Opening, Week
from ticketcore.calendar.engine._instants import DAY


@attrs.frozen(eq=False)
class Rules:
    """The rules for a date, strongest first: exceptions, holidays, closures, weekly hours.

    Breaks are then taken out of the date's open time, and out of a night shift that runs into it.
    """

    week: Week
    holidays: Holidays
    exceptions: tuple[SpecialDay, ...]
    breaks: tuple[SpecialDay, ...]
    closures: tuple[Closure, ...]

    def unusual_days(self, year: int) -> dict[date, tuple[Opening, ...]]:
        """Return the openings of the dates of a year that differ from their weekday."""
        found: dict[date, tuple[Opening, ...]] = dict.fromkeys(self._closed_days(year), ())
        found |= {special.day: special.openings for special in of_year(self.exceptions, year)}
        for special in self._breaks_of_year(year):
            usual = found.get(special.day, self.week.days[special.day.weekday()])
            found[special.day] = without(usual, special.openings)
        return found

    def reason(self, day: date) -> tuple[Reason, str]:
        """Return the strongest rule that applies to a date, and its name."""
        for special in self.exceptions:
            if special.day == day:
                usual = "special hours" if special.openings else "closed"
                return "exception", special.name or usual
        closed = self._closed_days(day.year).get(day)
        if closed:
            return closed
        if not self.week.days[day.weekday()]:
            return "weekday", WEEKDAY_NAMES[day.weekday()]
        return "outside hours", ""

    def break_name(self, day: date) -> str:
        """Return the name of the break on a date, or of one that began the day before."""
        names = {special.day: special.name for special in self.breaks}
        return names.get(day) or names.get(day - DAY) or ""

    def _breaks_of_year(self, year: int) -> Iterator[SpecialDay]:
        """Yield each break three times: for its date, the date before and the date after.

        The shift of the date before may run into the break, and the break may run past midnight.
        """
        for special in of_year(self.breaks, year, days_around=1):
            for days in (-1, 0, 1):
                moved = tuple(
                    Opening(o.start - days * DAY, o.end - days * DAY) for o in special.openings
                )
                yield attrs.evolve(special, day=special.day + days * DAY, openings=moved)

    def _closed_days(self, year: int) -> dict[date, tuple[Reason, str]]:
        """Return the holidays and recurring closures of a year, each with its reason and name."""
        found: dict[date, tuple[Reason, str]] = {}
        for closure in self.closures:
            found |= {day: ("closure", name) for day, name in closure.of_year(year).items()}
        return found | {
            day: ("holiday", name) for day, name in self.holidays.of_year(year).items()
        }
