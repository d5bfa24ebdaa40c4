"""Hypothesis draws the library's types, and no program pays for that unless it uses them."""

import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from ticketcore.calendar import BusinessCalendar, Span
from ticketcore.events import Money, Order
from ticketcore.policies import Policy
from ticketcore.testing import TicketStory

NEW = "import sys; before = {*sys.modules}; "
SHOW = "; print(sorted({*sys.modules} - before))"


@given(st.data())
def test_hypothesis_draws_the_types(data: st.DataObject) -> None:
    """`st.from_type` draws each type of the library without an import of its strategies."""
    for drawn_type in (BusinessCalendar, Money, Order, Policy, Span, TicketStory):
        assert isinstance(data.draw(st.from_type(drawn_type)), drawn_type)


def test_a_type_is_drawn_whichever_is_imported_first() -> None:
    """The plugin registers packages that are imported already, and those that will be."""
    draw = "; print(type(st.from_type(c.Reply).wrapped_strategy).__name__)"
    orders = ["import hypothesis, ticketcore.commands as c", "import ticketcore.commands as c"]
    for imports in orders:
        code = f"{imports}; import hypothesis.strategies as st{draw}"
        assert "MappedStrategy\n" == _output(code)


def test_the_library_does_not_import_hypothesis() -> None:
    """Neither `ticketcore` nor `ticketcore.testing` imports Hypothesis."""
    code = "import sys, ticketcore, ticketcore.testing; print('hypothesis' in sys.modules)"

    assert "False\n" == _output(code)


def test_a_start_of_hypothesis_loads_the_plugin_alone() -> None:
    """The plugin needs only modules that Hypothesis has loaded, so it takes a millisecond."""
    plugins = ["ticketcore_plugins", "ticketcore_plugins._hypothesis"]
    forget = "; ".join(f"del sys.modules['{name}']" for name in reversed(plugins))
    code = f"import sys, hypothesis; {forget}; {NEW}import ticketcore_plugins._hypothesis"

    assert plugins == [m for m in _modules(f"{NEW}import hypothesis") if m.startswith("ticket")]
    assert plugins == _modules(code)


def test_the_plugin_of_pytest_loads_nothing_else() -> None:
    """The plugin of pytest imports no further module."""
    code = f"import pytest; {NEW}import ticketcore_plugins._pytest"

    assert ["ticketcore_plugins", "ticketcore_plugins._pytest"] == _modules(code)


def _modules(code: str) -> list[str]:
    """Return the modules that are new after *code*."""
    names: list[str] = eval(_output(code + SHOW))
    return names


def _output(code: str) -> str:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
