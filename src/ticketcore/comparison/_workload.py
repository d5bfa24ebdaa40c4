"""The work that a policy makes: deadlines due per hour and weekday."""

from collections.abc import Sequence
from datetime import date
from math import ceil, floor
from typing import Final

import attrs

from ticketcore.calendar import zone_of
from ticketcore.comparison._outcomes import Outcomes
from ticketcore.errors import QueryError

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@attrs.frozen(kw_only=True)
class HourOfWeek:
    """Deadlines due in one hour of one weekday, local to a zone.

    *weekday* is 0 for Monday, *hour* 0 to 23. *due* counts all weeks of the period. *median* and
    *p90* are the number in one such hour, over all weeks, also those without any; *most* is the
    greatest of these numbers.
    """

    weekday: int
    hour: int
    due: int
    median: float
    p90: float
    most: int


def workload(
    outcomes: Outcomes,
    zone: str,
    *,
    policy: str = "base",
    timer: str | None = None,
    where: str = "true",
) -> tuple[HourOfWeek, ...]:
    """Return the 168 hours of the week, with the deadlines that are due in each.

    A deadline counts in the hour in which it is due, in the IANA zone *zone*, whether it is met or
    fires. *policy* is the column, *timer* selects one timer, *where* tickets. The period is that
    from the first day with a deadline to the last. Raises CalendarError for an unknown zone,
    QueryError for a wrong condition or column.
    """
    zone_of(zone)
    if policy not in outcomes.names:
        raise QueryError(f'no policy "{policy}": there are {", ".join(outcomes.names)}')
    chosen = "true" if timer is None else "d.timer = '{}'".format(timer.replace("'", "''"))
    condition = outcomes.condition(where)
    rows = outcomes.query(f"""
        WITH dues AS (
            SELECT date_trunc('hour', timezone('{zone}', d.due)) AS due_hour
            FROM (SELECT unnest({policy}.deadlines) AS d FROM outcomes WHERE {condition})
            WHERE {chosen}
        ),
        counted AS (SELECT due_hour, count(*) AS due FROM dues GROUP BY ALL)
        SELECT isodow(due_hour) - 1, hour(due_hour), list(due ORDER BY due),
            min(due_hour)::date, max(due_hour)::date
        FROM counted GROUP BY ALL
    """)
    counts = {(weekday, hour): due for weekday, hour, due, _, _ in rows}
    first = min((row[3] for row in rows), default=date.min)
    last = max((row[4] for row in rows), default=date.min)
    return tuple(
        _hour(weekday, hour, counts.get((weekday, hour), []), _dates(first, last, weekday))
        for weekday in range(7)
        for hour in range(24)
    )


def _dates(first: date, last: date, weekday: int) -> int:
    """Return how many dates of a period, both ends included, have a weekday."""
    return ((last - first).days - (weekday - first.weekday()) % 7) // 7 + 1


def _hour(weekday: int, hour: int, counts: Sequence[int], weeks: int) -> HourOfWeek:
    """Return the figures of an hour, from its *counts* above zero, sorted, in *weeks* weeks.

    The weeks without a deadline are not listed, since a period can have thousands of years.
    """

    def quantile(share: float) -> float:
        place = (weeks - 1) * share
        below, above = (_at(counts, weeks, rounded) for rounded in (floor(place), ceil(place)))
        return below + (above - below) * (place - floor(place))

    return HourOfWeek(
        weekday=weekday,
        hour=hour,
        due=sum(counts),
        median=quantile(0.5) if counts else 0.0,
        p90=quantile(0.9) if counts else 0.0,
        most=counts[-1] if counts else 0,
    )


def _at(counts: Sequence[int], weeks: int, place: int) -> int:
    """Return the count at a place of all weeks, the smallest first."""
    above_zero = place - (weeks - len(counts))
    return counts[above_zero] if above_zero >= 0 else 0
