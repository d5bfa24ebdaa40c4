"""A scenario: commands for the tickets of an order, step by step, and the expected result."""

from collections.abc import Mapping
from datetime import datetime

import attrs

from ticketcore.commands import Command
from ticketcore.policies import PolicyVersions
from ticketcore.scenarios._expected import Expected


@attrs.frozen(kw_only=True)
class Step:
    """A command for the ticket of a number; *refused* is the code of the refusal it must meet."""

    command: Command
    ticket: str
    refused: str | None = None


@attrs.frozen(kw_only=True)
class Scenario:
    """A scenario, as :func:`ticketcore.scenarios.load_scenario` reads it.

    *policies* holds the policy, or its versions, of which the opening date selects one;
    *own_policies* has the policies of the tickets that follow another, by their numbers. *ticket*
    is the number of the ticket of all steps that name no other. *zone* is the time zone of the
    file, None if neither the file nor the policy gives one. Timers run up to *until*.
    """

    source: str
    name: str
    description: str
    policies: PolicyVersions
    own_policies: Mapping[str, PolicyVersions] = attrs.field(factory=dict)
    ticket: str
    zone: str | None
    steps: tuple[Step, ...]
    expected: Expected
    until: datetime

    def policies_of(self, number: str) -> PolicyVersions:
        """Return the policy of the ticket of a number, or its versions."""
        return self.own_policies.get(number, self.policies)
