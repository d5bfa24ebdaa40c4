"""Guess what the columns of a log are: by their cells, and by the words of their names.

The sets below are words of column names in English, German, Spanish, Portuguese and French, in
lower case. `words_of` splits a name such as ``createdBy`` or ``issues[].created_by`` into them.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from ticketcore._internal.limits import MAX_QUOTED
from ticketcore.importers._times import FORMS, LogTime, time_reader

Cells = Mapping[str, Sequence[str]]
"""The cells of each column, without those that stand for no value."""

MISSING: Final = frozenset({"?", "-", "N/A", "n/a", "NULL", "null", "nan", "NaN", "\\N"})
"""Cells that usually stand for no value."""

MOST_VALUES: Final = 60
_SAMPLE: Final = 300
_WRONG_TIMES: Final = 0.1  # share of cells with a time in another form
_PATTERNS: Final = (
    "%d/%b/%y %I:%M %p",
    "%d-%b-%Y %H:%M:%S",
    "%d %b %Y %H:%M",
    "%b %d, %Y %I:%M:%S %p",
    "%b %d, %Y %I:%M %p",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
    "%d/%m/%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
)
_ZONE: Final = re.compile(r"(?<=[\dMm]) (?!UTC|GMT)[A-Z]{3,4}$")
_MOST_ZONES: Final = 4
_TIME_FORMATS: Final = (*FORMS, "epoch-ms", "epoch", *_PATTERNS)

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+")
_NUMBERS: Final = frozenset("id iid key number nr no num nummer concept name".split())
_TICKETS: Final = frozenset(
    "ticket ticketnummer ticketnumber case caseid incident issue request thread conversation "
    "vorgang vorgangsnr vorgangsnummer sr".split()
)
_STATES: Final = frozenset("state status activity action event step stage phase tostring".split())
_XES_ACTIVITY: Final = "concept:name"
_PERSONS: Final = frozenset(
    "actor author user username agent resource assignee assigned owner resolver login by from "
    "sender operator technician besitzer bearbeiter inhaber ticketinhaber usuario usuário "
    "atendente agente".split()
)
_CUSTOMERS: Final = frozenset(
    "customer requester reporter caller client contact submitter creator author kunde "
    "kundenbenutzer kontakt from cliente solicitante requerente demandeur".split()
)
_KINDS: Final = frozenset(
    "type typ category kategorie tracker issuetype tipo categoria categoría".split()
)
_NO_KIND: Final = _PERSONS | _CUSTOMERS | {"resource", "noteable", "priority", "history", "event"}
_NAMES: Final = frozenset("name username login email value".split())
_PARTS: Final = (
    _PERSONS
    | _CUSTOMERS
    | _NAMES
    | frozenset("id account display full key to create created updated changed modified".split())
)
_OPENING: Final = frozenset({"create", "created"})
_CHANGED: Final = frozenset({"updated", "changed", "modified"})
_OLD: Final = frozenset("from old before".split())
_OLD_OR_NEW: Final = _OLD | frozenset("to new after value".split())
_FIELD_NAMES: Final = frozenset("field fieldname property attribute name".split())
_NEW_VALUES: Final = frozenset("new newvalue tostring after value".split())
_TEXTS: Final = frozenset("body text subject description title name notes message comment".split())
_FIELDS: Final = {
    "priority": "priority",
    "priorität": "priority",
    "severity": "severity",
    "impact": "impact",
    "urgency": "urgency",
    "queue": "queue",
    "team": "team",
    "group": "group",
    "grupo": "group",
    "prioridade": "priority",
    "prioridad": "priority",
    "product": "product",
}


def words_of(column: str) -> list[str]:
    """Return the words of a column's name in lower case, without the list that it is in."""
    return [word.lower() for word in _WORD.findall(column.rpartition("[].")[2])]


def is_inner(column: str) -> bool:
    """Return whether a column is of the row itself, not of an element around it."""
    return "[]." not in column


def _depth(column: str) -> float:
    return float("inf") if is_inner(column) else column.count("[].")


