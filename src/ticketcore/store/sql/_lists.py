"""Lists of tickets and of a person's tickets: the queries of the inbox in SQL.

Most conditions of a `Query` compare a column. Tags, fields and the people that a ticket is shared
with are stored as JSON text, in the one form that `encode` writes. A condition looks for the JSON
of a value in this text, with the sign that must come before it: ``["vip"`` or ``,"vip"`` for a
tag. `encode` escapes quotation marks, so no text that a person wrote contains such a piece. No
JSON function is needed, and all databases give the same result.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, get_args

import sqlalchemy as sa
from sqlalchemy import Connection

from ticketcore._internal.arguments import checks_arguments
from ticketcore._internal.json_text import encode
from ticketcore.events import FieldKind
from ticketcore.inbox import Query, TicketSummary
from ticketcore.store.sql._followers import Followers
from ticketcore.store.sql._tables import SUMMARY

_SEVERAL = (
    "number", "status", "order", "reason", "category", "subcategory", "type", "waiting_for",
    "storefront", "assigned_to", "vendor", "customer", "account", "policy", "policy_version",
)  # fmt: skip


@checks_arguments("db")  # `_check_connection` says what is right
class SqlStore(Followers):
    """A store of tickets in tables of the caller's MetaData. See :class:`Store` for its methods.

    *followers* are the names of all followers that `append` marks tickets for. The tables are
    named *prefix* and a word, in the database's *schema*. Create them as your own tables:
    ``metadata.create_all(engine)``, or a migration by Alembic, which finds them in the MetaData.

    >>> metadata = sqlalchemy.MetaData()
    >>> store = SqlStore(metadata, followers=["notifications"])
    """

    def tickets_of(self, db: Connection, person: str, *, tenant: str = "") -> tuple[str, ...]:
        rows = self._run(db, "tickets_of", {"at_tenant": tenant, "at_person": person})
        return tuple(rows.scalars())

    def summary(self, db: Connection, number: str, *, tenant: str = "") -> TicketSummary | None:
        tickets = self.tables.tickets.c
        found = sa.select(*(tickets[name] for name in SUMMARY)).where(
            tickets.tenant == tenant, tickets.number == number
        )
        row = self._execute(db, found).mappings().one_or_none()
        return None if row is None else TicketSummary(**row)

    def search(
        self, db: Connection, query: Query, *, tenant: str = ""
    ) -> tuple[TicketSummary, ...]:
        self._check_connection(db)
        tickets = self.tables.tickets.c
        found = sa.select(*(tickets[name] for name in SUMMARY)).where(
            tickets.tenant == tenant, *self._conditions(db, query)
        )
        rows = self._execute(db, _page(found, tickets, query)).mappings()
        return tuple(TicketSummary(**row) for row in rows)

    def _conditions(self, db: Connection, query: Query) -> list[Any]:
        tickets = self.tables.tickets.c
        contains = partial(_contains, db.dialect.name)
        conditions: list[Any] = [
            _one_of(tickets[name], values)
            for name in _SEVERAL
            if (values := getattr(query, name)) is not None
        ]
        if query.opened_from is not None:
            conditions.append(tickets.opened_at >= query.opened_from)
        if query.opened_until is not None:
            conditions.append(tickets.opened_at < query.opened_until)
        if query.due_before is not None:
            conditions.append(tickets.due < query.due_before)
        if query.subject is not None:
            conditions.append(contains(tickets.subject_folded, query.subject.casefold()))
        if query.tags is not None:
            conditions.append(self._is_tagged(contains, query.tags))
        conditions += [
            self._has_field(contains, name, values) for name, values in query.fields.items()
        ]
        if query.visible_to is not None:
            # A quotation mark after "[" or "," begins a person in the JSON text, and nothing else.
            persons, person = (
                sa.type_coerce(tickets.shared_with, sa.Text()),
                encode(query.visible_to),
            )
            shared = sa.or_(contains(persons, f"[{person}"), contains(persons, f",{person}"))
            own = tickets.customer == query.visible_to
            conditions.append(sa.or_(own, tickets.account.in_(sorted(query.member_of)), shared))
        return conditions

    def _is_tagged(self, contains: Callable[..., Any], tags: frozenset[str | None]) -> Any:
        text = sa.type_coerce(self.tables.tickets.c.tags, sa.Text())
        each = [
            text == "[]"
            if tag is None
            else sa.or_(contains(text, f"[{encode(tag)}"), contains(text, f",{encode(tag)}"))
            for tag in tags
        ]
        return sa.or_(sa.false(), *each)

    def _has_field(
        self, contains: Callable[..., Any], name: str, values: frozenset[str | None]
    ) -> Any:
        """Look for a value of a field in the JSON text; a quotation mark in a value is escaped."""
        text = sa.type_coerce(self.tables.tickets.c.fields, sa.Text())
        field = f'{encode(name)}:{{"kind":'
        each = [
            sa.not_(contains(text, field))
            if value is None
            else contains(text, f'{field}"{kind}","value":{encode(value)}}}')
            for value in values
            for kind in get_args(FieldKind)
        ]
        return sa.or_(sa.false(), *each)


def _one_of(column: Any, values: frozenset[str | None]) -> Any:
    named = column.in_(sorted(value for value in values if value is not None))
    return sa.or_(named, column.is_(None)) if None in values else named


def _contains(dialect: str, column: Any, text: str) -> Any:
    """Return the condition that a column contains a text, in exactly this case."""
    if dialect == "sqlite":  # its LIKE ignores the case of ASCII letters
        return sa.func.instr(column, text) > 0
    return column.contains(text, autoescape=True)


def _page(found: "sa.Select[Any]", tickets: Any, query: Query) -> "sa.Select[Any]":
    """Sort and cut a list as `Query.page` does."""
    instant: Any = sa.bindparam(None, query.without_instant, tickets.due.type)
    if query.sort == "due":
        instant = sa.func.coalesce(tickets.due, instant, type_=tickets.due.type)
    elif query.sort != "number":
        instant = tickets[query.sort]
    start = query.starts_after
    if start is not None:
        place, after = (
            sa.tuple_(instant, tickets.number),
            sa.tuple_(sa.bindparam(None, start[0], tickets.due.type), start[1]),
        )
        found = found.where(place < after if query.descending else place > after)
    order = [tickets.number] if query.sort == "number" else [instant, tickets.number]
    if query.descending:
        order = [part.desc() for part in order]
    return found.order_by(*order).limit(query.limit)
