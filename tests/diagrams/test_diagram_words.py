"""The words for permissions in time, and for exceptions."""

from ticketcore.diagrams import build_diagram
from ticketcore.policies import parse_policy

POLICY = """
name = "desk"
effective = 2026-01-01
zone = "UTC"
default_type = "request"
[types.request]
[[permission]]
commands = "open"
by = "customer"
[[permission]]
commands = "escalate"
by = "customer"
from = "opened"
after = "3 days"
unless = { category = "orders" }
"""


def test_a_permission_says_from_when_and_where_not() -> None:
    """The line of a permission has its window and its exception after the parties."""
    lines = [
        line for edge in build_diagram(parse_policy(POLICY)).transitions for line in edge.lines
    ]

    assert any("from 3 days after the opening on" in line for line in lines)
    assert any("unless category orders" in line for line in lines)
