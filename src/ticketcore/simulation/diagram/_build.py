"""From a policy to its state diagram: which states it tells apart, and the ways between them.

A type of ticket has two open states, by whose answer is awaited, where a rule asks for that, and
else one. Commands that administer (reschedule, change-policy) are left out.
"""

from collections.abc import Iterator

import attrs

from ticketcore.events import PARTIES, Party
from ticketcore.policies import Permission, Policy, TimerDefinition
from ticketcore.simulation.diagram._disputes import add_disputes
from ticketcore.simulation.diagram._model import Diagram
from ticketcore.simulation.diagram._sketch import Sketch
from ticketcore.simulation.diagram._words import Facts, what_happens, who_may, working_times

_SIDES = frozenset({"waiting_for", "handler", "status"})
_CLOSE = ("close", "withdraw", "mark-duplicate")
_ENDS = frozenset({"refund", "cancel", "close"})
_AMID = (
    "acknowledge", "assign", "share", "unshare", "refund", "confirm-refund",
    "fail-refund", "cancel", "request-review", "review",
)  # fmt: skip
_AFTER = ("share", "unshare", "confirm-refund", "fail-refund", "request-review", "review")


def diagram(policy: Policy) -> Diagram:
    """The state diagram of a policy: who, what and when, its timers included."""
    sketch = Sketch()
    sketch.state("start", "", "start", 0)
    several = len(policy.types) > 1
    sketch.state("closed", "closed", "closed", 5, _in_closed(policy))
    if several and policy.parties("change-type"):
        sketch.state("change", "the type is changed", "choice", 2)
    for name in policy.types or (None,):
        _add_type(sketch, policy, name, name if several else None)
    _add_final(sketch, policy)
    add_disputes(sketch, policy)
    amid = (line for do in _AMID for line in who_may(policy, do, Facts()))
    title = f"{policy.title or policy.name}, {policy.version}"
    return sketch.diagram(title, (*amid, *working_times(policy)))


def _add_type(sketch: Sketch, policy: Policy, name: str | None, shown: str | None) -> None:
    if _is_split(policy, name):
        _add_sides(sketch, policy, name, shown)
    else:
        _add_one(sketch, policy, name, shown)


def _is_split(policy: Policy, name: str | None) -> bool:
    facts = Facts(type=name)
    rules: list[TimerDefinition | Permission] = [*policy.timers, *policy.permissions]
    asked = any(facts.fit(rule.when) and _SIDES & set(rule.when.facts) for rule in rules)
    turning = any(facts.fit(rule.when) and rule.since == "waiting-since" for rule in policy.timers)
    return asked or turning or _calls_support_in(policy)


def _calls_support_in(policy: Policy) -> bool:
    """Whether a ticket can go to another party than the one whose desk it is."""
    by_timer = any(rule.effect == "escalate" for rule in policy.timers)
    return policy.default_handler != "support" and (by_timer or bool(policy.parties("escalate")))


def _add_one(sketch: Sketch, policy: Policy, name: str | None, shown: str | None) -> None:
    facts, state = Facts(type=name), f"open {name}"
    inside = ["reply", "request-info", "escalate", "hand-back"]
    inside += [] if sketch.has("change") else ["change-type"]
    lines = [line for do in inside for line in who_may(policy, do, facts)]
    sketch.state(state, shown or "open", "open", 1, lines)
    sketch.go("start", state, who_may(policy, "open", facts))
    _add_ways_out(sketch, policy, state, facts)
    sketch.go("closed", state, _reopening(policy, facts, PARTIES))
    if sketch.has("change"):
        sketch.go(state, "change", who_may(policy, "change-type", facts))
        sketch.go("change", state)


def _add_sides(sketch: Sketch, policy: Policy, name: str | None, shown: str | None) -> None:
    default_handler, prefix = policy.default_handler, f"{shown}: " if shown else ""
    mine: tuple[Party, ...] = (default_handler,)
    rest = tuple(party for party in PARTIES if party != default_handler)
    ours = Facts(type=name, waiting_for=default_handler, handler=default_handler, status="open")
    theirs = Facts(type=name, waiting_for="customer", status="pending")
    here, there = f"open {name}", f"waiting {name}"
    others = tuple(party for party in rest if party != "customer")
    sketch.state(
        here,
        f"{prefix}open, {default_handler}'s turn",
        "open",
        1,
        who_may(policy, "reply", ours, others),
    )
    sketch.state(there, f"{prefix}waiting for the customer", "waiting", 4)
    _add_openings(sketch, policy, here, there, name)
    for do in ("reply",) if sketch.has("change") else ("reply", "change-type"):
        sketch.go(here, there, who_may(policy, do, ours, mine))
        sketch.go(there, here, who_may(policy, do, theirs, ("customer",)))
    sketch.go(here, there, who_may(policy, "request-info", ours))
    for state, facts in ((here, ours), (there, theirs)):
        _add_ways_out(sketch, policy, state, facts)
        if sketch.has("change"):
            sketch.go(state, "change", who_may(policy, "change-type", facts))
    if sketch.has("change"):
        sketch.go("change", here, ("by the customer",))
        sketch.go("change", there, (f"by the {default_handler}",))
    sketch.go("closed", here, _reopening(policy, theirs, rest))
    sketch.go("closed", there, _reopening(policy, theirs, mine))
    if default_handler == "support":
        sketch.go(there, here, who_may(policy, "escalate", theirs))
    if _calls_support_in(policy):
        _add_support(sketch, policy, name, prefix)


