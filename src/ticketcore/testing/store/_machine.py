"""A state machine that does the same on a store and on the store in memory, and compares both."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ticketcore.commands import Command
from ticketcore.errors import CommandIdError, RefusedError
from ticketcore.inbox import Query
from ticketcore.policies import Policy, parse_policy
from ticketcore.store import MemoryStore, MemoryTransaction
from ticketcore.testing._candidates import permitted_candidates
from ticketcore.testing.store._host import Harness, Host
from ticketcore.testing.store._stories import (
    AT,
    FOLLOWERS,
    MINUTE,
    NUMBERS,
    ONE,
    ORDER,
    POLICY,
    Rollback,
    opening,
)

_TENANTS = ("", "a")
_PAUSES = (timedelta(0), MINUTE, timedelta(hours=5), timedelta(days=3))
_IDS = (None, "first", "second")


def memory_harness(
    followers: Sequence[str], store: MemoryStore | None = None
) -> Harness[MemoryTransaction]:
    """Return a harness of a store in memory, the reference for other stores."""
    store = store or MemoryStore(followers=followers)

    def run(work: Callable[[MemoryTransaction], Any]) -> Any:
        with store.begin() as db:
            return work(db)

    rows: dict[str, bool] = {}
    return Harness(
        store,
        run,
        write_row=lambda db, text: db.put(rows, text, True),
        rows=lambda _: list(rows),
    )


class StoreMachine(RuleBasedStateMachine):
    """Send commands to a store, roll some back, run timers and followers; compare all content.

    Subclass it, define `harness` as for `StoreSuite`, and assign its test case to a name that the
    test runner finds:

        class MyMachine(StoreMachine):
            def harness(self, followers):
                return my_harness(followers)

        TestMyStories = MyMachine.TestCase
    """

    def __init__(self) -> None:
        super().__init__()
        self.policy: Policy = parse_policy(POLICY)
        self.tested: Host[Any] = Host(self.harness(FOLLOWERS), self.policy)
        self.reference: Host[Any] = Host(memory_harness(FOLLOWERS), self.policy)
        self.now: datetime = AT
        self.leases: dict[str, Any] = {}
        self.opened: set[tuple[str, str]] = set()

    def harness(self, followers: Sequence[str]) -> Harness[Any]:
        """Return the store under test, empty, with these followers."""
        raise TypeError(f"{type(self).__name__} has no harness(): return the store to test")

    @rule(
        number=st.sampled_from(NUMBERS),
        order=st.sampled_from([ORDER, None]),
        tenant=st.sampled_from(_TENANTS),
        command_id=st.sampled_from(_IDS),
    )
    def open_another(self, number: str, order: Any, tenant: str, command_id: str | None) -> None:
        """Open a ticket, or one whose number is taken."""
        self._open(number, order, tenant, command_id)

    def _open(self, number: str, order: Any, tenant: str, command_id: str | None) -> None:
        kind = "technical" if order is None else "refund"
        command = opening(number, order, type=kind, at=self.now)
        self._send(number, command, tenant=tenant, command_id=command_id)
        if self.reference.history(number, tenant):
            self.opened.add((tenant, number))

    @initialize()
    def open_first(self) -> None:
        """Open the first ticket."""
        self._open(ONE, ORDER, "", None)

    @rule(data=st.data(), keeps=st.sampled_from([True, True, False]))
    def send(self, data: st.DataObject, keeps: bool) -> None:
        """Send a command that a permission names; some transactions are rolled back."""
        tenant, number = data.draw(st.sampled_from(sorted(self.opened)))
        store = self.reference.store
        order = self.reference.run(lambda db: store.lock(db, number, tenant=tenant))
        every = [*permitted_candidates(order.tickets[number], self.policy, self.now)]
        command, command_id = data.draw(st.sampled_from(every)), data.draw(st.sampled_from(_IDS))
        self._send(number, command, tenant=tenant, command_id=command_id, keeps=keeps)

    def _send(self, number: str, command: Command, *, keeps: bool = True, **options: Any) -> None:
        def outcome(host: Host[Any]) -> str:
            def work(db: Any) -> RefusedError | None:
                refusal = host.handle(db, number, command, **options)
                if not keeps:
                    raise Rollback
                return refusal

            try:
                refusal = host.run(work)
            except Rollback:
                return "rolled back"
            except CommandIdError as error:
                return str(error)
            return "accepted" if refusal is None else refusal.code

        self._same(outcome)

    @rule(pause=st.sampled_from(_PAUSES))
    def let_time_pass(self, pause: timedelta) -> None:
        """Let time pass."""
        self.now += pause

    @rule()
    def run_due(self) -> None:
        """Fire all timers that are due."""
        self._same(lambda host: host.run_due(self.now))

    @rule(number=st.sampled_from(NUMBERS), goes_on=st.booleans())
    def set_aside(self, number: str, goes_on: bool) -> None:
        """Set a ticket aside, or resume it."""

        def work(host: Host[Any], db: Any) -> None:
            order = host.store.lock(db, number)
            if number in order.tickets and goes_on:
                host.store.resume(db, order, number)
            elif number in order.tickets:
                host.store.set_aside(db, order, {number: "reason"})

        self._same(lambda host: host.run(lambda db: work(host, db)))

    @precondition(lambda self: not self.leases)
    @rule(follower=st.sampled_from(FOLLOWERS))
    def take(self, follower: str) -> None:
        """Take all tickets that a follower has not seen, as both stores may differ in order."""

        def taken(host: Host[Any]) -> dict[tuple[str, str], Any]:
            def work(db: Any) -> Any:
                return host.store.take(db, follower, now=self.now, until=self.now + MINUTE)

            found: dict[tuple[str, str], Any] = {}
            while (lease := host.run(work)) is not None:
                found[lease.tenant, lease.ticket] = lease
            return found

        leases = [taken(host) for host in (self.reference, self.tested)]
        seen = [{place: (x.seen, x.events) for place, x in each.items()} for each in leases]
        assert seen[0] == seen[1]
        self.leases = {"reference": leases[0], "tested": leases[1]}

    @precondition(lambda self: self.leases)
    @rule()
    def settle(self) -> None:
        """Settle the leases that were taken."""
        self._end(lambda store, db, lease: store.settle(db, lease))

    @precondition(lambda self: self.leases)
    @rule()
    def give_back(self) -> None:
        """Give back the leases that were taken."""
        at = self.now
        self._end(lambda store, db, lease: store.give_back(db, lease, until=at, reason="failed"))

    def _end(self, end: Callable[..., None]) -> None:
        for name, host in (("reference", self.reference), ("tested", self.tested)):
            for lease in self.leases[name].values():
                host.run(partial(end, host.store, lease=lease))
        self.leases = {}

    @invariant()
    def reads_the_same(self) -> None:
        """Compare all that can be read from both stores."""
        self._same(lambda host: host.run(lambda db: _readings(host, db)))

    def _same(self, work: Callable[[Host[Any]], Any]) -> None:
        expected, actual = work(self.reference), work(self.tested)
        assert expected == actual


def _readings(host: Host[Any], db: Any) -> dict[str, Any]:
    store = host.store
    found: dict[str, Any] = {
        "next wake": store.next_wake(db),
        "set aside": store.all_set_aside(db),
    }
    for tenant in _TENANTS:
        found[f"list of {tenant}"] = store.search(db, Query(status=None), tenant=tenant)
        found[f"Anna's of {tenant}"] = store.tickets_of(db, "anna", tenant=tenant)
        found[f"receipts of {tenant}"] = [
            store.receipt(db, each, tenant=tenant) for each in _IDS if each
        ]
        for number in NUMBERS:
            found[f"{number} of {tenant}"] = store.events(db, number, tenant=tenant)
    return found
