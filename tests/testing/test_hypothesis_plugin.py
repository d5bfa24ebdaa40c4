"""Hypothesis draws the library's types, and loads the strategies only for that."""

import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from ticketcore.calendar import BusinessCalendar, Span
from ticketcore.events import Money, Order
from ticketcore.policies import Policy
from ticketcore.testing import TicketStory


@given(st.data())
def test_hypothesis_draws_the_types(data: st.DataObject) -> None:
    """`st.from_type` draws each type without an import, once ticketcore is installed."""
    for drawn_type in (BusinessCalendar, Money, Order, Policy, Span, TicketStory):
        assert isinstance(data.draw(st.from_type(drawn_type)), drawn_type)


def test_the_library_does_not_import_hypothesis() -> None:
    """Neither `ticketcore` nor `ticketcore.testing` imports Hypothesis."""
    code = "import sys, ticketcore, ticketcore.testing; print('hypothesis' in sys.modules)"

    assert "False\n" == _output(code)


def test_hypothesis_does_not_load_the_strategies() -> None:
    """The start of Hypothesis does not import the strategies."""
    code = "import sys, hypothesis; print('ticketcore.testing.strategies' in sys.modules)"

    assert "False\n" == _output(code)


def _output(code: str) -> str:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
