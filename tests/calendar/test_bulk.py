"""The operations over arrays: equal to the single ones to the microsecond."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from business_strategies import situations, spans
from ticketcore.calendar import BusinessCalendar, CalendarError, Edge, HorizonError
from ticketcore.calendar._bulk import Bulk
from ticketcore.calendar._bulk_arrays import BLOCK

OFFICE = BusinessCalendar(zone="Europe/Berlin", hours="mon-fri 09:00-17:00")
Situations = tuple[BusinessCalendar, datetime, datetime]


def array(*instants: datetime) -> Any:
    """Return instants as numpy has them: in UTC, without saying so."""
    return np.array([instant.replace(tzinfo=None) for instant in instants], "M8[us]")


def listed(instants: Any) -> list[datetime]:
    """Return instants as datetimes in UTC."""
    return [instant.replace(tzinfo=UTC) for instant in instants.ravel().tolist()]


@settings(max_examples=25, deadline=None)
@given(
    situations(), st.lists(spans, min_size=2, max_size=2), st.sampled_from(["closing", "opening"])
)
def test_arrays_answer_as_single_instants_do(
    situation: Situations, drawn: list[timedelta], edge: Edge
) -> None:
    """Every operation gives each element the answer that it would have alone."""
    calendar, *instants = situation
    bulk, starts = calendar.bulk(), array(*instants)
    for amounts in (drawn, [-drawn[0], timedelta(0)]):
        pairs = list(zip(instants, amounts, strict=True))
        lengths = np.array(amounts, "m8[us]")
        assert [calendar.add(t, d, edge) for t, d in pairs] == listed(
            bulk.add(starts, lengths, edge)
        )
        expected = [calendar.subtract(t, d, edge) for t, d in pairs]
        assert expected == listed(bulk.subtract(starts, lengths, edge))
    expected_between = [calendar.between(instants[0], t) for t in instants]
    assert expected_between == bulk.between(starts[:1], starts).tolist()
    assert [calendar.is_open(t) for t in instants] == bulk.is_open(starts).tolist()
    assert [calendar.next_open(t) for t in instants] == listed(bulk.next_open(starts))
    assert [calendar.next_close(t) for t in instants] == listed(bulk.next_close(starts))
    assert [calendar.previous_close(t) for t in instants] == listed(bulk.previous_close(starts))


@settings(max_examples=25, deadline=None)
@given(situations(), st.integers(-400, 400), st.integers(-3, 3))
def test_days_in_arrays_are_those_of_single_instants(
    situation: Situations, many: int, few: int
) -> None:
    """Working days are added at the same local time, over changes of clocks too."""
    calendar, *instants = situation
    expected = [calendar.add_days(t, n) for t, n in zip(instants, [many, few], strict=True)]
    found = calendar.bulk().add_days(array(*instants), np.array([many, few]))
    assert expected == listed(found)


def test_arguments_broadcast() -> None:
    """One span goes with many starts, in the shape that these have; nothing goes with nothing."""
    starts = array(*[datetime(2026, 1, day, 12, tzinfo=UTC) for day in (5, 6, 7, 9)]).reshape(2, 2)
    found = OFFICE.bulk().add(starts, timedelta(hours=8))
    assert (2, 2) == found.shape
    assert datetime(2026, 1, 12, 12, tzinfo=UTC) == listed(found)[3]
    assert [] == OFFICE.bulk().add(starts[:0], timedelta(hours=8)).tolist()
    assert [] == OFFICE.bulk().add_days(starts[:0], 1).tolist()


def test_other_units_are_read() -> None:
    """Dates, seconds and nanoseconds are instants too; answers are in microseconds."""
    found = OFFICE.bulk().add(np.array(["2026-01-05"], "M8[D]"), np.array([8], "m8[h]"))
    assert np.dtype("M8[us]") == found.dtype
    assert [datetime(2026, 1, 5, 16, tzinfo=UTC)] == listed(found)


def test_a_table_without_openings_is_searched_further() -> None:
    """Years without an opening are passed over, in both directions."""
    early, late = datetime(2020, 5, 1, tzinfo=UTC), datetime(2040, 5, 1, tzinfo=UTC)
    opening, closing = (datetime(2030, 5, 1, hour, tzinfo=UTC) for hour in (10, 12))

    def once() -> Bulk:
        calendar = BusinessCalendar(zone="UTC", hours={}, exceptions={"2030-05-01": "10:00-12:00"})
        return calendar.bulk()

    assert [False] == once().is_open(array(early)).tolist()
    assert [closing] == listed(once().next_close(array(early)))
    assert [opening] == listed(once().next_open(array(early)))
    assert [closing] == listed(once().previous_close(array(late)))
    assert [opening] == listed(once().add_days(array(early), 1))


def test_what_was_found_is_used_again() -> None:
    """A second question about the same years has the same answer."""
    bulk, start = OFFICE.bulk(), array(datetime(2026, 3, 27, 12, tzinfo=UTC))
    first = bulk.add_days(start, 1)
    assert [datetime(2026, 3, 30, 11, tzinfo=UTC)] == listed(first)
    assert listed(first) == listed(bulk.add_days(start, 1))


@pytest.mark.parametrize(
    ("starts", "spans", "message"),
    [
        ([1, 2], timedelta(hours=1), "an array of int64 was given: give datetime64"),
        (np.array(["NaT"], "M8[us]"), timedelta(hours=1), "1 of 1 are NaT"),
        (np.array(["2026-01-05"], "M8[us]"), np.array([3]), "give timedelta64"),
    ],
)
def test_arrays_of_something_else_are_refused(starts: Any, spans: Any, message: str) -> None:
    """An array that holds no instants or spans is refused with what it holds."""
    with pytest.raises(CalendarError, match=message):
        OFFICE.bulk().add(starts, spans)


def test_counts_are_whole_days() -> None:
    """Half a working day means nothing."""
    with pytest.raises(CalendarError, match="an array of float64 was given: give whole numbers"):
        OFFICE.bulk().add_days(array(datetime(2026, 1, 5, tzinfo=UTC)), np.array([0.5]))


@pytest.mark.parametrize("days", [300 * 365, 2000 * 365, -300 * 365, 80 * 365])
def test_spans_beyond_the_horizon_are_refused(days: int) -> None:
    """An array with one answer beyond the horizon is an error, not a wrong answer."""
    with pytest.raises(HorizonError):
        OFFICE.bulk().add(array(datetime(2026, 1, 5, tzinfo=UTC)), timedelta(days=days))


@pytest.mark.parametrize("count", [100_000, -100_000, 10**9])
def test_days_beyond_the_horizon_are_refused(count: int) -> None:
    """So is one with too many working days."""
    with pytest.raises(HorizonError):
        OFFICE.bulk().add_days(array(datetime(2026, 1, 5, tzinfo=UTC)), count)


def test_instants_beyond_the_years_are_refused() -> None:
    """Numpy has years that no datetime has: they are beyond every horizon."""
    with pytest.raises(HorizonError, match="outside the years 1 to 9999"):
        OFFICE.bulk().next_open(np.array(["12000-01-01"], "M8[us]"))


TICK = timedelta(microseconds=1)
EDGES = [
    edge + offset
    for begin, end in OFFICE.intervals(
        datetime(2026, 3, 24, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
    )
    for edge in (begin, end)
    for offset in (-TICK, timedelta(0), TICK)
]
"""Where open time begins and ends, over a weekend on which clocks change, and a tick beside it."""

QUESTIONS: dict[str, tuple[Callable[[Any, Any, Any], Any], tuple[Any, ...]]] = {
    "add": (
        lambda c, t, d: c.add(t, d),
        (TICK, -TICK, timedelta(0), timedelta(hours=8), timedelta(hours=-8), 4000 * TICK),
    ),
    "add, at the opening": (
        lambda c, t, d: c.add(t, d, "opening"),
        (TICK, -TICK, timedelta(0), timedelta(hours=8), timedelta(hours=-8)),
    ),
    "far": (lambda c, t, d: c.add(t, d), (timedelta(days=2_000), timedelta(days=-2_000))),
    "subtract": (
        lambda c, t, d: c.subtract(t, d),
        (TICK, -TICK, timedelta(0), timedelta(hours=8), timedelta(hours=-8)),
    ),
    "subtract, at the opening": (
        lambda c, t, d: c.subtract(t, d, "opening"),
        (TICK, -TICK, timedelta(0), timedelta(hours=8), timedelta(hours=-8)),
    ),
    "add_days": (lambda c, t, n: c.add_days(t, n), (0, 1, -1, 5, -5, 3_000, -3_000)),
    "is_open": (lambda c, t, _: c.is_open(t), (0,)),
    "next_open": (lambda c, t, _: c.next_open(t), (0,)),
    "next_close": (lambda c, t, _: c.next_close(t), (0,)),
    "previous_close": (lambda c, t, _: c.previous_close(t), (0,)),
    "between": (
        lambda c, t, other: c.between(t, other),
        (*EDGES[:: len(EDGES) // 4], datetime(2046, 1, 1, tzinfo=UTC)),
    ),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_edge_is_met_to_the_microsecond(name: str) -> None:
    """At each opening and closing, and one tick beside it, arrays and instants agree; so does a
    calendar that was asked for nothing before."""
    ask, arguments = QUESTIONS[name]
    for argument in arguments:
        expected = [ask(OFFICE, instant, argument) for instant in EDGES]
        given = array(argument)[0] if isinstance(argument, datetime) else argument
        found = ask(attrs.evolve(OFFICE).bulk(), array(*EDGES), given)
        assert expected == (listed(found) if found.dtype.kind == "M" else found.tolist())


def test_more_than_a_block_is_worked_on_block_by_block() -> None:
    """Each element keeps its place, in the second block and in the last, which is shorter."""
    hours = np.arange(2 * BLOCK + 3)
    starts = np.datetime64("2026-01-05T10:00", "us") + hours * np.timedelta64(3_600_000_000, "us")
    found = OFFICE.bulk().add(starts, timedelta(hours=1))
    for place in (0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK - 1, 2 * BLOCK, 2 * BLOCK + 2):
        start = listed(starts[place : place + 1])[0]
        assert [OFFICE.add(start, timedelta(hours=1))] == listed(found[place : place + 1])
    assert starts.shape == found.shape


def test_counts_without_a_sign_are_whole_numbers_too() -> None:
    """Numpy has many kinds of them."""
    start = array(datetime(2026, 1, 5, 10, tzinfo=UTC))
    for kind in (np.uint8, np.int16, np.uint64):
        found = OFFICE.bulk().add_days(start, np.array([3], kind))
        assert [datetime(2026, 1, 8, 10, tzinfo=UTC)] == listed(found)


@pytest.mark.parametrize("sign", [1, -1])
def test_too_long_is_told_as_such(sign: int) -> None:
    """Forwards and back; sums of what is shorter cannot overflow."""
    bulk, start = OFFICE.bulk(), array(datetime(2026, 1, 5, 10, tzinfo=UTC))
    with pytest.raises(
        HorizonError, match=r"^a span is longer than a thousand years, longer than"
    ):
        bulk.add(start, timedelta(days=sign * 366_001))
    with pytest.raises(
        HorizonError, match=r"^a count of days is more than a thousand years have$"
    ):
        bulk.add_days(start, sign * 366_001)
    for days in (366_000, -366_000):
        with pytest.raises(HorizonError, match=r"reach from 1900|outside the years|nothing found"):
            bulk.add(start, timedelta(days=days))
        with pytest.raises(HorizonError, match=r"reach from 1900|outside the years|nothing found"):
            bulk.add_days(start, days)
