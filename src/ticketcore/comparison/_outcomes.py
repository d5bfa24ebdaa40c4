"""The table of outcomes: made by one replay, kept as a Parquet file, asked in SQL.

The rows of each part of the history are written as they come, so memory does not grow with the
history. DuckDB evaluates every question over the file. It may open no other file, so a condition
that somebody writes reads and writes nothing else.
"""

import csv
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, TextIO

import attrs
import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from ticketcore._internal.arguments import typed
from ticketcore._internal.limits import MAX_DEPTH
from ticketcore._internal.terminal import csv_cell
from ticketcore.backtest import (
    RANGE_SIZE,
    Progress,
    ReplayJob,
    TicketFilter,
    WorkerPool,
)
from ticketcore.comparison._columns import (
    MAX_BROKEN,
    OUTCOME_COLUMNS,
    TICKET_COLUMNS,
    OutcomeCollector,
    Part,
    column_names,
    columns_of,
    schema_of,
)
from ticketcore.comparison._conditions import Names, refuse_unbounded
from ticketcore.comparison._refusals import refusal, refuse_other_types
from ticketcore.comparison._tally import Tally, run_with_tally
from ticketcore.errors import QueryError
from ticketcore.events import format_instant
from ticketcore.policies import Policy, PolicyVersions

_ROWS_PER_GROUP: Final = 1 << 16
_ROWS_PER_BATCH: Final = 1 << 10  # rows of CSV that are fetched at once
_BRACKET: Final = re.compile(r"[()\[\]{}]")


@attrs.frozen(kw_only=True)
class Written:
    """The number of rows that were written, of broken tickets, and examples of these."""

    rows: int
    broken: int
    broken_examples: tuple[str, ...]


@typed
def write_outcomes(
    history: str | os.PathLike[str],
    policies: Sequence[Policy | PolicyVersions],
    path: str | os.PathLike[str],
    *,
    workers: int | WorkerPool | None = None,
    tickets: TicketFilter | None = None,
    lists: int | None = None,
    tally: Tally | None = None,
    progress: Progress | None = None,
    range_size: int = RANGE_SIZE,
) -> Written:
    """Replay *history* under each of *policies* and write the outcomes to a Parquet file.

    There is one row per ticket, with a structured column for each policy. With *lists* only the
    columns of the first *lists* policies have ``deadlines`` and ``money``, which saves time.
    *tally*, which is empty, counts the same replays. The other arguments and the errors are those
    of :func:`ticketcore.backtest.backtest`.
    """
    job = ReplayJob[Part](
        path=os.fspath(history),
        policies=tuple(policies),
        admits=tickets,
        collect=partial(OutcomeCollector, len(policies), lists),
    )
    schema = schema_of(columns_of(len(policies), lists))
    rows = broken = 0
    examples: list[str] = []
    with pq.ParquetWriter(os.fspath(path), schema, compression="zstd") as writer:
        waiting: list[pa.RecordBatch] = []
        for part in run_with_tally(job, tally, workers, progress=progress, range_size=range_size):
            rows += part.rows.num_rows
            broken += part.broken
            examples += [
                why if ticket is None else f"ticket {ticket}: {why}"
                for _, ticket, why in part.broken_examples
            ]
            waiting.append(part.rows)
            if sum(batch.num_rows for batch in waiting) >= _ROWS_PER_GROUP:
                writer.write_table(pa.Table.from_batches(waiting, schema))
                waiting.clear()
        writer.write_table(pa.Table.from_batches(waiting, schema))
    return Written(rows=rows, broken=broken, broken_examples=tuple(examples[:MAX_BROKEN]))


def _refuse_deep(sql: str) -> None:
    """Raise QueryError for brackets inside one another, for which DuckDB takes gigabytes."""
    depth = 0
    for bracket in _BRACKET.finditer(sql):
        depth = depth + 1 if bracket[0] in "([{" else max(depth - 1, 0)
        if depth > MAX_DEPTH:
            raise QueryError(f"the query has more than {MAX_DEPTH} brackets inside one another")


