"""The same office for everybody."""

import datetime as dt
from zoneinfo import ZoneInfo

import holidays
import pandas as pd
from businesstimedelta import HolidayRule, Rules, WorkDayRule
from workalendar.europe import Berlin

from ticketcore.calendar import BusinessCalendar

ZONE = ZoneInfo("Europe/Berlin")
YEARS = range(2015, 2041)
DATES = sorted(holidays.country_holidays("DE", subdiv="BE", years=YEARS))
START = dt.datetime(2026, 3, 26, 15, 30, tzinfo=ZONE)
START_UTC = START.astimezone(dt.UTC)
DEADLINE = dt.datetime(2026, 4, 7, 15, 30, tzinfo=ZONE)
FORTY_EIGHT = dt.timedelta(hours=48)


def here() -> BusinessCalendar:
    """Return our calendar, its years of the benchmark found already."""
    calendar = BusinessCalendar(zone=ZONE, hours={"mon-fri": "09:00-17:00"}, holidays=DATES)
    calendar.between(
        dt.datetime(2015, 1, 10, tzinfo=dt.UTC), dt.datetime(2040, 12, 1, tzinfo=dt.UTC)
    )
    return calendar


def pandas_hours() -> pd.offsets.CustomBusinessHour:
    """Return 48 business hours of pandas."""
    return pd.offsets.CustomBusinessHour(48, start="09:00", end="17:00", holidays=DATES)


def businesstimedelta_rules() -> Rules:
    """Return the rules of businesstimedelta, with holidays as the set that it is fastest with."""
    import pytz

    work = WorkDayRule(
        start_time=dt.time(9),
        end_time=dt.time(17),
        working_days=[0, 1, 2, 3, 4],
        tz=pytz.timezone("Europe/Berlin"),
    )
    return Rules([work, HolidayRule(set(DATES), pytz.timezone("Europe/Berlin"))])


WORKALENDAR = Berlin()
