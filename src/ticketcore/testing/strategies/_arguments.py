"""What strategies are given: other strategies and policies, and nothing else in their place."""

from collections.abc import Callable
from typing import TypeVar

from hypothesis import strategies as st

from ticketcore.policies import Policy

T = TypeVar("T")


def strategy(
    name: str, given: st.SearchStrategy[T] | None, default: Callable[[], st.SearchStrategy[T]]
) -> st.SearchStrategy[T]:
    """The strategy that was *given* as the argument *name*, or the *default*."""
    if given is None:
        return default()
    if not isinstance(given, st.SearchStrategy):
        raise TypeError(f"{name} is a strategy, not {given!r}: st.just(…) draws one value")
    return given


def check_policy(policy: Policy) -> None:
    """Refuse what is no policy, such as the name of one."""
    if not isinstance(policy, Policy):
        raise TypeError(f"{policy!r} is no Policy: load_policy(…) gives one")


def check_least(name: str, given: int, least: int) -> None:
    """Refuse a number that is too small."""
    if given < least:
        raise ValueError(f"{name} is {given}: give a number from {least}")
