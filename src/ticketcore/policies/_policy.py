"""A policy: the rules of one ticket system in one version. It is checked and never changes."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import attrs

from ticketcore._toml import (
    DATE,
    FLAG,
    NAME,
    TEXT,
    ByName,
    Named,
    Several,
    Table,
    Tables,
    choice,
    key,
)
from ticketcore.calendar import BusinessCalendar
from ticketcore.events import PARTIES, Party
from ticketcore.policies._calendars import CalendarDefinition, Storefront
from ticketcore.policies._conditions import conditions_of
from ticketcore.policies._kinds import PARTIES_MEANT, ZONE
from ticketcore.policies._notifications import (
    NotificationDefinition,
    NotificationSettings,
    Template,
)
from ticketcore.policies._sections import (
    Advice,
    Category,
    ClosingRules,
    DisputeKind,
    Escalation,
    Opening,
    Permission,
    Profile,
    RefundRules,
    TicketType,
)
from ticketcore.policies._timers import Effect, TimerDefinition
from ticketcore.ticket import Ticket

# This many combinations of facts are remembered with the timers that apply to them. A fact that
# can be any text has no end of values: then the memory is emptied and filled anew.
_REMEMBERED = 1024


@attrs.frozen(kw_only=True, eq=False)
class Policy:
    """The rules of one ticket system in one version, in force from *effective* on.

    Made by :func:`ticketcore.policies.load_policy`. *extends* names the files that it extends,
    the nearest first. *version* is the effective date as text; a ticket records name and version
    when it is opened, and keeps them.
    """

    name: str = attrs.field(
        metadata=key(
            NAME,
            "The name of the policy. Each ticket records it when it is opened.",
            example='"bicycle-shop"',
        )
    )
    title: str = attrs.field(
        default="",
        metadata=key(
            TEXT,
            "The name shown to people.",
            example='"Tickets of a bicycle shop"',
            unset="empty",
        ),
    )
    effective: date = attrs.field(
        metadata=key(
            DATE,
            "The first day of this version, as a local date. It is also the version's name. If "
            "several versions are loaded, a ticket keeps the one in force on the day it was "
            "opened. A file loaded alone applies to every date.",
            example="2026-01-01",
        )
    )
    extends: tuple[str, ...] = attrs.field(
        default=(),
        metadata=key(
            NAME,
            "The preset, or the file in the same folder, that this file changes.",
            example='"clickbank"',
            unset="a file of its own",
        ),
    )
    rules: tuple[str, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(NAME),
            "Ids of your written rules that the file must mention. The check reports each id that "
            "is missing, so a lost line does not go unnoticed.",
            example='["C1", "C2"]',
            unset="nothing is checked",
        ),
    )
    default_handler: Party = attrs.field(
        default="vendor",
        metadata=key(
            choice(("vendor", "support"), PARTIES_MEANT),
            'The party that answers the customer: `"vendor"` or `"support"`.',
            example='"support"',
        ),
    )
    zone: str | None = attrs.field(
        default=None,
        metadata=key(
            ZONE,
            "The time zone of a ticket that names neither a zone nor a storefront, as an IANA "
            "name.",
            example='"Europe/Vienna"',
            unset="the opening must name one",
        ),
    )
    default_type: str | None = attrs.field(
        default=None,
        metadata=key(
            TEXT,
            "The type of a ticket that is opened without a type.",
            example='"question"',
            unset="the opening must name one",
        ),
    )
    any_type: bool = attrs.field(
        default=False,
        metadata=key(
            FLAG,
            "`true`: accept any word as a type. `[types]` may then be left out.",
            example="true",
        ),
    )
    reasons: tuple[str, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(NAME),
            "The reasons that an opening may give.",
            example='["late", "broken"]',
            unset="any reason",
        ),
    )
    dispute_rule: str | None = attrs.field(
        default=None,
        metadata=key(
            TEXT,
            "The rule ids shown when a command is refused because of a dispute.",
            example='"A2"',
            unset="no id is shown",
        ),
    )
    types: Mapping[str, TicketType] = attrs.field(
        factory=dict,
        metadata=key(
            Named(TicketType),
            "The types of tickets. An empty table declares a type.",
            example="{ question = {}, refund = { order = true } }",
            unset="needs `any_type = true`",
        ),
    )
    calendars: Mapping[str, CalendarDefinition] = attrs.field(
        factory=dict,
        metadata=key(
            Named(CalendarDefinition),
            "The calendars that timers count by.",
            example='{ weekdays = { hours = "mon-fri 00:00-24:00" } }',
            unset="none",
        ),
    )
    storefronts: Mapping[str, Storefront] = attrs.field(
        factory=dict,
        metadata=key(
            Named(Storefront),
            "The sales channels. If there are any, every opening must name one of them.",
            example='{ at = { zone = "Europe/Vienna", country = "AT" } }',
            unset="none",
        ),
    )
    timers: tuple[TimerDefinition, ...] = attrs.field(
        default=(),
        metadata=key(
            Tables(Table(TimerDefinition), identity=("name",)),
            "The timers: what happens if nobody acts in time.",
            example='[{ name = "late", from = "opened", after = "2 days", effect = "breach" }]',
            name="timer",
            unset="none",
        ),
    )
    permissions: tuple[Permission, ...] = attrs.field(
        default=(),
        metadata=key(
            Tables(Table(Permission), identity=("commands",)),
            "The permissions. A command that none of them allows is refused.",
            example='[{ commands = ["open", "reply"], by = ["customer", "vendor"] }]',
            name="permission",
            unset="nothing is allowed",
        ),
    )
    opening: Opening = attrs.field(
        default=Opening(),
        metadata=key(
            Table(Opening),
            "What an opening must contain.",
            example='{ required = ["category"] }',
            unset="nothing",
        ),
    )
    categories: Mapping[str, Category] = attrs.field(
        factory=dict,
        metadata=key(
            Named(Category),
            "The categories that an opening may name.",
            example='{ repairs = { team = "workshop" } }',
            unset="any category",
        ),
    )
    escalation: Escalation = attrs.field(
        default=Escalation(),
        metadata=key(
            Table(Escalation),
            "For what support may be called in.",
            example='{ reasons = ["payment"] }',
            unset="any reason",
        ),
    )
    refunds: RefundRules = attrs.field(
        default=RefundRules(),
        metadata=key(
            Table(RefundRules),
            "How much may be refunded on request, and how often.",
            example="{ partial = true }",
            unset="all of it, at once",
        ),
    )
    closing: ClosingRules = attrs.field(
        default=ClosingRules(),
        metadata=key(
            Table(ClosingRules),
            "Who closes, and whose closing is final.",
            example='{ final_by = "support" }',
            unset="one closing closes the ticket for all",
        ),
    )
    dispute_kinds: Mapping[str, DisputeKind] = attrs.field(
        factory=dict,
        metadata=key(
            Named(DisputeKind),
            "The kinds of disputes.",
            example='{ claim = {}, chargeback = { supersedes = "claim" } }',
            name="disputes",
            unset="none",
        ),
    )
    advice: Advice = attrs.field(
        default=Advice(),
        metadata=key(
            Table(Advice),
            "When to simply refund an unhappy customer.",
            example='{ refund_below = "15.00 EUR" }',
            unset="no advice",
        ),
    )
    profile: Profile = attrs.field(
        default=Profile(),
        metadata=key(
            Table(Profile),
            "What a vendor's profile must contain.",
            example='{ items = { contact = "an address that customers find" } }',
            unset="nothing",
        ),
    )
    notifications: tuple[NotificationDefinition, ...] = attrs.field(
        default=(),
        metadata=key(
            Tables(Table(NotificationDefinition), identity=("name",)),
            "The notifications: which events are sent to whom.",
            example='[{ name = "answer", on = "replied", to = "customer" }]',
            name="notification",
            unset="nobody is notified",
        ),
    )
    notification_settings: NotificationSettings = attrs.field(
        default=NotificationSettings(),
        metadata=key(
            Table(NotificationSettings),
            "The addresses to which notifications are sent.",
            example='{ addresses = { vendor = ["support", "account"] } }',
            name="notifications",
            unset="each recipient's account",
        ),
    )
    templates: tuple[Template, ...] = attrs.field(
        default=(),
        metadata=key(
            Tables(Table(Template), identity=("name", "language")),
            "Prepared answers (K10), also for notifications to include.",
            example='[{ name = "on-its-way", language = "de", text = "Unterwegs: {shipment}." }]',
            name="template",
            unset="none",
        ),
    )
    words: Mapping[str, Mapping[str, str]] = attrs.field(
        factory=dict,
        metadata=key(
            ByName(ByName(TEXT)),
            "For each language, how the names of this file read in it.",
            example='{ de = { question = "Frage" } }',
            unset="the names as they are",
        ),
    )

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
        asked = self._asked(ticket), ticket.closed_at is None
        rules = self._timers.get(asked)
        if rules is None:
            if len(self._timers) >= _REMEMBERED:
                self._timers.clear()
            rules = self._timers[asked] = self._find_timer_definitions(ticket)
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
