"""Sketch a mapping for an unknown log: look at some rows, and guess what the columns are.

The sketch names the likely ticket, time, state and person columns, lists the states with those
that follow them, and writes a mapping to be edited. A column's role follows from its cells: times
can be parsed, ticket numbers recur in several rows but not in all, states are few, persons are
some. A candidate with a usual name wins over others.
"""

import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

import attrs

from ticketcore.errors import LogError
from ticketcore.importers._times import time_reader
from ticketcore.importers.logs._csv import csv_rows, open_csv
from ticketcore.importers.logs._files import kind_of, open_log
from ticketcore.importers.logs._json import default_rows, elements
from ticketcore.importers.logs._xes import TRACE, xes_events

Record: TypeAlias = dict[str, str]
"""The cells of a row by column; a column without a value is left out."""

_MOST_ROWS: Final = 10_000
_MOST_STATES: Final = 60
_FORMATS: Final = ("iso", "day-first", "month-first", "epoch-ms", "epoch")
_TICKET: Final = re.compile(
    r"ticket|case|incident|number|issue|key|(^|[._ -])id$|concept:name", re.IGNORECASE
)
_STATE: Final = re.compile(
    r"state|status|activity|event|concept:name|action|toString", re.IGNORECASE
)
_PERSON: Final = re.compile(
    r"actor|author|user|agent|resource|\bassign|owner|resolver|by$|login", re.IGNORECASE
)
_TIME: Final = re.compile(r"updated|changed|time|created|date|timestamp", re.IGNORECASE)


@attrs.frozen
class LogSketch:
    """The likely meaning of the columns of a log.

    *rows* were read; *columns* has the columns with the number of their distinct cells and an
    example. *ticket*, *time*, *state* and *person* are the likely columns, or None. *instants* are
    all columns with times, in the form *time_format*. *has_question_marks* is True if ``?`` stands
    for no value. *states* has the states, with their number
    and the states that follow them in the same ticket; None is the end of the ticket.
    """

    rows: int
    path: str | None
    columns: tuple[tuple[str, int, str], ...]
    ticket: str | None
    time: str | None
    instants: tuple[str, ...]
    time_format: str
    has_question_marks: bool
    state: str | None
    person: str | None
    states: tuple[tuple[str, int, Counter[str | None]], ...]

    def to_toml(self) -> str:
        """Return a first mapping, which loads and has to be edited."""
        per_ticket = self.time is None
        lines = [
            "# A first mapping, to be edited. Say for each state what it means, and who closes.",
            "",
            "[log]",
            f"ticket = {_quoted(self.ticket or '?')}",
        ]
        if self.time is not None:
            lines.append(f"time = {_quoted(self.time)}")
        lines.append(f'time_format = "{self.time_format}"')
        if self.state is not None:
            lines.append(f"state = {_quoted(self.state)}")
        if self.has_question_marks:
            lines.append('missing = "?"')
        if self.path is not None:
            lines.append(f"rows = {_quoted(self.path)}")
        lines += ["", "[opened]"]
        if per_ticket and self.instants:
            lines.append(f"at = {_quoted(self.instants[0])}")
        lines += ['type = "incident"', 'default_handler = "support"', ""]
        lines += self._instant_rules() if per_ticket else self._state_rules()
        return "\n".join(lines)

    def _instant_rules(self) -> Iterator[str]:
        for column in self.instants[1:]:
            closing = re.search("clos|end", column, re.IGNORECASE) is not None
            yield from ("[[event]]", f'event = "{"closed" if closing else "replied"}"')
            yield f"at = {_quoted(column)}"
            yield from ('by = "support"', "")

    def _state_rules(self) -> Iterator[str]:
        for state, count, following in self.states:
            then = ", ".join(
                f"{_shown(name)} {number:,}" for name, number in following.most_common(4)
            )
            yield f"# {_shown(state)}: {count:,} rows, then {then}"
            event = _event_for(state)
            mark = "" if event else "# "
            yield from (f"{mark}[[event]]", f'{mark}event = "{event or "replied"}"')
            yield f"{mark}to_state = {_quoted(state)}"
            yield f'{mark}by = "support"'
            if self.person is not None and not {"{", "}"} & set(self.person):
                yield f"{mark}actor = {_quoted('{' + self.person + '}')}"
            if event == "replied" and _SOLVED.search(state):
                yield f"{mark}solution = true"
            yield ""


