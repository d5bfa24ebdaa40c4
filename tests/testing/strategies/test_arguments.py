"""Wrong arguments of strategies are refused with a message that names the right ones."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import find
from hypothesis import strategies as st

from ticketcore.decider import decide_and_apply
from ticketcore.policies import load_policy
from ticketcore.testing import explore, strategies, violations
from ticketcore.ticket import fold

UNTYPED: Any = strategies
OFFICE = load_policy("office")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: UNTYPED.instants(zone="UTC"), "zone must be a strategy, not 'UTC'"),
        (lambda: UNTYPED.instants(first=datetime.now(UTC)), "years such as 2026, not datetime"),
        (lambda: UNTYPED.instants(last="2026"), "first and last are years"),
        (lambda: UNTYPED.calendars(zone="UTC"), "zone must be a strategy"),
        (lambda: UNTYPED.calendars(hours={}), "hours must be a strategy"),
        (lambda: UNTYPED.orders(billing="recurring"), r"billing must .*: st\.just\(…\) draws"),
        (lambda: UNTYPED.money(minor=5), "minor must be a strategy, not 5"),
        (lambda: UNTYPED.commands(None, OFFICE, at=7), "at must be a strategy"),
        (lambda: UNTYPED.commands(None, 7), "7 is not a policy: give a Policy, a preset's name"),
        (lambda: UNTYPED.invalid_commands(None, st.just(OFFICE)), "is not a policy: give a"),
        (lambda: UNTYPED.histories(7), "7 is not a policy"),
    ],
)
def test_a_value_of_another_kind_is_refused(make: Callable[[], Any], message: str) -> None:
    """A wrong argument of a strategy is refused with the right kind."""
    with pytest.raises(TypeError, match=message):
        find(make(), lambda _: True)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: UNTYPED.instants(first=2028, last=2024), "the years are 2028 to 2024"),
        (lambda: UNTYPED.instants(first=1), "give them in order, from 2 to 9998"),
        (lambda: UNTYPED.instants(last=9999), "2024 to 9999: give them"),
        (lambda: UNTYPED.spans(days=-1), "days is -1: it must be at least 0"),
        (lambda: UNTYPED.scenarios(OFFICE, max_commands=0), "max_commands is 0: .* at least 1"),
    ],
)
def test_numbers_that_leave_nothing_to_draw_are_refused(
    make: Callable[[], Any], message: str
) -> None:
    """A number that leaves nothing to draw is refused with the smallest allowed number."""
    with pytest.raises(ValueError, match=message):
        find(make(), lambda _: True)


def test_a_policy_may_be_named() -> None:
    """A policy may be given by the name of a preset in every function of the kit."""
    opening = find(strategies.commands(None, "office"), lambda _: True)
    history = find(strategies.histories("office"), lambda _: True)
    ticket, _ = decide_and_apply(None, opening, OFFICE)

    assert opening == find(strategies.commands(None, OFFICE), lambda _: True)
    assert "office" == fold(history).policy
    assert strategies.accepts_any_command(ticket, "office", opening.at)
    assert strategies.accepted_commands(ticket, "office", opening.at)
    assert () == violations(history, "office")
    assert explore(OFFICE).findings == explore("office").findings
