"""A scenario: what is asked of one ticket, step by step, and what should come of it."""

from collections.abc import Mapping
from datetime import datetime

import attrs

from ticketcore.commands import Command
from ticketcore.events import Money, Party
from ticketcore.policies import PolicyVersions
from ticketcore.ticket import Status


@attrs.frozen(kw_only=True)
class Step:
    """One command; *refused* is the code of the refusal that it should meet."""

    command: Command
    refused: str | None = None


@attrs.frozen(kw_only=True)
class ExpectedEvent:
    """An event that should be recorded: its stored name, and fields with their values."""

    name: str
    fields: Mapping[str, object]


@attrs.frozen(kw_only=True)
class ExpectedTimer:
    """A timer that should be pending at the end; with *due*, at that instant."""

    name: str
    due: datetime | None = None


@attrs.frozen(kw_only=True)
class Expected:
    """What should have come of a scenario. None and the empty *event* ask for nothing.

    *events* are the stored names of all events in order, *deadlines* all timers; *event* are some
    of the events, and others may be there.
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

    *policies* holds the policy, or its versions, of which the opening date picks one. *zone* is the
    ticket's, None where neither the file nor the policy knows it. The clock runs to *until*.
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
