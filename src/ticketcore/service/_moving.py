"""Move open tickets to another policy, or to corrected calendars, after a dry run."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import attrs

from ticketcore.commands import ChangePolicy, Command, Reschedule
from ticketcore.decider import decide
from ticketcore.errors import TicketcoreError
from ticketcore.events import Event, Party, Timer
from ticketcore.inbox import Query
from ticketcore.policies import Policy
from ticketcore.service._base import ServiceBase, Transaction, ledger_of
from ticketcore.ticket import Ticket, fold


@attrs.frozen(kw_only=True)
class DeadlineChange:
    """A deadline that a move changes. *before* and *after* are UTC, or None without a deadline."""

    timer: str
    dispute: str | None
    before: datetime | None
    after: datetime | None

    @property
    def by(self) -> timedelta | None:
        """How much later the deadline is; None if it is new or no longer pending."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


@attrs.frozen(kw_only=True)
class TicketMove:
    """The effect of a move on one ticket.

    *deadlines* are those that change. *error* says why the ticket cannot be moved; it is then as
    before.
    """

    ticket: str
    deadlines: tuple[DeadlineChange, ...] = ()
    error: TicketcoreError | None = None


@attrs.frozen(kw_only=True)
class MovedPage:
    """The tickets of one page of a move. *after* leads to the next page; None on the last."""

    tickets: tuple[TicketMove, ...]
    after: str | None


class Moving(ServiceBase[Transaction]):
    """The methods of the service that move tickets to a policy."""

    def plan_move(
        self,
        db: Transaction,
        policy: Policy,
        query: Query,
        *,
        by: Party = "support",
        tenant: str = "",
    ) -> MovedPage:
        """Return what `move` would do to a page of tickets, and store nothing.

        The orders of the page stay locked until the caller ends the transaction.
        """
        return self._move(db, policy, query, by, None, tenant, store=False)

    def move(
        self,
        db: Transaction,
        policy: Policy,
        query: Query,
        *,
        by: Party = "support",
        actor: str | None = None,
        tenant: str = "",
    ) -> MovedPage:
        """Move a page of tickets to *policy*, in the caller's transaction.

        Tickets of another policy or version get a `ChangePolicy`; so do tickets whose policy was
        edited without a new version. Tickets that follow *policy* already get a `Reschedule`,
        which brings new holidays of a country to their pending deadlines.

        *query* selects the tickets; its *limit* is the size of a page, and its *after* is that of
        the page before. You can stop a move after any page, and continue it or begin again: a
        ticket that was moved is not changed a second time.
        """
        return self._move(db, policy, query, by, actor, tenant, store=True)

    def _move(
        self,
        db: Transaction,
        policy: Policy,
        query: Query,
        by: Party,
        actor: str | None,
        tenant: str,
        *,
        store: bool,
    ) -> MovedPage:
        query = attrs.evolve(query, sort="number", descending=False)
        page = self._store.search(db, query, tenant=tenant)
        moves = tuple(
            self._move_one(db, policy, summary.number, by, actor, tenant, store=store)
            for summary in page
        )
        is_last = query.limit is None or len(page) < query.limit
        return MovedPage(tickets=moves, after=None if is_last else query.position(page[-1]))

    def _move_one(
        self,
        db: Transaction,
        policy: Policy,
        number: str,
        by: Party,
        actor: str | None,
        tenant: str,
        *,
        store: bool,
    ) -> TicketMove:
        now = self.now()
        order = self._store.lock(db, number, tenant=tenant)
        at, past = self._advance_to(order.tickets, number, now)
        ticket = past.tickets[number]
        command = _command(ticket, policy, at, by, actor)
        try:
            events = decide(ticket, command, policy, ledger_of(past.tickets, number))
            self.policy_of(fold(events, ticket))  # or nobody could advance the ticket
        except TicketcoreError as error:
            return TicketMove(ticket=number, error=error)
        if store:
            self._store.append(db, order, (*past.events, (number, events)), recorded_at=now)
        return TicketMove(ticket=number, deadlines=_changes(ticket, events))


def _command(
    ticket: Ticket, policy: Policy, at: datetime, by: Party, actor: str | None
) -> Command:
    recorded = ticket.policy, ticket.policy_version
    if recorded == (policy.name, policy.version) and not policy.was_edited_since(ticket):
        return Reschedule(at=at, by=by, actor=actor)
    return ChangePolicy(at=at, by=by, actor=actor)


def _changes(ticket: Ticket, events: Iterable[Event]) -> tuple[DeadlineChange, ...]:
    before, after = (_by_name(t.pending_timers) for t in (ticket, fold(events, ticket)))
    return tuple(
        DeadlineChange(timer=timer, dispute=dispute, before=was, after=now)
        for timer, dispute in dict.fromkeys((*before, *after))
        if (was := before.get((timer, dispute))) != (now := after.get((timer, dispute)))
    )


def _by_name(timers: Iterable[Timer]) -> dict[tuple[str, str | None], datetime]:
    return {(timer.name, timer.dispute): timer.due for timer in timers}
