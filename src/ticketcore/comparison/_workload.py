"""The work that a policy makes: deadlines due per hour and weekday."""

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
    *p90* are the number in one such hour, over all weeks, also those without any; *most* is that
    of the fullest.
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
        hours AS (
            SELECT unnest(generate_series(
                date_trunc('day', (SELECT min(due_hour) FROM dues)),
                date_trunc('day', (SELECT max(due_hour) FROM dues)) + INTERVAL 23 HOUR,
                INTERVAL 1 HOUR)) AS due_hour
        ),
        counted AS (
            SELECT hours.due_hour, count(dues.due_hour) AS due
            FROM hours LEFT JOIN dues USING (due_hour) GROUP BY ALL
        )
        SELECT isodow(due_hour) - 1 AS weekday, hour(due_hour) AS hour, sum(due),
            median(due), quantile_cont(due, 0.9), max(due)
        FROM counted GROUP BY ALL
    """)
    found = {(weekday, hour): rest for weekday, hour, *rest in rows}
    return tuple(
        HourOfWeek(
            weekday=weekday, hour=hour, due=int(due), median=median, p90=p90, most=int(most)
        )
        for weekday in range(7)
        for hour in range(24)
        for due, median, p90, most in [found.get((weekday, hour), (0, 0.0, 0.0, 0))]
    )
