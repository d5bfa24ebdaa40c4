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

    assert any("from 3 days after the opening" in line for line in lines)
    assert any("unless category orders" in line for line in lines)


def test_a_timer_says_what_it_adds_out_of_hours() -> None:
    """A timer names the spans that it adds out of hours, and the hours are listed."""
    policy = parse_policy(
        POLICY
        + '[calendars.shop]\nhours = "mon-fri 09:00-17:00"\n'
        + '[[timer]]\nname = "answer"\nfrom = "opened"\nafter = "4 hours"\n'
        + 'out_of_hours = ["2 hours", "1 day"]\ncalendar = "shop"\neffect = "breach"\n'
    )
    diagram = build_diagram(policy)
    lines = [line for state in diagram.states for line in state.lines]

    assert any("out of hours another 2 hours and 1 day" in line for line in lines)
    assert any("shop: mon-fri 09:00-17:00" in line for line in diagram.lines)


def test_the_start_leads_to_pending_where_a_new_ticket_waits_for_somebody_else() -> None:
    """An opening leads to `pending` if the policy says that it waits for another party."""
    policy = parse_policy(
        POLICY.replace('by = "customer"', 'by = ["customer", "support"]', 1)
        + '[opening]\nwaiting_for = { support = "customer" }\n'
        + '[[timer]]\nname = "wait"\nwhen = { waiting_for = "vendor" }\nfrom = "opened"\n'
        + 'after = "1 day"\neffect = "warn"\n'
    )
    diagram = build_diagram(policy)
    titles = {state.id: state.title for state in diagram.states}
    starts = {
        titles[edge.target]: edge.lines for edge in diagram.transitions if not titles[edge.source]
    }

    assert {
        "open, waiting for the vendor": ("open: customer",),
        "pending, waiting for the customer": ("open: support",),
    } == starts


def test_a_timer_names_all_its_anchors() -> None:
    """A timer names each of its anchors, and a wait as one of several makes two states."""
    policy = parse_policy(
        POLICY
        + '[[timer]]\nname = "update"\nfrom = ["opened", "waiting-since"]\n'
        + 'after = "1 day"\neffect = "warn"\n'
    )
    states = build_diagram(policy).states

    assert "pending, waiting for the customer" in [state.title for state in states]
    assert any(
        "1 day after the opening or after the ticket began to wait: warn" in line
        for state in states
        for line in state.lines
    )
