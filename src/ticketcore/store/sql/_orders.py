"""Lock an order, read its tickets, and append events to them.

A transaction locks the row of an order, so other commands and workers wait for it or skip it. For
a ticket that exists, and for the order that is due next, one statement locks the row and reads all
tickets of the order with their events (`_and_read` in `_statements`). An opening names the key of
its order, and the row is added if it is missing. A ticket that is corrected to another order needs
both rows. They are locked in the order of their keys, so that no two transactions wait for each
other.

An append writes its claims first: the order at the version that was read, the rows of new tickets,
and the receipt of the command. A claim that writes no row shows that another transaction came
first, although the order was locked: it opened the same number about another order, or used the
same command id. The claims before it are then taken back, and ConflictError is raised. The other
rows (events, lists, persons, marks of followers) cannot conflict.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection

from ticketcore._internal.instants import parse_instant
from ticketcore._internal.json_text import decode, encode
from ticketcore._internal.limits import MAX_BODY_BYTES
from ticketcore.errors import CodecError, ConflictError, DataError
from ticketcore.events import Event, Recorded, dump_event, load_event
from ticketcore.store._order import (
    Append,
    LockedOrder,
    TicketRow,
    check_after,
    check_key,
    conflict,
    order_key,
)
from ticketcore.store._store import Receipt, SetAside
from ticketcore.store.sql._base import SqlBase, of_tenant
from ticketcore.store.sql._prepared import Part
from ticketcore.store.sql._tables import SUMMARY
from ticketcore.ticket import Ticket, fold

_OFTEN = ("seq", "changed_at", "handler", "waiting_for", "status", "timers")
_seldom = attrgetter("opened", *(n for n in SUMMARY if n not in _OFTEN and hasattr(Ticket, n)))


class Orders(SqlBase):
    """The methods of `SqlStore` for orders and their events."""

    def lock(
        self, db: Connection, number: str, *, order: str | None = None, tenant: str = ""
    ) -> LockedOrder:
        self._check_locks(db)
        check_key(order)
        ticket = {"at_tenant": tenant, "at_number": number}
        while True:
            if order is None:
                rows: Sequence[Any] = self._run(db, "lock_by_ticket", ticket).all()
                if not rows:
                    return self._read(db, tenant, order_key(number, None, None), {})
                locked = self._locked(db, rows)
            else:
                known = self._run(db, "key_of_ticket", ticket).scalar()
                key = known or order
                versions = self._lock_keys(db, tenant, {key, order})
                if known is None:
                    return self._read(db, tenant, key, versions)
                locked = self._read(db, tenant, key, versions)
            if number in locked.tickets:
                return locked
            # The ticket moved to another order before this one was locked.

    def _lock_keys(self, db: Connection, tenant: str, keys: Iterable[str]) -> dict[str, int]:
        names = sorted(keys)
        new = {"tenant": tenant, "version": 0, "wakes": None}
        self._run(db, "add_order", *({**new, "order_key": key} for key in names))
        places = [{"at_tenant": tenant, "at_order_key": key} for key in names]
        rows = [self._run(db, "lock_order", place).one() for place in places]
        return {row.order_key: row.version for row in rows}

    def lock_due(
        self, db: Connection, until: datetime, *, tenant: str | None = None
    ) -> LockedOrder | None:
        self._check_locks(db)
        name, values = of_tenant("lock_due", tenant)
        values["until"] = until
        while rows := self._run(db, name, values).all():
            try:
                return self._locked(db, rows)
            except DataError as error:  # one that cannot be read stops no other
                row = rows[0]
                place = {"at_tenant": row.tenant, "at_order_key": row.order_key}
                self._run(db, "put_order_aside", {**place, "new_set_aside": str(error)})
                wake = {**place, "at_version": row.version, "new_wakes": None}
                self._run(db, "set_wake", wake)
        return None

    def _locked(self, db: Connection, rows: Sequence[Any]) -> LockedOrder:
        """Return the order that these rows of `_and_read` lock."""
        tenant, key, version, version_read = rows[0][:4]
        if version != version_read:
            return self._read(db, tenant, key, {key: version})
        return _order_of(tenant, key, {key: version}, (row[4:] for row in rows))

    def _read(
        self, db: Connection, tenant: str, key: str, versions: Mapping[str, int]
    ) -> LockedOrder:
        places = [{"at_tenant": tenant, "at_order_key": each} for each in versions]
        # All rows at once: a cursor that an error leaves open would keep SQLite's lock.
        rows = [row for place in places for row in self._run(db, "read_order", place).all()]
        return _order_of(tenant, key, versions, rows)

    def append(
        self,
        db: Connection,
        order: LockedOrder,
        events: Iterable[tuple[str, Sequence[Event]]],
        *,
        recorded_at: datetime,
        command: Receipt | None = None,
    ) -> LockedOrder:
        append = order.append(events, recorded_at)
        claims = _claims(order, append)
        if command is not None:
            receipt = _receipt_values(order.tenant, command, recorded_at)
            claims.append(("add_receipt", receipt))
        rows: list[Part] = [
            ("add_event", _event_values(order.tenant, each)) for each in append.recorded
        ]
        self._write(db, order, claims, [*rows, *self._rows(order, append, recorded_at)])
        return append.after

    def rewrite(
        self,
        db: Connection,
        order: LockedOrder,
        histories: Mapping[str, Sequence[Event]],
    ) -> LockedOrder:
        append = order.rewrite(histories)
        rows: list[Part] = [
            (
                "rewrite_event",
                {
                    "at_tenant": order.tenant,
                    "at_ticket": recorded.ticket,
                    "at_seq": recorded.seq,
                    "data": _body(dump_event(recorded.event)[2]),
                },
            )
            for recorded in append.recorded
        ]
        last = max(ticket.at for ticket in append.after.folded.values())
        rows += self._rows(order, append, last, rewrites=1)
        self._write(db, order, _claims(order, append), rows)
        return append.after

    def _write(
        self, db: Connection, order: LockedOrder, claims: list[Part], rows: list[Part]
    ) -> None:
        """Write all rows; if one of the claims conflicts, take the others back and raise."""
        done = self._run_together(db, claims, rows)
        if done == len(claims):
            return
        for name, values in claims[:done]:
            if name == "open_ticket":
                place = {"at_tenant": order.tenant, "at_number": values["number"]}
                self._run(db, "close_opening", place)
            else:
                old, new = values["at_version"], values["version"]
                wakes = order.wakes(values["at_order_key"])
                before = {**values, "at_version": new, "version": old, "wakes": wakes}
                self._run(db, "change_order", before)
        name, values = claims[done]
        if name == "open_ticket":
            raise ConflictError(values["number"], 0)
        if name == "add_receipt":
            raise ConflictError(values["ticket"], values["first"] - 1)
        raise conflict(order)

    def _rows(
        self, order: LockedOrder, append: Append, at: datetime, *, rewrites: int = 0
    ) -> Iterator[Part]:
        """Yield the rows that cannot conflict: tickets, persons, and marks of followers."""
        tenant = order.tenant
        for row in append.changed:
            number = row.summary.number
            yield _changed(tenant, row, order.folded[number], append.after.folded[number])
        for person, number in append.gone:
            place = {"at_tenant": tenant, "at_person": person, "at_ticket": number}
            yield "unname_person", place
        for person, number in append.named:
            yield "name_person", {"tenant": tenant, "person": person, "ticket": number}
        for row in append.rows:
            for follower in self.followers:
                yield (
                    "mark",
                    {
                        "tenant": tenant,
                        "follower": follower,
                        "ticket": row.summary.number,
                        "seen": len(order.histories.get(row.summary.number, ())),
                        "newest": row.summary.seq,
                        "rewrites": rewrites,
                        "marked_at": at,
                        "attempts": 0,
                    },
                )

    def events(
        self, db: Connection, number: str, *, after: int = 0, tenant: str = ""
    ) -> tuple[Recorded, ...]:
        check_after(after)
        values = {"at_tenant": tenant, "at_ticket": number, "after": after}
        rows: Iterable[Any] = self._run(db, "events_after", values).all()
        return tuple(
            Recorded(number, seq, _event(*stored), _instant(recorded_at))
            for seq, recorded_at, *stored in rows
        )

    def next_wake(self, db: Connection, *, tenant: str | None = None) -> datetime | None:
        return _instant(self._run(db, *of_tenant("next_wake", tenant)).scalar())

    def postpone(self, db: Connection, order: LockedOrder, until: datetime) -> None:
        self._set_wake(db, order, until)

    def _set_wake(self, db: Connection, order: LockedOrder, at: datetime | None) -> None:
        values = {
            "at_tenant": order.tenant,
            "at_order_key": order.key,
            "at_version": order.versions.get(order.key),
            "new_wakes": at,
        }
        if self._run(db, "set_wake", values).rowcount != 1:
            raise conflict(order)

    def set_aside(
        self, db: Connection, order: LockedOrder, reasons: Mapping[str, str]
    ) -> LockedOrder:
        return self._put_aside(db, order, reasons)

    def resume(self, db: Connection, order: LockedOrder, number: str) -> LockedOrder:
        return self._put_aside(db, order, {number: None})

    def _put_aside(
        self,
        db: Connection,
        order: LockedOrder,
        reasons: Mapping[str, str | None],
    ) -> LockedOrder:
        after = order.put_aside(reasons)
        self._set_wake(db, order, after.wakes(order.key))
        for number, reason in reasons.items():
            place = {"at_tenant": order.tenant, "at_number": number}
            self._run(db, "put_aside", {**place, "new_set_aside": reason})
        return after

    def all_set_aside(self, db: Connection) -> tuple[SetAside, ...]:
        aside = [SetAside(**row) for row in self._run(db, "all_set_aside").mappings()]
        return tuple(
            sorted(aside, key=lambda each: (each.tenant, each.ticket, each.follower or ""))
        )

    def receipt(self, db: Connection, command_id: str, *, tenant: str = "") -> Receipt | None:
        values = {"at_tenant": tenant, "at_id": command_id}
        row = self._run(db, "receipt", values).one_or_none()
        return None if row is None else Receipt(id=command_id, **row._mapping)

    def forget_receipts(self, db: Connection, before: datetime) -> int:
        return self._run(db, "forget_receipts", {"before": before}).rowcount


def _order_of(
    tenant: str, key: str, versions: Mapping[str, int], rows: Iterable[Sequence[Any]]
) -> LockedOrder:
    histories: dict[str, list[Event]] = {}
    set_aside = set()
    for number, reason, *stored in rows:
        histories.setdefault(number, []).append(_event(*stored))
        if reason is not None:
            set_aside.add(number)
    return LockedOrder(
        tenant=tenant,
        key=key,
        versions=versions,
        histories={number: tuple(events) for number, events in histories.items()},
        folded={number: fold(events) for number, events in histories.items()},
        set_aside=frozenset(set_aside),
    )


def _claims(order: LockedOrder, append: Append) -> list[Part]:
    """Return the rows that conflict with those of another transaction, if there is one."""
    claims: list[Part] = []
    for key, wakes in append.wakes.items():
        place = {"at_tenant": order.tenant, "at_order_key": key, "at_version": order.versions[key]}
        new = {"version": append.after.versions[key], "wakes": wakes}
        claims.append(("change_order", place | new))
    claims += [("open_ticket", _row_values(order.tenant, row)) for row in append.opened]
    return claims


def _event(
    name: str, schema: int, occurred_at: str, command_id: str | None, derived: int, data: str
) -> Event:
    try:
        body = decode(data)
    except ValueError as wrong:
        raise CodecError("data", data, f"JSON text ({wrong})") from None
    return load_event(
        name,
        schema,
        parse_instant(occurred_at),
        body,
        command_id=command_id,
        derived=bool(derived),  # SQLite gives a number
    )


def _instant(stored: str | None) -> datetime | None:
    return None if stored is None else parse_instant(stored)


def _body(body: object) -> str:
    """Return the text of an event's body. Raises CodecError if it could not be read again."""
    text = encode(body)
    if len(text) > MAX_BODY_BYTES:
        raise CodecError("data", text, f"an event of at most {MAX_BODY_BYTES:,} bytes")
    return text