_SOLVED: Final = re.compile("resol|solv|complet|done|fixed", re.IGNORECASE)
_CLOSED: Final = re.compile("clos|cancel", re.IGNORECASE)
_ASKED: Final = re.compile("await|wait|pending|hold", re.IGNORECASE)


def _event_for(state: str) -> str | None:
    if _CLOSED.search(state):
        return "closed"
    return "replied" if _SOLVED.search(state) or _ASKED.search(state) else None


def sketch_log(path: str | os.PathLike[str]) -> LogSketch:
    """Look at up to 10,000 rows of a log.

    Raises LogError for a log without rows or that cannot be read, and OSError for the file.
    """
    rows_path, records = _records(path)
    found = list(islice(records, _MOST_ROWS))
    if not found:
        raise LogError("has no rows")
    cells: dict[str, list[str]] = {}
    has_question_marks = False
    for record in found:
        for column, cell in record.items():
            has_question_marks = has_question_marks or cell == "?"
            if cell != "?":
                cells.setdefault(column, []).append(cell)
    distinct = {column: len(set(values)) for column, values in cells.items()}
    time_format, instants = _instants(cells)
    rest = [column for column in cells if column not in instants]
    ticket = _ticket(rest, cells, distinct, len(found))
    per_ticket = ticket is not None and distinct[ticket] == len(found) and len(instants) > 1
    state = _likely([c for c in rest if c != ticket and 1 < distinct[c] <= _MOST_STATES], _STATE)
    names = [c for c in rest if c not in (ticket, state) and not cells[c][0].isdigit()]
    person = _likely(names, _PERSON, needed=True)
    return LogSketch(
        rows=len(found),
        path=rows_path,
        columns=tuple((c, distinct[c], values[0]) for c, values in cells.items()),
        ticket=ticket,
        time=None if per_ticket else _row_time(instants, cells, distinct),
        instants=tuple(instants),
        time_format=time_format,
        has_question_marks=has_question_marks,
        state=state,
        person=person,
        states=tuple(_states(found, ticket, state)),
    )


def _ticket(
    columns: Sequence[str], cells: dict[str, list[str]], distinct: dict[str, int], rows: int
) -> str | None:
    """Return the column with a cell in each row whose cells recur, or else never recur."""
    full = [c for c in columns if len(cells[c]) == rows]
    recurring = [c for c in full if rows / 50 <= distinct[c] < rows and distinct[c] > 1]
    unique = [c for c in full if distinct[c] == rows]
    return (
        _likely(recurring, _TICKET, needed=True)
        or _likely(unique, _TICKET)
        or _likely(recurring or full, _TICKET)
    )


def _row_time(
    instants: Sequence[str], cells: dict[str, list[str]], distinct: dict[str, int]
) -> str | None:
    """Return the column with times that most rows have, and that differs most between rows."""
    return max(instants, key=lambda c: (len(cells[c]), distinct[c]), default=None)


def _likely(columns: Sequence[str], name: re.Pattern[str], *, needed: bool = False) -> str | None:
    named = [column for column in columns if name.search(column)]
    return next(iter(named or (() if needed else columns)), None)


def _instants(cells: dict[str, list[str]]) -> tuple[str, list[str]]:
    """Return the form of times that most columns have, and these columns."""
    best: tuple[str, list[str]] = ("iso", [])
    for time_format in _FORMATS:
        read = time_reader(time_format, ZoneInfo("UTC"))
        columns = [
            column for column, values in cells.items() if _all_times(read, values, time_format)
        ]
        if len(columns) > len(best[1]):
            best = time_format, columns
    return best


def _all_times(read: object, values: list[str], time_format: str) -> bool:
    for value in values[:200]:
        digits = value.strip().replace(".", "", 1).isdigit()
        if time_format.startswith("epoch"):
            if not digits or len(value.split(".")[0]) < (13 if time_format == "epoch-ms" else 10):
                return False
        elif digits:
            return False
        try:
            read(value)  # type: ignore[operator]
        except ValueError:
            return False
    return True


