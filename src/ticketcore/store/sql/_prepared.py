"""Statements as the text of one dialect.

`Connection.execute` looks a statement up in a cache and builds its parameters each time, which
takes longer than the rest of a command. `Connection.exec_driver_sql` takes the text and the values
as the driver wants them. Listeners of `before_cursor_execute` see these statements, those of
`before_execute` do not.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from operator import add, itemgetter
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.sql.visitors import cloned_traverse


class Prepared:
    """The text of a statement, and how the driver wants its values.

    *columns* are those that an INSERT or UPDATE sets. *schemas* is the `schema_translate_map` of
    the connection.
    """

    def __init__(
        self,
        statement: sa.Executable,
        dialect: sa.Dialect,
        columns: Iterable[str],
        schemas: Mapping[Any, Any] | None,
    ) -> None:
        self.statement = statement
        compiled: Any = statement.compile(  # type: ignore[attr-defined]  # of ClauseElement
            dialect=dialect,
            column_keys=[*columns],
            schema_translate_map=schemas,
            render_schema_translate=bool(schemas),
        )
        self.text: str = compiled.string
        self._constants: Mapping[str, Any] = compiled.params
        self._places: list[str] | None = compiled.positiontup
        types = {name: compiled.binds[name].type.dialect_impl(dialect) for name in compiled.params}
        self._processors = [
            (name, process)
            for name, each in types.items()
            if (process := each.bind_processor(dialect)) is not None
        ]

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """Return the values in their order for the driver, or by name if it takes names."""
        given = {**self._constants, **values}
        for name, process in self._processors:
            given[name] = process(given[name])
        return given if self._places is None else tuple(map(given.__getitem__, self._places))


Part: TypeAlias = tuple[str, Mapping[str, Any]]
"""A statement that writes one row, by its name, and its values."""

_TENANT = ("tenant", "at_tenant")


class Together:
    """Statements that each write one row, as one statement of PostgreSQL.

    The first of *parts* are *claims*. Each part writes its row only if all claims before it wrote
    theirs. The result is the number of claims that did. A part is a statement with the names of
    its values.
    """

    def __init__(
        self,
        parts: Iterable[tuple[Any, Iterable[str]]],
        claims: int,
        dialect: sa.Dialect,
        schemas: Mapping[Any, Any] | None,
    ) -> None:
        self._parts: list[tuple[list[str], Callable[..., Iterable[Any]]]] = []
        claimed: list[sa.CTE] = []
        written: list[sa.CTE] = []
        for number, (statement, names) in enumerate(parts):
            # All parts have one tenant.
            renamed = {n: "of_tenant" if n in _TENANT else f"{n}_{number}" for n in names}
            self._parts.append(([*renamed.values()], itemgetter(*renamed)))
            one = _if_claimed(statement, renamed, claimed[-1:])
            if number < claims:
                claimed.append(one.returning(sa.text("1")).cte(f"claim_{number}"))
            else:
                written.append(one.cte(f"row_{number}"))
        count = sa.select(sa.func.count())
        counts: list[Any] = [count.select_from(each).scalar_subquery() for each in claimed]
        self.prepared: Prepared = Prepared(
            sa.select(reduce(add, counts)).add_cte(*written), dialect, (), schemas
        )

    def values(self, parts: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
        """Return the values of all parts by their names in the whole statement."""
        renamed: dict[str, Any] = {}
        for values, (names, values_of) in zip(parts, self._parts, strict=True):
            renamed.update(zip(names, values_of(values), strict=True))
        return renamed


def _if_claimed(statement: Any, renamed: Mapping[str, str], claimed: Iterable[sa.CTE]) -> Any:
    """Return the statement with other names of its values; it waits for a claim."""
    condition = [sa.exists(sa.select(1).select_from(each)) for each in claimed]
    columns = statement.table.c
    new = {
        name: sa.bindparam(key, type_=columns[name].type)
        for name, key in renamed.items()
        if name in columns
    }
    if statement.is_insert:
        return statement.from_select([*new], sa.select(*new.values()).where(*condition))

    def rename(parameter: Any) -> None:
        parameter.key = renamed[parameter.key]

    statement = cloned_traverse(statement, {}, {"bindparam": rename}).where(*condition)
    return statement.values(new) if new else statement


class Texts:
    """The prepared statements for one dialect and one `schema_translate_map`.

    Each is prepared when it is first used.
    """

    def __init__(
        self, statements: object, dialect: sa.Dialect, schemas: Mapping[Any, Any] | None
    ) -> None:
        self._statements = statements
        self._dialect = dialect
        self._schemas = schemas
        self._one: dict[str, Prepared] = {}
        self._together: dict[tuple[object, ...], Together] = {}

    def one(self, name: str, values: Mapping[str, Any]) -> Prepared:
        """Return the statement of this name, which sets the columns that *values* names."""
        if name not in self._one:
            statement = getattr(self._statements, name)
            self._one[name] = Prepared(statement, self._dialect, values, self._schemas)
        return self._one[name]

    def together(self, parts: Iterable[Part], claims: int) -> Together:
        """Return one statement for all *parts*, of which the first are claims."""
        key = (claims, *map(itemgetter(0), parts))
        if key not in self._together:
            named = [(getattr(self._statements, name), values) for name, values in parts]
            self._together[key] = Together(named, claims, self._dialect, self._schemas)
        return self._together[key]
