"""A million deadlines at once."""

import numpy as np
import pandas as pd

from benchmarks.calendar.measure import Row, best, group
from benchmarks.calendar.office import DATES, ZONE, here, pandas_hours

MILLION = 1_000_000
SAMPLE = 2_000
HOUR = 3_600_000_000


def bulk_rows() -> list[Row]:
    """Measure hours over random starts and spans, and days over random dates."""
    return [*_hours(), *_days()]


def _starts() -> np.ndarray:
    low, high = np.array(["2016-01-01", "2038-01-01"], "M8[us]").astype(np.int64)
    return np.random.default_rng(1).integers(low, high, MILLION).view("M8[us]")


def _hours() -> list[Row]:
    calendar = here()
    bulk, starts = calendar.bulk(), _starts()
    spans = np.random.default_rng(2).integers(1, 400 * HOUR, MILLION).view("m8[us]")
    openings = calendar.intervals(*(moment for moment in _ends()))
    opens = np.array([begin.replace(tzinfo=None) for begin, _ in openings], "M8[us]").astype(
        np.int64
    )
    ticks, hours = starts.astype(np.int64), pandas_hours()
    # A sample is enough to know what a million costs where each is computed alone.
    stamps = pd.DatetimeIndex(starts[:SAMPLE], tz="UTC").tz_convert(ZONE)
    return group(
        "a million deadlines in hours",
        {
            "ticketcore": best(lambda: bulk.add(starts, spans), number=1),
            "a bare numpy.searchsorted": best(lambda: np.searchsorted(opens, ticks), number=1),
            f"pandas, from {SAMPLE:,} of 48 hours": best(
                lambda: stamps + hours, number=1, repeats=3
            )
            * (MILLION / SAMPLE),
        },
    )


def _ends() -> list[pd.Timestamp]:
    return [
        pd.Timestamp("2015-01-10", tz="UTC").to_pydatetime(),
        pd.Timestamp("2040-12-01", tz="UTC").to_pydatetime(),
    ]


def _days() -> list[Row]:
    bulk, starts = here().bulk(), _starts()
    counts = np.random.default_rng(3).integers(1, 30, MILLION)
    days, numbers = starts.astype("M8[D]"), np.busdaycalendar(holidays=DATES)
    return group(
        "a million deadlines in days",
        {
            "ticketcore, local times kept": best(lambda: bulk.add_days(starts, counts), number=1),
            "numpy busday_offset, dates only": best(
                lambda: np.busday_offset(days, counts, "backward", busdaycal=numbers), number=1
            ),
        },
    )
