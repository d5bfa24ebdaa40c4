"""One local year of a calendar, as open intervals in UTC."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ticketcore.calendar._instants import DAY
from ticketcore.calendar._intervals import Interval, difference
from ticketcore.calendar._rules import Rules
from ticketcore.calendar._times import Opening
from ticketcore.calendar._zones import close_of_local, from_local, zone_year


class OpenYear(NamedTuple):
    """The open intervals of the days of one local year, in order, and its working dates.

    A shift past midnight belongs to the day on which it begins, also over New Year.
    Intervals may touch or overlap where a shift runs into a special opening.
    """

    intervals: list[Interval]
    dates: list[int]


def open_year(rules: Rules, zone: ZoneInfo, year: int, pauses: Sequence[Interval]) -> OpenYear:
    """Lay the rules over the days of a local year. Pauses are not taken out of the intervals, but
    a day of which they leave nothing is no working date."""
    days = zone_year(zone, year)
    begin, end = days.midnights[0], days.midnights[-1] + 2 * DAY
    pauses = [pause for pause in pauses if pause[1] > begin and pause[0] < end]
    first = days.first
    unusual = {day.toordinal() - first: o for day, o in rules.unusual_days(year).items()}
    odd = days.odd | unusual.keys()
    intervals: list[Interval] = []
    dates: list[int] = []
    for index in range(len(days.midnights)):
        openings = rules.week.days[(first + index - 1) % 7]  # ordinal 1 is a Monday
        if index in odd:
            openings = unusual.get(index, openings)
            found = list(_local_intervals(openings, first + index, zone))
        else:
            midnight = days.midnights[index]
            found = [(midnight + opening.start, midnight + opening.end) for opening in openings]
        if found:
            intervals += found
            if not pauses or any(difference(found, pauses)):
                dates.append(first + index)
    return OpenYear(intervals, dates)


def _local_intervals(
    openings: tuple[Opening, ...], ordinal: int, zone: ZoneInfo
) -> Iterator[Interval]:
    """Resolve openings on a day on which midnight plus so much may not be the time it seems."""
    midnight = datetime.combine(datetime.fromordinal(ordinal), time())
    for opening in openings:
        begin = from_local(midnight + opening.start, zone)
        end = close_of_local(midnight + opening.end, zone)
        if begin < end:
            yield begin, end
