"""The tests of a store with several writers, workers and followers at once."""

import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from random import Random
from threading import Barrier, Event, Lock
from typing import Any, TypeVar

from ticketcore.commands import Reply
from ticketcore.errors import CommandIdError, ConflictError, RefusedError
from ticketcore.events import Refunded, Replied
from ticketcore.inbox import Query
from ticketcore.testing.store._follower_checks import FollowerChecks, take
from ticketcore.testing.store._host import Host
from ticketcore.testing.store._stories import AT, NUMBERS, ONE, TWO, Rollback, opening, reply

Transaction = TypeVar("Transaction")

_WRITERS = 8
_LATER = AT + timedelta(days=9)


class StoreSuite(FollowerChecks[Transaction]):
    """All tests of a store. Subclass it in a file of tests, and define `harness`.

        class TestMyStore(StoreSuite):
            def harness(self, followers):
                store = MyStore(followers)   # empty
                return Harness(store, lambda work: in_a_transaction(work))

    The tests need no plugin; any runner finds their names. `StoreMachine` plays random
    stories, and `crash_test` kills processes.
    """

    def test_writers_on_one_ticket_all_succeed(self) -> None:
        """Eight writers send several replies each: all are stored, and none fails."""
        host = self.host()
        host.send(ONE, opening(ONE))

        def work(n: int) -> None:
            for k in range(3):
                host.send(ONE, _reply(n, k))

        at_once(_WRITERS, work)

        assert _all_replies(_WRITERS, 3) == sorted(_texts(host, ONE))

    def test_writers_on_different_tickets_all_succeed(self) -> None:
        """Eight writers write to a ticket of their own each."""
        host = self.host()
        numbers = [f"{n:011}" for n in range(_WRITERS)]

        def work(n: int) -> None:
            host.send(numbers[n], opening(numbers[n], None, type="technical"))
            for k in range(3):
                host.send(numbers[n], _reply(n, k))

        at_once(_WRITERS, work)

        texts = [text for number in numbers for text in _texts(host, number)]
        assert _all_replies(_WRITERS, 3) == sorted(texts)

    def test_one_of_two_openings_wins(self) -> None:
        """Eight writers open the same number: one opens it, the others are refused."""
        host = self.host()

        def work(n: int) -> str:
            try:
                host.send(ONE, opening(ONE, at=AT, actor=f"writer-{n}"))
            except (RefusedError, ConflictError) as error:
                return str(error)
            return "opened"

        assert 1 == at_once(_WRITERS, work).count("opened")
        assert 2 == len(host.history(ONE))

    def test_two_workers_never_pay_more_than_the_order(self) -> None:
        """Three tickets about one order are due at one instant: the order is paid once."""
        host = self.host()
        for number in NUMBERS:
            host.send(number, opening(number))
        at_once(4, lambda _: host.run_due(_LATER))
        events = [event for number in NUMBERS for event in host.history(number)]

        assert [4900] == [e.amount.minor for e in events if isinstance(e, Refunded)]

    def test_workers_take_each_order_once(self) -> None:
        """Four workers advance 40 overdue orders: each order once, and no worker is idle."""
        host = self.host()
        numbers = [f"{n:011}" for n in range(40)]
        for number in numbers:
            host.send(number, opening(number, None, type="technical"))

        def work(_: int) -> list[str]:
            taken: list[str] = []
            while done := host.run(lambda db: host.run_next(db, _LATER)):
                taken += done
            return taken

        assert numbers == sorted(number for taken in at_once(4, work) for number in taken)
        closed = host.run(partial(host.store.search, query=Query(status="closed")))
        assert len(numbers) == len(closed)

    def test_a_repeated_command_in_parallel_is_carried_out_once(self) -> None:
        """Eight writers send the same command with the same id."""
        host = self.host()
        host.send(ONE, opening(ONE))
        at_once(_WRITERS, lambda _: host.send(ONE, reply(1), command_id="first"))

        assert 1 == len(_texts(host, ONE))

    def test_a_repeated_id_on_two_tickets_is_carried_out_once(self) -> None:
        """A command id that is sent to two tickets at once is carried out on one of them."""
        host = self.host()
        for number in (ONE, TWO):
            host.send(number, opening(number, None, type="technical"))

        def work(n: int) -> None:
            with suppress(CommandIdError, ConflictError):
                host.send((ONE, TWO)[n % 2], reply(1), command_id="first")

        at_once(_WRITERS, work)

        assert 1 == len(_texts(host, ONE)) + len(_texts(host, TWO))

    def test_followers_see_every_event_once(self) -> None:
        """Followers get each event of a ticket once, and in order.

        Four writers commit late and roll back one in ten; each follower has two workers.
        """
        host = self.host()
        numbers = [f"{n:011}" for n in range(6)]
        seen: dict[tuple[str, str], list[int]] = defaultdict(list)
        guard, written = Lock(), Event()

        def write(n: int) -> None:
            random = Random(n)
            for k in range(12):
                _write_late(host, numbers[random.randrange(6)], n, k, random)

        def follow(n: int) -> None:
            follower = ("first", "second")[n % 2]
            while True:
                is_last_round = written.is_set()
                lease = take(host, follower)
                if lease is None:
                    if is_last_round:
                        return
                    time.sleep(0.002)
                    continue
                host.run(partial(host.store.settle, lease=lease))
                with guard:
                    seen[follower, lease.ticket] += [each.seq for each in lease.events]

        for number in numbers:
            host.send(number, opening(number, None, type="technical"))
        with ThreadPoolExecutor(8) as pool:
            followers = [pool.submit(follow, n) for n in range(4)]
            for writer in [pool.submit(write, n) for n in range(4)]:
                writer.result()
            written.set()
            for done in followers:
                done.result()

        counts = {number: len(host.history(number)) for number in numbers}
        assert {
            (follower, number): [*range(1, count + 1)]
            for follower in ("first", "second")
            for number, count in counts.items()
        } == {place: sorted(seqs) for place, seqs in seen.items()}


def _write_late(host: Host[Any], number: str, n: int, k: int, random: Random) -> None:
    """Write a reply, commit some milliseconds later, and roll back one time in ten."""

    def work(db: Any) -> None:
        host.handle(db, number, _reply(n, k))
        time.sleep(random.random() / 250)
        if random.random() < 0.1:
            raise Rollback

    with suppress(Rollback):
        host.run(work)


def at_once(count: int, work: Callable[[int], Any]) -> list[Any]:
    """Run *work* in threads that begin together; return the results, or raise the first error."""
    start = Barrier(count)

    def begin(n: int) -> Any:
        start.wait()
        return work(n)

    with ThreadPoolExecutor(count) as pool:
        return [future.result() for future in [pool.submit(begin, n) for n in range(count)]]


def _reply(n: int, k: int) -> Reply:
    return reply(1, text=f"{n}-{k}")


def _all_replies(writers: int, replies: int) -> list[str]:
    return sorted(f"{n}-{k}" for n in range(writers) for k in range(replies))


def _texts(host: Host[Any], number: str) -> list[str]:
    return [e.text or "" for e in host.history(number) if isinstance(e, Replied)]
