"""Tells Hypothesis how to draw the library's types. Loaded by it through its entry point.

The strategies themselves are loaded when one of the types is first drawn.
"""

from importlib import import_module
from typing import Any

from ticketcore.calendar import BusinessCalendar, Span
from ticketcore.events import Money, Order
from ticketcore.policies import Policy
from ticketcore.testing._story import Story

_STRATEGIES: dict[type, str] = {
    BusinessCalendar: "calendars",
    Money: "money",
    Order: "orders",
    Policy: "policies",
    Span: "spans",
    Story: "scenarios",
}


def register() -> None:
    """Register a strategy for each type, for `st.from_type` and `@given(...)` with `...`."""
    from hypothesis import strategies as st

    for kind, name in _STRATEGIES.items():
        st.register_type_strategy(kind, _later(name))


def _later(name: str) -> Any:
    def drawn(_: type) -> Any:
        return getattr(import_module("ticketcore.testing.strategies"), name)()

    return drawn
