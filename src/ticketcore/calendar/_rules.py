"""The rules of a calendar for whole days: which openings a date has, and why it has none."""

from collections.abc import Iterator
from datetime import date

import attrs

from ticketcore.calendar._closures import Closure
from ticketcore.calendar._explanation import Reason
from ticketcore.calendar._holidays import Holidays
from ticketcore.calendar._hours import Week
from ticketcore.calendar._instants import DAY
from ticketcore.calendar._specials import SpecialDay, of_year, without
from ticketcore.calendar._times import Opening


@attrs.frozen(eq=False)
class Rules:
    """What decides about a date, the strongest first: exceptions, holidays, closures, the week.

    Breaks are taken out of whatever is open on the date, a shift of the night before too.
    """

    week: Week
    holidays: Holidays
    exceptions: tuple[SpecialDay, ...]
    breaks: tuple[SpecialDay, ...]
    closures: tuple[Closure, ...]

    def unusual_days(self, year: int) -> dict[date, tuple[Opening, ...]]:
        """Return the openings of the dates of a year that are not like their weekday."""
        found: dict[date, tuple[Opening, ...]] = dict.fromkeys(self.closed_days(year), ())
        found |= {special.day: special.openings for special in of_year(self.exceptions, year)}
        for special in self._breaks_of_year(year):
            usual = found.get(special.day, self.week.days[special.day.weekday()])
            found[special.day] = without(usual, special.openings)
        return found

    def _breaks_of_year(self, year: int) -> Iterator[SpecialDay]:
        """Yield each break for its date; for the date before, whose shift may run into it; and for
        the date after, where it goes on past midnight."""
        for special in of_year(self.breaks, year, days_around=1):
            for days in (-1, 0, 1):
                moved = tuple(
                    Opening(o.start - days * DAY, o.end - days * DAY) for o in special.openings
                )
                yield attrs.evolve(special, day=special.day + days * DAY, openings=moved)

    def closed_days(self, year: int) -> dict[date, tuple[Reason, str]]:
        """Return the holidays and recurring closures of a year, with kind and name."""
        found: dict[date, tuple[Reason, str]] = {}
        for closure in self.closures:
            found |= {day: ("closure", name) for day, name in closure.of_year(year).items()}
        return found | {
            day: ("holiday", name) for day, name in self.holidays.of_year(year).items()
        }
