"""Checks of the arguments of strategies."""

from collections.abc import Callable
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


def strategy_or_default(
    name: str, argument: st.SearchStrategy[T] | None, default: Callable[[], st.SearchStrategy[T]]
) -> st.SearchStrategy[T]:
    """Return the strategy passed as the argument *name*, or the default.

    Raises TypeError for a value that is not a strategy.
    """
    if argument is None:
        return default()
    if not isinstance(argument, st.SearchStrategy):
        raise TypeError(f"{name} must be a strategy, not {argument!r}: st.just(…) draws one value")
    return argument


def check_at_least(name: str, argument: int, minimum: int) -> None:
    """Raise ValueError for a number below *minimum*."""
    if argument < minimum:
        raise ValueError(f"{name} is {argument}: it must be at least {minimum}")
