"""The statements of a store. They are built once, since building takes longer than running.

Each attribute of `Statements` is a statement that `SqlBase._run` executes by its name. Its values
have the names of columns. A condition cannot use them too, since an UPDATE takes them as new
values: conditions compare with ``at_NAME``, and other parameters are named ``new_NAME``.
"""

from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from ticketcore.store.sql._tables import Tables


def _same(table: sa.Table, *columns: str) -> "sa.ColumnElement[bool]":
    """Return the condition that columns equal parameters of their names, preceded by ``at_``.

    An UPDATE uses the names of columns for their new values, so a condition needs other names.
    """
    return sa.and_(*(table.c[name] == bindparam(f"at_{name}") for name in columns))


def _and_read(
    tables: Tables, lock: "sa.Select[Any]", stored: Iterable["sa.Column[Any]"]
) -> "sa.Select[Any]":
    """Return a statement that locks an order and reads its tickets.

    PostgreSQL may wait for the lock, and then reads the tickets as they were before it waited. So
    ``version_read`` is the version of the order that the tickets belong to. If it is not
    ``version``, read them again.
    """
    locked, read = lock.cte("locked"), tables.orders.alias("read")
    tickets, events = tables.tickets, tables.events
    return (
        sa.select(
            locked.c.tenant,
            locked.c.order_key,
            locked.c.version,
            read.c.version.label("version_read"),
            tickets.c.number,
            tickets.c.set_aside,
            *stored,
        )
        .select_from(locked)
        .join(read, _same_keys(read, locked, "tenant", "order_key"))
        .join(tickets, _same_keys(tickets, locked, "tenant", "order_key"))
        .join(events, _of_ticket(events, tickets))
        .order_by(tickets.c.number, events.c.seq)
    )


def _same_keys(
    table: sa.FromClause, other: sa.FromClause, *columns: str
) -> "sa.ColumnElement[bool]":
    return sa.and_(*(table.c[name] == other.c[name] for name in columns))


def _of_ticket(events: sa.Table, tickets: sa.Table) -> "sa.ColumnElement[bool]":
    return sa.and_(events.c.tenant == tickets.c.tenant, events.c.ticket == tickets.c.number)


