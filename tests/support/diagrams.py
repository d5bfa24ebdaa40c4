"""Policies whose diagrams several test modules draw, and the text of a diagram."""

import pytest

from ticketcore.diagrams import Diagram
from ticketcore.policies import load_policy, parse_policy, presets

ELABORATE = """
name = "elaborate"
effective = 2026-01-01
default_handler = "vendor"
zone = "UTC"

[types.wish]
[types.complaint]

[calendars.shop]
zone = "UTC"
[calendars.shop.hours]
mon-fri = "09:00-17:00"
sat = "09:00-12:00"

[closing]
per_party = true
final_by = ["support"]
reply_reopens = ["customer", "vendor"]

[disputes.claim]
supersedes = []
[disputes.chargeback]
supersedes = ["claim"]

[[timer]]
name = "answer"
when = { type = "complaint", waiting_for = "vendor", answered = false, subcategory = ["a", "b"] }
from = "waiting-since"
after = "2 working hours"
calendar = "shop"
effect = "breach"

[[timer]]
name = "answer"
when = { type = "complaint", waiting_for = "vendor" }
from = "waiting-since"
after = "8 working hours"
calendar = "shop"
effect = "breach"

[[timer]]
name = "help"
when = { type = "complaint", waiting_for = "vendor", solved = true, has_grace_period = false }
from = "last-activity"
after = "3 days"
calendar = "shop"
roll = "forward"
effect = "escalate"

[[timer]]
name = "ask-again"
when = { type = "wish" }
from = "closed"
after = "30 days"
effect = "warn"

[[timer]]
name = "give-in"
when = { dispute_kind = "claim" }
from = "dispute-opened"
after = "7 days"
effect = "lose-dispute"

[[permission]]
commands = ["open", "reply", "close", "change-type", "request-info"]
by = ["customer", "vendor", "support"]

[[permission]]
commands = ["escalate", "hand-back"]
by = ["vendor", "support"]
channels = ["portal", "telephone"]

[[permission]]
commands = "reopen"
by = ["customer", "vendor"]
within = "14 days"
requires = "text"

[[permission]]
commands = ["open-dispute", "answer-dispute", "resolve-dispute"]
by = ["customer", "vendor"]

[[permission]]
commands = ["reschedule", "change-policy"]
by = "support"
"""
"""A policy with alternatives, channels, windows and rolled deadlines."""

POLICIES = {
    **{name: load_policy(name) for name in presets()},
    "elaborate": parse_policy(ELABORATE),
}
EACH_POLICY = pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)


def transitions(diagram: Diagram) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the lines of each transition, by the titles of its two states."""
    titles = {state.id: state.title for state in diagram.states}
    return {(titles[each.source], titles[each.target]): each.lines for each in diagram.transitions}


def all_lines(diagram: Diagram) -> list[str]:
    """Return every line of a diagram."""
    in_states = [line for state in diagram.states for line in state.lines]
    beside = [line for each in diagram.transitions for line in each.lines]
    return [*diagram.lines, *in_states, *beside]
