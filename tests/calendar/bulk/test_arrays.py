"""Arrays of other types and units are converted, or refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from ticketcore.calendar import BusinessCalendar, CalendarError, CalendarRangeError

OFFICE = BusinessCalendar(zone="Europe/Berlin", hours="mon-fri 09:00-17:00")


def array(*instants: datetime) -> Any:
    """Return instants as a numpy array, which is in UTC."""
    return np.array([instant.replace(tzinfo=None) for instant in instants], "M8[us]")


def listed(instants: Any) -> list[datetime]:
    """Return instants as datetimes in UTC."""
    return [instant.replace(tzinfo=UTC) for instant in instants.ravel().tolist()]


@pytest.mark.parametrize(
    ("starts", "spans", "message"),
    [
        ([1, 2], timedelta(hours=1), "an array of int64 was given: give datetime64 in UTC$"),
        (np.array(["NaT"], "M8[us]"), timedelta(hours=1), "1 of 1 are NaT"),
        (np.array(["2026-01-05"], "M8[us]"), np.array([3]), "give timedelta64"),
    ],
)
def test_arrays_of_other_types_are_refused(starts: Any, spans: Any, message: str) -> None:
    """An array of another type is refused, and the message names its type."""
    with pytest.raises(CalendarError, match=message):
        OFFICE.bulk().add(starts, spans)


@pytest.mark.filterwarnings("ignore:The 'generic' unit:DeprecationWarning")  # of numpy 2.5
@pytest.mark.parametrize("unit", ["m8[Y]", "m8[M]", "m8"])
def test_spans_without_a_fixed_length_are_refused(unit: str) -> None:
    """Spans of months, and numbers without a unit, are refused in arrays, even in empty ones."""
    start = array(datetime(2026, 1, 5, tzinfo=UTC))
    message = r"an array of timedelta64.* was given: give timedelta64, in one of W, D, h, .*, as$"
    for held in (np.array([1], unit), np.array([], unit)):
        for name in ("add", "subtract"):
            with pytest.raises(CalendarError, match=message):
                getattr(OFFICE.bulk(), name)(start[: held.size], held)


def test_instants_without_a_unit_are_refused() -> None:
    """A datetime64 without a unit is refused, because it is not an instant."""
    message = "an array of datetime64 was given: give datetime64 in UTC, in one of Y, M, W, D, h,"
    with pytest.raises(CalendarError, match=message):
        OFFICE.bulk().next_open(np.array([5]).astype("M8"))


def test_years_and_months_are_instants() -> None:
    """As instants, a year and a month begin with their first day."""
    first = np.array(["2026-03-01"], "M8[D]")
    for unit in ("M8[M]", "M8[D]", ">M8[h]", "M8[15m]"):
        assert OFFICE.bulk().next_open(first) == OFFICE.bulk().next_open(first.astype(unit))
    year = OFFICE.bulk().next_open(np.array(["2026"], "M8[Y]"))
    assert [datetime(2026, 1, 1, 8, tzinfo=UTC)] == listed(year)


def test_counts_are_whole_days() -> None:
    """A number of working days in an array must be whole."""
    with pytest.raises(CalendarError, match="an array of float64 was given: give whole numbers"):
        OFFICE.bulk().add_days(array(datetime(2026, 1, 5, tzinfo=UTC)), np.array([0.5]))


@pytest.mark.parametrize("name", ["add", "subtract"])
def test_plain_numbers_are_not_spans(name: str) -> None:
    """Plain numbers can be neither added nor subtracted, because they have no unit."""
    with pytest.raises(CalendarError, match="an array of int64 was given: give timedelta64"):
        getattr(OFFICE.bulk(), name)(array(datetime(2026, 1, 5, tzinfo=UTC)), np.array([3]))


def test_instants_beyond_datetime_are_refused() -> None:
    """An instant beyond the years of datetime is refused, even though numpy can hold it."""
    with pytest.raises(
        CalendarRangeError, match="the instant 316516204800000000 µs after 1970 lies outside"
    ):
        OFFICE.bulk().next_open(np.array(["12000-01-01"], "M8[us]"))


COARSE = ["W", "D", "h", "m", "s", "ms", "25s", "25us", "2000ns"]


@pytest.mark.parametrize("unit", COARSE)
@pytest.mark.parametrize("count", [2**62, -(2**62), 2**61 + 1, -(2**61) - 1, 2**63 - 1])
def test_spans_too_long_for_microseconds_are_refused(unit: str, count: int) -> None:
    """A span that is too long for microseconds is refused, even as one element of many."""
    starts, counts = array(*[datetime(2026, 1, 5, tzinfo=UTC)] * 3), np.array([1, count, -1])
    message = rf"^{count} in timedelta64\[{unit}\] is more than ten thousand years: .* to 2100$"
    for name in ("add", "subtract"):
        with pytest.raises(CalendarRangeError, match=message):
            getattr(OFFICE.bulk(), name)(starts, counts.astype(f"m8[{unit}]"))


@pytest.mark.parametrize("unit", ["Y", "M", *COARSE])
@pytest.mark.parametrize("count", [2**62, -(2**62), 2**61 + 1, -(2**61) - 1, 2**63 - 1])
def test_instants_too_far_for_microseconds_are_refused(unit: str, count: int) -> None:
    """An instant too far away for microseconds is refused; numpy would convert it silently."""
    message = rf"^{count} in datetime64\[{unit}\] is more than ten thousand years: .* to 2100$"
    with pytest.raises(CalendarRangeError, match=message):
        OFFICE.bulk().is_open(np.array([0, count, -1]).astype(f"M8[{unit}]"))
