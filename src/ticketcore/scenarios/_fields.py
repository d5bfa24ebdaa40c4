"""The keys of a scenario that are fields of commands, events and orders, made from their types."""

from collections.abc import Mapping
from datetime import datetime
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin

import attrs

from ticketcore._toml import (
    FLAG,
    TEXT,
    ByName,
    Key,
    Kind,
    Node,
    PartialMapping,
    Reading,
    Several,
    Table,
    TableArray,
    choice,
    described,
    integer,
    parsed,
    read_keys,
)
from ticketcore.events import Money, field_text
from ticketcore.policies import FIELD_CONTENT, PARTIES_MEANT
from ticketcore.scenarios._instants import InstantKind

MONEY: Final = parsed(Money.parse, example="49.00 USD")

_ABOUT: Final[Mapping[str, tuple[str, str]]] = {
    "abuse": ("Whether the review finds abuse (C13).", "true"),
    "account": ("The customer's account.", '"acme"'),
    "actor": ("The id of the acting person.", '"u-17"'),
    "amount": ("The amount of money.", '"49.00 USD"'),
    "anchor": (
        "The instant of a field from which a count began that was restarted.",
        "2026-01-12T10:00:00",
    ),
    "answers": ("Whether the change of type is an answer and an activity.", "false"),
    "assignee": ("The person or team that gets the ticket.", '"workshop"'),
    "at": ("The instant.", "2026-01-09T15:00:00"),
    "attachments": (
        "The files that were sent with it; the host keeps them (K14).",
        '[{ name = "photo.jpg", media_type = "image/jpeg", size = 4096, '
        'digest = "sha256:9f86d081", location = "files/17" }]',
    ),
    "automatic": ("Whether a machine wrote the message.", "true"),
    "by_hand": ("Whether a party set the deadline.", "true"),
    "calendar": ("The name of the calendar that counts the span.", '"weekdays"'),
    "cycle": ("The number of the event that first listed the timer.", "2"),
    "ended": ("The timers that were met or cancelled.", "[]"),
    "level": ("The name of the level.", '"lead-warned"'),
    "level_at": ("The instant of the next level.", "2026-01-12T12:00:00"),
    "overtaken": ("How many repetitions of the level were overtaken before.", "1"),
    "passed": ("Whether the deadline has fired.", "true"),
    "pause": ("The name of the pause.", '"customer-owes"'),
    "paused": ("The instant since which the timer has been paused.", "2026-01-12T10:00:00"),
    "pauses_from": ("The instant from which pauses count, if not all do.", "2026-01-12T10:00:00"),
    "pauses_until": (
        "The instant until which pauses count, if not all do.",
        "2026-01-12T10:00:00",
    ),
    "span": ("The span, instead of an instant.", '"2 days"'),
    "until": ("The instant at which the snooze ends.", "2026-01-12T09:00:00"),
    "awaits_confirmation": ("Whether the payment provider must still confirm it.", "true"),
    "billing": ("The billing mode of the order.", '"recurring"'),
    "by": ("The acting party.", '"customer"'),
    "category": ("The ticket's category.", '"repairs"'),
    "channel": ("The channel by which it came.", '"portal"'),
    "command_id": ("The id of the command, which makes a retry safe.", '"c-1"'),
    "consent": ("Whether the customer has agreed (C11).", "true"),
    "consent_message": ("The reference of the message in which they agreed (C11).", '"m-2"'),
    "customer": ("The customer's id.", '"c-17"'),
    "deadline": ("The deadline that the notice of the dispute gives.", "2026-01-20T00:00:00"),
    "default_handler": ("The party that handles the ticket by default.", '"vendor"'),
    "derived": ("Whether the event is an effect of an earlier one.", "true"),
    "digest": ("The checksum of the file, with its method.", '"sha256:9f86d081"'),
    "dispute": ("The id of the dispute.", '"D1"'),
    "due": ("The instant at which the timer is due.", "2026-01-12T15:00:00"),
    "duplicate_of": ("The number of the ticket that this one duplicates.", '"00123456788"'),
    "field": ("The name of the policy's own field.", '"priority"'),
    "fields": ("Values of the policy's own fields.", '{ priority = "high" }'),
    "final": ("Whether the ticket stays closed for good.", "true"),
    "has_grace_period": ("Whether the vendor may still save a sale.", "false"),
    "id": ("The id.", '"u1"'),
    "fires": ("Whether the timer fires at its due instant or after it.", '"after"'),
    "interim": (
        "Whether it is an interim notice, which leaves the deadline running (K9).",
        "true",
    ),
    "into": ("The number of the new ticket.", '"00123456790"'),
    "invoice": ("The name of the invoice that the refund pays back.", '"I-7"'),
    "invoice_amount": ("The amount of the latest invoice of a subscription.", '"9.00 USD"'),
    "invoice_number": ("The number of the latest invoice of a subscription.", '"I-7"'),
    "invoiced_at": ("The instant of the latest invoice.", "2026-01-02T09:00:00"),
    "location": ("The place where the host keeps the file.", '"files/17"'),
    "media_type": ("The media type of the file.", '"image/jpeg"'),
    "messages": ("The references of the messages that it takes over.", '["m-3"]'),
    "name": ("The name of the timer.", '"refund"'),
    "number": ("The number, as text.", '"MZ8X2K"'),
    "of": ("The number of the ticket that this one duplicates.", '"00123456788"'),
    "order": (
        "The order that the ticket is about.",
        '{ number = "MZ8X2K", sold_at = 2026-01-02T09:00:00, amount = "49.00 USD" }',
    ),
    "outcome": ("The outcome, from the merchant's side.", '"won"'),
    "personal": ("Whether the value is erased together with the person.", "true"),
    "policy": ("The name of the policy.", '"service-desk"'),
    "policy_digest": ("The digest of the policy's rules.", '"0123456789abcdef"'),
    "policy_version": ("The version of the policy.", '"2013-01-01"'),
    "possible_duplicates": ("Open tickets that may be about the same problem.", '["00123456788"]'),
    "reason": ("The reason.", '"broken"'),
    "reference": ("The sender's id of it, such as a Message-ID.", '"r1"'),
    "references": (
        "Earlier tickets, and further orders, shipments or products (O10, W8).",
        '[{ kind = "order", number = "MZ8X2L" }]',
    ),
    "shipment": (
        "A shipment of the order.",
        '{ number = "s1", shipped_at = 2026-01-03T09:00:00 }',
    ),
    "shipped_at": ("The instant of the shipment.", "2026-01-03T09:00:00"),
    "since": ("The instant from which the timer counts.", "2026-01-09T15:00:00"),
    "size": ("The size of the file in bytes.", "4096"),
    "sold_at": ("The instant of the sale.", "2026-01-02T09:00:00"),
    "solution": ("Whether it claims to solve the problem.", "true"),
    "storefront": ("The storefront.", '"de"'),
    "subcategory": ("The ticket's sub-category.", '"brakes"'),
    "subject": ("The subject.", '"It squeaks"'),
    "subscription": ("Whether the subscription ends.", "true"),
    "supersedes": ("The kinds of disputes that this one ends (A2).", '["claim"]'),
    "tag": ("The tag.", '"vip"'),
    "tags": ("The tags of the new ticket.", '["vip"]'),
    "target": (
        "The other ticket, or the further order, shipment or product.",
        '{ kind = "ticket", number = "00123456788" }',
    ),
    "text": ("The message.", '"Where is my order?"'),
    "timer": ("The name of the timer that caused it.", '"refund"'),
    "timers": ("All timers, in the order in which they act.", "[]"),
    "type": ("The ticket's type.", '"refund"'),
    "units": ("The units of the order.", '["u1"]'),
    "value": (
        "The value: text, a number, a date, an instant, true or false.",
        '"high"',
    ),
    "vendor": ("The vendor's id.", '"v-1"'),
    "with_person": ("The person that the ticket is shared with.", '"p-3"'),
    "zone": ("The vendor's time zone, as an IANA name.", '"America/Boise"'),
}
"""The description of each field for editors and docs: one sentence, and an example in TOML."""

