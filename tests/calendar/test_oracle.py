"""The table agrees with an oracle that counts single minutes, near changes of clocks too."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.calendars.oracle import minutes_between, open_minutes, walk, walk_back
from support.calendars.strategies import DAY, MINUTE, Rules, instants, rules

pytestmark = pytest.mark.no_cover

AROUND = 4 * DAY


@st.composite
def visits(draw: st.DrawFn) -> tuple[Rules, datetime, int]:
    """Return rules, an instant and a number of minutes."""
    drawn = draw(rules())
    return drawn, draw(instants(drawn.zone)), draw(st.integers(1, 3000))


@settings(max_examples=50, deadline=None)
@given(visits())
def test_open_intervals_agree_with_the_oracle(visit: tuple[Rules, datetime, int]) -> None:
    """The open intervals hold exactly the minutes in which the local clocks show open time."""
    drawn, instant, _ = visit
    low, high = instant - AROUND, instant + AROUND
    found = [False] * minutes_between(low, high)
    for begin, end in drawn.calendar().intervals(low, high):
        first, last = minutes_between(low, begin), minutes_between(low, end)
        found[first:last] = [True] * (last - first)
    assert open_minutes(drawn, low, high) == found


@settings(max_examples=50, deadline=None)
@given(visits())
def test_answers_agree_with_the_oracle(visit: tuple[Rules, datetime, int]) -> None:
    """`add`, `subtract`, `between` and `is_open` agree with counting minutes."""
    drawn, instant, amount = visit
    calendar, low = drawn.calendar(), instant - AROUND
    flags = open_minutes(drawn, low, instant + AROUND)
    here = minutes_between(low, instant)
    later, earlier = walk(flags, here, amount), walk_back(flags, here, amount)
    assert flags[here] == calendar.is_open(instant)
    if later is not None:
        assert low + later * MINUTE == calendar.add(instant, amount * MINUTE)
        assert amount * MINUTE == calendar.between(instant, low + later * MINUTE)
    if earlier is not None:
        assert low + earlier * MINUTE == calendar.subtract(instant, amount * MINUTE)
        assert -amount * MINUTE == calendar.between(instant, low + earlier * MINUTE)
