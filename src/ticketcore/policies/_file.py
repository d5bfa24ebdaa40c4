"""The keys of a policy file's head."""

from collections.abc import Mapping
from datetime import date
from typing import get_args

import attrs

from ticketcore._internal.frozen import frozen, short_repr
from ticketcore._internal.limits import MAX_CALENDARS, MAX_TIMERS
from ticketcore._toml import (
    DATE,
    FLAG,
    NAME,
    TEXT,
    ByName,
    NamedTables,
    Several,
    Table,
    TableArray,
    choice,
    key,
)
from ticketcore.events import Party
from ticketcore.policies._kinds import PARTIES_MEANT, ZONE
from ticketcore.policies.conditions._fields import FieldDefinition, TagRules
from ticketcore.policies.tables._calendars import CalendarDefinition, Storefront
from ticketcore.policies.tables._guarantees import Guarantee
from ticketcore.policies.tables._levels import Role, TimerPause
from ticketcore.policies.tables._notifications import (
    Language,
    NotificationDefinition,
    NotificationSettings,
    Template,
)
from ticketcore.policies.tables._permissions import Permission
from ticketcore.policies.tables._sections import (
    Advice,
    Category,
    ClosingRules,
    DisputeKind,
    Escalation,
    OpeningRules,
    Profile,
    RefundRules,
    TicketType,
)
from ticketcore.policies.tables._timers import TimerDefinition


