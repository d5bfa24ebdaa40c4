"""Kill processes that use a store, and check that nothing is lost, torn, doubled or skipped.

Each round starts three processes: one sends commands with ids, one fires due timers, and one is a
follower. After some commands they are killed. Each reports its work over a pipe after it has
committed. Then all commands that were reported or begun are sent again with their ids, as a client
that got no answer does.
"""

import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from random import Random
from typing import Any, Literal, TypeAlias, assert_never

import attrs

from ticketcore.commands import Command, Open
from ticketcore.errors import LeaseLostError, RefusedError
from ticketcore.events import Recorded, Refunded, Replied
from ticketcore.inbox import Query, project
from ticketcore.policies import parse_policy
from ticketcore.testing.store._host import Harness, Host
from ticketcore.testing.store._stories import AT, ORDER, POLICY, opening, reply

_FOLLOWER = "copies"
_LEASE = timedelta(milliseconds=50)
_BATCH = 30
_LONG_AGO = AT - timedelta(days=30)

_OpenStore: TypeAlias = Callable[[Sequence[str]], Harness[Any]]
_Kind: TypeAlias = Literal["ready", "failed", "command", "taken", "settled"]
_Place: TypeAlias = tuple[str, int]  # a ticket, and the sequence number of an event


@attrs.frozen
class _Sent:
    number: str
    id: str
    command: Command


@attrs.define
class _Reports:
    """The reports of the processes: which commands and leases they carried out."""

    commands: set[str] = attrs.Factory(set)
    taken: set[_Place] = attrs.Factory(set)
    settled: Counter[_Place] = attrs.Factory(Counter)

    def add(self, kind: _Kind, what: Any) -> None:
        match kind:
            case "ready":
                pass
            case "failed":
                raise AssertionError(what)
            case "command":
                self.commands.add(what)
            case "taken":
                self.taken.update(what)
            case "settled":
                self.settled.update(what)
            case _:
                assert_never(kind)


def crash_test(open_store: _OpenStore, *, kills: int = 6, seed: int = 0) -> int:
    """Kill *kills* processes that use a store, then check everything. Return the commands sent.

    *open_store* opens the store with the followers that it is given, without emptying it. Each
    process calls it, so it must be a function of a module, or a `functools.partial` of one. The
    database must be empty at first, and must be kept in files or by a server. It does not run on
    Windows.

    Raises AssertionError if a command or an event was lost, torn, doubled or skipped.
    """
    random, stream = Random(seed), _commands(Random(seed))
    reports, sent = _Reports(), list[_Sent]()
    desk = _Desk(open_store([_FOLLOWER]), reports.add)
    for _ in range(0, kills, len(_ROLES)):
        batch = [next(stream) for _ in range(_BATCH)]
        for kind, what in _round(open_store, batch, random):
            reports.add(kind, what)
        begun = sum(each.id in reports.commands for each in batch) + 1
        desk.write(batch[:begun])
        sent += batch[:begun]
        # Replies to tickets that were never opened are not sent.
        missing = {each.number for each in batch[begun:] if isinstance(each.command, Open)}
        stream = _without(stream, missing)
    time.sleep(2 * _LEASE.total_seconds())
    desk.host.run_due(AT)
    while desk.follow():
        pass
    _check(desk.host, sent, reports)
    return len(sent)


def _commands(random: Random) -> Iterator[_Sent]:
    """Yield commands without end: openings that are overdue at once, and replies to others."""
    talks: list[str] = []
    count = 0
    while True:
        count += 1
        number, id_ = f"{count:011}", f"command-{count}"
        if random.random() < 0.5:  # several tickets about each order: it is paid once
            order = attrs.evolve(ORDER, number=f"o-{count // 4}", sold_at=_LONG_AGO)
            yield _Sent(number, id_, opening(number, order, at=_LONG_AGO))
        elif len(talks) < 4 or random.random() < 0.1:
            talks.append(number)
            yield _Sent(number, id_, opening(number, None, type="technical"))
        else:
            minutes = random.randrange(600)
            yield _Sent(random.choice(talks), id_, reply(minutes, text=id_))


def _without(stream: Iterable[_Sent], numbers: set[str]) -> Iterator[_Sent]:
    return (each for each in stream if each.number not in numbers)


