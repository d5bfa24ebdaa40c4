"""The tests of a store for followers, erasures and lists."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

import attrs

from ticketcore.commands import Withdraw
from ticketcore.errors import LeaseLostError
from ticketcore.events import Event
from ticketcore.inbox import Query, TicketSummary
from ticketcore.store import Lease, SetAside, order_key
from ticketcore.testing.store._caller_checks import CallerChecks
from ticketcore.testing.store._host import Host
from ticketcore.testing.store._stories import (
    AT,
    MINUTE,
    NUMBERS,
    ONE,
    ORDER,
    TWO,
    Rollback,
    opening,
    raised,
    reply,
    share,
)

Transaction = TypeVar("Transaction")

# Texts of queries whose characters mean something to SQL, to LIKE or to JSON.
_SUBJECTS = ("Größe", "50%_off \\", "'quoted' \"text\"", "ÅNGSTRÖM İ", None)
_ALIAS = "person-1"


class FollowerChecks(CallerChecks[Transaction]):
    """The tests of followers, erasures and lists."""

    # Followers

    def test_a_follower_gets_what_it_has_not_seen(self) -> None:
        """Each follower gets the events of one ticket at a time, in order."""
        host = self.host()
        host.send(ONE, opening(ONE))
        first = take(host)
        assert first is not None
        host.send(ONE, reply(1))
        host.run(lambda db: host.store.settle(db, first))
        second = take(host)
        assert second is not None
        other = take(host, "second")
        assert other is not None
        history = host.run(lambda db: host.store.events(db, ONE))

        assert history == first.events + second.events == other.events
        assert (1, 1) == (first.attempts, second.attempts)
        host.run(lambda db: host.store.settle(db, second))
        assert take(host) is None

    def test_a_rollback_leaves_no_mark(self) -> None:
        """A rollback undoes marks, leases and settlements."""
        host = self.host()
        store = host.store

        def rolled_back(work: Callable[[Transaction], object]) -> None:
            def fail(db: Transaction) -> None:
                work(db)
                raise Rollback

            raised(Rollback, lambda: host.run(fail))

        rolled_back(lambda db: host.handle(db, ONE, opening(ONE)))
        assert take(host) is None
        host.send(ONE, opening(ONE))
        rolled_back(lambda db: store.take(db, "first", now=AT, until=AT + MINUTE))
        lease = take(host)
        assert lease is not None
        assert 1 == lease.attempts
        rolled_back(lambda db: store.settle(db, lease))
        host.run(lambda db: store.settle(db, lease))

    def test_a_leased_ticket_is_not_taken_twice(self) -> None:
        """Only one worker has a leased ticket; after the lease another one may take it."""
        host = self.host()
        host.send(ONE, opening(ONE))
        lost = take(host)
        assert lost is not None

        assert take(host) is None
        again = take(host, minutes=2)
        assert again is not None
        assert (lost.events, 2) == (again.events, again.attempts)
        error = raised(LeaseLostError, lambda: host.run(lambda db: host.store.settle(db, lost)))
        assert ("first", ONE) == (error.follower, error.ticket)
        host.run(lambda db: host.store.settle(db, again))
        raised(LeaseLostError, lambda: host.run(lambda db: host.store.settle(db, again)))

    def test_a_ticket_that_fails_waits_and_is_set_aside(self) -> None:
        """A ticket whose lease failed can be taken again later; without a time it is set aside."""
        host = self.host()
        store = host.store
        host.send(ONE, opening(ONE))
        failed = take(host)
        assert failed is not None
        soon = AT + 5 * MINUTE
        host.run(lambda db: store.give_back(db, failed, until=soon, reason="no answer"))

        assert take(host, minutes=4) is None
        again = take(host, minutes=5)
        assert again is not None
        host.run(lambda db: store.give_back(db, again, until=None, reason="no answer"))
        assert take(host, minutes=999) is None
        aside = SetAside(tenant="", ticket=ONE, reason="no answer", follower="first")
        assert (aside,) == host.run(store.all_set_aside)
        for _ in range(2):  # a second time changes nothing
            host.run(lambda db: store.retry(db, "first", ONE))
        retried = take(host, minutes=999)
        assert retried is not None
        assert 1 == retried.attempts
        late = raised(
            LeaseLostError,
            lambda: host.run(lambda db: store.give_back(db, again, until=None, reason="late")),
        )
        assert ONE == late.ticket

    def test_a_new_follower_begins_with_the_first_event(self) -> None:
        """`start_follower` marks every ticket, of every tenant."""
        host = self.host()
        for number, tenant in ((ONE, ""), (TWO, ""), (ONE, "a")):
            host.send(number, opening(number), tenant=tenant)
        self._settle_all(host)
        host.run(lambda db: host.store.start_follower(db, "first"))
        leases = [take(host, "first") for _ in range(4)]
        taken = [lease for lease in leases if lease is not None]

        assert {(ONE, ""), (TWO, ""), (ONE, "a")} == {(each.ticket, each.tenant) for each in taken}
        assert {1} == {lease.events[0].seq for lease in taken}

    # Erasure

    def test_an_erased_person_is_named_nowhere(self) -> None:
        """Events, lists and persons hold the pseudonym; the order still has both tickets."""
        host = self.host()
        host.send(ONE, opening(ONE))
        host.send(TWO, opening(TWO, actor="bert", customer="bert"))
        host.send(ONE, share(1))
        self._settle_all(host)
        host.run(lambda db: erase(host, db))
        state = host.run(
            lambda db: [
                (host.store.events(db, number), host.store.summary(db, number))
                for number in NUMBERS
            ]
        )

        assert "anna" not in repr(state)
        assert "B-7" not in repr(state)
        assert () == host.run(lambda db: host.store.tickets_of(db, "anna"))
        assert (ONE,) == host.run(lambda db: host.store.tickets_of(db, _ALIAS))
        assert (TWO,) == host.run(lambda db: host.store.tickets_of(db, "bert"))
        assert [ONE, TWO] == sorted(host.run(lambda db: host.store.lock(db, ONE)).tickets)

    def test_followers_learn_of_an_erasure(self) -> None:
        """Followers build the ticket again, and get each event once."""
        host = self.host()
        host.send(ONE, opening(ONE))
        self._settle_all(host)
        host.run(lambda db: erase(host, db))
        host.send(ONE, reply(1))
        lease = take(host)
        assert lease is not None

        assert (True, [3]) == (lease.anew, [each.seq for each in lease.events])
        host.run(lambda db: erase(host, db))  # once more, while the first is being handled
        host.run(lambda db: host.store.settle(db, lease))
        again = take(host)
        assert again is not None
        assert (True, ()) == (again.anew, again.events)
        host.run(lambda db: host.store.settle(db, again))
        assert take(host) is None

    def _settle_all(self, host: Host[Transaction]) -> None:
        for follower in ("first", "second"):
            while (lease := take(host, follower)) is not None:
                host.run(partial(host.store.settle, lease=lease))

    # Lists

    def test_a_list_is_that_of_the_inbox(self) -> None:
        """Every query selects, sorts and pages as `Query.select` does in memory."""
        host = self.host()
        summaries = self._filled(host)
        for query in _queries(summaries):
            expected = query.select(summaries)
            actual = host.run(partial(host.store.search, query=query))

            assert expected == [*actual], query

    def _filled(self, host: Host[Transaction]) -> list[TicketSummary]:
        """Open tickets that differ, and return their rows."""
        for n in range(8):
            number = f"{n * 7 % 10:011}"
            facts: dict[str, Any] = {
                "subject": _SUBJECTS[n % 5],
                "vendor": (None, "v-1", "v-2")[n % 3],
            }
            facts |= {"customer": ("anna", "Anna", None)[n % 3], "account": ("a", None)[n % 2]}
            order = None if n % 4 == 3 else attrs.evolve(ORDER, number=f"o-{n % 2}")
            kind = "technical" if order is None else "refund"
            at = AT + (n % 3) * MINUTE
            host.send(number, opening(number, order, type=kind, at=at, **facts))
            if n % 2:
                host.send(number, share(n, ('car"la', "carla", 'x", "carla')[n % 3]))
            if n % 3 == 2:
                host.send(number, Withdraw(at=AT + timedelta(hours=1), by="customer"))
        return [
            summary
            for n in range(10)
            if (summary := host.run(partial(host.store.summary, number=f"{n:011}")))
        ]


def take(host: Host[Transaction], follower: str = "first", minutes: int = 0) -> Lease | None:
    """Take a ticket some minutes after `AT`, for two minutes."""
    now = AT + minutes * MINUTE
    return host.run(lambda db: host.store.take(db, follower, now=now, until=now + 2 * MINUTE))


def erase(host: Host[Transaction], db: Transaction) -> None:
    """Write a pseudonym in place of Anna, and of the number of the order."""
    store = host.store
    key = order_key(ONE, None, attrs.evolve(ORDER, number=_ALIAS))
    order = store.lock(db, ONE, order=key)
    store.rewrite(db, order, {n: _redacted(order.histories[n]) for n in order.tickets})


def _redacted(events: Iterable[Event]) -> list[Event]:
    redacted = []
    for event in events:
        facts: dict[str, Any] = {
            name: _ALIAS
            for name in ("actor", "customer", "with_person")
            if getattr(event, name, None) == "anna"
        }
        if getattr(event, "order", None) is not None:
            facts["order"] = attrs.evolve(event.order, number=_ALIAS)  # type: ignore[attr-defined]
        redacted.append(attrs.evolve(event, **facts))
    return redacted


def _queries(summaries: list[TicketSummary]) -> Iterable[Query]:
    """Yield queries with each condition, and with each order and page."""
    yield Query()
    yield Query(status=None)
    yield Query(status="closed")
    for field in (
        "number",
        "order",
        "type",
        "waiting_for",
        "vendor",
        "customer",
        "account",
        "policy",
    ):
        known: list[Any] = sorted({each for s in summaries if (each := getattr(s, field))})
        wanted: list[Any] = [known[0], known[-1:]]
        if field != "waiting_for":  # None is not a party
            wanted += [[None], [None, known[0]]]
        for values in wanted:
            yield attrs.evolve(Query(status=None), **{field: values})
    yield Query(status=[])
    yield Query(opened_from=AT + MINUTE, status=None)
    yield Query(opened_until=AT + MINUTE, status=None)
    yield Query(due_before=AT + timedelta(days=1))
    for subject in ("GRÖSSE", "%", "_", "\\", "'", '"', "i̇", "ångström", "", "x" * 70_000):
        yield Query(subject=subject, status=None)
    for person in ("anna", "Anna", "carla", 'car"la', 'x", "carla', "CARLA"):
        yield Query(visible_to=person, status=None)
        yield Query(visible_to=person, member_of=["a"], status=None)
    for sort in ("number", "opened_at", "changed_at", "due"):
        for descending in (False, True):
            page = Query(sort=sort, descending=descending, status=None, limit=3)
            yield page
            for last in summaries[::3]:
                yield attrs.evolve(page, after=page.position(last))
