"""Slips in the arguments of strategies are told in their own words."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import find
from hypothesis import strategies as st

from ticketcore.policies import load_policy
from ticketcore.testing import strategies

FROM_HERE: Any = strategies
OFFICE = load_policy("office")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: FROM_HERE.instants(zone="UTC"), "zone is a strategy, not 'UTC'"),
        (lambda: FROM_HERE.calendars(zone="UTC"), "zone is a strategy"),
        (lambda: FROM_HERE.calendars(hours={}), "hours is a strategy"),
        (lambda: FROM_HERE.orders(billing="recurring"), r"billing is a .*: st\.just\(…\) draws"),
        (lambda: FROM_HERE.money(minor=5), "minor is a strategy, not 5"),
        (lambda: FROM_HERE.commands(None, OFFICE, at=7), "at is a strategy"),
        (lambda: FROM_HERE.commands(None, "office"), "'office' is no Policy"),
        (lambda: FROM_HERE.misfit_commands(None, st.just(OFFICE)), "is no Policy: load_policy"),
        (lambda: FROM_HERE.histories("kaufland"), "'kaufland' is no Policy"),
    ],
)
def test_what_is_no_strategy_or_policy_is_refused(make: Callable[[], Any], message: str) -> None:
    """With the way to make one."""
    with pytest.raises(TypeError, match=message):
        find(make(), lambda _: True)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: FROM_HERE.instants(first=2028, last=2024), "the years are 2028 to 2024"),
        (lambda: FROM_HERE.instants(first=1), "give two of 2 to 9998"),
        (lambda: FROM_HERE.instants(last=9999), "2024 to 9999: give two of"),
        (lambda: FROM_HERE.spans(days=-1), "days is -1: give a number from 0"),
        (lambda: FROM_HERE.scenarios(OFFICE, max_commands=0), "max_commands is 0: .* from 1"),
    ],
)
def test_numbers_that_leave_nothing_to_draw_are_refused(
    make: Callable[[], Any], message: str
) -> None:
    """They say which argument, and what would be right."""
    with pytest.raises(ValueError, match=message):
        find(make(), lambda _: True)


def test_the_widest_years_can_be_drawn() -> None:
    """From 2 to 9998: a week beside them and any offset still have dates."""
    found = find(strategies.instants(first=2, last=2), lambda _: True)
    last = find(strategies.instants(first=9998, last=9998), lambda _: True)

    assert (2, 9998) == (found.year, last.year)
