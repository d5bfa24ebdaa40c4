"""Algebraic properties of business time."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.calendars.strategies import calendars, combined, instants, situations, spans
from ticketcore.calendar import Boundary, BusinessCalendar, Calendar, Span

pytestmark = pytest.mark.no_cover

NOTHING = timedelta(0)
Situation = tuple[BusinessCalendar, datetime, datetime]
laws = settings(max_examples=40, deadline=None)
# Combined calendars compute the years of all their parts, which takes long.
few = settings(max_examples=12, deadline=None)
boundaries: st.SearchStrategy[Boundary] = st.sampled_from(["close", "next-open"])


@laws
@given(situations(), spans)
def test_subtract_undoes_add(situation: Situation, span: timedelta) -> None:
    """Adding a span to an open instant and subtracting it leads back to the instant."""
    calendar, start, _ = situation
    start = calendar.next_open(start)
    assert start == calendar.subtract(calendar.add(start, span), span)


@laws
@given(situations(), spans)
def test_between_measures_what_was_added(situation: Situation, span: timedelta) -> None:
    """The open time from a start to its deadline is the span, with both boundaries."""
    calendar, start, _ = situation
    assert span == calendar.between(start, calendar.add(start, span))
    assert span == calendar.between(start, calendar.add(start, span, "next-open"))


@laws
@given(situations())
def test_between_is_antisymmetric(situation: Situation) -> None:
    """Open time that is measured in reverse is negative."""
    calendar, start, end = situation
    assert calendar.between(start, end) == -calendar.between(end, start)


@laws
@given(situations(), st.data())
def test_between_is_additive(situation: Situation, data: st.DataObject) -> None:
    """Open time over two intervals in a row is the sum of both."""
    calendar, start, end = situation
    middle = data.draw(instants(calendar.zone.key))
    whole = calendar.between(start, middle) + calendar.between(middle, end)
    assert calendar.between(start, end) == whole


@laws
@given(situations(), spans)
def test_a_negative_span_is_subtracted(situation: Situation, span: timedelta) -> None:
    """Adding a negative span is subtracting, and the other way round."""
    calendar, start, _ = situation
    assert calendar.subtract(start, span) == calendar.add(start, -span)
    assert calendar.add(start, span) == calendar.subtract(start, -span)


@laws
@given(situations())
def test_adding_no_time_moves_to_the_next_open_instant(situation: Situation) -> None:
    """Adding no open time leads to the next open instant, in hours and in days."""
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
    """A longer span never ends earlier."""
    calendar, start, _ = situation
    shorter, longer = sorted([one, other])
    assert calendar.add(start, shorter) <= calendar.add(start, longer)


@laws
@given(situations(), spans)
def test_add_is_monotone_in_the_start(situation: Situation, span: timedelta) -> None:
    """A span with a later start never ends earlier."""
    calendar, one, other = situation
    first, second = sorted([one, other])
    assert calendar.add(first, span) <= calendar.add(second, span)


@laws
@given(situations(), spans)
def test_a_deadline_is_open_or_a_closing(situation: Situation, span: timedelta) -> None:
    """With the boundary at the next opening, a deadline is always open."""
    calendar, start, _ = situation
    due = calendar.add(start, span)
    assert calendar.is_open(due) or due == calendar.previous_close(due)
    assert calendar.is_open(calendar.add(start, span, "next-open"))


@laws
@given(situations())
def test_openings_and_closings_enclose_open_time(situation: Situation) -> None:
    """The calendar is closed up to the next opening, and open from there to the closing."""
    calendar, start, _ = situation
    opening, closing = calendar.next_open(start), calendar.next_close(start)
    assert calendar.between(start, opening) == NOTHING
    assert calendar.between(opening, closing) == closing - opening
    assert calendar.previous_close(closing) == closing
    assert not calendar.is_open(closing)


@laws
@given(situations(), st.integers(-30, 30), st.integers(1, 30))
def test_working_dates_can_be_added_in_steps(situation: Situation, count: int, more: int) -> None:
    """Adding in one step or in two gives the same date, and the count agrees."""
    calendar, start, _ = situation
    first = calendar.add_working_dates(start.date(), 1)
    moved = calendar.add_working_dates(first, count)
    assert calendar.is_working_date(moved)
    assert first == calendar.add_working_dates(moved, -count)
    assert count == calendar.count_working_dates(first, moved)
    assert more == len(calendar.working_dates(first, calendar.add_working_dates(first, more)))


@laws
@given(situations(), st.integers(-20, 20))
def test_added_days_end_in_open_time(situation: Situation, count: int) -> None:
    """Added days end in open time; subtracted days may end at the closing before."""
    calendar, start, _ = situation
    found = calendar.add_days(start, count)
    assert calendar.is_open(found) or (count < 0 and found == calendar.previous_close(found))
    assert found == calendar.subtract_days(start, -count)


@laws
@given(situations(), spans, boundaries)
def test_an_explanation_adds_up(situation: Situation, span: timedelta, boundary: Boundary) -> None:
    """Counted and skipped time of an explanation add up to the time to the deadline."""
    calendar, start, _ = situation
    explanation = calendar.explain(start, span, boundary=boundary)
    assert explanation.due == calendar.add(start, span, boundary)
    assert explanation.total == span
    pieces = [*explanation.counted, *((s.start, s.end) for s in explanation.skipped)]
    assert sum((end - begin for begin, end in pieces), NOTHING) == explanation.due - start


@few
@given(combined(), combined(), st.data())
def test_combinations_are_set_operations(
    one: Calendar, other: Calendar, data: st.DataObject
) -> None:
    """A combination is open if both are, if either is, or if one is and the other is not."""
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
    """The intersection of calendars does not depend on their order."""
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
    """Open time inside and outside another calendar adds up to all open time."""
    low = data.draw(instants(one.zone.key))
    high = low + timedelta(days=90)
    parts = (one & other).between(low, high) + (one - other).between(low, high)
    assert one.between(low, high) == parts
