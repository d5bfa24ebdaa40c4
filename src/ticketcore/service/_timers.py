"""Run due timers, with any number of workers."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import attrs

from ticketcore.decider import advance_order
from ticketcore.errors import NewerHistoryError, OrderNotAdvancedError
from ticketcore.events import Event, utc
from ticketcore.service._base import ServiceBase, Transaction
from ticketcore.store import SetAside

_NEWER_SERVER = timedelta(minutes=1)


@attrs.frozen(kw_only=True)
class DueRun:
    """The result of one call of `run_due`, for the tickets of one order.

    *events* are the new events, each part with the number of its ticket. *set_aside* has the
    reason for each ticket that could not be advanced. *waits_for_newer* are the tickets that only
    a newer version of the library can advance. *policy_edited* are those whose policy's file was
    edited under one version.
    """

    tenant: str
    events: tuple[tuple[str, tuple[Event, ...]], ...]
    set_aside: Mapping[str, str]
    waits_for_newer: tuple[str, ...]
    policy_edited: tuple[str, ...]


class Timers(ServiceBase[Transaction]):
    """The methods of the service for due timers."""

    def run_due(self, db: Transaction, *, until: datetime | None = None) -> DueRun | None:
        """Advance the order that has been due longest, in the caller's transaction.

        Return None if nothing is due. Orders that another worker holds are left out. *until* is
        the instant up to which timers fire: now unless given, and never later. After an outage,
        give the instant at which the oldest message arrived that is still waiting, so that no
        timer passes an answer that came in time.

        A ticket that cannot be advanced is set aside, so that it stops no other. A ticket that
        only a newer version can read is left for a server of that version, and tried again after
        a minute. Raises StoreError if the database fails.
        """
        now = self.now()
        limit = now if until is None else min(utc(until), now)
        order = self._store.lock_due(db, limit)
        if order is None:
            return None
        done = advance_order(order.tickets, self.policy_of, limit)
        after = self._store.append(db, order, done.events, recorded_at=now)
        newer = tuple(
            n for n, error in done.failed.items() if isinstance(error, NewerHistoryError)
        )
        reasons = {
            n: f"{type(error).__name__}: {error}"
            for n, error in done.failed.items()
            if n not in newer and not (newer and isinstance(error, OrderNotAdvancedError))
        }
        if not done.events and not done.failed:  # another version of the library set the instant
            newer = tuple(n for n, ticket in order.tickets.items() if ticket.unread)
        if reasons or not done.events:
            after = self._store.set_aside(db, after, reasons)  # computes the instant again
        if newer:
            self._store.postpone(db, after, now + _NEWER_SERVER)
        changed = [(number, done.tickets[number]) for number, _ in done.events]
        return DueRun(
            tenant=order.tenant,
            events=done.events,
            set_aside=reasons,
            waits_for_newer=newer,
            policy_edited=tuple(n for n, t in changed if self.policy_of(t).was_edited_since(t)),
        )

    def next_due(self, db: Transaction) -> datetime | None:
        """Return the first instant, in UTC, at which something is due; None if nothing ever is."""
        return self._store.next_wake(db)

    def all_set_aside(self, db: Transaction) -> tuple[SetAside, ...]:
        """Return all tickets that are set aside, with their reasons."""
        return self._store.all_set_aside(db)

    def resume(self, db: Transaction, number: str, *, tenant: str = "") -> None:
        """Let `run_due` try all tickets again that an order has set aside.

        *number* is one of them. Others of the order may have waited for it.
        """
        order = self._store.lock(db, number, tenant=tenant)
        for each in sorted(order.set_aside & order.tickets.keys()):
            order = self._store.resume(db, order, each)
