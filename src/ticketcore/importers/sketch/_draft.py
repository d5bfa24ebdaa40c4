"""Write a first mapping from the likely meaning of the columns of a log."""

import json
import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Final, TypeAlias

from ticketcore.importers.sketch._roles import is_activity, is_inner

if TYPE_CHECKING:
    from ticketcore.importers.sketch._sketch import LogSketch

    Sketches: TypeAlias = Sequence[LogSketch]

MOST_STATES: Final = 20
"""Number of states that a first mapping lists."""

_BARE: Final = re.compile(r"[^A-Za-z0-9_-]+")
_SOLVED: Final = re.compile("resol|solv|solu|complet|done|fixed|lös|erledigt", re.IGNORECASE)
_CLOSED: Final = re.compile(r"clos|cancel|\bend|geschl|fech|cierre|cerrad|clôtur", re.IGNORECASE)
_ASKED: Final = re.compile("await|wait|pending|hold|wart", re.IGNORECASE)
_ASKED_OTHERS: Final = re.compile(
    "support|agent|assign|vendor|third|3rd|suppl|partner|approv|review|intern|implement|develop|"
    r"release|triage|queue|problem|\bchange\b",
    re.IGNORECASE,
)
_MESSAGE: Final = re.compile(r"(?<![a-z])(comment|message|repl(y|ied)|answer)", re.IGNORECASE)
_CUSTOMER: Final = re.compile("customer|requester|caller|client|kunde|cliente", re.IGNORECASE)
_STATE_FIELD: Final = re.compile(r"state|status|stage|phase", re.IGNORECASE)
_ANSWERED: Final = re.compile("respon|repl|answer|antwort|respost|respuest|répon", re.IGNORECASE)
_REOPENED: Final = re.compile("re-?open|wiederer|reabert|reabiert|rouvert", re.IGNORECASE)
_OPENED: Final = re.compile(
    "open|creat|submit|report|erstell|angelegt|abert|apertur|criad|cread|ouvert", re.IGNORECASE
)


def draft(tables: "Sketches") -> str:
    """Return a mapping of one or several tables, which loads and has to be edited."""
    first = "# A first mapping, to be edited. Say for each state what it means, and who closes."
    names = _names(tables) if len(tables) > 1 else [""]
    lines = [first, "", *_head(tables), *_rows(tables, names), *_facts(tables)]
    for name, table in zip(names, tables, strict=True):
        lines += _instant_rules(table, name) if _per_ticket(table) else _state_rules(table, name)
    return "\n".join(lines)


def _per_ticket(table: "LogSketch") -> bool:
    return table.time is None and bool(table.instants)


def _names(tables: "Sketches") -> list[str]:
    """Return a name for each table, such as ``comments`` for the file ``comments.csv``."""
    names: list[str] = []
    for table in tables:
        name = _BARE.sub("-", table.file.partition(".")[0]).strip("-") or "all"
        names.append(name if name not in names else f"{name}-{len(names) + 1}")
    return names


def _columns(tables: "Sketches", role: "Callable[[LogSketch], str | None]") -> list[str]:
    """Return the columns that have a role in the tables, in the order in which they are looked up.

    In a table of comments with the columns `id` and `ticket_id`, the latter has the ticket; `id`
    has it in a table of tickets. So a column comes after those of tables that have it too.
    """
    chosen = [(column, table) for table in tables if (column := role(table)) is not None]
    found = {column for column, _ in chosen}

    def found_beside(column: str) -> int:
        own = [table for name, table in chosen if name == column]
        return max(sum(name in found for name, _, _ in table.columns) for table in own)

    return sorted(dict.fromkeys(column for column, _ in chosen), key=found_beside, reverse=True)


def _united(texts: Iterable[Sequence[str]]) -> list[str]:
    return [*dict.fromkeys(chain.from_iterable(texts))]