_ABOUT_IN: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("Closed", "kind"): ("The way in which the ticket was closed.", '"closed"'),
    ("OpenDispute", "kind"): ("The kind of the dispute.", '"chargeback"'),
    ("DisputeOpened", "kind"): ("The kind of the dispute.", '"chargeback"'),
    ("Escalated", "to"): ("The party that takes the ticket over.", '"support"'),
    ("Opened", "waiting_for"): ("The party whose answer the new ticket waits for.", '"vendor"'),
    ("Order", "number"): ("The order number, as text.", '"MZ8X2K"'),
    ("Order", "amount"): (
        'The amount paid, with all minor digits: `"49.00 USD"`, `"4900 JPY"`.',
        '"49.00 USD"',
    ),
    ("Order", "units"): (
        "Tables with an `id` and perhaps an `amount`. A refund of units without an amount of its "
        "own pays back the amounts of these units.",
        '[{ id = "u1", amount = "10.00 EUR" }]',
    ),
    ("Order", "shipments"): (
        "Tables with a `number` and `shipped_at`.",
        '[{ number = "s1", shipped_at = 2026-01-03T09:00:00 }]',
    ),
    ("EndedTimer", "cause"): ("The event or fact that ended the timer.", '"replied"'),
    ("EndedTimer", "outcome"): ("Whether the timer was met or cancelled.", '"met"'),
    ("PauseStarted", "timers"): ("The names of the timers that are paused.", '["resolution"]'),
    ("SetDeadline", "due"): ("The new deadline.", "2026-01-12T15:00:00"),
    ("SetDeadline", "timer"): ("The name of the timer.", '"resolution"'),
    ("Timer", "target"): ("The span and the calendar of the deadline.", '"4 hours"'),
    ("Reference", "kind"): ("The kind of thing that the reference names.", '"ticket"'),
    ("Reference", "number"): (
        "The number of the ticket, order, shipment or product, as text.",
        '"00123456788"',
    ),
    ("FieldSet", "kind"): ("The kind of the value.", '"text"'),
    ("FieldValue", "kind"): ("The kind of the value.", '"text"'),
    ("FieldSet", "waiting_for"): (
        "The party whose answer is awaited because of the value.",
        '"customer"',
    ),
    ("Opened", "fields"): (
        "The values of the policy's own fields.",
        '{ priority = { kind = "text", value = "high" } }',
    ),
    ("AddNote", "text"): ("The note.", '"The customer sounds angry."'),
    ("Attachment", "name"): ("The name of the file.", '"photo.jpg"'),
    ("Shipment", "number"): ("The number of the shipment, as text.", '"s1"'),
    ("Unit", "amount"): ("The price of the unit.", '"10.00 EUR"'),
}
"""Descriptions of the fields of one class, where those of `_ABOUT` do not fit."""


