"""How much work something is, counted: no clock, so that no busy machine can fail a test."""

import sys
from collections.abc import Callable
from types import FrameType


def calls_of(ask: Callable[[], object]) -> int:
    """Return how many functions are called, Python's and C's, until `ask` has its answer."""
    calls = 0

    def count(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        ask()
    finally:
        sys.setprofile(before)
    return calls
