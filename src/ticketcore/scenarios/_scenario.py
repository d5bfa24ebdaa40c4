"""A scenario: the commands of one ticket, step by step, and the expected result."""

from datetime import datetime

import attrs

from ticketcore.commands import Command
from ticketcore.policies import PolicyVersions
from ticketcore.scenarios._expected import Expected


@attrs.frozen(kw_only=True)
class Step:
    """One command; *refused* is the code of the refusal that it must meet."""

    command: Command
    refused: str | None = None


@attrs.frozen(kw_only=True)
class Scenario:
    """A scenario, as :func:`ticketcore.scenarios.load_scenario` reads it.

    *policies* holds the policy, or its versions, of which the opening date selects one. *zone* is
    the ticket's time zone, None if neither the file nor the policy gives one. Timers run up to
    *until*.
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
