"""Statements as the text of one dialect.

`Connection.execute` looks a statement up in a cache and builds its parameters each time, which
takes longer than the rest of a command. `Connection.exec_driver_sql` takes the text and the values
as the driver wants them. Listeners of `before_cursor_execute` see these statements, those of
`before_execute` do not.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa


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
        return given if self._places is None else tuple(given[name] for name in self._places)
