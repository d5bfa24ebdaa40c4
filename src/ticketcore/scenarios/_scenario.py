"""A scenario: the steps of one ticket, and their expected result."""

from collections.abc import Mapping
from datetime import datetime

import attrs

from ticketcore.commands import Command
from ticketcore.events import Money, Party
from ticketcore.policies import PolicyVersions
from ticketcore.ticket import Status


@attrs.frozen(kw_only=True)
class Step:
    """A command, and the code of the refusal that it should meet; None if it should be allowed."""

    command: Command
    refused: str | None = None


@attrs.frozen(kw_only=True)
class ExpectedEvent:
    """An event that should be recorded: its stored name, and the expected values of its fields."""

    name: str
    fields: Mapping[str, object]


@attrs.frozen(kw_only=True)
class ExpectedTimer:
    """A timer that should be pending at the end, at any due instant if *due* is None."""

    name: str
    due: datetime | None = None


@attrs.frozen(kw_only=True)
class Expected:
    """The expected result of a scenario. None, and an empty *event*, expect nothing.

    *events* are the stored names of all events in order. *event* are some of the events, in any
    order. *deadlines* are all pending timers, in any order.
    """

    status: Status | None = None
    type: str | None = None
    waiting_for: Party | None = None
    refunded: Money | None = None
    closed_by: tuple[Party, ...] | None = None
    events: tuple[str, ...] | None = None
    event: tuple[ExpectedEvent, ...] = ()
    deadlines: tuple[ExpectedTimer, ...] | None = None


@attrs.frozen(kw_only=True)
class Scenario:
    """A scenario, as :func:`ticketcore.scenarios.load_scenario` reads it.

    *policies* holds the versions of the policy; the date of the opening selects one. *zone* is the
    ticket's IANA time zone; it is None if neither the file nor the policy gives one. The clock
    runs to *until* (UTC).
    """

    source: str
    name: str
    description: str
    policies: PolicyVersions
    ticket: str
    zone: str | None
    steps: tuple[Step, ...]
    expected: Expected
    until: datetime
