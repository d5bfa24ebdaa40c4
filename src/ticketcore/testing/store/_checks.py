"""The tests of a store in one thread: transactions, rows, receipts and texts."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any, Generic, TypeVar

import attrs

from ticketcore.commands import CorrectOrder, Refund
from ticketcore.decider import decide
from ticketcore.errors import ConflictError, NewerHistoryError
from ticketcore.events import Event, Refunded, Replied, Unknown
from ticketcore.inbox import Query, project
from ticketcore.ledger import wakes
from ticketcore.policies import parse_policy
from ticketcore.store import Receipt, SetAside, order_key
from ticketcore.testing.store._host import Harness, Host
from ticketcore.testing.store._stories import (
    AT,
    FOLLOWERS,
    HARD_TEXT,
    MINUTE,
    ONE,
    ORDER,
    POLICY,
    THREE,
    TWO,
    Rollback,
    opening,
    raised,
    reply,
    share,
)

Transaction = TypeVar("Transaction")


class StoreChecks(Generic[Transaction]):
    """The tests of a store in one thread. `StoreSuite` describes what to define."""

    def harness(self, followers: Sequence[str]) -> Harness[Transaction]:
        """Return the store under test, empty, with these followers."""
        raise TypeError(f"{type(self).__name__} has no harness(): return the store to test")

    def host(self) -> Host[Transaction]:
        """Return a host on an empty store."""
        return Host(self.harness(FOLLOWERS), parse_policy(POLICY, "policy.toml"))

    # Transactions

    def test_a_ticket_that_was_never_opened_is_empty(self) -> None:
        """A ticket that was never opened has no events, row or receipt, and is never due."""
        host = self.host()
        store = host.store

        assert () == host.history(ONE)
        assert host.run(lambda db: store.summary(db, ONE)) is None
        assert host.run(lambda db: store.receipt(db, "id")) is None
        assert host.run(store.next_wake) is None
        assert host.run(lambda db: store.lock_due(db, AT)) is None
        assert {} == host.run(lambda db: store.lock(db, ONE)).tickets

    def test_events_come_back_with_their_numbers_and_instants(self) -> None:
        """Stored events are read back equal, numbered from 1, with the instant of recording."""
        host = self.host()
        host.send(ONE, opening(ONE))
        host.send(ONE, reply(5))
        recorded = host.run(lambda db: host.store.events(db, ONE))

        assert [*range(1, len(recorded) + 1)] == [each.seq for each in recorded]
        assert {AT, AT + 5 * MINUTE} == {each.recorded_at for each in recorded}
        assert recorded[2:] == host.run(lambda db: host.store.events(db, ONE, after=2))
        assert decide(None, opening(ONE), host.policy) == tuple(e.event for e in recorded[:2])

    def test_a_rollback_leaves_nothing(self) -> None:
        """A rollback removes the events, rows, marks, receipts and persons of its transaction."""
        host = self.host()

        def fail(db: Transaction) -> None:
            host.handle(db, ONE, opening(ONE), command_id="first")
            raise Rollback

        before = host.run(lambda db: _state(host, db, ONE))
        raised(Rollback, lambda: host.run(fail))

        assert before == host.run(lambda db: _state(host, db, ONE))

    def test_a_conflict_leaves_the_transaction_usable(self) -> None:
        """An append to an order that was changed since is refused; the next one is stored."""
        host = self.host()
        host.send(ONE, opening(ONE))

        def work(db: Transaction) -> None:
            stale = host.store.lock(db, ONE)
            host.handle(db, ONE, reply(1))
            late = [(ONE, replies(2))]
            conflict = raised(
                ConflictError,
                lambda: host.store.append(
                    db, stale, late, recorded_at=AT, command=a_receipt("late")
                ),
            )
            assert ONE == conflict.ticket
            host.handle(db, ONE, reply(3))

        host.run(work)

        assert [1, 3] == minutes_of_replies(host, ONE)
        assert host.run(lambda db: host.store.receipt(db, "late")) is None

    def test_a_number_is_opened_once(self) -> None:
        """A second opening under another order is a conflict, and leaves no trace."""
        host = self.host()
        other = attrs.evolve(ORDER, number="C-8")

        def work(db: Transaction) -> None:
            key = order_key(ONE, None, other)
            early = host.store.lock(db, ONE, order=key)
            host.handle(db, ONE, opening(ONE))
            events = decide(None, opening(ONE, other), host.policy)
            conflict = raised(
                ConflictError,
                lambda: host.store.append(db, early, [(ONE, events)], recorded_at=AT),
            )
            assert (ONE, 0) == (conflict.ticket, conflict.expected)

        host.run(work)
        order = host.run(lambda db: host.store.lock(db, TWO, order=order_key(TWO, None, other)))

        assert {} == order.tickets
        assert "B-7" == host.run(lambda db: host.store.summary(db, ONE)).order  # type: ignore[union-attr]

    # Rows

    def test_the_row_of_a_ticket_follows_its_events(self) -> None:
        """The row of a ticket is the projection of its events, and its version counts them."""
        host = self.host()
        for command in (opening(ONE), reply(5), share(6), reply(7, "customer")):
            host.send(ONE, command)
            recorded = host.run(lambda db: host.store.events(db, ONE))
            summary = None
            for each in recorded:
                summary = project(summary, each)

            assert summary == host.run(lambda db: host.store.summary(db, ONE))

    def test_the_store_knows_when_an_order_wakes(self) -> None:
        """An order is due at the first instant at which a ticket of it acts, not before."""
        host = self.host()
        host.send(ONE, opening(ONE))
        at = wakes(host.run(lambda db: host.store.lock(db, ONE)).tickets[ONE])
        assert at is not None

        assert at == host.run(host.store.next_wake)
        assert 0 == host.run_due(at - timedelta(microseconds=1))
        assert 1 == host.run_due(at)
        assert 0 == host.run_due(at)
        assert isinstance(host.history(ONE)[2], Refunded)

    def test_an_event_of_one_ticket_wakes_another(self) -> None:
        """Tickets of one order are read, advanced and paid together."""
        host = self.host()
        host.send(ONE, opening(ONE))
        host.send(TWO, opening(TWO, at=AT + MINUTE))
        order = host.run(lambda db: host.store.lock(db, TWO))
        host.run_due(AT + timedelta(days=9))
        histories = [*host.history(ONE), *host.history(TWO)]

        assert [ONE, TWO] == sorted(order.tickets)
        assert [ORDER.amount] == [e.amount for e in histories if isinstance(e, Refunded)]

    def test_a_ticket_moves_to_another_order(self) -> None:
        """A corrected order number moves the ticket, and both orders are right afterwards."""
        host = self.host()
        other = attrs.evolve(ORDER, number="C-8")
        host.send(ONE, opening(ONE))
        host.send(TWO, opening(TWO, other))
        host.send(ONE, CorrectOrder(at=AT + MINUTE, by="support", order=other))

        assert [ONE, TWO] == sorted(host.run(lambda db: host.store.lock(db, ONE)).tickets)
        key = order_key(THREE, None, ORDER)
        assert {} == host.run(lambda db: host.store.lock(db, THREE, order=key)).tickets

    def test_tenants_are_kept_apart(self) -> None:
        """Two tenants can have equal ticket numbers, orders, persons and command ids."""
        host = self.host()
        host.send(ONE, opening(ONE), command_id="first", tenant="a")
        host.send(ONE, opening(ONE), command_id="first", tenant="b")
        host.send(ONE, reply(1), tenant="b")
        counts = [len(host.history(ONE, tenant)) for tenant in ("a", "b", "")]

        assert [2, 3, 0] == [*counts]
        assert (ONE,) == host.run(lambda db: host.store.tickets_of(db, "anna", tenant="a"))
        assert () == host.run(lambda db: host.store.search(db, Query()))
        later = AT + timedelta(days=9)
        nobody, a, b = (partial(host.store.next_wake, tenant=tenant) for tenant in ("", "a", "b"))
        assert host.run(nobody) is None
        assert host.run(a) == host.run(b) == host.run(host.store.next_wake)
        due_of_b = host.run(lambda db: host.store.lock_due(db, later, tenant="b"))
        assert due_of_b is not None
        assert "b" == due_of_b.tenant
        take = partial(host.store.take, follower="first", now=AT, until=later)
        leases = [host.run(partial(take, tenant=tenant)) for tenant in ("", "b", "b", "a")]
        assert [None, "b", None, "a"] == [lease and lease.tenant for lease in leases]
        assert 2 == host.run_due(later)

    def test_a_ticket_set_aside_stops_nobody(self) -> None:
        """`lock_due` leaves out a ticket that is set aside until an append or `resume`."""
        host, until = self.host(), AT + timedelta(days=9)
        host.send(ONE, opening(ONE))
        host.send(TWO, opening(TWO, None, type="technical"))
        host.run(lambda db: _put_aside(host, db, ONE, "no policy"))

        assert 1 == host.run_due(until)
        assert 2 == len(host.history(ONE))
        aside = SetAside(tenant="", ticket=ONE, reason="no policy")
        assert (aside,) == host.run(host.store.all_set_aside)

        host.run(lambda db: host.store.resume(db, host.store.lock(db, ONE), ONE))
        assert () == host.run(host.store.all_set_aside)
        assert 1 == host.run_due(until)

    def test_an_append_ends_setting_aside(self) -> None:
        """A ticket with new events is advanced again."""
        host = self.host()
        host.send(ONE, opening(ONE))
        host.run(lambda db: _put_aside(host, db, ONE, "no policy"))
        host.send(ONE, reply(1))

        assert () == host.run(host.store.all_set_aside)
        assert host.run(host.store.next_wake) is not None

    def test_an_order_is_postponed_until_the_next_append(self) -> None:
        """A postponed order is due later; an append or `set_aside` computes its instant again."""
        host, later = self.host(), AT + timedelta(days=30)
        host.send(ONE, opening(ONE))
        due = host.run(host.store.next_wake)
        host.run(lambda db: host.store.postpone(db, host.store.lock(db, ONE), later))

        assert later == host.run(host.store.next_wake)
        stale = host.run(lambda db: host.store.lock(db, ONE))
        host.send(ONE, share(1))
        assert due == host.run(host.store.next_wake)
        raised(ConflictError, lambda: host.run(lambda db: host.store.postpone(db, stale, later)))
        host.run(lambda db: host.store.postpone(db, host.store.lock(db, ONE), later))
        host.run(lambda db: host.store.set_aside(db, host.store.lock(db, ONE), {}))
        assert due == host.run(host.store.next_wake)

    # Texts and unknown events

    def test_every_text_comes_back_unchanged(self) -> None:
        """Emoji, right-to-left text, separators, noncharacters and 64 KiB are read as written."""
        host = self.host()
        host.send(ONE, opening(ONE, subject=HARD_TEXT, text="x" * 65_536))
        host.send(ONE, reply(1, text=HARD_TEXT))
        opened, _, replied, *_ = host.history(ONE)

        assert (HARD_TEXT, "x" * 65_536) == (opened.subject, opened.text)  # type: ignore[attr-defined]
        assert HARD_TEXT == replied.text  # type: ignore[attr-defined]
        assert HARD_TEXT == host.run(lambda db: host.store.summary(db, ONE)).subject  # type: ignore[union-attr]

    def test_a_long_history_is_read_and_continued(self) -> None:
        """A ticket with 10,000 events takes one more command."""
        host = self.host()
        host.send(ONE, opening(ONE))

        def work(db: Transaction) -> None:
            order = host.store.lock(db, ONE)
            events = [event for n in range(1, 10_001) for event in replies(n / 600)]
            host.store.append(db, order, [(ONE, events)], recorded_at=AT)

        host.run(work)
        host.send(ONE, reply(17))

        assert 10_001 == len(minutes_of_replies(host, ONE))
        assert host.run(lambda db: host.store.summary(db, ONE)).seq > 10_002  # type: ignore[union-attr]

    def test_an_event_of_a_newer_version_is_kept_and_blocks_decisions(self) -> None:
        """An event of a newer version is kept and listed, but blocks every command."""
        host = self.host()
        host.send(ONE, opening(ONE))
        newer = Unknown(
            name="refunded", schema=99, at=AT + MINUTE, body='{"a":[1,null],"z":"\\u00e9"}'
        )

        def work(db: Transaction) -> None:
            order = host.store.lock(db, ONE)
            host.store.append(db, order, [(ONE, [newer])], recorded_at=AT)

        host.run(work)

        assert newer == host.history(ONE)[-1]
        assert host.run(lambda db: host.store.search(db, Query(customer="anna")))
        refund = Refund(at=AT + 2 * MINUTE, by="vendor", amount=ORDER.amount, reference="r")
        assert ONE == raised(NewerHistoryError, lambda: host.send(ONE, refund)).ticket
        host.send(TWO, opening(TWO))
        host.run_due(AT + timedelta(days=9))
        every = [*host.history(ONE), *host.history(TWO)]
        assert [] == [event for event in every if isinstance(event, Refunded)]
        assert ONE in {each.ticket for each in host.run(host.store.all_set_aside)}


def replies(*minutes: float) -> tuple[Event, ...]:
    return tuple(Replied(at=AT + each * MINUTE, by="vendor") for each in minutes)


def minutes_of_replies(host: Host[Any], number: str) -> list[int]:
    said = [event for event in host.history(number) if isinstance(event, Replied)]
    return [int((event.at - AT) / MINUTE) for event in said]


def a_receipt(id_: str) -> Receipt:
    return Receipt(id=id_, ticket=ONE, first=3, last=3, digest="")


def _put_aside(host: Host[Transaction], db: Transaction, number: str, reason: str) -> None:
    host.store.set_aside(db, host.store.lock(db, number), {number: reason})


def _state(host: Host[Transaction], db: Transaction, number: str) -> tuple[Any, ...]:
    """Return all content of a store about one ticket."""
    store = host.store
    return (
        store.events(db, number),
        store.summary(db, number),
        store.receipt(db, "first"),
        store.tickets_of(db, "anna"),
        store.next_wake(db),
        store.search(db, Query(status=None)),
    )
