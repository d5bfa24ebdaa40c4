"""Kill processes that use a store, and check that nothing is lost, torn, doubled or skipped.

Each round starts three processes: one sends commands with ids, one fires due timers, and one is a
follower, which copies events to a table of its own in the transaction of `settle`. Some
milliseconds later SIGKILL ends them. The first process reports each command after its commit.
Then this process sends all commands again that were reported or begun, with their ids, as a client
does that got no answer.

    PYTHONPATH=tests python tools/faults.py --kills 200
"""

import argparse
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import NoReturn

import attrs
import sqlalchemy as sa

from support.databases import SYNC, Database
from support.store_stories import AT, opening, reply
from ticketcore.commands import Command, Open
from ticketcore.errors import LeaseLostError
from ticketcore.events import Money, Order, Refunded, Replied
from ticketcore.inbox import Query, project
from ticketcore.policies import load_policy
from ticketcore.testing.store import Harness, Host

CLICKBANK = load_policy("clickbank")
FOLLOWER = "copy"
LEASE = timedelta(milliseconds=50)
BATCH = 30
LONG_AGO = AT - timedelta(days=30)


@attrs.frozen
class Sent:
    """A command for a ticket, with its id."""

    number: str
    id: str
    command: Command


def commands(random: Random) -> Iterator[Sent]:
    """Yield commands without end: openings that are overdue at once, and replies to others."""
    talks: list[str] = []
    count = 0
    while True:
        count += 1
        number, id_ = f"{count:011}", f"command-{count}"
        if random.random() < 0.5:  # two tickets about each order: only one is paid
            order = Order(number=f"o-{count // 4}", sold_at=LONG_AGO, amount=Money(4900, "USD"))
            yield Sent(number, id_, attrs.evolve(opening(number, order=order), at=LONG_AGO))
        elif len(talks) < 4 or random.random() < 0.1:
            talk = attrs.evolve(opening(number, order=None), type="technical")
            talks.append(number)
            yield Sent(number, id_, talk)
        else:
            minutes = random.randrange(600)
            yield Sent(random.choice(talks), id_, reply(minutes, text=id_))


class Store:
    """A database, opened by one process."""

    def __init__(self, driver: str) -> None:
        self.database = Database(driver, (FOLLOWER,), name="faults.db")
        self.host = Host(Harness(self.database.store, self.database.run), CLICKBANK)
        self.copies = sa.Table(
            "faults_copy",
            self.database.metadata,
            sa.Column("ticket", sa.Text(), primary_key=True),
            sa.Column("seq", sa.Integer(), primary_key=True),
            schema=self.database.store.tables.events.schema,
        )
        self.database.run(self.database.metadata.create_all)

    def write(self, batch: list[Sent], report: int) -> None:
        """Send commands; report each after its commit."""
        for sent in batch:
            self.host.send(sent.number, sent.command, command_id=sent.id)
            os.write(report, f"{sent.id}\n".encode())

    def run_due(self) -> None:
        """Fire timers that are due."""
        while True:
            self.host.run_due(AT)
            time.sleep(0.001)

    def follow(self) -> None:
        """Copy events."""
        while True:
            if not self.copy_once():
                time.sleep(0.001)

    def copy_once(self) -> bool:
        """Copy the new events of one ticket; return whether there was one."""
        now = datetime.now(UTC)
        store = self.database.store
        lease = self.host.run(lambda db: store.take(db, FOLLOWER, now=now, until=now + LEASE))
        if lease is None:
            return False

        def copy(db: sa.Connection) -> None:
            rows = [{"ticket": lease.ticket, "seq": each.seq} for each in lease.events]
            db.execute(sa.insert(self.copies), rows)
            store.settle(db, lease)

        try:
            self.host.run(copy)
        except (LeaseLostError, sa.exc.IntegrityError):
            return True  # the lease ended, and another worker was faster
        return True


def fork(driver: str, work: Callable[[Store], object], report: int) -> int:
    """Run *work* in a process of its own until it is killed; return the process's id."""
    child = os.fork()
    if not child:
        _work_and_wait(driver, work, report)
    return child


