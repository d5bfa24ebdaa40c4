"""From a policy to its state diagram: which states it tells apart, and the ways between them.

A type of ticket has two open states, by whose answer is awaited, where a rule asks for that, and
else one. Commands that administer (reschedule, change-policy) are left out.
"""

from collections.abc import Iterator

import attrs

from ticketcore.diagrams._builder import DiagramBuilder
from ticketcore.diagrams._model import Diagram
from ticketcore.diagrams._words import KnownFacts, what_happens, who_may, working_times
from ticketcore.events import PARTIES, Party
from ticketcore.policies import Permission, Policy, TimerDefinition

_SIDES = frozenset({"waiting_for", "handler", "status"})
_CLOSE = ("close", "withdraw", "mark-duplicate")
_ENDS = frozenset({"refund", "cancel", "close"})
_AMID = (
    "acknowledge", "assign", "share", "unshare", "refund", "confirm-refund",
    "fail-refund", "cancel", "request-review", "review",
)  # fmt: skip
_AFTER = ("share", "unshare", "confirm-refund", "fail-refund", "request-review", "review")


def build_diagram(policy: Policy) -> Diagram:
    """The state diagram of a policy: who, what and when, its timers included."""
    builder = DiagramBuilder()
    builder.state("start", "", "start", 0)
    several = len(policy.types) > 1
    builder.state("closed", "closed", "closed", 5, _in_closed(policy))
    if several and policy.parties("change-type"):
        builder.state("change", "the type is changed", "choice", 2)
    for name in policy.types or (None,):
        _add_type(builder, policy, name, name if several else None)
    _add_final(builder, policy)
    _add_disputes(builder, policy)
    amid = (line for do in _AMID for line in who_may(policy, do, KnownFacts()))
    title = f"{policy.title or policy.name}, {policy.version}"
    return builder.diagram(title, (*amid, *working_times(policy)))


def _add_type(
    builder: DiagramBuilder, policy: Policy, name: str | None, shown: str | None
) -> None:
    if _is_split(policy, name):
        _add_sides(builder, policy, name, shown)
    else:
        _add_one(builder, policy, name, shown)


def _is_split(policy: Policy, name: str | None) -> bool:
    facts = KnownFacts(type=name)
    rules: list[TimerDefinition | Permission] = [*policy.timers, *policy.permissions]
    asked = any(facts.fit(rule.when) and _SIDES & set(rule.when.facts) for rule in rules)
    turning = any(facts.fit(rule.when) and rule.since == "waiting-since" for rule in policy.timers)
    return asked or turning or _calls_support_in(policy)


def _calls_support_in(policy: Policy) -> bool:
    """Whether a ticket can go to another party than the one whose desk it is."""
    by_timer = any(rule.effect == "escalate" for rule in policy.timers)
    return policy.default_handler != "support" and (by_timer or bool(policy.parties("escalate")))


def _add_one(builder: DiagramBuilder, policy: Policy, name: str | None, shown: str | None) -> None:
    facts, state = KnownFacts(type=name), f"open {name}"
    inside = ["reply", "request-info", "escalate", "hand-back"]
    inside += [] if builder.has("change") else ["change-type"]
    lines = [line for do in inside for line in who_may(policy, do, facts)]
    builder.state(state, shown or "open", "open", 1, lines)
    builder.go("start", state, who_may(policy, "open", facts))
    _add_ways_out(builder, policy, state, facts)
    builder.go("closed", state, _reopening(policy, facts, PARTIES))
    if builder.has("change"):
        builder.go(state, "change", who_may(policy, "change-type", facts))
        builder.go("change", state)


def _add_sides(
    builder: DiagramBuilder, policy: Policy, name: str | None, shown: str | None
) -> None:
    default_handler, prefix = policy.default_handler, f"{shown}: " if shown else ""
    mine: tuple[Party, ...] = (default_handler,)
    rest = tuple(party for party in PARTIES if party != default_handler)
    ours = KnownFacts(
        type=name, waiting_for=default_handler, handler=default_handler, status="open"
    )
    theirs = KnownFacts(type=name, waiting_for="customer", status="pending")
    here, there = f"open {name}", f"waiting {name}"
    others = tuple(party for party in rest if party != "customer")
    builder.state(
        here,
        f"{prefix}open, {default_handler}'s turn",
        "open",
        1,
        who_may(policy, "reply", ours, others),
    )
    builder.state(there, f"{prefix}waiting for the customer", "waiting", 4)
    _add_openings(builder, policy, here, there, name)
    for do in ("reply",) if builder.has("change") else ("reply", "change-type"):
        builder.go(here, there, who_may(policy, do, ours, mine))
        builder.go(there, here, who_may(policy, do, theirs, ("customer",)))
    builder.go(here, there, who_may(policy, "request-info", ours))
    for state, facts in ((here, ours), (there, theirs)):
        _add_ways_out(builder, policy, state, facts)
        if builder.has("change"):
            builder.go(state, "change", who_may(policy, "change-type", facts))
    if builder.has("change"):
        builder.go("change", here, ("by the customer",))
        builder.go("change", there, (f"by the {default_handler}",))
    builder.go("closed", here, _reopening(policy, theirs, rest))
    builder.go("closed", there, _reopening(policy, theirs, mine))
    if default_handler == "support":
        builder.go(there, here, who_may(policy, "escalate", theirs))
    if _calls_support_in(policy):
        _add_support(builder, policy, name, prefix)


