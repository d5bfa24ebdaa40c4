"""What a policy says. One of these is built from one file, checked, and never changes."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, Literal, TypeAlias

import attrs

from ticketcore.calendar import Boundary, BusinessCalendar, Roll, Span
from ticketcore.events import PARTIES, Money, Party
from ticketcore.policies._calendars import CalendarDefinition, Storefront
from ticketcore.policies._conditions import Condition, conditions_of
from ticketcore.policies._notifications import NotificationSettings, Template
from ticketcore.ticket import Ticket

Effect: TypeAlias = Literal[
    "warn", "breach", "acknowledge", "refund", "cancel", "close", "escalate", "lose-dispute"
]
Anchor: TypeAlias = Literal[
    "opened", "type-set", "waiting-since", "last-activity", "closed", "dispute-opened"
]
Requirement: TypeAlias = Literal["consent", "text", "reason"]
Evidence: TypeAlias = Literal["order", "shipment", "reason", "text"]
"""The facts that a recommendation may ask for (A3)."""

# An answer at the due instant is in time, so these come into force after it.
ANSWER_EFFECTS: frozenset[Effect] = frozenset({"breach", "lose-dispute"})

# So many constellations of facts are remembered with the timers that they bring. Where a fact can
# be any text they have no end, so then it begins anew.
_KEPT = 1024


@attrs.frozen(kw_only=True)
class TimerDefinition:
    """One timer: when it runs, from which instant, for how long, and what it brings about.

    Of several with one *name*, the first that applies counts. *rule* holds the rule ids. Since
    "activity" means that of any party, or of those in *activity_by*. Each span of *then* is counted from
    where the one before it ends. It *fires* "at" its due instant, or "after" it, where an answer
    at that instant is in time. With *notice_deadline*, a deadline that the notice of a dispute
    carries counts instead of the spans.
    """

    name: str
    rule: str | None
    when: Condition
    since: Anchor
    activity_by: tuple[Party, ...] = ()
    after: Span
    then: tuple[Span, ...] = ()
    calendar: str | None = None
    boundary: Boundary = "close"
    roll: Roll | None = None
    effect: Effect
    fires: Literal["at", "after"] = "at"
    dispute_kinds: frozenset[str] = frozenset()
    notice_deadline: bool = True
    elapsed: timedelta | None = None


@attrs.frozen(kw_only=True)
class Permission:
    """Who may do what, when, with what it needs; for reopening *within* which span."""

    commands: tuple[str, ...]
    by: tuple[Party, ...]
    when: Condition
    requires: tuple[Requirement, ...] = ()
    channels: tuple[str, ...] = ()
    within: Span | None = None
    rule: str | None = None


@attrs.frozen(kw_only=True)
class TicketType:
    """A kind of ticket, and what asking for it takes.

    *windows*: for each party, how long after the sale or invoice it may be asked for; the end of
    a window is "inclusive" (its last instant counts), "exclusive" (it does not), or the "end-of-day".
    It is checked "on-request", or "when-due": when the timer that carries it out is due.
    """

    name: str
    rule: str | None = None
    order: bool = False
    billing: tuple[str, ...] = ()
    billing_rule: str | None = None
    windows: Mapping[Party, Span] = attrs.field(factory=dict)
    window_bound: Literal["inclusive", "exclusive", "end-of-day"] = "inclusive"
    window_checked: Literal["on-request", "when-due"] = "on-request"
    window_rule: str | None = None


@attrs.frozen(kw_only=True)
class Category:
    """A category of tickets, its sub-categories, and the team that it is given to."""

    name: str
    subcategories: tuple[str, ...] = ()
    team: str | None = None
    rule: str | None = None


@attrs.frozen(kw_only=True)
class RefundRules:
    """How much may be refunded on request, and how often.

    The cap is what was captured plus the smaller of *over_refund_percent* of it and the amount for
    its currency in *over_refund_max*; no surplus for another currency (A4).
    """

    rule: str | None = None
    partial: bool = False
    max_refunds: int | None = None
    over_refund_percent: int = 0
    over_refund_max: Mapping[str, Money] = attrs.field(factory=dict)
    requires_confirmation: bool = False

    def cap(self, captured: Money) -> int:
        """The most that may be refunded in total, in minor units."""
        most = self.over_refund_max.get(captured.currency)
        surplus = 0 if most is None else most.minor
        return captured.minor + min(captured.minor * self.over_refund_percent // 100, surplus)


@attrs.frozen(kw_only=True)
class ClosingRules:
    """Whether each party closes for itself, whose closing is final, and whose reply reopens."""

    rule: str | None = None
    per_party: bool = False
    final_by: tuple[Party, ...] = ()
    reply_reopens: tuple[Party, ...] = ()


@attrs.frozen(kw_only=True)
class Advice:
    """When an unhappy customer is simply refunded, and when more is asked for (A3)."""

    rule: str | None = None
    refund_below: Mapping[str, Money] = attrs.field(factory=dict)
    ask_when_missing: tuple[Evidence, ...] = ()


@attrs.frozen(kw_only=True, eq=False)
class Policy:
    """The rules of one ticket system in one version, from *effective* on.

    Made by :func:`ticketcore.policies.load_policy`. *version* is the effective date as text; a
    ticket records name and version when it is opened, and keeps them.
    """

    name: str
    effective: date
    title: str = ""
    extends: tuple[str, ...] = ()
    default_handler: Party = "vendor"
    zone: str | None = None
    any_type: bool = False
    default_type: str | None = None
    types: Mapping[str, TicketType] = attrs.field(factory=dict)
    calendars: Mapping[str, CalendarDefinition] = attrs.field(factory=dict)
    storefronts: Mapping[str, Storefront] = attrs.field(factory=dict)
    timers: tuple[TimerDefinition, ...] = ()
    permissions: tuple[Permission, ...] = ()
    required: tuple[str, ...] = ()
    required_rule: str | None = None
    duplicates: Literal["report", "refuse"] = "report"
    duplicates_rule: str | None = None
    reasons: tuple[str, ...] = ()
    categories: Mapping[str, Category] = attrs.field(factory=dict)
    escalation_reasons: tuple[str, ...] = ()
    escalation_rule: str | None = None
    refunds: RefundRules = RefundRules()
    closing: ClosingRules = ClosingRules()
    dispute_kinds: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    dispute_rule: str | None = None
    advice: Advice = Advice()
    profile: Mapping[str, str] = attrs.field(factory=dict)
    profile_rule: str | None = None
    notifications: NotificationSettings = attrs.field(factory=NotificationSettings)
    templates: tuple[Template, ...] = ()
    words: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict)

    # Worked out once from the above, and kept.
    version: str = attrs.field(init=False)
    _named: Mapping[str, tuple[TimerDefinition, ...]] = attrs.field(init=False, repr=False)
    _asked: Callable[[Ticket], Any] = attrs.field(init=False, repr=False)
    _timers: dict[tuple[Any, bool], tuple[TimerDefinition, ...]] = attrs.field(
        factory=dict, init=False, repr=False
    )
    _calendars: dict[tuple[str | None, str, str | None], BusinessCalendar] = attrs.field(
        factory=dict, init=False, repr=False
    )
    _allowed: Mapping[tuple[str, Party], tuple[Permission, ...]] = attrs.field(
        init=False, repr=False
    )
    _parties: Mapping[str, tuple[Party, ...]] = attrs.field(init=False, repr=False)

    @_allowed.default
    def _index_permissions(self) -> Mapping[tuple[str, Party], tuple[Permission, ...]]:
        index: dict[tuple[str, Party], tuple[Permission, ...]] = {}
        for allow in self.permissions:
            for do in allow.commands:
                for by in allow.by:
                    index[do, by] = (*index.get((do, by), ()), allow)
        return index

    @_parties.default
    def _index_parties(self) -> Mapping[str, tuple[Party, ...]]:
        given = {do for do, _ in self._allowed}
        return {do: tuple(by for by in PARTIES if (do, by) in self._allowed) for do in given}

    @version.default
    def _effective_as_text(self) -> str:
        return self.effective.isoformat()

    @_named.default
    def _index_timers(self) -> Mapping[str, tuple[TimerDefinition, ...]]:
        index: dict[str, tuple[TimerDefinition, ...]] = {}
        for rule in self.timers:
            index[rule.name] = (*index.get(rule.name, ()), rule)
        return index

    @_asked.default
    def _compile_asked(self) -> Callable[[Ticket], Any]:
        return conditions_of(fact for rule in self.timers for fact in rule.when.facts)

    def allows(self, do: str, by: Party) -> tuple[Permission, ...]:
        """The permissions of one party for one command, in the order of the file."""
        return self._allowed.get((do, by), ())

    def parties(self, do: str) -> tuple[Party, ...]:
        """Who may ever give a command."""
        return self._parties.get(do, ())

    def timer_definitions(self, ticket: Ticket) -> tuple[TimerDefinition, ...]:
        """The timers that apply to a ticket as it is now, each name once, in the file's order."""
        key = self._asked(ticket), ticket.closed_at is None
        rules = self._timers.get(key)
        if rules is None:
            if len(self._timers) >= _KEPT:
                self._timers.clear()
            rules = self._timers[key] = self._find_timer_definitions(ticket)
        return rules

    def _find_timer_definitions(self, ticket: Ticket) -> tuple[TimerDefinition, ...]:
        found: dict[str, TimerDefinition] = {}  # of several with one name the first counts
        is_open = ticket.closed_at is None
        for rule in self.timers:
            runs = rule.since == "dispute-opened" or (rule.since == "closed") != is_open
            if runs and rule.when.holds(ticket):
                found.setdefault(rule.name, rule)
        return tuple(found.values())

    def timer(self, name: str, ticket: Ticket) -> TimerDefinition | None:
        """The rule behind a timer's name: the first that applies now, or any of that name."""
        named = self._named.get(name, ())
        if len(named) > 1:
            return next((rule for rule in named if rule.when.holds(ticket)), named[0])
        return named[0] if named else None

    def carries_out(self, kind: str) -> frozenset[Effect]:
        """Which of refund and cancel timers bring about on tickets of a type by themselves."""
        return frozenset(
            rule.effect
            for rule in self.timers
            if rule.effect in ("refund", "cancel") and rule.when.allows("type", (kind,))
        )

    def storefront(self, name: str | None) -> Storefront | None:
        """The storefront of that name; None for one that is not known, or none that was named."""
        return None if name is None else self.storefronts.get(name)

    def category(self, name: str | None) -> Category | None:
        """The category of that name; None for one that is not known, or none that was named."""
        return None if name is None else self.categories.get(name)

    def calendar(self, name: str | None, ticket: Ticket) -> BusinessCalendar:
        """A calendar of the file in this ticket's zone; None is open round the clock."""
        zone, place = ticket.opened.zone, ticket.opened.storefront
        if place not in self.storefronts:  # any text, of which there is no end
            place = None
        calendar = self._calendars.get((name, zone, place))
        if calendar is None:
            rule = CalendarDefinition(name="") if name is None else self.calendars[name]
            calendar = rule.build(zone, self.storefront(place))
            self._calendars[name, zone, place] = calendar
        return calendar