def field_keys(cls: type[attrs.AttrsInstance], *, optional: bool = False) -> Mapping[str, Key]:
    """Return the keys of the fields of a class; if they are *optional*, none is required."""
    keys = _KEYS.get((cls, optional))
    if keys is None:
        fields = (_field_key(cls, field, optional=optional) for field in attrs.fields(cls))
        keys = _KEYS[cls, optional] = {each.name: each for each in fields}
    return keys


_KEYS: dict[tuple[type, bool], Mapping[str, Key]] = {}


def _field_key(cls: type, field: "attrs.Attribute[Any]", *, optional: bool) -> Key:
    about, example = _ABOUT_IN.get((cls.__name__, field.name)) or _ABOUT[field.name]
    return Key(
        name=field.name,
        attribute=field.name,
        kind=FieldTextKind() if field.name == "value" else _kind_of(field.type),
        about=about,
        example=example,
        unset=None,
        default=None if optional else field.default,
    )


class FieldTextKind:
    """The kind of values of the policy's own fields, read as text; instants may be local."""

    expected = FIELD_CONTENT.expected

    def read(self, node: Node, reading: Reading) -> str:
        """Return the text of the value."""
        if not isinstance(node.value, datetime):
            return field_text(FIELD_CONTENT.read(node, reading))
        return field_text(InstantKind().read(node, reading))

    def schema(self) -> dict[str, Any]:
        """Describe the values of a field."""
        return FIELD_CONTENT.schema()


def _kind_of(type_: Any) -> Kind[Any]:
    if get_origin(type_) in (UnionType, Union):  # `Literal[…] | None` is a Union
        (type_,) = set(get_args(type_)) - {NoneType}
    if get_origin(type_) is Literal:
        return choice(get_args(type_), PARTIES_MEANT)
    if get_origin(type_) is Mapping:
        element = get_args(type_)[1]
        return ByName(FieldTextKind() if element is str else _kind_of(element))
    if get_origin(type_) is tuple:
        element = get_args(type_)[0]
        if element is str:
            return Several(TEXT, unique=False)
        return TableArray(Table(element, field_keys(element)))
    simple: Mapping[Any, Kind[Any]] = {
        str: TEXT,
        bool: FLAG,
        int: integer(minimum=0),
        datetime: InstantKind(),
        Money: MONEY,
    }
    return simple[type_] if type_ in simple else Table(type_, field_keys(type_))


@attrs.frozen
class FieldsKind:
    """The kind of a table of fields, read into a mapping of those that are written."""

    keys: Mapping[str, Key] = attrs.field(repr=False)
    expected: str = "a table"

    def read(self, node: Node, reading: Reading) -> Mapping[str, Any]:
        """Return the values by their fields."""
        values, unread = read_keys(node, self.keys, reading)
        return PartialMapping(values, unread) if unread else values

    def schema(self) -> dict[str, Any]:
        """Describe the fields."""
        return fields_schema(self.keys)


def fields_schema(keys: Mapping[str, Key], **more: Any) -> dict[str, Any]:
    """Return the JSON Schema of a table with these keys, of which some are required."""
    required = [key.name for key in keys.values() if key.required]
    return {
        "type": "object",
        "properties": {**more, **{key.name: described(key) for key in keys.values()}},
        "additionalProperties": False,
        **({"required": required} if required else {}),
    }