class Statements:
    """The statements for one dialect, with *insert* as its INSERT ... ON CONFLICT."""

    def __init__(self, tables: Tables, insert: Callable[..., Any]) -> None:
        events = tables.events.c
        stored = (
            events.event,
            events.schema,
            events.occurred_at,
            events.command_id,
            events.derived,
            events.data,
        )
        self._lock_and_read_orders(tables, stored)
        self._write_orders(tables, insert)
        self._write_tickets(tables, insert)
        self._write_and_read_events(tables, stored)
        self._keep_receipts(tables, insert)
        self._name_persons(tables, insert)
        self._set_marks(tables, insert)
        self._lease_marks(tables)
        self._list_set_aside(tables)

    def _lock_and_read_orders(self, tables: Tables, stored: Iterable["sa.Column[Any]"]) -> None:
        orders, tickets, events = tables.orders.c, tables.tickets.c, tables.events.c
        order = sa.select(orders.tenant, orders.order_key, orders.version)
        key_of_ticket = sa.select(tickets.order_key).where(
            _same(tables.tickets, "tenant", "number")
        )
        self.key_of_ticket = key_of_ticket
        self.lock_by_ticket = _and_read(
            tables,
            order.where(
                _same(tables.orders, "tenant"),
                orders.order_key == key_of_ticket.scalar_subquery(),
            ).with_for_update(),
            stored,
        )
        self.lock_order = order.where(
            _same(tables.orders, "tenant", "order_key")
        ).with_for_update()
        due = (
            order.where(orders.wakes <= bindparam("until"))
            .order_by(orders.wakes, orders.tenant, orders.order_key)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        self.lock_due = _and_read(tables, due, stored)
        self.lock_due_of_tenant = _and_read(
            tables, due.where(_same(tables.orders, "tenant")), stored
        )
        self.next_wake = sa.select(sa.func.min(orders.wakes))
        self.next_wake_of_tenant = self.next_wake.where(_same(tables.orders, "tenant"))
        self.read_order = (
            sa.select(tickets.number, tickets.set_aside, *stored)
            .join_from(tables.tickets, tables.events, _of_ticket(tables.events, tables.tickets))
            .where(_same(tables.tickets, "tenant", "order_key"))
            .order_by(tickets.number, events.seq)
        )

    def _write_orders(self, tables: Tables, insert: Callable[..., Any]) -> None:
        self.add_order = insert(tables.orders).on_conflict_do_nothing()
        at_version = _same(tables.orders, "tenant", "order_key", "version")
        self.change_order = sa.update(tables.orders).where(at_version)
        self.set_wake = (
            sa.update(tables.orders)
            .where(at_version)
            .values(version=tables.orders.c.version + 1, wakes=bindparam("new_wakes"))
        )

    def _write_tickets(self, tables: Tables, insert: Callable[..., Any]) -> None:
        one_ticket = _same(tables.tickets, "tenant", "number")
        self.open_ticket = insert(tables.tickets).on_conflict_do_nothing()
        self.close_opening = sa.delete(tables.tickets).where(one_ticket)
        self.change_ticket = sa.update(tables.tickets).where(one_ticket)
        self.change_often = self.change_ticket  # prepared for fewer columns
        self.put_aside = (
            sa.update(tables.tickets)
            .where(one_ticket)
            .values(set_aside=bindparam("new_set_aside"))
        )
        self.put_order_aside = (
            sa.update(tables.tickets)
            .where(_same(tables.tickets, "tenant", "order_key"))
            .values(set_aside=bindparam("new_set_aside"))
        )

    def _write_and_read_events(self, tables: Tables, stored: Iterable["sa.Column[Any]"]) -> None:
        events = tables.events.c
        self.add_event = sa.insert(tables.events)
        self.rewrite_event = sa.update(tables.events).where(
            _same(tables.events, "tenant", "ticket", "seq")
        )
        self.events_after = (
            sa.select(events.seq, events.recorded_at, *stored)
            .where(_same(tables.events, "tenant", "ticket"), events.seq > bindparam("after"))
            .order_by(events.seq)
        )

    def _keep_receipts(self, tables: Tables, insert: Callable[..., Any]) -> None:
        receipts = tables.receipts.c
        self.add_receipt = insert(tables.receipts).on_conflict_do_nothing()
        self.receipt = sa.select(
            receipts.ticket, receipts.first, receipts.last, receipts.digest
        ).where(_same(tables.receipts, "tenant", "id"))
        self.forget_receipts = sa.delete(tables.receipts).where(
            receipts.recorded_at < bindparam("before")
        )

    def _name_persons(self, tables: Tables, insert: Callable[..., Any]) -> None:
        persons = tables.persons.c
        self.name_person = insert(tables.persons).on_conflict_do_nothing()
        self.unname_person = sa.delete(tables.persons).where(
            _same(tables.persons, "tenant", "person", "ticket")
        )
        self.tickets_of = (
            sa.select(persons.ticket)
            .where(_same(tables.persons, "tenant", "person"))
            .order_by(persons.ticket)
        )

    def _set_marks(self, tables: Tables, insert: Callable[..., Any]) -> None:
        tickets, marks = tables.tickets.c, tables.marks.c
        mark = insert(tables.marks)
        self.mark = mark.on_conflict_do_update(
            index_elements=[marks.tenant, marks.follower, marks.ticket],
            set_={
                "newest": mark.excluded.newest,
                "rewrites": marks.rewrites + mark.excluded.rewrites,
            },
        )
        self.mark_all = mark.from_select(
            [column.name for column in tables.marks.c],
            sa.select(
                tickets.tenant,
                bindparam("follower", type_=sa.Text()),
                tickets.number,
                sa.literal(0),
                tickets.seq,
                sa.literal(0),
                tickets.changed_at,
                sa.null(),
                sa.null(),
                sa.literal(0),
                sa.null(),
            ).where(sa.true()),  # or SQLite takes ON for a part of the SELECT
        ).on_conflict_do_update(
            index_elements=[marks.tenant, marks.follower, marks.ticket],
            set_={"seen": 0, "newest": mark.excluded.newest},
        )
        self.next_mark = (
            sa.select(tables.marks)
            .where(
                _same(tables.marks, "follower"),
                marks.set_aside.is_(None),
                sa.or_(marks.free_at.is_(None), marks.free_at <= bindparam("now")),
            )
            .order_by(marks.marked_at, marks.tenant, marks.ticket)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        self.next_mark_of_tenant = self.next_mark.where(_same(tables.marks, "tenant"))

    def _lease_marks(self, tables: Tables) -> None:
        marks = tables.marks.c
        one_mark = _same(tables.marks, "tenant", "follower", "ticket")
        leased = sa.and_(one_mark, marks.lease == bindparam("at_lease"))
        self.lease_mark = (
            sa.update(tables.marks)
            .where(one_mark)
            .values(
                lease=bindparam("new_lease"),
                free_at=bindparam("new_free_at"),
                attempts=marks.attempts + 1,
            )
        )
        self.end_mark = sa.delete(tables.marks).where(
            leased, _same(tables.marks, "newest", "rewrites")
        )
        self.settle_mark = (
            sa.update(tables.marks)
            .where(leased)
            .values(
                seen=bindparam("new_seen"),
                rewrites=marks.rewrites - bindparam("done"),
                lease=None,
                free_at=None,
                attempts=0,
            )
        )
        self.give_back = (
            sa.update(tables.marks)
            .where(leased)
            .values(
                lease=None, free_at=bindparam("new_free_at"), set_aside=bindparam("new_set_aside")
            )
        )
        self.retry_mark = (
            sa.update(tables.marks)
            .where(one_mark, marks.set_aside.is_not(None))
            .values(set_aside=None, attempts=0)
        )

    def _list_set_aside(self, tables: Tables) -> None:
        tickets, marks = tables.tickets.c, tables.marks.c
        self.all_set_aside = sa.union_all(
            sa.select(
                tickets.tenant,
                tickets.number.label("ticket"),
                tickets.set_aside.label("reason"),
                sa.null().label("follower"),
            ).where(tickets.set_aside.is_not(None)),
            sa.select(marks.tenant, marks.ticket, marks.set_aside, marks.follower).where(
                marks.set_aside.is_not(None)
            ),
        )
