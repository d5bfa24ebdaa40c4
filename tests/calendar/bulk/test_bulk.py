"""Operations on arrays give the same results as on single instants, to the microsecond."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.calendars.strategies import changes, situations, spans
from ticketcore.calendar import Boundary, BusinessCalendar, CalendarRangeError
from ticketcore.calendar.bulk import Bulk
from ticketcore.calendar.bulk._arrays import BLOCK

OFFICE = BusinessCalendar(zone="Europe/Berlin", hours="mon-fri 09:00-17:00")
ALWAYS = BusinessCalendar(zone="UTC", hours="mon-sun 00:00-24:00")
Situations = tuple[BusinessCalendar, datetime, datetime]


def array(*instants: datetime) -> Any:
    """Return instants as a numpy array, which is in UTC."""
    return np.array([instant.replace(tzinfo=None) for instant in instants], "M8[us]")


def listed(instants: Any) -> list[datetime]:
    """Return instants as datetimes in UTC."""
    return [instant.replace(tzinfo=UTC) for instant in instants.ravel().tolist()]


@settings(max_examples=25, deadline=None)
@given(
    situations(), st.lists(spans, min_size=2, max_size=2), st.sampled_from(["close", "next-open"])
)
def test_arrays_give_the_results_of_single_instants(
    situation: Situations, drawn: list[timedelta], boundary: Boundary
) -> None:
    """Every operation gives each element the result that it has alone."""
    calendar, *instants = situation
    bulk, starts = calendar.bulk(), array(*instants)
    for amounts in (drawn, [-drawn[0], timedelta(0)]):
        pairs = list(zip(instants, amounts, strict=True))
        lengths = np.array(amounts, "m8[us]")
        assert [calendar.add(t, d, boundary) for t, d in pairs] == listed(
            bulk.add(starts, lengths, boundary)
        )
        expected = [calendar.subtract(t, d, boundary) for t, d in pairs]
        assert expected == listed(bulk.subtract(starts, lengths, boundary))
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
    """Working days in arrays keep the local time, over changes of clocks too."""
    calendar, *instants = situation
    expected = [calendar.add_days(t, n) for t, n in zip(instants, [many, few], strict=True)]
    found = calendar.bulk().add_days(array(*instants), np.array([many, few]))
    assert expected == listed(found)


def test_arguments_broadcast() -> None:
    """One span applies to an array of starts, and empty arrays give empty results."""
    starts = array(*[datetime(2026, 1, day, 12, tzinfo=UTC) for day in (5, 6, 7, 9)]).reshape(2, 2)
    found = OFFICE.bulk().add(starts, timedelta(hours=8))
    assert (2, 2) == found.shape
    assert datetime(2026, 1, 12, 12, tzinfo=UTC) == listed(found)[3]
    assert [] == OFFICE.bulk().add(starts[:0], timedelta(hours=8)).tolist()
    assert [] == OFFICE.bulk().add_days(starts[:0], 1).tolist()
    assert [] == OFFICE.bulk().add(starts[:0].astype("M8[h]"), np.zeros(2, "m8[h]")).tolist()


def test_a_single_instant_gives_a_single_result() -> None:
    """An array without dimensions gives a result without dimensions."""
    found = OFFICE.bulk().add(np.asarray("2026-01-05T12:00", "M8[us]"), timedelta(hours=8))
    assert ((), [datetime(2026, 1, 6, 12, tzinfo=UTC)]) == (found.shape, listed(found))


def test_other_units_are_accepted() -> None:
    """Arrays of dates, seconds and nanoseconds are accepted, with results in microseconds."""
    found = OFFICE.bulk().add(np.array(["2026-01-05"], "M8[D]"), np.array([8], "m8[h]"))
    assert np.dtype("M8[us]") == found.dtype
    assert [datetime(2026, 1, 5, 16, tzinfo=UTC)] == listed(found)


def test_a_search_passes_over_years_without_openings() -> None:
    """A search passes over years without openings, forwards and backwards."""
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


def test_the_only_working_day_is_found_from_either_side() -> None:
    """The only working day of a calendar is found forwards and backwards."""
    once = BusinessCalendar(zone="UTC", hours={}, exceptions={"2030-05-01": "10:00-12:00"})
    before, after = (datetime(year, 5, 1, 11, tzinfo=UTC) for year in (2020, 2040))
    for start, count in ((before, 1), (after, -1)):
        found = attrs.evolve(once).bulk().add_days(array(start), count)
        assert [datetime(2030, 5, 1, 11, tzinfo=UTC)] == listed(found)


@pytest.mark.parametrize(("year", "years"), [(2026, (60, -110)), (1960, (120, -40))])
def test_one_array_may_look_far_ahead_and_far_back(year: int, years: tuple[int, int]) -> None:
    """Elements of an array may have their answers far ahead and far back."""
    start = datetime(year, 1, 5, 12, tzinfo=UTC)
    spans = [timedelta(days=365 * n) for n in years]
    expected = [ALWAYS.add(start, span) for span in spans]
    assert expected == listed(
        attrs.evolve(ALWAYS).bulk().add(array(start), np.array(spans, "m8[us]"))
    )
    assert expected == listed(
        attrs.evolve(ALWAYS).bulk().add_days(array(start), np.array([365 * n for n in years]))
    )


def test_a_repeated_question_has_the_same_answer() -> None:
    """A repeated question uses the years computed before, and has the same answer."""
    bulk, start = OFFICE.bulk(), array(datetime(2026, 3, 27, 12, tzinfo=UTC))
    first = bulk.add_days(start, 1)
    assert [datetime(2026, 3, 30, 11, tzinfo=UTC)] == listed(first)
    assert listed(first) == listed(bulk.add_days(start, 1))


def test_is_open_returns_a_mask() -> None:
    """`is_open` returns a mask that selects elements of an array."""
    starts = array(*[datetime(2026, 1, 5, hour, tzinfo=UTC) for hour in (7, 8, 15, 16)])
    assert starts[1:3].tolist() == starts[OFFICE.bulk().is_open(starts)].tolist()


@pytest.mark.parametrize("days", [300 * 365, 2000 * 365, -300 * 365, 80 * 365])
def test_spans_beyond_the_supported_years_are_refused(days: int) -> None:
    """A span that ends outside the supported years is refused, even in one element."""
    with pytest.raises(CalendarRangeError):
        OFFICE.bulk().add(array(datetime(2026, 1, 5, tzinfo=UTC)), timedelta(days=days))


@pytest.mark.parametrize("count", [100_000, -100_000, 10**9])
def test_days_beyond_the_supported_years_are_refused(count: int) -> None:
    """Adding too many working days to an array is an error."""
    with pytest.raises(CalendarRangeError):
        OFFICE.bulk().add_days(array(datetime(2026, 1, 5, tzinfo=UTC)), count)


TICK = timedelta(microseconds=1)
BOUNDARIES = [
    boundary + offset
    for begin, end in OFFICE.intervals(
        datetime(2026, 3, 24, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
    )
    for boundary in (begin, end)
    for offset in (-TICK, timedelta(0), TICK)
]
"""Openings and closings over a change of clocks, and the instants next to them."""

QUESTIONS: dict[str, tuple[Callable[[Any, Any, Any], Any], tuple[Any, ...]]] = {
    "add": (
        lambda c, t, d: c.add(t, d),
        (TICK, -TICK, timedelta(0), timedelta(hours=8), timedelta(hours=-8), 4000 * TICK),
    ),
    "add, at the opening": (
        lambda c, t, d: c.add(t, d, "next-open"),
        (TICK, -TICK, timedelta(0), timedelta(hours=8), timedelta(hours=-8)),
    ),
    "far": (lambda c, t, d: c.add(t, d), (timedelta(days=2_000), timedelta(days=-2_000))),
    "subtract": (
        lambda c, t, d: c.subtract(t, d),
        (TICK, -TICK, timedelta(0), timedelta(hours=8), timedelta(hours=-8)),
    ),
    "subtract, at the opening": (
        lambda c, t, d: c.subtract(t, d, "next-open"),
        (TICK, -TICK, timedelta(0), timedelta(hours=8), timedelta(hours=-8)),
    ),
    "add_days": (lambda c, t, n: c.add_days(t, n), (0, 1, -1, 5, -5, 3_000, -3_000)),
    "is_open": (lambda c, t, _: c.is_open(t), (0,)),
    "next_open": (lambda c, t, _: c.next_open(t), (0,)),
    "next_close": (lambda c, t, _: c.next_close(t), (0,)),
    "previous_close": (lambda c, t, _: c.previous_close(t), (0,)),
    "between": (
        lambda c, t, other: c.between(t, other),
        (*BOUNDARIES[:: len(BOUNDARIES) // 4], datetime(2046, 1, 1, tzinfo=UTC)),
    ),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_openings_and_closings_are_exact_to_the_microsecond(name: str) -> None:
    """Arrays and single instants agree at and next to each opening and closing."""
    ask, arguments = QUESTIONS[name]
    for argument in arguments:
        expected = [ask(OFFICE, instant, argument) for instant in BOUNDARIES]
        given = array(argument)[0] if isinstance(argument, datetime) else argument
        found = ask(attrs.evolve(OFFICE).bulk(), array(*BOUNDARIES), given)
        assert expected == (listed(found) if found.dtype.kind == "M" else found.tolist())


def test_large_arrays_are_processed_in_blocks() -> None:
    """Large arrays are processed in blocks, in which each element keeps its place."""
    hours = np.arange(2 * BLOCK + 3)
    starts = np.datetime64("2026-01-05T10:00", "us") + hours * np.timedelta64(3_600_000_000, "us")
    found = OFFICE.bulk().add(starts, timedelta(hours=1))
    for place in (0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK - 1, 2 * BLOCK, 2 * BLOCK + 2):
        start = listed(starts[place : place + 1])[0]
        assert [OFFICE.add(start, timedelta(hours=1))] == listed(found[place : place + 1])
    assert starts.shape == found.shape


def test_unsigned_counts_are_accepted() -> None:
    """Counts may have any integer type of numpy, including unsigned types."""
    start = array(datetime(2026, 1, 5, 10, tzinfo=UTC))
    for kind in (np.uint8, np.int16, np.uint64):
        found = OFFICE.bulk().add_days(start, np.array([3], kind))
        assert [datetime(2026, 1, 8, 10, tzinfo=UTC)] == listed(found)


@pytest.mark.parametrize("sign", [1, -1])
def test_spans_over_a_thousand_years_are_refused(sign: int) -> None:
    """Spans over a thousand years are refused, so that sums of spans cannot overflow."""
    bulk, start = OFFICE.bulk(), array(datetime(2026, 1, 5, 10, tzinfo=UTC))
    with pytest.raises(CalendarRangeError, match=r"^a span is longer than a thousand years$"):
        bulk.add(start, timedelta(days=sign * 366_001))
    with pytest.raises(
        CalendarRangeError, match=r"^a number of days is longer than a thousand years$"
    ):
        bulk.add_days(start, sign * 366_001)
    for days in (366_000, -366_000):
        with pytest.raises(CalendarRangeError, match=r"outside the|no further open time"):
            bulk.add(start, timedelta(days=days))
        with pytest.raises(CalendarRangeError, match=r"outside the|no further open time"):
            bulk.add_days(start, days)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Australia/Lord_Howe", "America/Havana"])
def test_days_over_a_change_of_clocks_match_at_each_quarter_hour(zone: str) -> None:
    """Added days land correctly on local times that the clocks skip or show twice."""
    calendar = BusinessCalendar(zone=zone, hours="mon-sun 00:00-24:00")
    for change in changes(zone)[:2]:
        starts = [change + timedelta(minutes=15) * n for n in range(-200, 200)]
        for count in (1, -1):
            expected = [calendar.add_days(start, count) for start in starts]
            assert expected == listed(calendar.bulk().add_days(array(*starts), count))


def test_a_skipped_date_is_not_counted() -> None:
    """A date that a zone skipped, such as 30 December 2011 in Apia, is not counted."""
    calendar = BusinessCalendar(zone="Pacific/Apia", hours="mon-sun 00:00-24:00")
    start = datetime(2011, 12, 28, 12, tzinfo=UTC)
    for count in (1, 2, 3):
        found = attrs.evolve(calendar).bulk().add_days(array(start), count)
        assert [attrs.evolve(calendar).add_days(start, count)] == listed(found)


def test_holidays_over_new_year_are_stepped_over() -> None:
    """Working days are counted over New Year, past its holidays, in both directions."""
    rest = [datetime(2026, 12, 24) + timedelta(days=n) for n in range(14)]  # noqa: DTZ001
    calendar = attrs.evolve(OFFICE, holidays=[day.date() for day in rest])
    pairs = [
        (datetime(2026, 12, 23, 11, tzinfo=UTC), 1),
        (datetime(2027, 1, 7, 11, tzinfo=UTC), -1),
    ]
    pairs.append((datetime(2026, 12, 26, 11, tzinfo=UTC), 0))
    for some in (pairs[:1], pairs[1:2], pairs[2:], pairs):
        expected = [calendar.add_days(start, count) for start, count in some]
        starts, counts = zip(*some, strict=True)
        found = attrs.evolve(calendar).bulk().add_days(array(*starts), np.array(counts))
        assert expected == listed(found)


def test_an_open_interval_may_span_years() -> None:
    """An open interval may span several years, since nothing closes at the end of a year."""
    calendar = attrs.evolve(ALWAYS, holidays=["2030-03-01"])
    start = datetime(2026, 6, 1, tzinfo=UTC)
    assert [datetime(2030, 3, 1, tzinfo=UTC)] == listed(calendar.bulk().next_close(array(start)))
    with pytest.raises(CalendarRangeError):
        ALWAYS.bulk().next_close(array(start))


FIRST_AND_LAST = [
    (datetime(2026, 1, 4, tzinfo=UTC), datetime(2026, 12, 29, tzinfo=UTC) - TICK),
    (datetime(1960, 1, 4, tzinfo=UTC), datetime(1960, 12, 29, tzinfo=UTC) - TICK),
    (datetime(1900, 1, 4, tzinfo=UTC), datetime(1900, 12, 29, tzinfo=UTC) - TICK),
    (datetime(2100, 1, 4, tzinfo=UTC), datetime(2100, 12, 29, tzinfo=UTC) - TICK),
]
"""The first and last instant for which a single year has answers, for several years."""


@pytest.mark.parametrize("ends", FIRST_AND_LAST)
@pytest.mark.parametrize(
    "hours", ["mon-sun 00:00-24:00", "mon-fri 00:15-23:45", "sun 09:00-10:00"]
)
def test_a_year_answers_from_its_first_instant_to_its_last(
    ends: tuple[datetime, datetime], hours: str
) -> None:
    """A calendar that has computed only one year answers at both ends of it."""
    calendar, (first, last) = BusinessCalendar(zone="UTC", hours=hours), ends
    bulk, instants = attrs.evolve(calendar).bulk(), array(*ends)
    assert [calendar.is_open(instant) for instant in ends] == bulk.is_open(instants).tolist()
    assert [calendar.between(first, last)] == bulk.between(instants[:1], instants[1:]).tolist()
    for start, span in ((first, timedelta(minutes=5)), (last, -timedelta(minutes=5))):
        found = attrs.evolve(calendar).bulk().add(array(start), span)
        assert [calendar.add(start, span)] == listed(found)