class _Desk:
    """A host that reports what it has done."""

    def __init__(self, harness: Harness[Any], report: Callable[[_Kind, Any], object]) -> None:
        self.host = Host(harness, parse_policy(POLICY))
        self._report = report

    def write(self, batch: Iterable[_Sent]) -> None:
        """Send commands; report each after its commit."""
        for sent in batch:
            try:
                self.host.send(sent.number, sent.command, command_id=sent.id)
            except RefusedError as refusal:
                raise AssertionError(f"{sent.id} was carried out twice: {refusal}") from refusal
            self._report("command", sent.id)

    def follow(self) -> bool:
        """Settle the new events of a ticket; report them before and after the commit.

        Return whether there was such a ticket.
        """
        now, store = datetime.now(UTC), self.host.store
        lease = self.host.run(lambda db: store.take(db, _FOLLOWER, now=now, until=now + _LEASE))
        if lease is None:
            return False
        places = [(lease.ticket, each.seq) for each in lease.events]
        self._report("taken", places)
        with suppress(LeaseLostError):  # another worker was faster
            self.host.run(lambda db: store.settle(db, lease))
            self._report("settled", places)
        return True


_ROLES: tuple[Callable[[_Desk, Sequence[_Sent]], object], ...] = (
    lambda desk, batch: desk.write(batch),
    lambda desk, _: desk.host.run_due(AT),
    lambda desk, _: desk.follow(),
)


def _work(  # pragma: no cover  # the process is killed
    open_store: _OpenStore, role: int, batch: Sequence[_Sent], pipe: Connection
) -> None:
    try:
        desk = _Desk(open_store([_FOLLOWER]), lambda kind, what: pipe.send((kind, what)))
        pipe.send(("ready", None))
        pipe.recv()
        while not pipe.poll():  # until the first process has gone
            _ROLES[role](desk, batch)
            time.sleep(0.001)
    except BaseException as error:  # noqa: BLE001  # the test reports it
        pipe.send(("failed", repr(error)))


def _round(
    open_store: _OpenStore, batch: Sequence[_Sent], random: Random
) -> Iterator[tuple[_Kind, Any]]:
    """Start a process for each role, kill all, and yield their reports."""
    # Processes of a server that has imported this module begin in some milliseconds.
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload([__name__])
    children, pipes = [], []
    for role in range(len(_ROLES)):
        pipe, other = processes.Pipe()
        child = processes.Process(target=_work, args=(open_store, role, batch, other), daemon=True)
        child.start()
        other.close()
        children.append(child)
        pipes.append(pipe)
    try:
        for pipe in pipes:
            yield pipe.recv()
        for pipe in pipes:
            pipe.send("go")
        for _ in range(random.randrange(1, _BATCH // 2)):
            yield pipes[0].recv()
        time.sleep(random.uniform(0.0, 0.01))
    finally:
        for child in random.sample(children, len(children)):
            child.kill()
        for child in children:
            child.join()
    for pipe in pipes:
        with suppress(EOFError, ConnectionResetError):
            while True:
                yield pipe.recv()


def _check(host: Host[Any], sent: Sequence[_Sent], reports: _Reports) -> None:
    """Check that each command was carried out once, and that all rows agree with the events."""
    store = host.store
    rows = {row.number: row for row in host.run(lambda db: store.search(db, Query(status=None)))}
    openings = {each.number for each in sent if isinstance(each.command, Open)}
    assert openings == rows.keys(), "tickets were lost"
    texts = Counter(each.id for each in sent if not isinstance(each.command, Open))
    paid: Counter[str] = Counter()
    places: set[_Place] = set()
    for number, row in rows.items():
        recorded = _events(host, number)
        assert [*range(1, len(recorded) + 1)] == [each.seq for each in recorded]
        summary = None
        for each in recorded:
            summary = project(summary, each)
            places.add((number, each.seq))
            if isinstance(each.event, Replied):
                texts[each.event.text or ""] -= 1
            if isinstance(each.event, Refunded):
                paid[row.order or ""] += each.event.amount.minor
        assert summary == row, "a row differs from its events"
    wake = host.run(store.next_wake)
    assert wake is None or wake > AT, "an order was left out by the timers"
    assert [] == [text for text, count in texts.items() if count], "replies were lost or doubled"
    orders = {row.order for row in rows.values() if row.order is not None}
    assert dict.fromkeys(orders, ORDER.amount.minor) == paid, "orders were not paid once each"
    assert places == reports.taken, "a follower has skipped events"
    assert {1} == {*reports.settled.values()}, "a follower has got events twice"


def _events(host: Host[Any], number: str) -> tuple[Recorded, ...]:
    return host.run(lambda db: host.store.events(db, number))