def _event_values(tenant: str, recorded: Recorded) -> dict[str, Any]:
    event = recorded.event
    name, schema, body = dump_event(event)
    return {
        "tenant": tenant,
        "ticket": recorded.ticket,
        "seq": recorded.seq,
        "event": name,
        "schema": schema,
        "occurred_at": event.at,
        "recorded_at": recorded.recorded_at,
        "command_id": event.command_id,
        "derived": event.derived,
        "data": _body(body),
    }


def _receipt_values(tenant: str, receipt: Receipt, at: datetime | None) -> dict[str, Any]:
    return {
        "tenant": tenant,
        "id": receipt.id,
        "ticket": receipt.ticket,
        "first": receipt.first,
        "last": receipt.last,
        "digest": receipt.digest,
        "recorded_at": at,
    }


def _row_values(tenant: str, row: TicketRow) -> dict[str, Any]:
    summary = row.summary
    values = {name: getattr(summary, name) for name in SUMMARY}
    return {
        **values,
        "tenant": tenant,
        "order_key": row.order_key,
        "set_aside": row.set_aside,
        "due": summary.due,
        "subject_folded": (summary.subject or "").casefold(),
    }


def _changed(tenant: str, row: TicketRow, before: Ticket, after: Ticket) -> Part:
    """Return the change of a ticket's row; most commands change a few columns of it."""
    summary = row.summary
    place = {"at_tenant": tenant, "at_number": summary.number}
    if _seldom(before) != _seldom(after):
        values = _row_values(tenant, row)
        del values["tenant"], values["number"]
        return "change_ticket", {**place, **values}
    often = {name: getattr(summary, name) for name in _OFTEN}
    return "change_often", {**place, **often, "due": summary.due, "set_aside": row.set_aside}
