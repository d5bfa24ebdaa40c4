"""The expected result of a scenario: the keys of `[expect]`."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, get_args

import attrs

from ticketcore._internal.limits import MAX_EXPECTED
from ticketcore._toml import (
    TEXT,
    ByName,
    Key,
    Node,
    Reading,
    Several,
    Table,
    TableArray,
    UnreadError,
    choice,
    key,
    partial,
    read_keys,
)
from ticketcore.events import EVENTS, PARTIES, Money, Party
from ticketcore.policies import PARTIES_MEANT
from ticketcore.scenarios._fields import MONEY, field_keys, fields_schema
from ticketcore.scenarios._instants import InstantKind
from ticketcore.ticket import Status

_PARTY: Final = choice(PARTIES, PARTIES_MEANT)
_EVENT: Final = choice(EVENTS.keys())


@attrs.frozen(kw_only=True)
class ExpectedEvent:
    """An event that must be recorded: its stored name, and fields with their values."""

    name: str
    fields: Mapping[str, object]


_NAME_OF_EVENT: Final = Key(
    name="event",
    attribute="event",
    kind=_EVENT,
    about="The stored name of the event.",
    example='"refunded"',
    unset=None,
    default=attrs.NOTHING,
)


class EventKind:
    """The kind of `[[expect.event]]`: the name of an event, and any of its fields."""

    expected = "a table"

    def read(self, node: Node, reading: Reading) -> ExpectedEvent:
        """Return the event; only a known name says which fields there are."""
        try:
            name = _EVENT.read(node.entries["event"], Reading())
        except (KeyError, UnreadError):
            first = {"event": node.entries["event"]} if "event" in node.entries else {}
            read_keys(attrs.evolve(node, value=first), {"event": _NAME_OF_EVENT}, reading)
            return partial(ExpectedEvent, {}, {"name", "fields"})
        keys = {"event": _NAME_OF_EVENT, **field_keys(EVENTS[name], optional=True)}
        values, unread = read_keys(node, keys, reading)
        values.pop("event")
        if unread:
            return partial(ExpectedEvent, {"name": name}, {"fields"})
        return ExpectedEvent(name=name, fields=values)

    def schema(self) -> dict[str, Any]:
        """Describe each event with its fields."""
        each = [
            fields_schema(field_keys(cls, optional=True), event={"const": name})
            for name, cls in EVENTS.items()
        ]
        return {"oneOf": [{**schema, "required": ["event"]} for schema in each]}


@attrs.frozen(kw_only=True)
class ExpectedTimer:
    """A timer that must be pending at the end; with *due*, at that instant."""

    name: str = attrs.field(
        metadata=key(TEXT, "The name of the timer.", example='"refund"', name="timer")
    )
    due: datetime | None = attrs.field(
        default=None,
        metadata=key(
            InstantKind(),
            "The instant at which the timer is due.",
            example="2026-01-12T15:00:00",
            unset="any instant",
        ),
    )


@attrs.frozen(kw_only=True)
class ExpectedTicket:
    """The expected result of one ticket. A key that is None, or an empty *event*, is not checked.

    *events* are the stored names of all events in order, *deadlines* all pending timers. *event*
    lists events that must occur; others may occur too.
    """

    status: Status | None = attrs.field(
        default=None,
        metadata=key(
            choice(get_args(Status)),
            "The status after the last event.",
            example='"closed"',
            unset="not checked",
        ),
    )
    type: str | None = attrs.field(
        default=None,
        metadata=key(
            TEXT, "The type after the last event.", example='"refund"', unset="not checked"
        ),
    )
    waiting_for: Party | None = attrs.field(
        default=None,
        metadata=key(
            _PARTY,
            "The party whose answer the ticket waits for after the last event.",
            example='"vendor"',
            unset="not checked",
        ),
    )
    refunded: Money | None = attrs.field(
        default=None,
        metadata=key(MONEY, "The sum of all refunds.", example='"49.00 USD"', unset="not checked"),
    )
    closed_by: tuple[Party, ...] | None = attrs.field(
        default=None,
        metadata=key(
            Several(_PARTY),
            "The party that closed the ticket, or a list of all that did.",
            example='["customer", "vendor"]',
            unset="not checked",
        ),
    )
    events: tuple[str, ...] | None = attrs.field(
        default=None,
        metadata=key(
            Several(_EVENT, unique=False),
            "The stored names of all events, in order.",
            example='["opened", "scheduled", "refunded", "closed"]',
            unset="not checked",
        ),
    )
    event: tuple[ExpectedEvent, ...] = attrs.field(
        default=(),
        metadata=key(
            TableArray(EventKind(), most=MAX_EXPECTED),
            "Events that must occur, each with some of its fields. Others may occur as well.",
            example='[{ event = "refunded", timer = "refund" }]',
            unset="not checked",
        ),
    )
    deadlines: tuple[ExpectedTimer, ...] | None = attrs.field(
        default=None,
        metadata=key(
            TableArray(Table(ExpectedTimer), most=MAX_EXPECTED),
            "All pending timers, each with its name as `timer` and perhaps its instant as `due`.",
            example='[{ timer = "refund", due = 2026-01-12T15:00:00 }]',
            unset="not checked",
        ),
    )


@attrs.frozen(kw_only=True)
class Expected(ExpectedTicket):
    """The expected result of a scenario: that of its first ticket, and of its other *tickets*."""

    tickets: Mapping[str, ExpectedTicket] = attrs.field(
        factory=dict,
        metadata=key(
            ByName(Table(ExpectedTicket)),
            "The expected results of other tickets by their numbers, each with the keys above.",
            example='{ 00123456790 = { status = "closed" } }',
            unset="not checked",
        ),
    )

    def by_ticket(self, first: str) -> Iterator[tuple[str, ExpectedTicket]]:
        """Yield each ticket with its expected result; *first* is the number of the first."""
        yield first, self
        yield from self.tickets.items()