class Outcomes:
    """The outcomes of a history under *policies*, as the SQL table ``outcomes``.

    The table has one row per ticket. Beside the columns of :func:`write_outcomes` it has
    ``changed``, ``closing`` and ``moved`` (in seconds), which compare ``other`` with ``base``.
    """

    def __init__(
        self, path: Path, policies: Sequence[Policy | PolicyVersions], written: Written
    ) -> None:
        self.path: Path = path
        self.policies: tuple[Policy | PolicyVersions, ...] = tuple(policies)
        self.labels: tuple[str, ...] = tuple(_labels_of(policies))
        self.written: Written = written
        self.names: tuple[str, ...] = column_names(len(policies))
        plain = [*(column.name for column in TICKET_COLUMNS), *COMPARED]
        parts = [column.name for column in OUTCOME_COLUMNS]
        self._columns: Names = dict.fromkeys(plain, ()) | dict.fromkeys(self.names, parts)
        self._database = _open(path, path.with_name("rows"))
        self.pair(self.names[-1] if len(self.names) == 1 else self.names[1])
        for definition in (*_MACROS, _NO_TICKET):
            self.query(definition)

    def pair(self, other: str) -> None:
        """Let ``changed``, ``closing`` and ``moved`` compare the column *other* with ``base``."""
        self.query(_VIEW.format(path=self.path, other=other))

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query in SQL. Raises QueryError if DuckDB refuses it."""
        with self._asking(sql) as answer:
            return answer.fetchall()

    @contextmanager
    def _asking(self, sql: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """Provide the answer to a query, whose rows can be fetched in the block."""
        _refuse_deep(sql)
        try:
            yield self._database.execute(sql)
        except RuntimeError:  # of DuckDB, when a signal such as Ctrl-C interrupts the query
            raise KeyboardInterrupt from None
        except duckdb.Error as error:
            raise QueryError(refusal(error, sql)) from None

    def rows(
        self, where: str = "true", *, columns: str = "*", limit: int | None = None
    ) -> list[dict[str, Any]]:
        """Return the tickets that meet the condition *where*, in the order of their openings.

        *columns* is the list of columns in SQL. Raises QueryError for a wrong condition.
        """
        sql = self.selection(where, columns=columns, limit=limit)
        rows = self.query(sql)
        return [dict(zip(self._names(), row, strict=True)) for row in rows]

    def _names(self) -> list[str]:
        """Return the names of the columns of the last query."""
        return [description[0] for description in self._database.description]

    def selection(self, where: str, *, columns: str = "*", limit: int | None = None) -> str:
        """Return the query of :meth:`rows`."""
        end = "" if limit is None else f" LIMIT {min(limit, sys.maxsize)}"
        condition = self.condition(where)
        return f"SELECT {columns} FROM outcomes WHERE {condition} ORDER BY opened_at, ticket{end}"

    def count(self, where: str) -> int:
        """Return how many tickets meet a condition. Raises QueryError for a wrong one."""
        [(number,)] = self.query(f"SELECT count(*) FROM outcomes WHERE {self.condition(where)}")
        return int(number)

    def currencies(self) -> tuple[str, ...]:
        """Return the currencies of the tickets' orders, sorted."""
        found = self.query("SELECT DISTINCT currency FROM outcomes WHERE currency IS NOT NULL")
        return tuple(sorted(currency for (currency,) in found))

    def condition(self, where: str, *, names: Collection[str] | None = None) -> str:
        """Return a condition in brackets, for a query of your own.

        Raises QueryError unless *where* is one expression over the columns of a ticket, which is
        true or false, or an expression over *names*. Such a condition may come from anybody; the
        SQL for :meth:`query` may not.
        """
        columns = self._columns if names is None else dict.fromkeys(names, ())
        refuse_unbounded(self.query, where, columns)
        expression = f"({where}\n)"
        if names is None:
            [(_, kind)] = self.query(f"SELECT {expression}, typeof({expression}) FROM no_ticket")
            refuse_other_types(kind)
        return expression

    def save(self, target: str | os.PathLike[str], where: str = "true") -> None:
        """Write the tickets that meet a condition to *target*, ``.parquet`` or ``.csv``.

        CSV is written as :meth:`write_csv` does. Raises QueryError for a wrong condition.
        """
        made = self.path.with_name("rows")
        if os.fspath(target).endswith(".csv"):
            with made.open("w", encoding="utf-8", newline="") as file:
                self.write_csv(file, where)
        else:
            self.query(f"COPY ({self.selection(where)}) TO '{made}' (FORMAT parquet)")
        shutil.copyfile(made, target)

    def write_csv(self, file: TextIO, where: str = "true", *, limit: int | None = None) -> None:
        """Write the tickets that meet a condition to a file or stream, as CSV with a header.

        The parts of a structured column are columns such as ``base.closed_at``. Instants are
        written as in histories, lists and fields as JSON. A text that a spreadsheet would run as a
        formula begins with a quote. Raises QueryError for a wrong condition.
        """
        writer = csv.writer(file, lineterminator="\n")
        sql = self.selection(where, columns=self._flat_columns(), limit=limit)
        with self._asking(sql) as answer:
            writer.writerow(self._names())
            while rows := answer.fetchmany(_ROWS_PER_BATCH):
                writer.writerows(map(_csv_cell, row) for row in rows)

    def _flat_columns(self) -> str:
        """Return the SQL list of all columns, with the parts of structured ones as columns."""
        tickets = [f'"{column.name}"' for column in TICKET_COLUMNS]
        parts = [
            f'"{name}"."{column.name}" AS "{name}.{column.name}"'
            for name in self.names
            for column in OUTCOME_COLUMNS
        ]
        return ", ".join([*tickets, *(COMPARED if len(self.names) > 1 else ()), *parts])


