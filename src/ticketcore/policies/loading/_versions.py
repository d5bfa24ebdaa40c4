"""The versions of a policy, and which of them applies to a ticket."""

from datetime import date, datetime
from pathlib import Path

from ticketcore._internal.frozen import Value, frozen
from ticketcore.calendar import zone_of
from ticketcore.commands import Open
from ticketcore.errors import CalendarError, UnknownPolicyError
from ticketcore.events import local, utc
from ticketcore.policies._policy import Policy
from ticketcore.ticket import Ticket


@frozen
class PolicyVersions(Value):
    """The versions of one policy. Each applies to the tickets opened from its effective date on.

    An open ticket keeps the version that it was opened under (C21).

    >>> versions = PolicyVersions.of(load_policy("2013.toml"), load_policy("2019.toml"))
    """

    versions: tuple[Policy, ...]

    @classmethod
    def of(cls, *policies: Policy) -> "PolicyVersions":
        """Collect versions, in any order.

        A later version has the name of an earlier one, or extends it. Raises UnknownPolicyError
        without a version, if two of them begin on one day, or if they are not of one policy.
        """
        versions = tuple(sorted(policies, key=lambda policy: policy.effective))
        for i, later in enumerate(versions[1:], 1):
            names = {later.name, *(Path(file).stem for file in later.extends)}
            if names.isdisjoint(earlier.name for earlier in versions[:i]):
                raise UnknownPolicyError(
                    f"{later.name} is not a version of {versions[0].name}: a later version has "
                    f"the name of an earlier one, or extends it"
                )
        dates = [policy.effective for policy in versions]
        if not versions or len(set(dates)) < len(dates):
            found = ", ".join(f"{p.name} {p.version}" for p in versions) or "none"
            raise UnknownPolicyError(f"versions need different effective dates, found {found}")
        return cls(versions)

    def at(self, opened_at: datetime, zone: str) -> Policy:
        """Return the version for a ticket opened at this instant, by the local date in *zone*.

        Raises UnknownPolicyError for a date before the first version, CalendarError for an unknown
        zone, InstantError for an instant whose date there lies outside the years 1 to 9999.
        """
        date = local(utc(opened_at), zone_of(zone)).date()
        in_force = [policy for policy in self.versions if policy.effective <= date]
        if not in_force:
            raise self._none_in_force(date)
        return in_force[-1]

    def of_opening(self, command: Open) -> Policy:
        """Return the version in force at an opening, by the local date of its zone.

        With storefronts, only a version knows the zone: so each version, the newest first, is
        asked whether it has begun by then. An opening without a known zone is refused by every
        version, and its date is taken in UTC. Raises UnknownPolicyError before the first version.
        """
        for policy in reversed(self.versions):
            zone = policy.zone_of(command)
            try:
                date = local(command.at, zone_of(zone or "UTC")).date()
            except CalendarError:
                date = command.at.date()
            if policy.effective <= date:
                return policy
        raise self._none_in_force(date)

    def in_force(self, ticket: Ticket, at: datetime) -> Policy:
        """Return the version to which `ChangePolicy` moves a ticket at an instant.

        Raises as `at` does.
        """
        return self.at(at, ticket.opened.zone)

    def _none_in_force(self, date: date) -> UnknownPolicyError:
        first = self.versions[0]
        return UnknownPolicyError(
            f"no version is in force on {date}: {first.name} begins on {first.effective}"
        )

    def of_ticket(self, ticket: Ticket) -> Policy:
        """Return the version that a ticket records.

        Raises UnknownPolicyError if it is not among these versions.
        """
        for policy in self.versions:
            if (policy.name, policy.version) == (ticket.policy, ticket.policy_version):
                return policy
        known = ", ".join(f"{policy.name} {policy.version}" for policy in self.versions)
        recorded = f"{ticket.policy or 'no policy'} {ticket.policy_version or ''}".rstrip()
        raise UnknownPolicyError(f"the ticket follows {recorded}; the versions are {known}")