def _head(tables: "Sketches") -> Iterator[str]:
    yield "[log]"
    yield f"ticket = {_value(_columns(tables, lambda t: t.ticket) or ['?'])}"
    if not all(map(_per_ticket, tables)):
        times = _columns(tables, lambda t: t.opened if _per_ticket(t) else t.time)
        if not times:
            yield "# No column was recognized as a time: name it, and say how it is written."
        yield f"time = {_value(times or ['?'])}"
    yield f"time_format = {_value(_united(t.time_format for t in tables))}"
    if order := _columns(tables, lambda t: t.order):
        yield f"order = {_value(order)}"
    unusual = [t for t in tables if t.encoding not in ("", "utf-8")]
    if unusual and len({t.encoding for t in tables}) == 1:
        yield f"encoding = {_quoted(unusual[0].encoding)}"
    elif unusual:
        named = [f"{_quoted(t.file)} = {_quoted(t.encoding)}" for t in unusual]
        yield f"encoding = {{ {', '.join(named)} }}"
    if state := _columns(tables, lambda t: t.state):
        yield f"state = {_value(state)}"
    if missing := _united(t.missing for t in tables):
        yield f"missing = {_list(missing)}"
    yield '# unmapped = "fields" # each column that this file does not name is a field then'


def _rows(tables: "Sketches", names: Sequence[str]) -> Iterator[str]:
    if len(tables) > 1:
        paths = [t.lists[0][0] if t.lists else "[]" for t in tables]
        places = [t.file if p == "[]" else p for t, p in zip(tables, paths, strict=True)]
        named = [f"{n} = {_quoted(place)}" for n, place in zip(names, places, strict=True)]
        yield f"rows = {{ {', '.join(named)} }}"
        return
    lists = tables[0].lists
    if lists:
        yield f"rows = {_quoted(lists[0][0])}"
    if len(lists) > 1:
        names = _list_names([path for path, _ in lists])
        named = [f"{name} = {_quoted(path)}" for name, (path, _) in zip(names, lists, strict=True)]
        yield "# To read several lists, name them, and give each rule one of the names as `rows`:"
        yield f"# rows = {{ {', '.join(named)} }}"


def _facts(tables: "Sketches") -> Iterator[str]:
    customers = _columns(tables, lambda t: t.customer)
    if people := _columns(tables, lambda t: None if _per_ticket(t) else t.person):
        yield from ("", "[people]", f"actor = {_value(people)}")
        if customers:
            yield f"customer = {_value(customers)}"
            if len(tables) > 1:  # rows of other tables lack the column
                yield 'opener = "customer"'
        else:
            yield '# customer = "…" # the column with the customer; all others act as support'
        if machines := _united(t.machines for t in tables):
            yield f"system = {_list(machines)}"
        else:
            yield '# system = ["…"] # the actors that are machines'
    yield from ("", "[opened]")
    if opened := _columns(tables, lambda t: t.opened):
        yield f"at = {_value(opened)}"
    yield f"type = {_value([*_cells(_columns(tables, lambda t: t.type)), 'incident'])}"
    yield 'default_handler = "support"'
    if customers:
        yield f"customer = {_value(_cells(customers))}"
    if names := _united([*t.fields] for t in tables):
        yield from ("", "[fields]")
        for name in names:
            columns = _columns(tables, lambda t, name=name: t.fields.get(name))  # type: ignore[misc]
            yield f"{name} = {_value(_cells(columns))}"
    yield ""


def _list_names(paths: Sequence[str]) -> list[str]:
    """Return a name for each list, such as ``comments`` for ``issues[].comments[]``.

    Lists with the same last key, such as ``nodes``, have names of as many keys as tell them apart.
    """
    keys = [[_BARE.sub("-", key).strip("-") or "all" for key in p.split(".")] for p in paths]
    for length in range(1, max(map(len, keys))):
        names = ["-".join(each[-length:]) for each in keys]
        if len(set(names)) == len(names):
            return names
    return ["-".join(each) for each in keys]


def opening_of(instants: Sequence[str], time: str | None, varying: Container[str]) -> str | None:
    """Return the column with the instant of the opening: one with such a name, or the first.

    If rows have an instant, the column must have such a name or be that of an element around them,
    and not be *varying* within a ticket. Return None if there is no such column.
    """
    others = [c for c in instants if c != time and c not in varying]
    first = next((c for c in others if time is None or not is_inner(c)), None)
    return next(filter(_OPENED.search, others), first)


