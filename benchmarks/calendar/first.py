"""The first answer of a calendar that has found nothing yet."""

import subprocess
import sys

from benchmarks.calendar.measure import Row

TWO_YEARS = """
import datetime as dt, time
from zoneinfo import ZoneInfo
from ticketcore.calendar import BusinessCalendar, Holidays
ZoneInfo("Europe/Berlin")
begin = time.process_time()
calendar = BusinessCalendar(
    zone="Europe/Berlin", hours={"mon-fri": "09:00-17:00"}, holidays=HOLIDAYS
)
calendar.between(
    dt.datetime(2025, 1, 10, tzinfo=dt.UTC), dt.datetime(2026, 12, 20, tzinfo=dt.UTC)
)
print(time.process_time() - begin)
"""

PACKAGE_ALONE = """
import time
begin = time.process_time()
import holidays
dict(holidays.country_holidays("DE", subdiv="BE", years=[2025, 2026]))
print(time.process_time() - begin)
"""


def first_rows() -> list[Row]:
    """Measure in a fresh process each: nothing is loaded, nothing is known."""
    plain = _fresh(TWO_YEARS.replace("HOLIDAYS", "None"))
    berlin = "Holidays(country='DE', subdivision='BE')"
    country = _fresh(TWO_YEARS.replace("HOLIDAYS", berlin))
    package = _fresh(PACKAGE_ALONE)
    what = "first answer over two years"
    return [
        Row(what, "ticketcore", plain, 1.0),
        Row(what, "ticketcore, holidays of Berlin", country, country / plain),
        Row(what, "the holidays package alone", package, package / plain),
    ]


def _fresh(script: str) -> float:
    runs = [
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        for _ in range(7)
    ]
    return min(float(run.stdout) for run in runs)
