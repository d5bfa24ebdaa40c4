"""The store in memory: the reference for other stores, and for tests of a host."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar
from uuid import uuid4

import attrs

from ticketcore._internal.arguments import checks_arguments
from ticketcore.errors import ConflictError, LeaseLostError, StoreError
from ticketcore.events import Event, Recorded
from ticketcore.inbox import Query, TicketSummary
from ticketcore.store._order import (
    Append,
    LockedOrder,
    TicketRow,
    check_after,
    check_follower,
    check_followers,
    check_key,
    conflict,
    order_key,
)
from ticketcore.store._store import Lease, Receipt, SetAside, Store
from ticketcore.ticket import fold

_Key = TypeVar("_Key")
_Row = TypeVar("_Row")


@attrs.frozen(kw_only=True)
class _Mark:
    """The events of a ticket that a follower has not seen: those after *seen*, up to *newest*."""

    seen: int
    newest: int
    rewrites: int = 0
    lease: str | None = None
    free_at: datetime | None = None
    attempts: int = 0
    set_aside: str | None = None


class MemoryTransaction:
    """A transaction of a `MemoryStore`. It remembers what it overwrites, for a rollback."""

    def __init__(self) -> None:
        self._undo: list[tuple[dict[Any, Any], Any, Any]] = []
        self._has_ended = False

    def put(self, table: dict[_Key, _Row], key: _Key, value: _Row | None) -> None:
        """Write a row, or delete it if *value* is None. Raises StoreError after the end."""
        if self._has_ended:
            raise StoreError(
                "no-transaction",
                "this transaction has ended",
                "write inside `with store.begin() as db`",
            )
        self._undo.append((table, key, table.get(key)))
        _put(table, key, value)

    def end(self) -> None:
        """Refuse everything that is written from now on."""
        self._has_ended = True

    def roll_back(self) -> None:
        """Write back everything that was overwritten, the last first."""
        for table, key, value in reversed(self._undo):
            _put(table, key, value)


def _put(table: dict[Any, Any], key: Any, value: Any) -> None:
    if value is None:
        table.pop(key, None)
    else:
        table[key] = value


@checks_arguments()
class MemoryStore(Store[MemoryTransaction]):
    """A store in dictionaries. One transaction runs at a time; others wait for it to end.

    >>> store = MemoryStore(followers=["notifications"])
    >>> with store.begin() as db:
    ...     order = store.lock(db, "00123456789")
    """

    def __init__(self, *, followers: Iterable[str] = ()) -> None:
        self.followers: tuple[str, ...] = check_followers(followers)
        self._turn = Lock()
        self._orders: dict[tuple[str, str], tuple[int, datetime | None]] = {}
        self._tickets: dict[tuple[str, str], TicketRow] = {}
        self._events: dict[tuple[str, str], tuple[Recorded, ...]] = {}
        self._receipts: dict[tuple[str, str], tuple[Receipt, datetime]] = {}
        self._marks: dict[tuple[str, str, str], _Mark] = {}
        self._persons: dict[tuple[str, str, str], bool] = {}

    @contextmanager
    def begin(self) -> Iterator[MemoryTransaction]:
        """Begin a transaction. It is rolled back if the block raises."""
        with self._turn:
            db = MemoryTransaction()
            try:
                yield db
            except BaseException:
                db.roll_back()
                raise
            finally:
                db.end()

    def lock(
        self, db: MemoryTransaction, number: str, *, order: str | None = None, tenant: str = ""
    ) -> LockedOrder:
        check_key(order)
        row = self._tickets.get((tenant, number))
        if row is None and order is None:
            return self._read(tenant, order_key(number, None, None), ())
        key = row.order_key if row else order or ""
        return self._read(tenant, key, {key, order or key})

    def _read(self, tenant: str, key: str, keys: Iterable[str]) -> LockedOrder:
        numbers = [
            n for (t, n), row in self._tickets.items() if t == tenant and row.order_key in keys
        ]
        histories = {n: tuple(r.event for r in self._events[tenant, n]) for n in numbers}
        return LockedOrder(
            tenant=tenant,
            key=key,
            versions={each: self._orders.get((tenant, each), (0, None))[0] for each in keys},
            histories=histories,
            folded={number: fold(events) for number, events in histories.items()},
            set_aside=frozenset(
                n for n in numbers if self._tickets[tenant, n].set_aside is not None
            ),
        )

    def lock_due(
        self, db: MemoryTransaction, until: datetime, *, tenant: str | None = None
    ) -> LockedOrder | None:
        due = [(at, place) for place, at in self._wakes(tenant) if at <= until]
        if not due:
            return None
        _, (owner, key) = min(due)
        return self._read(owner, key, {key})

    def _wakes(self, tenant: str | None) -> Iterator[tuple[tuple[str, str], datetime]]:
        for place, (_, at) in self._orders.items():
            if at is not None and tenant in (None, place[0]):
                yield place, at

    def append(
        self,
        db: MemoryTransaction,
        order: LockedOrder,
        events: Iterable[tuple[str, Sequence[Event]]],
        *,
        recorded_at: datetime,
        command: Receipt | None = None,
    ) -> LockedOrder:
        append = order.append(events, recorded_at)
        tenant = order.tenant
        self._check(order, append)
        if command is not None:
            if (tenant, command.id) in self._receipts:
                raise ConflictError(command.ticket, command.first - 1)
            db.put(self._receipts, (tenant, command.id), (command, recorded_at))
        for number in {recorded.ticket for recorded in append.recorded}:
            new = tuple(each for each in append.recorded if each.ticket == number)
            db.put(self._events, (tenant, number), self.events(db, number, tenant=tenant) + new)
        self._write(db, order, append, rewrites=0)
        return append.after

    def rewrite(
        self,
        db: MemoryTransaction,
        order: LockedOrder,
        histories: Mapping[str, Sequence[Event]],
    ) -> LockedOrder:
        append = order.rewrite(histories)
        self._check(order, append)
        for number, events in histories.items():
            place = order.tenant, number
            kept = zip(self._events[place], events, strict=True)
            db.put(
                self._events,
                place,
                tuple(attrs.evolve(recorded, event=event) for recorded, event in kept),
            )
        self._write(db, order, append, rewrites=1)
        return append.after

    def _check(self, order: LockedOrder, append: Append) -> None:
        for key in append.wakes:
            version, _ = self._orders.get((order.tenant, key), (0, None))
            if version != order.versions[key]:
                raise conflict(order)
        for row in append.opened:
            if (order.tenant, row.summary.number) in self._tickets:
                raise ConflictError(row.summary.number, 0)

    def _write(
        self, db: MemoryTransaction, order: LockedOrder, append: Append, *, rewrites: int
    ) -> None:
        tenant = order.tenant
        for key, wakes in append.wakes.items():
            db.put(self._orders, (tenant, key), (append.after.versions[key], wakes))
        for row in append.rows:
            db.put(self._tickets, (tenant, row.summary.number), row)
        for person, number in append.gone:
            db.put(self._persons, (tenant, person, number), None)
        for person, number in append.named:
            db.put(self._persons, (tenant, person, number), True)
        for row in append.rows:
            number, newest = row.summary.number, row.summary.seq
            seen = len(order.histories.get(number, ()))
            for follower in self.followers:
                place = tenant, follower, number
                mark = self._marks.get(place) or _Mark(seen=seen, newest=newest)
                db.put(
                    self._marks,
                    place,
                    attrs.evolve(mark, newest=newest, rewrites=mark.rewrites + rewrites),
                )

    def events(
        self, db: MemoryTransaction, number: str, *, after: int = 0, tenant: str = ""
    ) -> tuple[Recorded, ...]:
        check_after(after)
        return self._events.get((tenant, number), ())[after:]

    def next_wake(self, db: MemoryTransaction, *, tenant: str | None = None) -> datetime | None:
        return min((at for _, at in self._wakes(tenant)), default=None)

    def postpone(self, db: MemoryTransaction, order: LockedOrder, until: datetime) -> None:
        self._set_wake(db, order, until)

    def _set_wake(self, db: MemoryTransaction, order: LockedOrder, at: datetime | None) -> None:
        place, version = (order.tenant, order.key), order.versions.get(order.key)
        if version is None or self._orders.get(place, (0, None))[0] != version:
            raise conflict(order)
        db.put(self._orders, place, (version + 1, at))

    def receipt(
        self, db: MemoryTransaction, command_id: str, *, tenant: str = ""
    ) -> Receipt | None:
        found = self._receipts.get((tenant, command_id))
        return None if found is None else found[0]

    def forget_receipts(self, db: MemoryTransaction, before: datetime) -> int:
        old = [place for place, (_, at) in self._receipts.items() if at < before]
        for place in old:
            db.put(self._receipts, place, None)
        return len(old)

    def set_aside(
        self, db: MemoryTransaction, order: LockedOrder, reasons: Mapping[str, str]
    ) -> LockedOrder:
        return self._put_aside(db, order, reasons)

    def resume(self, db: MemoryTransaction, order: LockedOrder, number: str) -> LockedOrder:
        return self._put_aside(db, order, {number: None})

    def _put_aside(
        self,
        db: MemoryTransaction,
        order: LockedOrder,
        reasons: Mapping[str, str | None],
    ) -> LockedOrder:
        after = order.put_aside(reasons)
        for number, reason in reasons.items():
            place = order.tenant, number
            row = attrs.evolve(self._tickets[place], set_aside=reason)
            db.put(self._tickets, place, row)
        self._set_wake(db, order, after.wakes(order.key))
        return after

    def all_set_aside(self, db: MemoryTransaction) -> tuple[SetAside, ...]:
        aside = [
            SetAside(tenant=tenant, ticket=number, reason=row.set_aside)
            for (tenant, number), row in self._tickets.items()
            if row.set_aside is not None
        ]
        aside += [
            SetAside(tenant=tenant, ticket=number, reason=mark.set_aside, follower=follower)
            for (tenant, follower, number), mark in self._marks.items()
            if mark.set_aside is not None
        ]
        return tuple(
            sorted(aside, key=lambda each: (each.tenant, each.ticket, each.follower or ""))
        )

    def take(
        self,
        db: MemoryTransaction,
        follower: str,
        *,
        now: datetime,
        until: datetime,
        tenant: str | None = None,
    ) -> Lease | None:
        check_follower(follower, self.followers)
        for place, mark in self._marks.items():
            owner, of, number = place
            free = mark.free_at is None or mark.free_at <= now
            wanted = of == follower and tenant in (None, owner)
            if wanted and free and mark.set_aside is None:
                token = uuid4().hex
                attempts = mark.attempts + 1
                taken = attrs.evolve(mark, lease=token, free_at=until, attempts=attempts)
                db.put(self._marks, place, taken)
                return Lease(
                    tenant=owner,
                    follower=follower,
                    ticket=number,
                    seen=mark.seen,
                    events=self._events[owner, number][mark.seen :],
                    rewrites=mark.rewrites,
                    attempts=attempts,
                    token=token,
                )
        return None

    def settle(self, db: MemoryTransaction, lease: Lease) -> None:
        place, mark = self._leased(lease)
        left = _Mark(
            seen=lease.last_seq, newest=mark.newest, rewrites=mark.rewrites - lease.rewrites
        )
        done = lease.last_seq == mark.newest and not left.rewrites
        db.put(self._marks, place, None if done else left)

    def give_back(
        self, db: MemoryTransaction, lease: Lease, *, until: datetime | None, reason: str
    ) -> None:
        place, mark = self._leased(lease)
        aside = reason if until is None else None
        db.put(self._marks, place, attrs.evolve(mark, lease=None, free_at=until, set_aside=aside))

    def _leased(self, lease: Lease) -> tuple[tuple[str, str, str], _Mark]:
        place = lease.tenant, lease.follower, lease.ticket
        mark = self._marks.get(place)
        if mark is None or mark.lease != lease.token:
            raise LeaseLostError(lease.follower, lease.ticket)
        return place, mark

    def retry(
        self, db: MemoryTransaction, follower: str, number: str, *, tenant: str = ""
    ) -> None:
        check_follower(follower, self.followers)
        mark = self._marks.get((tenant, follower, number))
        if mark is not None and mark.set_aside is not None:
            free = attrs.evolve(mark, set_aside=None, attempts=0)
            db.put(self._marks, (tenant, follower, number), free)

    def start_follower(self, db: MemoryTransaction, follower: str) -> None:
        check_follower(follower, self.followers)
        for (tenant, number), row in self._tickets.items():
            mark = _Mark(seen=0, newest=row.summary.seq)
            db.put(self._marks, (tenant, follower, number), mark)

    def tickets_of(
        self, db: MemoryTransaction, person: str, *, tenant: str = ""
    ) -> tuple[str, ...]:
        return tuple(sorted(n for t, p, n in self._persons if (t, p) == (tenant, person)))

    def summary(
        self, db: MemoryTransaction, number: str, *, tenant: str = ""
    ) -> TicketSummary | None:
        row = self._tickets.get((tenant, number))
        return None if row is None else row.summary

    def search(
        self, db: MemoryTransaction, query: Query, *, tenant: str = ""
    ) -> tuple[TicketSummary, ...]:
        rows = (row.summary for (t, _), row in self._tickets.items() if t == tenant)
        return tuple(query.select(rows))
