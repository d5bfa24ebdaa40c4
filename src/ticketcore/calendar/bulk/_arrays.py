"""Check arrays, convert them to whole microseconds, and process them in blocks.

numpy converts between units without checking for overflow: `2**62` seconds become some instant in
the supported years. Therefore each array is checked before its unit is changed.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ticketcore.calendar.bulk._table import EPOCH, Ticks
from ticketcore.calendar.engine._instants import FIRST_YEAR, LAST_YEAR, outside_datetime
from ticketcore.errors import CalendarError, CalendarRangeError

Instants: TypeAlias = NDArray[np.datetime64]
Spans: TypeAlias = NDArray[np.timedelta64]
Counts: TypeAlias = NDArray[np.integer]

# Block size. The arrays of one block stay in the processor's cache from one step to the next.
BLOCK: Final = 1 << 15

# A thousand years. Calendars have fewer, and sums of smaller numbers cannot overflow.
_LONGEST_DAYS: Final = 366_000
_LONGEST: Final = _LONGEST_DAYS * 86_400_000_000

_DAY: Final = 86_400

# Ten thousand years in seconds: further from 1970 than any datetime. In microseconds this is a
# thirtieth of the range of 64 bits.
_FARTHEST: Final = 3_660_000 * _DAY

# Seconds in each unit of numpy. Months and years have a fixed length only as dates.
_SPAN_UNITS: Final[dict[str, float]] = {
    "W": 7 * _DAY,
    "D": _DAY,
    "h": 3600,
    "m": 60,
    "s": 1,
    **{unit: 1000.0**-power for power, unit in enumerate(("ms", "us", "ns", "ps", "fs", "as"), 1)},
}
_INSTANT_UNITS: Final = {"Y": 366 * _DAY, "M": 31 * _DAY, **_SPAN_UNITS}


def instant_ticks(instants: Instants) -> Ticks:
    """Return instants as microseconds since 1970.

    Raises:
        CalendarRangeError: an instant is more than ten thousand years away.

    """
    return _ticks(np.asarray(instants), "M8[us]", "datetime64 in UTC", _INSTANT_UNITS)


def span_ticks(spans: Spans | timedelta) -> Ticks:
    """Return spans in microseconds.

    Raises:
        CalendarRangeError: a span is longer than a thousand years.

    """
    array = np.asarray(spans, "m8[us]") if isinstance(spans, timedelta) else np.asarray(spans)
    found = _ticks(array, "m8[us]", "timedelta64", _SPAN_UNITS)
    if found.size and max(found.max(), -found.min()) > _LONGEST:
        raise CalendarRangeError("a span is longer than a thousand years")
    return found


def count_numbers(counts: Counts | int) -> Ticks:
    """Return numbers of days as integers.

    Raises:
        CalendarRangeError: a number is greater than the days of a thousand years.

    """
    found = np.asarray(counts)
    if found.dtype.kind not in "iu":
        raise CalendarError(f"an array of {found.dtype} was given: give whole numbers of days")
    if found.size and max(int(found.max()), -int(found.min())) > _LONGEST_DAYS:
        raise CalendarRangeError("a number of days is longer than a thousand years")
    return found.astype(np.int64)


def _ticks(
    values: NDArray[np.generic], unit: str, expected: str, units: Mapping[str, float]
) -> Ticks:
    if values.dtype.kind != unit[0]:
        raise CalendarError(f"an array of {values.dtype} was given: give {expected}")
    if np.isnat(values).any():
        raise CalendarError(f"{np.isnat(values).sum()} of {values.size} are NaT: leave them out")
    if values.dtype != unit:
        _check_unit(values, expected, units)
    return values.astype(unit).astype(np.int64)


def _check_unit(values: NDArray[Any], expected: str, units: Mapping[str, float]) -> None:
    """Refuse a unit without a fixed length, and values that numpy would convert wrongly."""
    name, many = np.datetime_data(values.dtype)
    if name not in units:
        raise CalendarError(
            f"an array of {values.dtype} was given: give {expected}, in one of {', '.join(units)}"
        )
    counts = values.view(f"{values.dtype.str[0]}i8")
    farthest = max(int(counts.min(initial=0)), int(counts.max(initial=0)), key=abs)
    if abs(farthest) * many * units[name] > _FARTHEST:
        raise CalendarRangeError(
            f"{farthest} in {values.dtype} is more than ten thousand years: "
            f"the supported years are {FIRST_YEAR} to {LAST_YEAR}"
        )


def instant_of(tick: np.int64) -> datetime:
    """Return the instant *tick* microseconds after 1970."""
    try:
        return EPOCH + timedelta(microseconds=int(tick))
    except OverflowError:
        raise outside_datetime(f"the instant {tick} µs after 1970") from None


def in_blocks(operation: Callable[..., NDArray[np.generic]], *arrays: Ticks) -> Ticks:
    """Apply an operation to arrays of one shape, or broadcast to one, block by block."""
    shaped = np.broadcast_arrays(*arrays)
    flat = [array.ravel() for array in shaped]
    found = np.empty(flat[0].shape, np.int64)
    for begin in range(0, len(found), BLOCK):
        block = slice(begin, begin + BLOCK)
        found[block] = operation(*(array[block] for array in flat))
    return found.reshape(shaped[0].shape)
