"""Make the state diagram of a policy.

A type of ticket has one open state, or two if a rule of the policy depends on whose answer is
awaited: one that waits for the default handler, and one that waits for the customer. If support
can be called in, a third state waits for support. Closed tickets, and disputes, have states of
their own. Commands that administer a ticket (reschedule, change-policy) are left out.
"""

from collections.abc import Iterator

import attrs

from ticketcore._internal.arguments import typed
from ticketcore._internal.limits import MAX_DRAWN_RULES
from ticketcore.diagrams._builder import DiagramBuilder
from ticketcore.diagrams._model import Diagram
from ticketcore.diagrams._words import (
    KnownFacts,
    describe_calendars,
    describe_commands,
    describe_permissions,
    describe_timer,
    in_brackets,
    span_tables,
)
from ticketcore.errors import DiagramError
from ticketcore.events import PARTIES, Party, with_article
from ticketcore.policies import Permission, Policy, TimerDefinition

_HANDLING_FACTS = frozenset({"waiting_for", "handler", "status"})
_CLOSING_COMMANDS = ("close", "withdraw", "mark-duplicate")
_CLOSING_EFFECTS = frozenset({"refund", "cancel", "close"})
_IN_ANY_OPEN_STATE = (
    "acknowledge", "assign", "share", "unshare", "refund", "confirm-refund",
    "fail-refund", "cancel", "request-review", "review", "classify", "split", "link",
    "correct-order", "add-shipment", "set-field", "tag", "untag", "add-note",
    "snooze", "unsnooze", "set-deadline",
)  # fmt: skip
_IN_CLOSED_STATE = (
    "share", "unshare", "confirm-refund", "fail-refund", "request-review", "review", "link",
    "correct-order", "add-shipment", "set-field", "tag", "untag", "add-note",
)  # fmt: skip
_AFTER_ESCALATION = "after support was called in"


@typed
def build_diagram(policy: Policy) -> Diagram:
    """Return the state diagram of a policy: who may do what, and what its timers do when.

    Raises DiagramError if the policy has more rules and types than a diagram can show.
    """
    permitted = sum(len(permission.commands) for permission in policy.permissions)
    if len(policy.types) * (len(policy.timers) + permitted) > MAX_DRAWN_RULES:
        raise DiagramError(
            f"{len(policy.timers):,} timers and {permitted:,} permitted commands for each of "
            f"{len(policy.types):,} types: a diagram shows at most {MAX_DRAWN_RULES:,} rules"
        )
    builder = DiagramBuilder()
    several_types = len(policy.types) > 1
    builder.add_state("start", "", "start", 0)
    builder.add_state("closed", "closed", "closed", 5, _closed_lines(policy))
    if several_types and policy.parties("change-type"):
        builder.add_state("change", "the type changes", "choice", 2)
    for type_name in policy.types or (None,):
        prefix = f"{type_name}: " if several_types else ""
        _TypeStates(builder, policy, type_name, prefix).add()
    _add_final(builder, policy)
    _add_disputes(builder, policy)
    retype = () if policy.retype_answers or several_types else ("change-type",)
    commands = describe_commands(policy, (*_IN_ANY_OPEN_STATE, *retype), KnownFacts())
    lines = (*commands, *describe_calendars(policy))
    title = f"{policy.title or policy.name}, {policy.version}"
    return builder.build(title, lines, span_tables(policy))


