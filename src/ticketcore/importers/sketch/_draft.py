"""Write a first mapping from the likely meaning of the columns of a log."""

import json
import re
from collections.abc import Container, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from ticketcore.importers.sketch._roles import is_activity, is_inner

if TYPE_CHECKING:
    from ticketcore.importers.sketch._sketch import LogSketch

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


def draft(sketch: "LogSketch") -> str:
    """Return a mapping that loads and has to be edited."""
    first = "# A first mapping, to be edited. Say for each state what it means, and who closes."
    per_ticket = sketch.time is None and sketch.instants
    rules = _instant_rules(sketch) if per_ticket else _state_rules(sketch)
    return "\n".join([first, "", *_head(sketch), *rules])


def _head(sketch: "LogSketch") -> Iterator[str]:
    yield "[log]"
    yield f"ticket = {_quoted(sketch.ticket or '?')}"
    if sketch.time is not None:
        yield f"time = {_quoted(sketch.time)}"
    elif not sketch.instants:
        yield "# No column was recognized as a time: name it, and say how it is written."
        yield 'time = "?"'
    usual, *others = sketch.time_format
    yield f"time_format = {_list(sketch.time_format) if others else _quoted(usual)}"
    if sketch.order is not None:
        yield f"order = {_quoted(sketch.order)}"
    if sketch.encoding not in ("", "utf-8"):
        yield f"encoding = {_quoted(sketch.encoding)}"
    if sketch.state is not None:
        yield f"state = {_quoted(sketch.state)}"
    if sketch.missing:
        yield f"missing = {_list(sketch.missing)}"
    if sketch.lists:
        yield f"rows = {_quoted(sketch.lists[0][0])}"
    if len(sketch.lists) > 1:
        named = ", ".join(f"{_last_key(path)} = {_quoted(path)}" for path, _ in sketch.lists)
        yield "# To read several lists, name them, and give each rule one of the names as `rows`:"
        yield f"# rows = {{ {named} }}"
    per_ticket = sketch.time is None and sketch.instants
    if sketch.person is not None and not per_ticket:
        yield from ("", "[people]", f"actor = {_quoted(sketch.person)}")
        if sketch.customer is not None:
            yield f"customer = {_quoted(sketch.customer)}"
        else:
            yield '# customer = "…" # the column with the customer; all others act as support'
        if sketch.machines:
            yield f"system = {_list(sketch.machines)}"
        else:
            yield '# system = ["…"] # the actors that are machines'
    yield from ("", "[opened]")
    if sketch.opened is not None:
        yield f"at = {_quoted(sketch.opened)}"
    incident = '"incident"'
    yield f"type = {f'[{_cell(sketch.type)}, {incident}]' if sketch.type else incident}"
    yield 'default_handler = "support"'
    if sketch.customer is not None:
        yield f"customer = {_cell(sketch.customer)}"
    if sketch.fields:
        yield from ("", "[fields]")
        yield from (f"{name} = {_cell(column)}" for name, column in sketch.fields.items())
    yield ""


def _last_key(path: str) -> str:
    """Return the name of a list, such as ``comments`` for ``issues[].comments[]``."""
    return _BARE.sub("-", path.removesuffix("[]").rpartition(".")[2]) or "all"


def opening_of(instants: Sequence[str], time: str | None, varying: Container[str]) -> str | None:
    """Return the column with the instant of the opening: one with such a name, or the first.

    If rows have an instant, the column must have such a name or be that of an element around them,
    and not be *varying* within a ticket. Return None if there is no such column.
    """
    others = [c for c in instants if c != time and c not in varying]
    first = next((c for c in others if time is None or not is_inner(c)), None)
    return next(filter(_OPENED.search, others), first)


def _instant_rules(sketch: "LogSketch") -> Iterator[str]:
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
            f"{mark}at = {_quoted(column)}",
        )
        yield f'{mark}by = "support"'
        if sketch.person is not None:
            yield f"{mark}actor = {_cell(sketch.person)}"
        if event == "replied" and _SOLVED.search(column):
            yield f"{mark}solution = true"
        yield ""


def _state_rules(sketch: "LogSketch") -> Iterator[str]:
    if not sketch.states:
        yield from ("# Each row is a message.", "[[event]]", 'event = "replied"')
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
        if activity:  # it may happen twice in succession
            yield f"{mark}where = {{ {_key(str(sketch.state))} = {_quoted(state)} }}"
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


def _key(column: str) -> str:
    """Return a column as a key of TOML."""
    return _quoted(column) if _BARE.search(column) else column


def _cell(column: str) -> str:
    return _quoted("{" + column + "}")


def _quoted(text: str) -> str:
    """Return a text as a basic string of TOML."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"


def _shown(text: str | None) -> str:
    return "the end" if text is None else _quoted(text)
