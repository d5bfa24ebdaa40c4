"""The open intervals of one local year in UTC."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from ticketcore.calendar.definition._rules import Rules
from ticketcore.calendar.definition._week import Opening
from ticketcore.calendar.engine._instants import DAY
from ticketcore.calendar.engine._intervals import Interval, difference
from ticketcore.calendar.engine._timeline import OpenYear
from ticketcore.calendar.engine._zones import end_of_local, from_local, zone_year


def open_year(rules: Rules, zone: ZoneInfo, year: int, pauses: Sequence[Interval]) -> OpenYear:
    """Apply the rules to each day of a local year.

    The intervals still contain the pauses. A day whose open time is all paused is not a working
    date.
    """
    days = zone_year(zone, year)
    begin, end = days.midnights[0], days.midnights[-1] + 2 * DAY
    pauses = [pause for pause in pauses if pause[1] > begin and pause[0] < end]
    first = days.first
    unusual = {day.toordinal() - first: o for day, o in rules.unusual_days(year).items()}
    irregular = days.irregular | unusual.keys()
    intervals: list[Interval] = []
    dates: list[int] = []
    for index in range(len(days.midnights)):
        openings = rules.week.days[(first + index - 1) % 7]  # ordinal 1 is a Monday
        if index in irregular:
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
    """Convert the openings of a day that may be near a change of clocks."""
    midnight = datetime.combine(datetime.fromordinal(ordinal), time())
    for opening in openings:
        begin = from_local(midnight + opening.start, zone)
        end = end_of_local(midnight + opening.end, zone)
        if begin < end:
            yield begin, end