class _TypeStates:
    """The open states of one type of ticket, and the transitions from and to them."""

    def __init__(
        self, builder: DiagramBuilder, policy: Policy, type_name: str | None, prefix: str
    ) -> None:
        self._builder = builder
        self._policy = policy
        self._type = type_name
        self._prefix = prefix
        self._handler: Party = policy.default_handler
        self._open = f"open {type_name}"
        self._pending = f"pending {type_name}"
        self._support = f"support {type_name}"

    def add(self) -> None:
        """Add the states and transitions to the builder."""
        if self._depends_on_handling():
            self._add_two_states()
        else:
            self._add_one_state()

    def _depends_on_handling(self) -> bool:
        """Return whether a rule for this type depends on whose answer is awaited."""
        facts = KnownFacts(type=self._type)
        policy = self._policy
        rules: list[TimerDefinition | Permission] = [*policy.timers, *policy.permissions]
        in_condition = any(
            _HANDLING_FACTS & set(rule.when.facts) and facts.fit(rule.when) for rule in rules
        )
        in_timer = any(
            "waiting-since" in timer.anchors and facts.fit(timer.when) for timer in policy.timers
        )
        return in_condition or in_timer or self._can_escalate()

    def _can_escalate(self) -> bool:
        """Return whether a ticket can go from its default handler to support."""
        by_timer = any(timer.effect == "escalate" for timer in self._policy.timers)
        return self._handler != "support" and (by_timer or bool(self._policy.parties("escalate")))

    def _permissions(
        self, command: str, facts: KnownFacts, parties: tuple[Party, ...] = PARTIES, note: str = ""
    ) -> tuple[str, ...]:
        return describe_permissions(self._policy, command, facts, parties, note)

    def _add_one_state(self) -> None:
        facts, builder = KnownFacts(type=self._type), self._builder
        commands = ["reply", "request-info", "escalate", "hand-back"]
        commands += [] if builder.has_state("change") else ["change-type"]
        lines = [line for command in commands for line in self._permissions(command, facts)]
        title = self._type if self._prefix and self._type else "open"
        builder.add_state(self._open, title, "open", 1, lines)
        builder.connect("start", self._open, self._permissions("open", facts))
        self._add_endings(self._open, facts)
        builder.connect("closed", self._open, self._reopening(facts, PARTIES))
        if builder.has_state("change"):
            builder.connect(self._open, "change", self._permissions("change-type", facts))
            builder.connect_always("change", self._open)

    def _add_two_states(self) -> None:
        builder, handler = self._builder, self._handler
        handler_only: tuple[Party, ...] = (handler,)
        others = tuple(party for party in PARTIES if party != handler)
        open_facts = KnownFacts(
            type=self._type, waiting_for=handler, handler=handler, status="open"
        )
        pending_facts = KnownFacts(type=self._type, waiting_for="customer", status="pending")
        bystanders = tuple(party for party in others if party != "customer")
        builder.add_state(
            self._open,
            f"{self._prefix}open, waiting for {with_article(handler)}",
            "open",
            1,
            self._permissions("reply", open_facts, bystanders),
        )
        title = f"{self._prefix}pending, waiting for the customer"
        builder.add_state(self._pending, title, "pending", 4)
        self._add_openings()
        answers = ["reply"]
        if self._policy.retype_answers and not builder.has_state("change"):
            answers.append("change-type")
        for command in answers:
            by_handler = self._permissions(command, open_facts, handler_only)
            by_customer = self._permissions(command, pending_facts, ("customer",))
            builder.connect(self._open, self._pending, by_handler)
            builder.connect(self._pending, self._open, by_customer)
        builder.connect(self._open, self._pending, self._permissions("request-info", open_facts))
        for state, facts in ((self._open, open_facts), (self._pending, pending_facts)):
            self._add_endings(state, facts)
            self._add_type_change(state, facts)
        if builder.has_state("change") and self._policy.retype_answers:
            builder.connect("change", self._open, ("by the customer",))
            builder.connect("change", self._pending, (f"by {with_article(handler)}",))
        elif builder.has_state("change"):
            builder.connect("change", self._open, ("as before",))
            builder.connect("change", self._pending, ("as before",))
        builder.connect("closed", self._open, self._reopening(pending_facts, others))
        builder.connect("closed", self._pending, self._reopening(pending_facts, handler_only))
        if handler == "support":
            escalations = self._permissions("escalate", pending_facts)
            builder.connect(self._pending, self._open, escalations)
        if self._can_escalate():
            self._add_support_state()

    def _add_openings(self) -> None:
        """Connect the start: who opens the ticket decides which state is the first."""
        facts, first = KnownFacts(type=self._type), self._policy.first_awaited
        asking = tuple(party for party in PARTIES if first(party) == self._handler)
        answering = tuple(party for party in PARTIES if party not in asking)
        self._builder.connect("start", self._open, self._permissions("open", facts, asking))
        self._builder.connect("start", self._pending, self._permissions("open", facts, answering))

    def _add_support_state(self) -> None:
        builder, state = self._builder, self._support
        facts = KnownFacts(
            type=self._type, waiting_for="support", handler="support", status="pending"
        )
        builder.add_state(state, f"{self._prefix}pending, waiting for support", "pending", 3)
        before = KnownFacts(type=self._type, handler=self._handler)
        builder.connect(self._open, state, self._permissions("escalate", before))
        builder.connect(state, self._open, self._permissions("hand-back", facts))
        builder.connect(state, self._pending, self._permissions("reply", facts, ("support",)))
        builder.connect(state, self._pending, self._permissions("request-info", facts))
        self._add_type_change(state, facts)
        if builder.has_state("change"):
            builder.connect("change", state, (_AFTER_ESCALATION,))
        while_pending = attrs.evolve(before, waiting_for="customer")
        builder.connect(self._pending, state, self._permissions("escalate", while_pending))
        self._add_answers_to_support()
        self._add_endings(state, facts)

    def _add_answers_to_support(self) -> None:
        """Connect what leads back to support while it waits for the customer, or after closing."""
        builder, state = self._builder, self._support
        facts = KnownFacts(
            type=self._type, waiting_for="customer", handler="support", status="pending"
        )
        replies = self._permissions("reply", facts, ("customer",), _AFTER_ESCALATION)
        builder.connect(self._pending, state, replies)
        returns = self._permissions("hand-back", facts, PARTIES, _AFTER_ESCALATION)
        builder.connect(self._pending, self._open, returns)
        others = tuple(party for party in PARTIES if party != "support")
        reopenings = self._reopening(facts, others, _AFTER_ESCALATION)
        builder.connect("closed", state, reopenings)
        by_support = self._reopening(facts, ("support",), _AFTER_ESCALATION)
        builder.connect("closed", self._pending, by_support)

    def _add_type_change(self, state: str, facts: KnownFacts) -> None:
        if self._builder.has_state("change"):
            self._builder.connect(state, "change", self._permissions("change-type", facts))

    def _add_endings(self, state: str, facts: KnownFacts) -> None:
        """Add what timers do in a state, and who may close the ticket there."""
        builder, policy = self._builder, self._policy
        support = self._open if self._handler == "support" else self._support
        final_by = policy.closing.final_by
        names: set[str] = set()
        for timer in policy.timers:
            if timer.since in ("closed", "dispute-opened") or not facts.fit(timer.when):
                continue
            line = describe_timer(timer, facts, is_alternative=timer.name in names)
            names.add(timer.name)
            if timer.effect in _CLOSING_EFFECTS:
                builder.connect(state, "final" if "system" in final_by else "closed", (line,))
            elif timer.effect == "escalate" and state != support:
                builder.connect(state, support, (line,))
            else:
                builder.add_line(state, line)
        settling = tuple(party for party in PARTIES if party not in final_by)
        for command in _CLOSING_COMMANDS:
            builder.connect(state, "closed", self._permissions(command, facts, settling))
        builder.connect(state, "final", self._permissions("close", facts, final_by))

    def _reopening(
        self, facts: KnownFacts, parties: tuple[Party, ...], note: str = ""
    ) -> tuple[str, ...]:
        closed = KnownFacts(type=facts.type, status="closed")
        by_reply = self._policy.closing.reply_reopens
        replying = tuple(party for party in by_reply if party in parties)
        return (
            *self._permissions("reopen", closed, parties, note),
            *self._permissions("unmark-duplicate", closed, parties, note),
            *self._permissions("reply", closed, replying, note),
        )


