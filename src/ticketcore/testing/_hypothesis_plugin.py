"""Tell Hypothesis how to draw the library's types. Hypothesis loads this by its entry point.

The strategies themselves are imported when one of the types is drawn for the first time.
"""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from ticketcore.calendar import BusinessCalendar, Span
from ticketcore.events import Money, Order
from ticketcore.policies import Policy
from ticketcore.testing._story import TicketStory

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_STRATEGY_NAMES: dict[type, str] = {
    BusinessCalendar: "calendars",
    Money: "money",
    Order: "orders",
    Policy: "policies",
    Span: "spans",
    TicketStory: "scenarios",
}


def register() -> None:
    """Register a strategy for each type, for `st.from_type` and `@given(...)` with `...`."""
    from hypothesis import strategies as st

    for drawn_type, name in _STRATEGY_NAMES.items():
        st.register_type_strategy(drawn_type, _on_first_use(name))


def _on_first_use(name: str) -> "Callable[[type], SearchStrategy[object]]":
    def strategy_for(_: type) -> "SearchStrategy[object]":
        strategy: SearchStrategy[object] = getattr(
            import_module("ticketcore.testing.strategies"), name
        )()
        return strategy

    return strategy_for
