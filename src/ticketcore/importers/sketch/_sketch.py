"""Sketch a mapping for an unknown log: look at some rows, and guess what the columns are.

The sketch names the likely ticket, time, state and person columns, lists the states with those
that follow them, and writes a mapping to be edited. A column's role follows from its cells and its
name: times can be parsed, ticket numbers recur in several rows but not in all, states are few.
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import attrs

from ticketcore._internal.limits import MAX_QUOTED
from ticketcore.errors import LogError
from ticketcore.importers._times import time_reader
from ticketcore.importers.logs._files import LogPath, naming
from ticketcore.importers.logs._row import compared
from ticketcore.importers.sketch import _roles as roles
from ticketcore.importers.sketch._draft import draft, opening_of
from ticketcore.importers.sketch._records import Record, Rows, read_records

_MOST_ROWS: Final = 10_000
_FULL: Final = 0.99  # share of rows with a ticket number; some rows are damaged
_MOSTLY: Final = 0.8  # the same, if the name says ticket; some rows are of no ticket
_ONCE: Final = 0.9  # share of distinct numbers if a row is a whole ticket; some rows are repeated


@attrs.frozen(kw_only=True)
class LogSketch:
    """The likely meaning of the columns of a log.

    *rows* were read; *columns* has the columns with the number of their distinct cells and an
    example. *encoding* is that of a CSV file; *lists* has the paths of the lists of a JSON file
    with the number of elements seen, the one that was read first. *missing* has the cells that
    seem to stand for no value. Cells that differ only by case are one state.

    *ticket*, *time*, *state*, *person*, *customer* and *type* are the likely columns, or None;
    *fields* are columns by the name of a field. *instants* are all columns with times, in the
    forms *time_format*; *opened* is the one with the instant of the opening, or None for the first
    row. *order* is the column that numbers the rows of a ticket, or None if their instants differ.
    *machines* has the persons who seem to be machines. *states* has the states, with their
    number and the states that follow them in the same ticket; None is the end of the ticket.

    If several files have different columns, *file* is the name of the first one, and *others* has
    the sketches of the other ones.
    """

    rows: int
    encoding: str
    lists: tuple[tuple[str, int], ...]
    columns: tuple[tuple[str, int, str], ...]
    missing: tuple[str, ...]
    ticket: str | None
    time: str | None
    time_format: tuple[str, ...]
    order: str | None
    instants: tuple[str, ...]
    opened: str | None
    state: str | None
    person: str | None
    customer: str | None
    machines: tuple[str, ...]
    type: str | None
    fields: dict[str, str]
    states: tuple[tuple[str, int, Counter[str | None]], ...]
    file: str = ""
    others: "tuple[LogSketch, ...]" = ()

    def to_toml(self) -> str:
        """Return a first mapping, which loads and has to be edited."""
        return draft((self, *self.others))


def sketch_log(logs: LogPath | Iterable[LogPath]) -> LogSketch:
    """Look at up to 10,000 rows of one or several logs.

    Several files are parts of one log if they share most of their columns, else tables.

    Raises LogError for logs without rows or that cannot be read, and OSError for the files.
    """
    paths = [logs] if isinstance(logs, (str, os.PathLike)) else [*logs]
    tables = []
    for path in paths:
        with naming(path, paths):
            rows = read_records(path)
            found = list(islice(rows.records, -(-_MOST_ROWS // len(paths))))
        if found:
            tables.append((Path(path).name, rows, found))
    if not tables:
        raise LogError("has no rows")
    (name, rows, found), *rest = tables
    if all(_are_alike(found, records) for _, _, records in rest):
        return _sketch(rows, [record for _, _, records in tables for record in records])
    others = tuple(_sketch(rows, found, file) for file, rows, found in rest)
    return attrs.evolve(_sketch(rows, found, name), others=others)


def _are_alike(records: Sequence[Record], others: Sequence[Record]) -> bool:
    """Return whether two files share most of their columns."""
    columns, other_columns = ({*chain.from_iterable(each)} for each in (records, others))
    return 2 * len(columns & other_columns) > len(columns | other_columns)


def _sketch(rows: Rows, found: Sequence[Record], file: str = "") -> LogSketch:
    missing = {cell for record in found for cell in record.values()} & roles.MISSING
    cells: dict[str, list[str]] = {}
    for record in found:
        for column, cell in record.items():
            if cell not in missing and len(column) <= MAX_QUOTED:
                cells.setdefault(column, []).append(cell)
    distinct = {column: len(set(texts)) for column, texts in cells.items()}
    named = {c: texts for c, texts in cells.items() if c and not {"{", "}"} & {*c}}
    time_format, instants = roles.instants_of(named)
    rest = [c for c in named if c not in instants]
    full = [c for c in rest if len(cells[c]) >= len(found) * _FULL]
    mostly = [c for c in rest if len(cells[c]) >= len(found) * _MOSTLY and roles.says_ticket(c)]
    numbers = [*full, *(c for c in mostly if c not in full)]
    ticket = roles.ticket_of(numbers, distinct, len(found), instants=len(instants))
    rest = [c for c in rest if c != ticket]
    once = ticket is not None and distinct[ticket] >= len(found) * _ONCE
    per_ticket = once and len(instants) > 1
    time = None if per_ticket else roles.row_time_of(instants, cells, distinct)
    clock = roles.clock_of(time, named, time_format)
    if time is not None and clock is not None:
        instants = tuple(c for c in instants if c != time)
        rest = [c for c in rest if c != clock]
        time = _join(found, f"{{{time}}} {{{clock}}}", (time, clock))
    varying = roles.varying_of([*rest, *instants], found, ticket or "")
    state = roles.state_of(rest, cells, distinct, named=per_ticket, varying=varying)
    if state is None and (state := roles.audit_of(rest, distinct)) is not None:
        _join(found, state, state[1:-1].split("} {"))
        rest = roles.without_values(rest)
    rest = [c for c in rest if c != state]
    person, customer = roles.people_of(rest, found, per_ticket=per_ticket, varying=varying)
    ordered = _in_order(found, time, time_format)
    return LogSketch(
        rows=len(found),
        encoding=rows.encoding,
        lists=rows.lists,
        columns=tuple((c, distinct[c], texts[0]) for c, texts in cells.items()),
        missing=tuple(sorted(missing)),
        ticket=ticket,
        time=time,
        time_format=time_format,
        order=roles.order_of(full, [(r.get(ticket or "", ""), at, r) for at, r in ordered]),
        instants=instants,
        opened=opening_of(instants, time, varying),
        state=state,
        person=person,
        customer=customer,
        machines=roles.machines_of(cells.get(person or "", ())),
        type=roles.kind_of_ticket(rest, distinct, varying=varying),
        fields=roles.fields_of(rest, distinct),
        states=tuple(_states([record for _, record in ordered], ticket, state)),
        file=file,
    )


def _join(records: Sequence[Record], template: str, columns: Sequence[str]) -> str:
    """Add the joined cells of some columns to each record that has all of them."""
    for record in records:
        parts = [record.get(column) for column in columns]
        if None not in parts:
            record[template] = " ".join(filter(None, parts))
    return template


def _in_order(
    records: Sequence[Record], time: str | None, time_format: Sequence[str]
) -> list[tuple[float, Record]]:
    """Return the records in the order of their instants, those without one first."""
    read = time_reader(time_format, ZoneInfo("UTC"))

    def instant(record: Record) -> float:
        try:
            return read(record.get(time or "", "")).first.timestamp()
        except ValueError:
            return 0.0

    return sorted(((instant(record), record) for record in records), key=itemgetter(0))


def _states(
    records: Sequence[Record], ticket: str | None, state: str | None
) -> Iterator[tuple[str, int, Counter[str | None]]]:
    """Yield the states, the most frequent first, with their number and their successors."""
    if ticket is None or state is None:
        return
    counts: Counter[str] = Counter()
    following: dict[str, Counter[str | None]] = {}
    last: dict[str, str] = {}
    spelling: dict[str | None, str] = {}
    for record in records:
        now, number = record.get(state), record.get(ticket, "")
        if now is None or len(now) > MAX_QUOTED:  # a longer text is not a state
            continue
        now = spelling.setdefault(compared(now), now)
        counts[now] += 1
        before = last.get(number)
        if before is not None and before != now:
            following.setdefault(before, Counter())[now] += 1
        last[number] = now
    for end in last.values():
        following.setdefault(end, Counter())[None] += 1
    for name, count in counts.most_common():
        yield name, count, following.get(name, Counter())