def _instant_rules(sketch: "LogSketch", rows: str) -> Iterator[str]:
    others = [column for column in sketch.instants if column != sketch.opened]
    closed = [column for column in others if _CLOSED.search(column)]
    solved = [column for column in others if _SOLVED.search(column)]
    if not closed and len(solved) > 1:  # such as resolved and completed
        closed = solved[-1:]
    for column in others:
        event = "closed" if column in closed else "replied"
        known = event == "closed" or _SOLVED.search(column) or _ANSWERED.search(column)
        mark = "" if known else "# "
        yield from (
            f"{mark}[[event]]",
            f'{mark}event = "{event}"',
            *_named(rows, mark),
            f"{mark}at = {_quoted(column)}",
        )
        yield f'{mark}by = "support"'
        if sketch.person is not None:
            yield f"{mark}actor = {_cell(sketch.person)}"
        if event == "replied" and _SOLVED.search(column):
            yield f"{mark}solution = true"
        yield ""


def _named(rows: str, mark: str = "") -> Iterator[str]:
    if rows:
        yield f"{mark}rows = {_quoted(rows)}"


def _state_rules(sketch: "LogSketch", rows: str) -> Iterator[str]:
    if not sketch.states:
        yield from ("# Each row is a message.", "[[event]]", 'event = "replied"', *_named(rows))
        if sketch.person is None:
            yield 'by = "support"'
        yield ""
    shown = sketch.states[:MOST_STATES]
    # If a row changes one of several fields, the events are those of the field with the state.
    fields = sketch.state is not None and "{" in sketch.state
    activity = not fields and sketch.state is not None and is_activity(sketch.state)
    named = fields and any(_STATE_FIELD.search(state) for state, _, _ in shown)
    for state, count, following in shown:
        then = ", ".join(f"{_shown(name)} {n:,}" for name, n in following.most_common(4))
        yield f"# {_shown(state)}: {count:,} {'row' if count == 1 else 'rows'}, then {then}"
        event = None if named and not _STATE_FIELD.search(state) else _event_for(state)
        mark = "" if event else "# "
        yield from (f"{mark}[[event]]", f'{mark}event = "{event or "replied"}"')
        yield from _named(rows, mark)
        if activity:  # it may happen twice in succession
            yield f"{mark}where = {{ {toml_key(str(sketch.state))} = {_quoted(state)} }}"
        else:
            yield f"{mark}to_state = {_quoted(state)}"
        if event == "replied" and _MESSAGE.search(state) and _CUSTOMER.search(state):
            yield 'by = "customer"'
        elif sketch.person is None:
            yield f'{mark}by = "support"'
        if event == "replied" and _SOLVED.search(state):
            yield f"{mark}solution = true"
        yield ""
    if len(sketch.states) > MOST_STATES:
        yield f"# and {len(sketch.states) - MOST_STATES} rarer states"
        yield ""


def _event_for(state: str) -> str | None:
    if _ASKED.search(state) and not _ASKED_OTHERS.search(state):  # such as "pending close"
        return "replied"
    if _REOPENED.search(state):
        return "reopened"
    if _CLOSED.search(state):
        return "closed"
    return "replied" if _SOLVED.search(state) or _MESSAGE.search(state) else None


def toml_key(column: str) -> str:
    """Return a column as a key of TOML."""
    return _quoted(column) if _BARE.search(column) else column


def _cell(column: str) -> str:
    return _quoted("{" + column + "}")


def _cells(columns: Sequence[str]) -> list[str]:
    return ["{" + column + "}" for column in columns]


def _value(texts: Sequence[str]) -> str:
    """Return one text, or the list of several."""
    return _quoted(texts[0]) if len(texts) == 1 else _list(texts)


def _quoted(text: str) -> str:
    """Return a text as a basic string of TOML."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"


def _shown(text: str | None) -> str:
    return "the end" if text is None else _quoted(text)