def _closed_lines(policy: Policy) -> Iterator[str]:
    facts = KnownFacts(status="closed")
    yield from describe_commands(policy, _IN_CLOSED_STATE, facts)
    yield from (describe_timer(timer, facts) for timer in policy.timers if timer.since == "closed")
    if policy.closing.per_party:
        yield f"each party closes for itself{in_brackets(policy.closing.rule)}"


def _add_final(builder: DiagramBuilder, policy: Policy) -> None:
    final_by = policy.closing.final_by
    if final_by and ("system" in final_by or policy.parties("close")):
        builder.add_state("final", "closed for good", "final", 6, ("can only be read",))
        if policy.closing.per_party:
            facts = KnownFacts(status="closed")
            lines = describe_permissions(policy, "close", facts, final_by)
            builder.connect("closed", "final", lines)


def _add_disputes(builder: DiagramBuilder, policy: Policy) -> None:
    """Add each kind of dispute, from its opening to its resolution (A1, A2)."""
    if not policy.dispute_kinds:
        return
    facts = KnownFacts()
    resolutions = describe_permissions(policy, "resolve-dispute", facts)
    builder.add_state("dispute", "", "start", 0)
    builder.add_state("answered", "dispute answered", "dispute", 3)
    builder.add_state("resolved", "dispute resolved", "closed", 5)
    for kind in policy.dispute_kinds:
        state = f"dispute {kind}"
        builder.add_state(state, kind, "dispute", 1)
        builder.connect("dispute", state, describe_permissions(policy, "open-dispute", facts))
        answers = describe_permissions(policy, "answer-dispute", facts)
        builder.connect(state, "answered", answers)
        for line in describe_permissions(policy, "correct-dispute", facts):
            builder.add_line(state, line)
        builder.connect(state, "resolved", resolutions)
        for timer in policy.timers:
            if kind in timer.dispute_kinds:
                builder.connect(state, "resolved", (describe_timer(timer, facts),))
    for other, superseding in policy.dispute_kinds.items():
        line = f"a {other} is opened{in_brackets(policy.dispute_rule)}"
        for kind in superseding.supersedes:
            builder.connect(f"dispute {kind}", "resolved", (line,))
    builder.connect("answered", "resolved", resolutions)