def _csv_cell(value: object) -> object:
    match value:
        case datetime():
            return format_instant(value)
        case bool():
            return str(value).lower()
        case list() | dict():
            return json.dumps(value, default=format_instant, ensure_ascii=False)
        case _:
            return csv_cell(value)


def _labels_of(policies: Sequence[Policy | PolicyVersions]) -> Iterator[str]:
    """Yield the names of the policies; with a digest if it alone tells a policy from the base."""
    base = _label_of(policies[0])
    for policy in policies:
        label, digest = _label_of(policy), policy.versions[-1].digest
        is_edited = label == base and digest != policies[0].versions[-1].digest
        yield f"{label} ({digest})" if is_edited else label


def _label_of(policy: Policy | PolicyVersions) -> str:
    """Return the name of a policy with its version, or with the first and the last of several."""
    first, last = policy.versions[0], policy.versions[-1]
    until = "" if first is last else f" to {last.version}"
    return f"{first.name} {first.version}{until}"


def _open(path: Path, target: Path) -> duckdb.DuckDBPyConnection:
    """Open a database that reads *path*, writes *target*, and touches nothing else."""
    database = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    allowed = [str(path), str(target)]
    for setting in (
        "TimeZone='UTC'",
        f"allowed_paths={allowed}",
        "enable_external_access=false",
        "errors_as_json=true",
        "lock_configuration=true",
    ):
        database.execute(f"SET {setting}")
    return database


COMPARED: Final = ("changed", "closing", "moved")
"""The columns of ``outcomes`` that compare a policy with the base."""

_MACROS: Final = (
    "CREATE MACRO movements(outcome, what, unit, payer) AS "
    "[x for x in outcome.money if x.kind = what and x.currency = unit "
    "and (payer = '*' or coalesce(x.timer, '') = payer)]",
    "CREATE MACRO paid(outcome, what, unit, payer) AS coalesce(list_sum("
    "[m.minor for m in movements(outcome, what, unit, payer)]), 0)::bigint",
    "CREATE MACRO first_paid(outcome, what, unit, payer) AS list_min("
    "[m.moved_at for m in movements(outcome, what, unit, payer)])",
    # Other names for the columns, so that *key* can be a column of the outer query.
    "CREATE MACRO order_began(key) AS (SELECT min(began) FROM "
    "(SELECT order_key AS own_key, opened_at AS began FROM outcomes) WHERE own_key = key)",
)

_NO_TICKET: Final = (
    "CREATE TABLE no_ticket AS SELECT outcomes.* FROM (SELECT 1) LEFT JOIN outcomes ON false"
)
"""A table with one row that has no values. Each condition is tried on it."""

_VIEW: Final = """
CREATE OR REPLACE VIEW outcomes AS SELECT *,
  {other}.differs_at IS NOT NULL AS changed,
  CASE
    WHEN base.closed_at IS NULL AND {other}.closed_at IS NULL THEN 'open'
    WHEN base.closed_at IS NULL THEN 'only-other'
    WHEN {other}.closed_at IS NULL THEN 'only-base'
    WHEN {other}.closed_at < base.closed_at THEN 'earlier'
    WHEN {other}.closed_at > base.closed_at THEN 'later'
    ELSE 'same'
  END AS closing,
  epoch({other}.closed_at) - epoch(base.closed_at) AS moved
FROM read_parquet('{path}')
"""


@contextmanager
def outcomes(
    history: str | os.PathLike[str],
    policies: Sequence[Policy | PolicyVersions],
    *,
    workers: int | WorkerPool | None = None,
    tickets: TicketFilter | None = None,
    lists: int | None = None,
    tally: Tally | None = None,
    progress: Progress | None = None,
    range_size: int = RANGE_SIZE,
    check: Callable[[Outcomes], object] | None = None,
) -> Iterator[Outcomes]:
    """Replay *history* under each of *policies* and provide the table of outcomes.

    The first policy is the base of comparisons. *lists* and *tally* are those of
    :func:`write_outcomes`. *check* is called before the replay with a table without tickets, so
    that a wrong query is an error before the work is done. The table is removed at the end of the
    block. The other arguments and the errors are those of :func:`ticketcore.backtest.backtest`.
    """
    with TemporaryDirectory(prefix="ticketcore-") as folder:
        path = Path(folder) / "outcomes.parquet"
        if check is not None:
            schema = schema_of(columns_of(len(policies), lists))
            empty = path.with_name("empty.parquet")
            pq.write_table(schema.empty_table(), empty)
            check(Outcomes(empty, policies, Written(rows=0, broken=0, broken_examples=())))
        written = write_outcomes(
            history,
            policies,
            path,
            workers=workers,
            tickets=tickets,
            lists=lists,
            tally=tally,
            progress=progress,
            range_size=range_size,
        )
        yield Outcomes(path, policies, written)