def instants_of(cells: Cells) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the forms of times, the usual one first, and the columns with times.

    A time with the name of a zone, such as PST, has a pattern for each name.
    """
    zoned = {c: texts for c, texts in cells.items() if all(map(_ZONE.search, _sample(texts)))}
    bare = {c: [_ZONE.sub("", text) for text in texts] for c, texts in zoned.items()}
    forms, columns = _instants_of(bare, _PATTERNS)
    zones = {text[-4:].strip() for c in columns for text in zoned[c]}
    if columns and len(zones) <= _MOST_ZONES:
        return tuple(f"{form} {zone}" for form in forms for zone in sorted(zones)), columns
    return _instants_of(cells, _TIME_FORMATS)


def _instants_of(cells: Cells, forms: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    usual, best = "iso", dict[str, float]()
    for form in forms:
        shares = {name: share for name, texts in cells.items() if (share := _share(texts, form))}
        if (len(shares), sum(shares.values())) > (len(best), sum(best.values())):
            usual, best = form, shares
    rest = {text for name in best for text in _sample(cells[name]) if not _is_time(text, usual)}
    others = (form for form in forms if any(_is_time(text, form) for text in rest))
    return (usual, *others), tuple(best)


def _share(texts: Sequence[str], form: str) -> float:
    """Return the share of the texts that are times of a form, or 0 unless it is most of them."""
    sample = _sample(texts)
    wrong = 0
    for text in sample:
        wrong += not _is_time(text, form)
        if wrong > len(sample) * _WRONG_TIMES:
            return 0.0
    return 1.0 - wrong / len(sample)


def _sample(texts: Sequence[str]) -> Sequence[str]:
    return texts[:: len(texts) // _SAMPLE + 1]


def _is_time(text: str, form: str) -> bool:
    digits = {"epoch": 10, "epoch-ms": 13}.get(form)
    number = text.replace(".", "", 1).isdigit()
    if number is (digits is None) or (digits and len(text.partition(".")[0]) != digits):
        return False
    try:
        _reader(form)(text)
    except ValueError:
        return False
    return True


@cache
def _reader(form: str) -> Callable[[str], LogTime]:
    return time_reader([form], ZoneInfo("UTC"))


def ticket_of(
    columns: Sequence[str], distinct: Mapping[str, int], rows: int, *, instants: int
) -> str | None:
    """Return the column whose cells recur, and whose name says ticket or number.

    In a log with one instant, a number that recurs is preferred to that of the row.
    """

    def rank(column: str) -> tuple[int, bool]:
        recurs = rows / 50 <= distinct[column] < rows and distinct[column] > 1
        words = set(words_of(column))
        if words and words <= _TICKETS | _NUMBERS and (words & _TICKETS or not is_inner(column)):
            return 3, recurs
        if words & (_PERSONS | _CUSTOMERS) or not (recurs or distinct[column] == rows):
            return 0, recurs
        number = words <= _NUMBERS or (recurs and instants < 2 and words & _NUMBERS)
        return (2 if words and number else 1), recurs

    return max(columns, key=rank, default=None)


def row_time_of(instants: Iterable[str], cells: Cells, distinct: Mapping[str, int]) -> str | None:
    """Return the column whose times differ most between rows."""

    def rank(column: str) -> tuple[int, int, bool]:
        return distinct[column], len(cells[column]), "complete" in words_of(column)

    return max(instants, key=rank, default=None)


def state_of(
    columns: Sequence[str], cells: Cells, distinct: Mapping[str, int], *, named: bool
) -> str | None:
    """Return the column with the state or activity of a row; if *named*, its name must say so."""
    some = [c for c in columns if is_inner(c) and 1 < distinct[c] <= MOST_VALUES]
    if called := next((c for c in some if _STATES & {*words_of(c)} or c == _XES_ACTIVITY), None):
        return called
    if named or audit_of(columns, distinct):
        return None
    unlike = _PARTS | _TEXTS | _KINDS | _FIELDS.keys()
    others = (c for c in some if distinct[c] <= MOST_VALUES // 3 and not unlike & {*words_of(c)})
    return next((c for c in others if not _is_number_or_flag(cells[c][0])), None)


def audit_of(columns: Sequence[str], distinct: Mapping[str, int]) -> str | None:
    """Return the text with the name of a field and its new value, if a row is a change of one."""
    inner = [c for c in columns if is_inner(c)]
    named = [c for c in inner if _FIELD_NAMES & {*words_of(c)}]
    field = max(named, key=lambda c: (distinct[c] > 1, "name" in words_of(c)), default=None)
    new = [c for c in inner if _NEW_VALUES & {*words_of(c)} and not _OLD & {*words_of(c)}]
    value = next(iter(new), None)
    return None if field is None or value is None else f"{{{field}}} {{{value}}}"


def _is_number_or_flag(text: str) -> bool:
    return text.replace(".", "", 1).isdigit() or text.lower() in ("true", "false", "yes", "no")


def without_values(columns: Sequence[str]) -> list[str]:
    """Return the columns of a log of changed fields that do not hold a field or its values."""
    rest = (c for c in columns if not _OLD_OR_NEW & {*words_of(c)})
    return [c for c in rest if not is_inner(c) or not (_KINDS | _FIELD_NAMES) & {*words_of(c)}]


def person_of(columns: Sequence[str], *, per_ticket: bool) -> str | None:
    """Return the column with the person who acts, preferably the name of one.

    If a row is a ticket, or there is another, that is not the person who created it.
    """
    others = [c for c in columns if not _OPENING & {*words_of(c)}]
    named = [c for c in others if _PERSONS & {*words_of(c)} and {*words_of(c)} <= _PARTS]
    if not named and not per_ticket:
        named = [c for c in columns if _PERSONS & {*words_of(c)} and {*words_of(c)} <= _PARTS]
    return max(named, key=lambda c: (_depth(c), _rank(words_of(c))), default=None)


def _rank(words: Iterable[str]) -> tuple[bool, bool]:
    """Prefer who changed a row to who owns the ticket, and a name to a number."""
    return bool(_CHANGED & {*words}), bool(_NAMES & {*words})


def customer_of(columns: Sequence[str], person: str | None) -> str | None:
    """Return the column with the customer, like *person* a name or a number."""
    kind = set(words_of(person or "")) & _NAMES
    named = [c for c in columns if _CUSTOMERS & {*words_of(c)} and {*words_of(c)} <= _PARTS]
    others = [c for c in named if c != person]
    return max(others, key=lambda c: (-_depth(c), {*words_of(c)} & _NAMES == kind), default=None)


_MACHINE: Final = re.compile(
    r"(?<![a-z])(system|batch|robot|bot|automat\w*|daemon|scheduler|workflow)(?![a-z])", re.I
)


def machines_of(actors: Iterable[str]) -> tuple[str, ...]:
    """Return the actors whose names say that they are machines."""
    named = {actor for actor in actors if len(actor) <= MAX_QUOTED and _MACHINE.search(actor)}
    return tuple(sorted(named))


def kind_of_ticket(columns: Sequence[str], distinct: Mapping[str, int]) -> str | None:
    """Return the column with the type of the ticket."""
    named = [
        c
        for c in columns
        if 1 < distinct[c] <= MOST_VALUES
        and _KINDS & {*words_of(c)}
        and not _NO_KIND & {*words_of(c)}
    ]
    return max(named, key=lambda c: "name" in words_of(c), default=None)


def fields_of(columns: Sequence[str], distinct: Mapping[str, int]) -> dict[str, str]:
    """Return the columns that are usual fields of a ticket, by the names of the fields."""
    found: dict[str, str] = {}
    for column in columns:
        if 1 < distinct[column] <= MOST_VALUES:
            for word in words_of(column):
                if word in _FIELDS:
                    found.setdefault(_FIELDS[word], column)
    return found
