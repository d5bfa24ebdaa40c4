"""Single deadlines and measurements."""

import datetime as dt
from functools import partial
from zoneinfo import ZoneInfo

import business_duration
import numpy as np
import pandas as pd
from businesstimedelta import BusinessTimeDelta

from benchmarks.calendar.measure import Row, best, group
from benchmarks.calendar.office import (
    DATES,
    DEADLINE,
    FORTY_EIGHT,
    START,
    START_UTC,
    WORKALENDAR,
    businesstimedelta_rules,
    here,
    pandas_hours,
)

NEW_YORK = ZoneInfo("America/New_York")


def single_rows() -> list[Row]:
    """Measure adding, measuring and days."""
    return [*_add(), *_between(), *_growth(), *_days()]


def _add() -> list[Row]:
    """Compare each peer with the same input on both sides, then our own inputs."""
    calendar, hours, rules = here(), pandas_hours(), businesstimedelta_rules()
    stamp, wait = pd.Timestamp(START), BusinessTimeDelta(rules, hours=48)
    assert calendar.add(START, FORTY_EIGHT) == DEADLINE == stamp + hours == START + wait
    assert calendar.add(stamp, FORTY_EIGHT) == DEADLINE

    def added(start: dt.datetime) -> float:
        return best(lambda: calendar.add(start, FORTY_EIGHT), number=20_000)

    return [
        *group(
            "add 48 working hours to a pandas.Timestamp",
            {
                "ticketcore": added(stamp),
                "pandas CustomBusinessHour": best(lambda: stamp + hours, number=500),
            },
        ),
        *group(
            "add 48 working hours to a datetime in Berlin",
            {
                "ticketcore": added(START),
                "businesstimedelta": best(lambda: START + wait, number=50),
            },
        ),
        *group(
            "add 48 working hours, by the zone of the input",
            {
                "ticketcore, datetime.UTC": added(START_UTC),
                "ticketcore, Europe/Berlin": added(START),
                "ticketcore, America/New_York": added(START.astimezone(NEW_YORK)),
            },
        ),
    ]


def _between() -> list[Row]:
    calendar, rules = here(), businesstimedelta_rules()
    end = START + dt.timedelta(days=30)
    naive, naive_end = (
        pd.Timestamp(START.replace(tzinfo=None)),
        pd.Timestamp(end.replace(tzinfo=None)),
    )
    names = dict.fromkeys(DATES, "")

    def duration() -> float:
        hours: float = business_duration.businessDuration(
            naive, naive_end, dt.time(9), dt.time(17), [5, 6], names, unit="hour"
        )
        return hours

    expected = calendar.between(START, end) / dt.timedelta(hours=1)
    found = rules.difference(START, end)
    assert expected == duration() == found.hours + found.seconds / 3600
    return group(
        "between, 30 days",
        {
            "ticketcore": best(lambda: calendar.between(START, end), number=20_000),
            "business-duration": best(duration, number=200),
            "businesstimedelta": best(lambda: rules.difference(START, end), number=20),
        },
    )


def _growth() -> list[Row]:
    calendar = here()
    origin = dt.datetime(2016, 3, 26, 14, 30, tzinfo=dt.UTC)
    ends = {"one day": 1, "one year": 365, "twenty years": 7305}
    ends_by_length = {length: origin + dt.timedelta(days=days) for length, days in ends.items()}
    return group(
        "between, by its length",
        {
            f"ticketcore, {length}": best(partial(calendar.between, origin, end), number=50_000)
            for length, end in ends_by_length.items()
        },
    )


def _days() -> list[Row]:
    calendar, day = here(), START.date()
    workdays = pd.offsets.CustomBusinessDay(7, holidays=DATES)
    stamp, date64 = pd.Timestamp(day), np.datetime64(day)
    numbers = np.busdaycalendar(holidays=DATES)
    expected = calendar.add_working_dates(day, 7)
    assert expected == WORKALENDAR.add_working_days(day, 7) == (stamp + workdays).date()
    assert expected == np.busday_offset(date64, 7, busdaycal=numbers).item()
    return group(
        "add 7 working days to a date",
        {
            "ticketcore": best(lambda: calendar.add_working_dates(day, 7), number=20_000),
            "numpy busday_offset": best(
                lambda: np.busday_offset(date64, 7, busdaycal=numbers), number=20_000
            ),
            "workalendar": best(lambda: WORKALENDAR.add_working_days(day, 7), number=1_000),
            "pandas CustomBusinessDay": best(lambda: stamp + workdays, number=1_000),
        },
    )
