"""The policies of a host, in all their versions: which one a ticket goes by."""

from collections.abc import Iterable
from datetime import datetime

import attrs

from ticketcore.calendar import zone_of
from ticketcore.errors import UnknownPolicyError
from ticketcore.events import local, utc
from ticketcore.policies._policy import Policy
from ticketcore.ticket import Ticket


@attrs.frozen
class PolicyVersions:
    """The versions of one policy, of which each counts for the tickets opened from its effective
    date on (C21). An open ticket keeps the version that it was opened under.

    >>> book = PolicyVersions.of(load_policy("rules-2013.toml"), load_policy("rules-2019.toml"))
    """

    versions: tuple[Policy, ...]

    @classmethod
    def of(cls, *policies: Policy) -> "PolicyVersions":
        """A book of these versions, in any order. Raises UnknownPolicyError when two begin on
        one day, or when there is none."""
        versions = tuple(sorted(policies, key=lambda policy: policy.effective))
        dates = [policy.effective for policy in versions]
        if not versions or len(set(dates)) < len(dates):
            found = ", ".join(f"{p.name} {p.version}" for p in versions) or "none"
            raise UnknownPolicyError(f"a book needs versions with different dates, found {found}")
        return cls(versions)

    def at(self, opened_at: datetime, zone: str) -> Policy:
        """The version for a ticket opened at this instant, by the local date in *zone*.

        Raises UnknownPolicyError for a date before the first version, CalendarError for no zone,
        InstantError for an instant whose date there lies outside the years 1 to 9999.
        """
        date = local(utc(opened_at), zone_of(zone)).date()
        in_force = [policy for policy in self.versions if policy.effective <= date]
        if not in_force:
            first = self.versions[0]
            raise UnknownPolicyError(
                f"no version is in force on {date}: {first.name} begins on {first.effective}"
            )
        return in_force[-1]

    def of_ticket(self, ticket: Ticket) -> Policy:
        """The version that a ticket goes by. Raises UnknownPolicyError when it is not here."""
        for policy in self.versions:
            if (policy.name, policy.version) == (ticket.policy, ticket.policy_version):
                return policy
        known: Iterable[str] = (f"{p.name} {p.version}" for p in self.versions)
        raise UnknownPolicyError(
            f"the ticket goes by {ticket.policy} {ticket.policy_version}, "
            f"this book holds {', '.join(known)}"
        )