@frozen(kw_only=True)
class PolicyFile:
    """The values of a policy file. *extends* names the files that it extends, nearest first."""

    __repr__ = short_repr

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
            unset="the `name`",
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
            example='"service-desk"',
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
    languages: tuple[Language, ...] = attrs.field(
        default=get_args(Language),
        metadata=key(
            Several(choice(get_args(Language)), least=1),
            "The languages in which notifications are sent. The first is the language of the "
            "names in this file. Included templates must exist in all of them. If a name has a "
            "word in one of them, it needs a word in each other language except the first.",
            example='["en", "de"]',
            unset="all four: English, Italian, Hungarian, German",
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
    retype_answers: bool = attrs.field(
        default=True,
        metadata=key(
            FLAG,
            "`false`: a change of type is neither an answer nor activity, so it does not end a "
            "deadline for an answer.",
            example="false",
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
    reasons_rule: str | None = attrs.field(
        default=None,
        metadata=key(
            TEXT,
            "The rule ids shown when a reason is refused.",
            example='"K7"',
            unset="no id is shown",
        ),
    )
    storefronts_rule: str | None = attrs.field(
        default=None,
        metadata=key(
            TEXT,
            "The rule ids shown when a storefront is refused.",
            example='"K12"',
            unset="no id is shown",
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
            NamedTables(TicketType),
            "The types of tickets. An empty table declares a type.",
            example="{ question = {}, refund = { order = true } }",
            unset="needs `any_type = true`",
        ),
    )
    fields: Mapping[str, FieldDefinition] = attrs.field(
        factory=dict,
        metadata=key(
            NamedTables(FieldDefinition),
            "The fields that tickets have besides the built-in ones.",
            example='{ priority = { choices = ["normal", "high"], default = "normal" } }',
            unset="none",
        ),
    )
    tags: TagRules = attrs.field(
        default=TagRules(),
        metadata=key(
            Table(TagRules),
            "The tags that tickets may have.",
            example='{ values = ["vip", "outage"] }',
            unset="any tag",
        ),
    )
    roles: Mapping[str, Role] = attrs.field(
        factory=dict,
        metadata=key(
            NamedTables(Role),
            "Roles that notifications and levels name, such as a team's lead. The host knows "
            "their addresses.",
            example="{ lead = {} }",
            unset="none",
        ),
    )
    calendars: Mapping[str, CalendarDefinition] = attrs.field(
        factory=dict,
        metadata=key(
            NamedTables(CalendarDefinition, most=MAX_CALENDARS),
            "The calendars that timers count by.",
            example='{ weekdays = { hours = "mon-fri 00:00-24:00" } }',
            unset="none",
        ),
    )
    storefronts: Mapping[str, Storefront] = attrs.field(
        factory=dict,
        metadata=key(
            NamedTables(Storefront),
            "The sales channels. If there are any, every opening must name one of them.",
            example='{ at = { zone = "Europe/Vienna", country = "AT" } }',
            unset="none",
        ),
    )
    pauses: Mapping[str, TimerPause] = attrs.field(
        factory=dict,
        metadata=key(
            NamedTables(TimerPause),
            "The pauses, which stop the timers that name them.",
            example='{ customer-owes = { when = { waiting_for = "customer" } } }',
            unset="none",
        ),
    )
    timers: tuple[TimerDefinition, ...] = attrs.field(
        default=(),
        metadata=key(
            TableArray(Table(TimerDefinition), identity=("name",), most=MAX_TIMERS),
            "The timers: what happens if nobody acts in time.",
            example='[{ name = "late", from = "opened", after = "2 days", effect = "breach" }]',
            name="timer",
            unset="none",
        ),
    )
    permissions: tuple[Permission, ...] = attrs.field(
        default=(),
        metadata=key(
            TableArray(Table(Permission), identity=("commands",)),
            "The permissions. A command that none of them allows is refused.",
            example='[{ commands = ["open", "reply"], by = ["customer", "vendor"] }]',
            name="permission",
            unset="nothing is allowed",
        ),
    )
    opening: OpeningRules = attrs.field(
        default=OpeningRules(),
        metadata=key(
            Table(OpeningRules),
            "What an opening must have, and the answer to possible duplicates.",
            example='{ required = ["category"] }',
            unset="nothing",
        ),
    )
    categories: Mapping[str, Category] = attrs.field(
        factory=dict,
        metadata=key(
            NamedTables(Category),
            "The categories that an opening may name.",
            example='{ repairs = { team = "workshop" } }',
            unset="any category",
        ),
    )
    escalation: Escalation = attrs.field(
        default=Escalation(),
        metadata=key(
            Table(Escalation),
            "The reasons for which support may be called in.",
            example='{ reasons = ["payment"] }',
            unset="any reason",
        ),
    )
    refunds: RefundRules = attrs.field(
        default=RefundRules(),
        metadata=key(
            Table(RefundRules),
            "How much may be refunded on request, how often, and for which units.",
            example="{ partial = true }",
            unset="all of it, at once",
        ),
    )
    closing: ClosingRules = attrs.field(
        default=ClosingRules(),
        metadata=key(
            Table(ClosingRules),
            "Whether each party closes for itself, whose closing is final, and whose reply "
            "reopens.",
            example='{ final_by = "support" }',
            unset="one closing closes the ticket for all",
        ),
    )
    dispute_kinds: Mapping[str, DisputeKind] = attrs.field(
        factory=dict,
        metadata=key(
            NamedTables(DisputeKind),
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
            "When to refund an unhappy customer at once, and the facts to ask for.",
            example='{ refund_below = "15.00 EUR" }',
            unset="no advice",
        ),
    )
    profile: Profile = attrs.field(
        default=Profile(),
        metadata=key(
            Table(Profile),
            "The items that a vendor's profile must contain.",
            example='{ items = { contact = "an address that customers find" } }',
            unset="nothing",
        ),
    )
    guarantees: tuple[Guarantee, ...] = attrs.field(
        default=(),
        metadata=key(
            TableArray(Table(Guarantee), identity=("name",)),
            "Events that never happen to a ticket, or always happen in time. The exploration "
            "and each backtest check it.",
            example='[{ name = "final", never = { event = "reopened" } }]',
            name="guarantee",
            unset="nothing is guaranteed",
        ),
    )
    notifications: tuple[NotificationDefinition, ...] = attrs.field(
        default=(),
        metadata=key(
            TableArray(Table(NotificationDefinition), identity=("name",)),
            "The notifications: events and their recipients.",
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
            TableArray(Table(Template), identity=("name", "language")),
            "Prepared answers (K10), also for notifications to include.",
            example='[{ name = "on-its-way", language = "de", text = "Unterwegs: {shipment}." }]',
            name="template",
            unset="none",
        ),
    )
    words: Mapping[str, Mapping[str, str]] = attrs.field(
        factory=dict,
        metadata=key(
            ByName(ByName(TEXT, removable=True), removable=True),
            "For each language, how the names of this file read in it: those of types, reasons, "
            "storefronts, categories, teams, disputes, parties and statuses, and its `title`.",
            example='{ de = { question = "Frage" } }',
            unset="the names as they are",
        ),
    )
