"""The tables of a store, in the caller's MetaData.

Every key begins with the tenant, so that the tables can be partitioned or sharded by it. Instants
are text of fixed width in UTC, which sorts by time in every database. Text sorts by code points,
as in Python. On PostgreSQL the collation "C" does this, whatever the version of the system's
libraries.
"""

from collections.abc import Mapping
from datetime import datetime
from types import NoneType
from typing import Any, Literal, get_args, get_origin

import attrs
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeDecorator

from ticketcore._internal.instants import format_instant, parse_instant
from ticketcore._internal.json_text import decode, encode
from ticketcore._internal.strict_json import CONVERTER
from ticketcore.inbox import TicketSummary

SUMMARY = tuple(field.name for field in attrs.fields(TicketSummary))
"""The columns of a list row, in the order of the attributes of `TicketSummary`."""

_TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


class _Instant(TypeDecorator[datetime]):
    impl = _TEXT
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: object) -> str | None:
        return None if value is None else format_instant(value)

    def process_result_value(self, value: str | None, dialect: object) -> datetime | None:
        return None if value is None else parse_instant(value)


class _Json(TypeDecorator[Any]):
    """A tuple or a mapping as JSON text. *kind* is its type, such as `tuple[Timer, ...]`."""

    impl = _TEXT
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.kind = kind
        self.empty = "{}" if get_origin(kind) is Mapping else "[]"

    def process_bind_param(self, value: Any, dialect: object) -> str:
        return encode(CONVERTER.unstructure(value, self.kind)) if value else self.empty

    def process_result_value(self, value: str | None, dialect: object) -> Any:
        if value is None or value == self.empty:
            return decode(self.empty) if self.empty == "{}" else ()
        return CONVERTER.get_structure_hook(self.kind)(decode(value), None)


def _column(field: "attrs.Attribute[Any]") -> "sa.Column[Any]":
    """Return the column of an attribute of `TicketSummary`."""
    alternatives = get_args(field.type) if NoneType in get_args(field.type) else (field.type,)
    (kind,) = set(alternatives) - {NoneType}
    plain = {str: _TEXT, int: sa.Integer(), bool: sa.Boolean(), datetime: _Instant()}
    if get_origin(kind) is Literal:
        kind = str
    column_type: Any = plain.get(kind) or _Json(kind)
    return sa.Column(field.name, column_type, nullable=NoneType in alternatives)


def _text(name: str, *, key: bool = False, nullable: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, _TEXT, primary_key=key, nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, _Instant(), nullable=nullable)


def _number(name: str, *, key: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, sa.Integer(), primary_key=key, autoincrement=False, nullable=False)


@attrs.frozen
class _Definition:
    """The definition of each table of a store."""

    metadata: sa.MetaData
    prefix: str
    schema: str | None

    def _table(self, name: str, *parts: Any) -> sa.Table:
        tenant = _text("tenant", key=True)
        return sa.Table(f"{self.prefix}{name}", self.metadata, tenant, *parts, schema=self.schema)

    def _index(self, name: str, *columns: str, where: Any = None) -> sa.Index:
        partial = {} if where is None else {"postgresql_where": where, "sqlite_where": where}
        return sa.Index(f"{self.prefix}{name}", *columns, **partial)

    def orders(self) -> sa.Table:
        return self._table(
            "order",
            _text("order_key", key=True),
            _number("version"),
            _instant("wakes", nullable=True),
            self._index("order_wakes", "wakes", where=sa.text("wakes IS NOT NULL")),
        )

    def tickets(self) -> sa.Table:
        return self._table(
            "ticket",
            sa.Column("number", _TEXT, primary_key=True),
            _text("order_key"),
            _text("set_aside", nullable=True),
            _instant("due", nullable=True),
            _text("subject_folded"),
            *(_column(f) for f in attrs.fields(TicketSummary) if f.name != "number"),
            self._index("ticket_order", "tenant", "order_key"),
            self._index("ticket_due", "tenant", "due"),
            self._index("ticket_changed", "tenant", "changed_at"),
            self._index("ticket_customer", "tenant", "customer"),
            self._index("ticket_assigned", "tenant", "assigned_to"),
            self._index("ticket_set_aside", "set_aside", where=sa.text("set_aside IS NOT NULL")),
        )

    def events(self) -> sa.Table:
        return self._table(
            "event",
            _text("ticket", key=True),
            _number("seq", key=True),
            _text("event"),
            _number("schema"),
            _instant("occurred_at"),
            _instant("recorded_at", nullable=True),
            _text("command_id", nullable=True),
            sa.Column("derived", sa.Boolean(), nullable=False),
            _text("data"),
        )

    def receipts(self) -> sa.Table:
        return self._table(
            "receipt",
            _text("id", key=True),
            _text("ticket"),
            _number("first"),
            _number("last"),
            _text("digest"),
            _instant("recorded_at"),
            self._index("receipt_recorded", "recorded_at"),
        )

    def marks(self) -> sa.Table:
        return self._table(
            "mark",
            _text("follower", key=True),
            _text("ticket", key=True),
            _number("seen"),
            _number("newest"),
            _number("rewrites"),
            _instant("marked_at"),
            _text("lease", nullable=True),
            _instant("free_at", nullable=True),
            _number("attempts"),
            _text("set_aside", nullable=True),
            self._index("mark_next", "follower", "marked_at", where=sa.text("set_aside IS NULL")),
        )

    def persons(self) -> sa.Table:
        return self._table("person", _text("person", key=True), _text("ticket", key=True))


@attrs.frozen
class Tables:
    """The tables of a store. Their columns are described in docs/service/store.md."""

    orders: sa.Table
    tickets: sa.Table
    events: sa.Table
    receipts: sa.Table
    marks: sa.Table
    persons: sa.Table

    @classmethod
    def define(cls, metadata: sa.MetaData, prefix: str, schema: str | None) -> "Tables":
        """Define the tables in *metadata*, with a prefix before each name."""
        define = _Definition(metadata, prefix, schema)
        return cls(
            orders=define.orders(),
            tickets=define.tickets(),
            events=define.events(),
            receipts=define.receipts(),
            marks=define.marks(),
            persons=define.persons(),
        )

    def all(self) -> tuple[sa.Table, ...]:
        """Return all tables."""
        return attrs.astuple(self, recurse=False)
