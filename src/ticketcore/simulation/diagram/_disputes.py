"""The disputes of a ticket, which have states of their own beside the ticket's."""

from ticketcore.policies import Policy
from ticketcore.simulation.diagram._sketch import Sketch
from ticketcore.simulation.diagram._words import Facts, what_happens, who_may


def add_disputes(sketch: Sketch, policy: Policy) -> None:
    """Each kind of dispute from its opening to its decision (A1, A2)."""
    if not policy.dispute_kinds:
        return
    facts = Facts()
    decided = who_may(policy, "resolve-dispute", facts)
    sketch.state("dispute", "", "start", 0)
    sketch.state("answered", "dispute, answered", "dispute", 3)
    sketch.state("decided", "dispute, decided", "closed", 5)
    for kind in policy.dispute_kinds:
        state = f"dispute {kind}"
        sketch.state(state, kind, "dispute", 1)
        sketch.go("dispute", state, who_may(policy, "open-dispute", facts))
        sketch.go(state, "answered", who_may(policy, "answer-dispute", facts))
        sketch.go(state, "decided", decided)
        for rule in policy.timers:
            if kind in rule.dispute_kinds:
                sketch.go(state, "decided", (what_happens(rule, facts),))
        for other, ended in policy.dispute_kinds.items():
            if kind in ended.supersedes:
                rule_id = f" ({policy.dispute_rule})" if policy.dispute_rule else ""
                sketch.go(state, "decided", (f"a {other} is opened{rule_id}",))
    sketch.go("answered", "decided", decided)
