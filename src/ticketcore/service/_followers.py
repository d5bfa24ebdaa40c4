"""Followers: parts of the host that react to events, such as notifications or a search index."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from ticketcore._internal.terminal import visible
from ticketcore.errors import FieldError
from ticketcore.notifications import Notification, is_overtaken, notifications
from ticketcore.service._base import ServiceBase, Transaction
from ticketcore.store import Lease
from ticketcore.ticket import fold_each

_MINUTES = timedelta(minutes=5)
_MOST_ATTEMPTS = 10
_LONGEST_LEASE = timedelta(days=30)
_LONGEST_WAIT = timedelta(hours=1)


class Following(ServiceBase[Transaction]):
    """The methods of the service for followers."""

    def take(self, db: Transaction, follower: str, *, lease: timedelta = _MINUTES) -> Lease | None:
        """Take a ticket with events that a follower has not seen, or None.

        No other worker takes the ticket before *lease* has passed. For work in the same database,
        call `take`, do it and call `settle` in one transaction: each event is handled exactly
        once. For work elsewhere, commit after `take`, do the work, and call `settle` in a second
        transaction: each event is handled at least once.
        """
        if not timedelta() < lease <= _LONGEST_LEASE:
            raise FieldError(
                "TicketService.take", "lease", lease, "more than 0 and at most 30 days"
            )
        now = self.now()
        return self._store.take(db, follower, now=now, until=now + lease)

    def settle(self, db: Transaction, lease: Lease) -> None:
        """Record that the events of a lease were handled. Raises LeaseLostError if it ended."""
        self._store.settle(db, lease)

    def give_back(self, db: Transaction, lease: Lease, error: Exception) -> None:
        """End a lease whose work failed.

        The ticket is taken again after a while, which grows with each attempt from two seconds to
        an hour. After ten attempts it is set aside for this follower, with the text of *error*,
        until `retry`. Raises LeaseLostError if the lease ended.
        """
        reason = visible(f"{type(error).__name__}: {error}")
        wait = min(timedelta(seconds=2**lease.attempts), _LONGEST_WAIT)
        until = None if lease.attempts >= _MOST_ATTEMPTS else self.now() + wait
        self._store.give_back(db, lease, until=until, reason=reason)

    def retry(self, db: Transaction, follower: str, number: str, *, tenant: str = "") -> None:
        """Let a follower take a ticket again that was set aside for it."""
        self._store.retry(db, follower, number, tenant=tenant)

    def notifications(
        self,
        db: Transaction,
        lease: Lease,
        *,
        members: Mapping[str, Collection[str]] | None = None,
    ) -> tuple[Notification, ...]:
        """Return the notifications about the events of a lease, in the order of the events.

        Those that later events have overtaken are left out, such as a reminder of an answer that
        came. *members* lists the persons of each account. Raises UnknownPolicyError if the
        ticket's policy is unknown.
        """
        history = self._store.events(db, lease.ticket, tenant=lease.tenant)
        tickets = [ticket for ticket, _ in fold_each(recorded.event for recorded in history)]
        found = (
            notification
            for recorded, after in zip(history, tickets, strict=True)
            if recorded.seq > lease.seen
            for notification in notifications(recorded, after, self.policy_of(after), members)
        )
        return tuple(each for each in found if not is_overtaken(each, tickets[-1]))