def _states(
    records: Sequence[Record], ticket: str | None, state: str | None
) -> Iterator[tuple[str, int, Counter[str | None]]]:
    """Yield the states, the most frequent first, with their number and their successors."""
    if ticket is None or state is None:
        return
    counts: Counter[str] = Counter()
    following: dict[str, Counter[str | None]] = {}
    last: dict[str, str] = {}
    for record in records:
        now, number = record.get(state), record.get(ticket, "")
        if now is None:
            continue
        counts[now] += 1
        before = last.get(number)
        if before is not None and before != now:
            following.setdefault(before, Counter())[now] += 1
        last[number] = now
    for end in last.values():
        following.setdefault(end, Counter())[None] += 1
    for name, count in counts.most_common():
        yield name, count, following.get(name, Counter())


def _records(path: str | os.PathLike[str]) -> tuple[str | None, Iterator[Record]]:
    """Return the path to the rows of a JSON file, and the rows of any log as records."""
    with open_log(path) as file:
        kind = kind_of(file)
        rows = default_rows(file)[""] if kind == "json" else ""
    if kind == "json":
        return _json_records(path, rows)
    return None, _csv_records(path) if kind == "csv" else _xes_records(path)


def _csv_records(path: str | os.PathLike[str]) -> Iterator[Record]:
    missing = frozenset(("",))
    with open_log(path) as file, open_csv(file, "utf-8", None) as (header, records):
        for row in csv_rows(header, records, header, missing, lambda error: None):
            yield {column: cell for column, cell in zip(header, row.cells, strict=True) if cell}


def _xes_records(path: str | os.PathLike[str]) -> Iterator[Record]:
    with open_log(path) as file:
        for _, trace, event in xes_events(file):
            yield {**{f"{TRACE}.{key}": value for key, value in trace.items()}, **event}


def _json_records(path: str | os.PathLike[str], rows: str) -> tuple[str, Iterator[Record]]:
    """Return the path of the deepest list of objects in the first element, and its rows."""
    first = next((element for _, element in elements(path, rows)), None)
    steps = _deepest(first, rows)
    records = (
        record for _, element in elements(path, rows) for record in _flat(element, rows, steps)
    )
    return steps, records


def _deepest(element: object, path: str) -> str:
    """Return the path of the longest list of objects below an element, or its own path."""
    best, size = path, 0
    stack = [(path, element)]
    while stack:
        where, value = stack.pop()
        if isinstance(value, dict):
            stack += [(f"{where}.{key}".lstrip("."), below) for key, below in value.items()]
        elif isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
            if where.count("[]") >= best.count("[]") and len(value) >= size:
                best, size = f"{where}[]", len(value)
            stack += [(f"{where}[]", each) for each in value[:1]]
    return best


def _flat(element: object, rows: str, path: str) -> Iterator[Record]:
    """Yield the rows below an element, each with the texts of the elements around it."""

    def walk(value: object, where: str, outer: Record) -> Iterator[Record]:
        own = dict(_texts(value, ""))
        prefix = {f"{where}.{key}": text for key, text in own.items()}
        if where == path:
            yield {**outer, **own}
            return
        step = path[len(where) :].lstrip(".").partition("[]")[0]
        below: object = value
        for key in step.split("."):
            below = below.get(key) if isinstance(below, dict) else None
        for each in below if isinstance(below, list) else ():
            yield from walk(each, f"{where}.{step}[]".lstrip("."), {**outer, **prefix})

    yield from walk(element, rows, {})


def _texts(value: object, prefix: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict):
        return
    for key, below in value.items():
        if isinstance(below, dict):
            yield from _texts(below, f"{prefix}{key}.")
        elif below not in (None, "") and not isinstance(below, list):
            yield f"{prefix}{key}", str(below)


def _quoted(text: str) -> str:
    """Return a text as a basic string of TOML."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _shown(text: str | None) -> str:
    return "the end" if text is None else _quoted(text)
