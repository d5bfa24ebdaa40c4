"""The rules of a calendar for whole dates: the openings of a date, and why it has none."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

import attrs

from ticketcore._internal.frozen import frozen
from ticketcore.calendar.definition._closed_time import Reason
from ticketcore.calendar.definition._closures import Closure
from ticketcore.calendar.definition._holidays import Holidays
from ticketcore.calendar.definition._special_days import SpecialDay, of_year, without
from ticketcore.calendar.definition._week import WEEKDAY_NAMES, Opening, Week
from ticketcore.calendar.engine._instants import DAY

_FRIDAY: Final = 4


@frozen
class Rules:
    """The rules for a date, strongest first.

    1. Exceptions.
    2. Holidays; half days, which end early; make-up days, which have the hours of a Friday.
    3. Closures.
    4. Weekly hours.

    Breaks are then taken out of the date's open time, and out of a night shift that runs into it.
    """

    week: Week
    holidays: Holidays
    exceptions: tuple[SpecialDay, ...]
    breaks: tuple[SpecialDay, ...]
    closures: tuple[Closure, ...]

    def unusual_days(self, year: int) -> dict[date, tuple[Opening, ...]]:
        """Return the openings of the dates of a year that differ from their weekday."""
        found: dict[date, tuple[Opening, ...]] = dict.fromkeys(self._closures_of(year), ())
        found |= dict.fromkeys(self.holidays.make_up_days(year), self._make_up_openings)
        for day in self.holidays.half_days(year):
            found[day] = without(self._usual(found, day), (self._afternoon,))
        found |= dict.fromkeys(self.holidays.of_year(year), ())
        found |= {special.day: special.openings for special in of_year(self.exceptions, year)}
        for special in self._breaks_of_year(year):
            found[special.day] = without(self._usual(found, special.day), special.openings)
        return found

    def openings(self, day: date) -> tuple[Opening, ...]:
        """Return the openings of a date, in order."""
        return self._usual(self.unusual_days(day.year), day)

    def reason(self, day: date) -> tuple[Reason, str]:
        """Return the strongest rule that applies to a date, and its name."""
        for special in self.exceptions:
            if special.day == day:
                usual = "special hours" if special.openings else "closed"
                return "exception", special.name or usual
        for reason, dates in self._named_days(day.year):
            if day in dates:
                return reason, dates[day]
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

    @property
    def _make_up_openings(self) -> tuple[Opening, ...]:
        hours = self.holidays.make_up_hours
        return self.week.days[_FRIDAY] if hours is None else hours

    @property
    def _afternoon(self) -> Opening:
        """The time that a half day takes away, a shift past midnight too."""
        return Opening(self.holidays.half_day_until or 2 * DAY, 2 * DAY)

    def _usual(self, found: dict[date, tuple[Opening, ...]], day: date) -> tuple[Opening, ...]:
        return found.get(day, self.week.days[day.weekday()])

    def _closures_of(self, year: int) -> dict[date, str]:
        return {day: name for c in self.closures for day, name in c.of_year(year).items()}

    def _named_days(self, year: int) -> Iterator[tuple[Reason, Mapping[date, str]]]:
        """Yield the named days of a year that are closed, or close early, strongest first."""
        yield "holiday", self.holidays.of_year(year)
        make_up_days, half_days = self.holidays.make_up_days(year), self.holidays.half_days(year)
        opens = {day: name for day, name in half_days.items() if self.week.days[day.weekday()]}
        yield "half day", opens
        closures = self._closures_of(year)
        yield "closure", {d: name for d, name in closures.items() if d not in make_up_days}
