"""The operations over arrays: equal to the single ones to the microsecond."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.calendar_strategies import changes, situations, spans
from ticketcore.calendar import Boundary, BusinessCalendar, CalendarError, CalendarRangeError
from ticketcore.calendar.bulk import Bulk
from ticketcore.calendar.bulk._arrays import BLOCK

OFFICE = BusinessCalendar(zone="Europe/Berlin", hours="mon-fri 09:00-17:00")
ALWAYS = BusinessCalendar(zone="UTC", hours="mon-sun 00:00-24:00")
Situations = tuple[BusinessCalendar, datetime, datetime]


def array(*instants: datetime) -> Any:
    """Return instants as numpy has them: in UTC, without saying so."""
    return np.array([instant.replace(tzinfo=None) for instant in instants], "M8[us]")


def listed(instants: Any) -> list[datetime]:
    """Return instants as datetimes in UTC."""
    return [instant.replace(tzinfo=UTC) for instant in instants.ravel().tolist()]


@settings(max_examples=25, deadline=None)
@given(
    situations(), st.lists(spans, min_size=2, max_size=2), st.sampled_from(["close", "next-open"])
)
def test_arrays_answer_as_single_instants_do(
    situation: Situations, drawn: list[timedelta], boundary: Boundary
) -> None:
    """Every operation gives each element the answer that it would have alone."""
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
    assert [] == OFFICE.bulk().add(starts[:0].astype("M8[h]"), np.zeros(2, "m8[h]")).tolist()


def test_one_instant_alone_is_an_array_too() -> None:
    """It has no dimension, and neither has its answer."""
    found = OFFICE.bulk().add(np.asarray("2026-01-05T12:00", "M8[us]"), timedelta(hours=8))
    assert ((), [datetime(2026, 1, 6, 12, tzinfo=UTC)]) == (found.shape, listed(found))


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


def test_the_only_working_day_is_found_from_either_side() -> None:
    """Counted forwards or back, also where the years asked about have none."""
    once = BusinessCalendar(zone="UTC", hours={}, exceptions={"2030-05-01": "10:00-12:00"})
    before, after = (datetime(year, 5, 1, 11, tzinfo=UTC) for year in (2020, 2040))
    for start, count in ((before, 1), (after, -1)):
        found = attrs.evolve(once).bulk().add_days(array(start), count)
        assert [datetime(2030, 5, 1, 11, tzinfo=UTC)] == listed(found)


@pytest.mark.parametrize(("year", "years"), [(2026, (60, -110)), (1960, (120, -40))])
def test_one_array_reaches_far_forwards_and_far_back(year: int, years: tuple[int, int]) -> None:
    """Each answer lies within the horizon, if not the mirrored one would."""
    start = datetime(year, 1, 5, 12, tzinfo=UTC)
    spans = [timedelta(days=365 * n) for n in years]
    expected = [ALWAYS.add(start, span) for span in spans]
    assert expected == listed(
        attrs.evolve(ALWAYS).bulk().add(array(start), np.array(spans, "m8[us]"))
    )
    assert expected == listed(
        attrs.evolve(ALWAYS).bulk().add_days(array(start), np.array([365 * n for n in years]))
    )


def test_what_was_found_is_used_again() -> None:
    """A second question about the same years has the same answer."""
    bulk, start = OFFICE.bulk(), array(datetime(2026, 3, 27, 12, tzinfo=UTC))
    first = bulk.add_days(start, 1)
    assert [datetime(2026, 3, 30, 11, tzinfo=UTC)] == listed(first)
    assert listed(first) == listed(bulk.add_days(start, 1))


@pytest.mark.parametrize(
    ("starts", "spans", "message"),
    [
        ([1, 2], timedelta(hours=1), "an array of int64 was given: give datetime64 in UTC$"),
        (np.array(["NaT"], "M8[us]"), timedelta(hours=1), "1 of 1 are NaT"),
        (np.array(["2026-01-05"], "M8[us]"), np.array([3]), "give timedelta64"),
    ],
)
def test_arrays_of_something_else_are_refused(starts: Any, spans: Any, message: str) -> None:
    """An array that holds no instants or spans is refused with what it holds."""
    with pytest.raises(CalendarError, match=message):
        OFFICE.bulk().add(starts, spans)


@pytest.mark.parametrize("unit", ["m8[Y]", "m8[M]", "m8"])
def test_spans_without_a_length_are_refused(unit: str) -> None:
    """A month has no length of its own, nor has a number without a unit; also where there is
    nothing to add."""
    start = array(datetime(2026, 1, 5, tzinfo=UTC))
    told = r"an array of timedelta64.* was given: give timedelta64, in one of W, D, h, .*, as$"
    for held in (np.array([1], unit), np.array([], unit)):
        for name in ("add", "subtract"):
            with pytest.raises(CalendarError, match=told):
                getattr(OFFICE.bulk(), name)(start[: held.size], held)


def test_instants_without_a_unit_are_refused() -> None:
    """Numbers that became datetime64 without one say nothing of when."""
    told = "an array of datetime64 was given: give datetime64 in UTC, in one of Y, M, W, D, h,"
    with pytest.raises(CalendarError, match=told):
        OFFICE.bulk().next_open(np.array([5]).astype("M8"))


def test_years_and_months_are_instants() -> None:
    """As dates they begin at one instant: with their first day."""
    first = np.array(["2026-03-01"], "M8[D]")
    for unit in ("M8[M]", "M8[D]", ">M8[h]", "M8[15m]"):
        assert OFFICE.bulk().next_open(first) == OFFICE.bulk().next_open(first.astype(unit))
    year = OFFICE.bulk().next_open(np.array(["2026"], "M8[Y]"))
    assert [datetime(2026, 1, 1, 8, tzinfo=UTC)] == listed(year)


def test_counts_are_whole_days() -> None:
    """Half a working day means nothing."""
    with pytest.raises(CalendarError, match="an array of float64 was given: give whole numbers"):
        OFFICE.bulk().add_days(array(datetime(2026, 1, 5, tzinfo=UTC)), np.array([0.5]))


@pytest.mark.parametrize("name", ["add", "subtract"])
def test_numbers_are_no_spans(name: str) -> None:
    """Neither added nor subtracted: nothing says of what they are."""
    with pytest.raises(CalendarError, match="an array of int64 was given: give timedelta64"):
        getattr(OFFICE.bulk(), name)(array(datetime(2026, 1, 5, tzinfo=UTC)), np.array([3]))


def test_what_is_open_picks_from_an_array() -> None:
    """The answers are a mask, as comparisons in numpy are."""
    starts = array(*[datetime(2026, 1, 5, hour, tzinfo=UTC) for hour in (7, 8, 15, 16)])
    assert starts[1:3].tolist() == starts[OFFICE.bulk().is_open(starts)].tolist()


@pytest.mark.parametrize("days", [300 * 365, 2000 * 365, -300 * 365, 80 * 365])
def test_spans_beyond_the_horizon_are_refused(days: int) -> None:
    """An array with one answer beyond the horizon is an error, not a wrong answer."""
    with pytest.raises(CalendarRangeError):
        OFFICE.bulk().add(array(datetime(2026, 1, 5, tzinfo=UTC)), timedelta(days=days))


@pytest.mark.parametrize("count", [100_000, -100_000, 10**9])
def test_days_beyond_the_horizon_are_refused(count: int) -> None:
    """So is one with too many working days."""
    with pytest.raises(CalendarRangeError):
        OFFICE.bulk().add_days(array(datetime(2026, 1, 5, tzinfo=UTC)), count)


def test_instants_beyond_the_years_are_refused() -> None:
    """Numpy has years that no datetime has: they are beyond every horizon."""
    with pytest.raises(
        CalendarRangeError, match="the instant 316516204800000000 µs after 1970 lies outside"
    ):
        OFFICE.bulk().next_open(np.array(["12000-01-01"], "M8[us]"))


COARSE = ["W", "D", "h", "m", "s", "ms", "25s", "25us", "2000ns"]


@pytest.mark.parametrize("unit", COARSE)
@pytest.mark.parametrize("count", [2**62, -(2**62), 2**61 + 1, -(2**61) - 1, 2**63 - 1])
def test_spans_too_long_for_microseconds_are_refused(unit: str, count: int) -> None:
    """Numpy would make them short ones, without a word; one among many is enough."""
    starts, counts = array(*[datetime(2026, 1, 5, tzinfo=UTC)] * 3), np.array([1, count, -1])
    told = rf"^{count} in timedelta64\[{unit}\] is more than ten thousand years: .* 1900 to 2100$"
    for name in ("add", "subtract"):
        with pytest.raises(CalendarRangeError, match=told):
            getattr(OFFICE.bulk(), name)(starts, counts.astype(f"m8[{unit}]"))


@pytest.mark.parametrize("unit", ["Y", "M", *COARSE])
@pytest.mark.parametrize("count", [2**62, -(2**62), 2**61 + 1, -(2**61) - 1, 2**63 - 1])
def test_instants_too_far_for_microseconds_are_refused(unit: str, count: int) -> None:
    """Numpy would make them near ones, without a word."""
    told = rf"^{count} in datetime64\[{unit}\] is more than ten thousand years: .* 1900 to 2100$"
    with pytest.raises(CalendarRangeError, match=told):
        OFFICE.bulk().is_open(np.array([0, count, -1]).astype(f"M8[{unit}]"))


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
def test_the_nights_on_which_clocks_change_are_met_at_each_quarter(zone: str) -> None:
    """Days lead to and from each local time there, left out or shown twice, and to the next."""
    calendar = BusinessCalendar(zone=zone, hours="mon-sun 00:00-24:00")
    for change in changes(zone)[:2]:
        starts = [change + timedelta(minutes=15) * n for n in range(-200, 200)]
        for count in (1, -1):
            expected = [calendar.add_days(start, count) for start in starts]
            assert expected == listed(calendar.bulk().add_days(array(*starts), count))


def test_a_date_that_never_was_lies_between_years() -> None:
    """Apia left out the 30th of December 2011; a calendar that knows only this year knows it."""
    calendar = BusinessCalendar(zone="Pacific/Apia", hours="mon-sun 00:00-24:00")
    start = datetime(2011, 12, 28, 12, tzinfo=UTC)
    for count in (1, 2, 3):
        found = attrs.evolve(calendar).bulk().add_days(array(start), count)
        assert [attrs.evolve(calendar).add_days(start, count)] == listed(found)


def test_a_rest_over_new_year_is_stepped_over() -> None:
    """Working days are counted to the next year's first and back to the last of the year before;
    adding nothing in between moves to the next opening."""
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


def test_years_run_on_where_it_stays_open() -> None:
    """Where a year ends nothing closes; the closing comes when it does."""
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
"""Of some years, before 1970 and at the horizon too, the ends of what they alone can answer."""


@pytest.mark.parametrize("ends", FIRST_AND_LAST)
@pytest.mark.parametrize(
    "hours", ["mon-sun 00:00-24:00", "mon-fri 00:15-23:45", "sun 09:00-10:00"]
)
def test_a_year_answers_from_its_first_instant_to_its_last(
    ends: tuple[datetime, datetime], hours: str
) -> None:
    """Both have the answers that they have alone, of a calendar that knows this year only."""
    calendar, (first, last) = BusinessCalendar(zone="UTC", hours=hours), ends
    bulk, instants = attrs.evolve(calendar).bulk(), array(*ends)
    assert [calendar.is_open(instant) for instant in ends] == bulk.is_open(instants).tolist()
    assert [calendar.between(first, last)] == bulk.between(instants[:1], instants[1:]).tolist()
    for start, span in ((first, timedelta(minutes=5)), (last, -timedelta(minutes=5))):
        found = attrs.evolve(calendar).bulk().add(array(start), span)
        assert [calendar.add(start, span)] == listed(found)
