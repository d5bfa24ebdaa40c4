"""Arrays at the door: checked, made whole microseconds, and worked through block by block."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ticketcore.calendar._bulk_index import Ticks
from ticketcore.calendar._bulk_table import EPOCH
from ticketcore.calendar._horizon import FIRST_YEAR, LAST_YEAR
from ticketcore.calendar._instants import beyond_datetime
from ticketcore.errors import CalendarError, CalendarRangeError

Instants: TypeAlias = NDArray[np.datetime64]
Spans: TypeAlias = NDArray[np.timedelta64]
Counts: TypeAlias = NDArray[np.integer]

# So many at a time stay in the processor's cache from one step to the next.
BLOCK: Final = 1 << 15

# No calendar has a thousand years; sums of what is smaller cannot overflow.
LONGEST: Final = 366_000 * 86_400_000_000

_DAY: Final = 86_400

# Ten thousand years in seconds: more than any datetime is from 1970, and as microseconds no more
# than a thirtieth of what 64 bits hold.
_FARTHEST: Final = 3_660_000 * _DAY

# Seconds in each unit of numpy. Months and years are of one length only where they are dates.
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
        CalendarRangeError: one is more than ten thousand years away.

    """
    return _ticks(np.asarray(instants), "M8[us]", "datetime64 in UTC", _INSTANT_UNITS)


def span_ticks(spans: Spans | timedelta) -> Ticks:
    """Return spans in microseconds.

    Raises:
        CalendarRangeError: one is longer than a thousand years.

    """
    array = np.asarray(spans, "m8[us]") if isinstance(spans, timedelta) else np.asarray(spans)
    found = _ticks(array, "m8[us]", "timedelta64", _SPAN_UNITS)
    if found.size and max(found.max(), -found.min()) > LONGEST:
        raise CalendarRangeError(
            "a span is longer than a thousand years, longer than any calendar"
        )
    return found


def count_numbers(counts: Counts | int) -> Ticks:
    """Return counts of days as integers.

    Raises:
        CalendarRangeError: one is more days than a thousand years have.

    """
    found = np.asarray(counts)
    if found.dtype.kind not in "iu":
        raise CalendarError(f"an array of {found.dtype} was given: give whole numbers of days")
    if found.size and max(int(found.max()), -int(found.min())) > 366_000:
        raise CalendarRangeError("a count of days is more than a thousand years have")
    return found.astype(np.int64)


def _ticks(values: NDArray[np.generic], unit: str, what: str, units: Mapping[str, float]) -> Ticks:
    if values.dtype.kind != unit[0]:
        raise CalendarError(f"an array of {values.dtype} was given: give {what}")
    if np.isnat(values).any():
        raise CalendarError(f"{np.isnat(values).sum()} of {values.size} are NaT: leave them out")
    if values.dtype != unit:
        _refuse_other_units(values, what, units)
    return values.astype(unit).astype(np.int64)


def _refuse_other_units(values: NDArray[Any], what: str, units: Mapping[str, float]) -> None:
    """Refuse what has no one length, and what numpy would wrap without a word."""
    name, many = np.datetime_data(values.dtype)
    if name not in units:
        raise CalendarError(
            f"an array of {values.dtype} was given: give {what}, in one of {', '.join(units)}"
        )
    counts = values.view(f"{values.dtype.str[0]}i8")
    farthest = max(int(counts.min(initial=0)), int(counts.max(initial=0)), key=abs)
    if abs(farthest) * many * units[name] > _FARTHEST:
        raise CalendarRangeError(
            f"{farthest} in {values.dtype} is more than ten thousand years: "
            f"calendars reach from {FIRST_YEAR} to {LAST_YEAR}"
        )


def instant_of(tick: np.int64) -> datetime:
    """Return the instant that many microseconds after 1970."""
    try:
        return EPOCH + timedelta(microseconds=int(tick))
    except OverflowError:
        raise beyond_datetime(f"the instant {tick} µs after 1970") from None


def in_blocks(operation: Callable[..., NDArray[np.generic]], *arrays: Ticks) -> Ticks:
    """Apply an operation to arrays of one shape, or broadcast to one, block by block."""
    shaped = np.broadcast_arrays(*arrays)
    flat = [array.ravel() for array in shaped]
    found = np.empty(flat[0].shape, np.int64)
    for begin in range(0, len(found), BLOCK):
        block = slice(begin, begin + BLOCK)
        found[block] = operation(*(array[block] for array in flat))
    return found.reshape(shaped[0].shape)