def _add_openings(sketch: Sketch, policy: Policy, here: str, there: str, name: str | None) -> None:
    """Who opens a ticket waits for the other side; support opens it on the customer's behalf."""
    facts = Facts(type=name)
    answering = () if policy.default_handler == "support" else ("vendor",)
    asking = tuple(party for party in PARTIES if party not in answering)
    sketch.go("start", here, who_may(policy, "open", facts, asking))
    sketch.go("start", there, who_may(policy, "open", facts, answering))


def _add_support(sketch: Sketch, policy: Policy, name: str | None, prefix: str) -> None:
    facts = Facts(type=name, waiting_for="support", handler="support", status="pending")
    here, there, state = f"open {name}", f"waiting {name}", f"support {name}"
    sketch.state(state, f"{prefix}waiting for support", "waiting", 3)
    asked = Facts(type=name, handler=policy.default_handler)
    sketch.go(here, state, who_may(policy, "escalate", asked))
    sketch.go(state, here, who_may(policy, "hand-back", facts))
    sketch.go(state, there, who_may(policy, "reply", facts, ("support",)))
    sketch.go(state, there, who_may(policy, "request-info", facts))
    if sketch.has("change"):
        sketch.go(state, "change", who_may(policy, "change-type", facts))
        sketch.go("change", state, ("once support was called in",))
    sketch.go(
        there, state, who_may(policy, "escalate", attrs.evolve(asked, waiting_for="customer"))
    )
    called_in = Facts(type=name, waiting_for="customer", handler="support", status="pending")
    once = ", once support was called in"
    sketch.go(there, state, who_may(policy, "reply", called_in, ("customer",), once))
    sketch.go(there, here, who_may(policy, "hand-back", called_in, PARTIES, once))
    asking = tuple(party for party in PARTIES if party != "support")
    sketch.go("closed", state, _reopening(policy, called_in, asking, once))
    sketch.go("closed", there, _reopening(policy, called_in, ("support",), once))
    _add_ways_out(sketch, policy, state, facts)


def _add_ways_out(sketch: Sketch, policy: Policy, state: str, facts: Facts) -> None:
    """What timers bring about in a state, and who may close it."""
    support = f"{'open' if policy.default_handler == 'support' else 'support'} {facts.type}"
    earlier: set[str] = set()
    for rule in policy.timers:
        if rule.since in ("closed", "dispute") or not facts.fit(rule.when):
            continue
        line = what_happens(rule, facts, otherwise=rule.name in earlier)
        earlier.add(rule.name)
        if rule.effect in _ENDS:
            sketch.go(state, "closed", (line,))
        elif rule.effect == "escalate" and state != support:
            sketch.go(state, support, (line,))
        else:
            sketch.write(state, line)
    settling = tuple(party for party in PARTIES if party not in policy.closing.final_by)
    for do in _CLOSE:
        sketch.go(state, "closed", who_may(policy, do, facts, settling))
    sketch.go(state, "final", who_may(policy, "close", facts, policy.closing.final_by))


def _in_closed(policy: Policy) -> Iterator[str]:
    facts = Facts(status="closed")
    for do in _AFTER:
        yield from who_may(policy, do, facts)
    yield from (what_happens(rule, facts) for rule in policy.timers if rule.since == "closed")
    if policy.closing.per_party:
        rule = f" ({policy.closing.rule})" if policy.closing.rule else ""
        yield f"each party closes for itself{rule}"


def _reopening(
    policy: Policy, facts: Facts, parties: tuple[Party, ...], more: str = ""
) -> tuple[str, ...]:
    closed = Facts(type=facts.type, status="closed")
    replies = tuple(party for party in policy.closing.reply_reopens if party in parties)
    return (
        *who_may(policy, "reopen", closed, parties, more),
        *who_may(policy, "reply", closed, replies, more),
    )


def _add_final(sketch: Sketch, policy: Policy) -> None:
    final = policy.closing.final_by
    if final and policy.parties("close"):
        sketch.state("final", "closed for good", "final", 6, ("nothing may follow but reading",))
        if policy.closing.per_party:
            sketch.go("closed", "final", who_may(policy, "close", Facts(status="closed"), final))