def _work_and_wait(driver: str, work: Callable[[Store], object], report: int) -> NoReturn:
    try:
        store = Store(driver)
        os.write(report, b"ready\n")
        work(store)
    except BaseException as error:  # noqa: BLE001  # the parent reports it
        os.write(report, f"failed {error!r}\n".encode())
    while True:
        time.sleep(60)


def play(driver: str, kills: int, seed: int) -> None:
    """Kill *kills* processes that use a database, then check everything."""
    random = Random(seed)
    stream = commands(Random(seed))
    sent: list[Sent] = []
    killed = 0
    Store(driver).database.engine.dispose()
    while killed < kills:
        batch = [next(stream) for _ in range(BATCH)]
        done = _round(driver, batch, random)
        killed += 3
        again = batch[: done + 1]
        store = Store(driver)
        for each in again:
            store.host.send(each.number, each.command, command_id=each.id)
        sent += again
        skipped = {each.number for each in batch[done + 1 :] if isinstance(each.command, Open)}
        # Replies to tickets that were never opened are not sent.
        stream = _without(stream, skipped)
        store.database.engine.dispose()
    check(driver, sent)
    print(f"{driver}: {killed} kills, {len(sent)} commands: nothing lost, torn or doubled")


def _without(stream: Iterator[Sent], numbers: set[str]) -> Iterator[Sent]:
    return (each for each in stream if each.number not in numbers)


def _round(driver: str, batch: list[Sent], random: Random) -> int:
    """Start three processes, kill them, and return how many commands were reported."""
    read, write = os.pipe()
    works: list[Callable[[Store], object]] = [
        lambda store: store.write(batch, write),
        Store.run_due,
        Store.follow,
    ]
    children = [fork(driver, work, write) for work in works]
    os.close(write)
    with os.fdopen(read) as lines:
        reported = [lines.readline() for _ in children]
        time.sleep(random.uniform(0.0, 0.12))
        for child in random.sample(children, len(children)):
            os.kill(child, signal.SIGKILL)
        for child in children:
            os.waitpid(child, 0)
        reported += lines
    failed = [line for line in reported if line.startswith("failed")]
    if failed:
        raise AssertionError(failed[0])
    return sum(line.startswith("command") for line in reported)


def check(driver: str, sent: list[Sent]) -> None:
    """Check that each command was carried out once, and that all rows agree with the events."""
    store = Store(driver)
    host, tables = store.host, store.database.store
    time.sleep(2 * LEASE.total_seconds())
    host.run_due(AT)
    while store.copy_once():
        pass
    openings = [each.number for each in sent if isinstance(each.command, Open)]
    texts = Counter(each.id for each in sent if not isinstance(each.command, Open))
    paid: Counter[str] = Counter()
    copied: set[tuple[str, int]] = set()
    with store.database.engine.begin() as db:
        rows = {row.number: row for row in tables.search(db, Query(status=None))}
        assert sorted(openings) == sorted(rows)
        for number in openings:
            recorded = tables.events(db, number)
            assert [*range(1, len(recorded) + 1)] == [each.seq for each in recorded]
            summary = None
            for each in recorded:
                summary = project(summary, each)
                copied.add((number, each.seq))
                if isinstance(each.event, Replied):
                    texts[each.event.text or ""] -= 1
                if isinstance(each.event, Refunded):
                    paid[rows[number].order or ""] += each.event.amount.minor
            assert summary == rows[number]
        wake = tables.next_wake(db)
        assert wake is None or wake > AT
        assert [text for text, count in texts.items() if count] == [], "replies lost or doubled"
        orders = {row.order for row in rows.values() if row.order is not None}
        assert dict.fromkeys(orders, 4900) == paid, f"orders are not paid once each: {paid}"
        found = {(ticket, seq) for ticket, seq in db.execute(sa.select(store.copies))}
        assert copied == found
    store.database.engine.dispose()


def main() -> None:
    """Run the faults on each database."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=200, help="processes to kill, by database")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--driver", choices=SYNC, action="append")
    given = parser.parse_args()
    for driver in given.driver or SYNC:
        play(driver, given.kills, given.seed)


if __name__ == "__main__":
    main()
