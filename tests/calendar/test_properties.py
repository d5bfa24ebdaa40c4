"""The algebra of business time. Each law is one sentence of the design or follows from one."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from support.calendar_strategies import calendars, combined, instants, situations, spans
from ticketcore.calendar import Boundary, BusinessCalendar, Calendar, Span

NOTHING = timedelta(0)
Situation = tuple[BusinessCalendar, datetime, datetime]
laws = settings(max_examples=40, deadline=None)
# Combined calendars find the years of all their parts, which takes its time.
few = settings(max_examples=12, deadline=None)
edges: st.SearchStrategy[Boundary] = st.sampled_from(["close", "next-open"])


@laws
@given(situations(), spans)
def test_subtract_undoes_add(situation: Situation, span: timedelta) -> None:
    """Adding a span to an open moment and subtracting it comes back to the same moment."""
    calendar, start, _ = situation
    start = calendar.next_open(start)
    assert start == calendar.subtract(calendar.add(start, span), span)


@laws
@given(situations(), spans)
def test_between_measures_what_was_added(situation: Situation, span: timedelta) -> None:
    """The open time from a start to its deadline is the span, whichever edge is chosen."""
    calendar, start, _ = situation
    assert span == calendar.between(start, calendar.add(start, span))
    assert span == calendar.between(start, calendar.add(start, span, "next-open"))


@laws
@given(situations())
def test_between_is_antisymmetric(situation: Situation) -> None:
    """Measured backwards, open time is negative."""
    calendar, start, end = situation
    assert calendar.between(start, end) == -calendar.between(end, start)


@laws
@given(situations(), st.data())
def test_between_is_additive(situation: Situation, data: st.DataObject) -> None:
    """Open time over two stretches is that over the first and that over the second."""
    calendar, start, end = situation
    middle = data.draw(instants(calendar.zone.key))
    whole = calendar.between(start, middle) + calendar.between(middle, end)
    assert calendar.between(start, end) == whole


@laws
@given(situations(), spans)
def test_a_negative_span_is_subtracted(situation: Situation, span: timedelta) -> None:
    """Adding less than nothing is subtracting, and the other way round."""
    calendar, start, _ = situation
    assert calendar.subtract(start, span) == calendar.add(start, -span)
    assert calendar.add(start, span) == calendar.subtract(start, -span)


@laws
@given(situations())
def test_adding_nothing_moves_to_the_next_open_moment(situation: Situation) -> None:
    """No open time at all is over at the next open moment, in hours as in days."""
    calendar, start, _ = situation
    expected = calendar.next_open(start)
    assert expected == calendar.add(start, NOTHING)
    assert expected == calendar.subtract(start, NOTHING)
    assert expected == calendar.add_days(start, 0)
    assert expected == calendar.due(start, Span.parse("0 working hours"))


@laws
@given(situations(), spans, spans)
def test_add_is_monotone_in_the_span(
    situation: Situation, one: timedelta, other: timedelta
) -> None:
    """A longer span is never due earlier."""
    calendar, start, _ = situation
    shorter, longer = sorted([one, other])
    assert calendar.add(start, shorter) <= calendar.add(start, longer)


@laws
@given(situations(), spans)
def test_add_is_monotone_in_the_start(situation: Situation, span: timedelta) -> None:
    """A later start is never due earlier."""
    calendar, one, other = situation
    first, second = sorted([one, other])
    assert calendar.add(first, span) <= calendar.add(second, span)


@laws
@given(situations(), spans)
def test_a_deadline_is_open_time_or_its_edge(situation: Situation, span: timedelta) -> None:
    """A deadline is an open moment or a closing; at the edge of opening it is always open."""
    calendar, start, _ = situation
    due = calendar.add(start, span)
    assert calendar.is_open(due) or due == calendar.previous_close(due)
    assert calendar.is_open(calendar.add(start, span, "next-open"))


@laws
@given(situations())
def test_openings_and_closings_enclose_open_time(situation: Situation) -> None:
    """Between an instant and its next opening nothing is open, and all is up to the closing."""
    calendar, start, _ = situation
    opening, closing = calendar.next_open(start), calendar.next_close(start)
    assert calendar.between(start, opening) == NOTHING
    assert calendar.between(opening, closing) == closing - opening
    assert calendar.previous_close(closing) == closing
    assert not calendar.is_open(closing)


@laws
@given(situations(), st.integers(-30, 30), st.integers(1, 30))
def test_days_step_over_working_dates(situation: Situation, count: int, more: int) -> None:
    """Working dates can be added in one step or in two, and are counted as they were added."""
    calendar, start, _ = situation
    first = calendar.add_working_dates(start.date(), 1)
    moved = calendar.add_working_dates(first, count)
    assert calendar.is_working_date(moved)
    assert first == calendar.add_working_dates(moved, -count)
    assert count == calendar.count_working_dates(first, moved)
    assert more == len(calendar.working_dates(first, calendar.add_working_dates(first, more)))


@laws
@given(situations(), st.integers(-20, 20))
def test_a_day_ends_in_open_time_or_at_its_edge(situation: Situation, count: int) -> None:
    """Adding days ends in an open moment; counting back ends in one or at the closing before."""
    calendar, start, _ = situation
    found = calendar.add_days(start, count)
    assert calendar.is_open(found) or (count < 0 and found == calendar.previous_close(found))
    assert found == calendar.subtract_days(start, -count)


@laws
@given(situations(), spans, edges)
def test_an_explanation_adds_up(situation: Situation, span: timedelta, boundary: Boundary) -> None:
    """What counted is the span; with what was skipped it fills the time to the deadline."""
    calendar, start, _ = situation
    explanation = calendar.explain(start, span, boundary=boundary)
    assert explanation.due == calendar.add(start, span, boundary)
    assert explanation.total == span
    pieces = [*explanation.counted, *((s.start, s.end) for s in explanation.skipped)]
    assert sum((end - begin for begin, end in pieces), NOTHING) == explanation.due - start


@few
@given(combined(), combined(), st.data())
def test_combining_is_an_algebra_of_sets(
    one: Calendar, other: Calendar, data: st.DataObject
) -> None:
    """Open when both are, when either is, or when one is and the other is not."""
    instant = data.draw(instants(one.zone.key))
    first, second = one.is_open(instant), other.is_open(instant)
    assert (one & other).is_open(instant) == (first and second)
    assert (one | other).is_open(instant) == (first or second)
    assert (one - other).is_open(instant) == (first and not second)


@few
@given(combined(), combined(), combined(), st.data())
def test_intersection_is_commutative_and_associative(
    one: Calendar, other: Calendar, third: Calendar, data: st.DataObject
) -> None:
    """The order in which calendars are intersected or united does not matter."""
    low = data.draw(instants(one.zone.key))
    high = low + timedelta(days=30)
    assert (one & other).intervals(low, high) == (other & one).intervals(low, high)
    assert (one | other).intervals(low, high) == (other | one).intervals(low, high)
    left, right = (one & other) & third, one & (other & third)
    assert left.intervals(low, high) == right.intervals(low, high)


@few
@given(calendars, calendars, st.data())
def test_a_difference_and_an_intersection_make_the_whole(
    one: Calendar, other: Calendar, data: st.DataObject
) -> None:
    """Open time with the other and without it is all open time."""
    low = data.draw(instants(one.zone.key))
    high = low + timedelta(days=90)
    parts = (one & other).between(low, high) + (one - other).between(low, high)
    assert one.between(low, high) == parts