def _add_openings(
    builder: DiagramBuilder, policy: Policy, here: str, there: str, name: str | None
) -> None:
    """Who opens a ticket waits for the other side; support opens it on the customer's behalf."""
    facts = KnownFacts(type=name)
    answering = () if policy.default_handler == "support" else ("vendor",)
    asking = tuple(party for party in PARTIES if party not in answering)
    builder.go("start", here, who_may(policy, "open", facts, asking))
    builder.go("start", there, who_may(policy, "open", facts, answering))


def _add_support(builder: DiagramBuilder, policy: Policy, name: str | None, prefix: str) -> None:
    facts = KnownFacts(type=name, waiting_for="support", handler="support", status="pending")
    here, there, state = f"open {name}", f"waiting {name}", f"support {name}"
    builder.state(state, f"{prefix}waiting for support", "waiting", 3)
    asked = KnownFacts(type=name, handler=policy.default_handler)
    builder.go(here, state, who_may(policy, "escalate", asked))
    builder.go(state, here, who_may(policy, "hand-back", facts))
    builder.go(state, there, who_may(policy, "reply", facts, ("support",)))
    builder.go(state, there, who_may(policy, "request-info", facts))
    if builder.has("change"):
        builder.go(state, "change", who_may(policy, "change-type", facts))
        builder.go("change", state, ("once support was called in",))
    builder.go(
        there, state, who_may(policy, "escalate", attrs.evolve(asked, waiting_for="customer"))
    )
    called_in = KnownFacts(type=name, waiting_for="customer", handler="support", status="pending")
    once = ", once support was called in"
    builder.go(there, state, who_may(policy, "reply", called_in, ("customer",), once))
    builder.go(there, here, who_may(policy, "hand-back", called_in, PARTIES, once))
    asking = tuple(party for party in PARTIES if party != "support")
    builder.go("closed", state, _reopening(policy, called_in, asking, once))
    builder.go("closed", there, _reopening(policy, called_in, ("support",), once))
    _add_ways_out(builder, policy, state, facts)


def _add_ways_out(builder: DiagramBuilder, policy: Policy, state: str, facts: KnownFacts) -> None:
    """What timers bring about in a state, and who may close it."""
    support = f"{'open' if policy.default_handler == 'support' else 'support'} {facts.type}"
    earlier: set[str] = set()
    for rule in policy.timers:
        if rule.since in ("closed", "dispute-opened") or not facts.fit(rule.when):
            continue
        line = what_happens(rule, facts, otherwise=rule.name in earlier)
        earlier.add(rule.name)
        if rule.effect in _ENDS:
            builder.go(state, "closed", (line,))
        elif rule.effect == "escalate" and state != support:
            builder.go(state, support, (line,))
        else:
            builder.write(state, line)
    settling = tuple(party for party in PARTIES if party not in policy.closing.final_by)
    for do in _CLOSE:
        builder.go(state, "closed", who_may(policy, do, facts, settling))
    builder.go(state, "final", who_may(policy, "close", facts, policy.closing.final_by))


def _in_closed(policy: Policy) -> Iterator[str]:
    facts = KnownFacts(status="closed")
    for do in _AFTER:
        yield from who_may(policy, do, facts)
    yield from (what_happens(rule, facts) for rule in policy.timers if rule.since == "closed")
    if policy.closing.per_party:
        rule = f" ({policy.closing.rule})" if policy.closing.rule else ""
        yield f"each party closes for itself{rule}"


def _reopening(
    policy: Policy, facts: KnownFacts, parties: tuple[Party, ...], more: str = ""
) -> tuple[str, ...]:
    closed = KnownFacts(type=facts.type, status="closed")
    replies = tuple(party for party in policy.closing.reply_reopens if party in parties)
    return (
        *who_may(policy, "reopen", closed, parties, more),
        *who_may(policy, "reply", closed, replies, more),
    )


def _add_final(builder: DiagramBuilder, policy: Policy) -> None:
    final = policy.closing.final_by
    if final and policy.parties("close"):
        builder.state("final", "closed for good", "final", 6, ("nothing may follow but reading",))
        if policy.closing.per_party:
            builder.go(
                "closed", "final", who_may(policy, "close", KnownFacts(status="closed"), final)
            )


def _add_disputes(builder: DiagramBuilder, policy: Policy) -> None:
    """Each kind of dispute from its opening to its decision (A1, A2)."""
    if not policy.dispute_kinds:
        return
    facts = KnownFacts()
    decided = who_may(policy, "resolve-dispute", facts)
    builder.state("dispute", "", "start", 0)
    builder.state("answered", "dispute, answered", "dispute", 3)
    builder.state("decided", "dispute, decided", "closed", 5)
    for kind in policy.dispute_kinds:
        state = f"dispute {kind}"
        builder.state(state, kind, "dispute", 1)
        builder.go("dispute", state, who_may(policy, "open-dispute", facts))
        builder.go(state, "answered", who_may(policy, "answer-dispute", facts))
        builder.go(state, "decided", decided)
        for rule in policy.timers:
            if kind in rule.dispute_kinds:
                builder.go(state, "decided", (what_happens(rule, facts),))
        for other, ended in policy.dispute_kinds.items():
            if kind in ended.supersedes:
                rule_id = f" ({policy.dispute_rule})" if policy.dispute_rule else ""
                builder.go(state, "decided", (f"a {other} is opened{rule_id}",))
    builder.go("answered", "decided", decided)
