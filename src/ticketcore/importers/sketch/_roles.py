"""Guess what the columns of a log are: by their cells, and by the words of their names.

The sets below are words of column names in English, German, Spanish, Portuguese and French, in
lower case. `words_of` splits a name such as ``createdBy`` or ``issues[].created_by`` into them.
"""

import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from ticketcore._internal.limits import MAX_QUOTED
from ticketcore.importers._times import FORMS, LogTime, by_number, time_reader
from ticketcore.importers.sketch._words import (
    ACTIVITIES,
    CHANGED,
    CUSTOMERS,
    FIELD_NAMES,
    FIELDS,
    KINDS,
    NAMES,
    NEW_VALUES,
    NO_KIND,
    NUMBERS,
    OLD,
    OLD_OR_NEW,
    OPENING,
    ORDERS,
    OWNERS,
    PARTS,
    PERSONS,
    QUALIFIERS,
    STATES,
    TEXTS,
    TICKETS,
    XES_ACTIVITY,
    words_of,
)

Cells = Mapping[str, Sequence[str]]
"""The cells of each column, without those that stand for no value."""

MISSING: Final = frozenset({"?", "-", "N/A", "n/a", "NULL", "null", "nan", "NaN", "\\N"})
"""Cells that usually stand for no value."""

MOST_VALUES: Final = 60
_SAMPLE: Final = 300
_VARYING: Final = 0.2  # share of the tickets with several rows
_REPEATED: Final = 4  # mean number of rows with the same text
_WRONG_NUMBERS: Final = 0.01  # share of the rows
_WRONG_TIMES: Final = 0.1  # share of cells with a time in another form
_PATTERNS: Final = (
    "%d/%b/%y %I:%M %p",
    "%d-%b-%Y %H:%M:%S",
    "%d-%b-%Y %H:%M",
    "%d %b %Y %H:%M:%S",
    "%d %b %Y %H:%M",
    "%d %b %Y %I:%M %p",
    "%d/%b/%Y %H:%M",
    "%a %d %b %Y %H:%M",
    "%a %b %d %H:%M:%S %Y",
    "%B %d, %Y %I:%M %p",
    "%B %d, %Y %H:%M",
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
_CLOCK: Final = re.compile(r"\d{1,2}:\d\d(:\d\d)?( ?[AaPp][Mm])?")
_MOST_ZONES: Final = 4
_FORMS: Final = (*FORMS, "epoch-ms", "epoch")
_TIME_FORMATS: Final = (*_FORMS, *_PATTERNS)
_COUNTED: Final = NUMBERS - {"name"}


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
    """Return the share of the texts that are times of a form; 0 if too many are not."""
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
    if number is (digits is None):
        return False
    if digits and (len(text.partition(".")[0]) != digits or text[0] not in "12"):  # 2001 to 2065
        return False
    try:
        _reader(form)(text)
    except ValueError:
        return False
    return True


@cache
def _reader(form: str) -> Callable[[str], LogTime]:
    return time_reader([form], ZoneInfo("UTC"))


def is_instant(text: str) -> bool:
    """Return whether a text seems to be a time in a usual form."""
    return any(map(str.isdigit, text)) and any(_is_time(text, form) for form in _FORMS)


def says_ticket(column: str) -> bool:
    """Return whether the name of a column says that it has the number of the ticket."""
    named = words_of(".".join(column.split(".")[-2:]))  # as ticket.id in event.ticket.id
    return bool(named and named <= TICKETS | NUMBERS and (named & TICKETS or not is_inner(column)))


def ticket_of(
    columns: Sequence[str], distinct: Mapping[str, int], rows: int, *, instants: int
) -> str | None:
    """Return the column whose cells recur, and whose name says ticket or number.

    The keys of an object are numbers of tickets. In a log with one instant, a number that recurs
    is preferred to that of the row.
    """

    def rank(column: str) -> tuple[int, bool]:
        if column.endswith("[]"):
            return 4, True
        recurs = rows / 50 <= distinct[column] < rows and distinct[column] > 1
        words = words_of(column)
        if says_ticket(column):
            return 3, recurs
        if words & (PERSONS | CUSTOMERS) or not (recurs or distinct[column] == rows):
            return 0, recurs
        number = words <= NUMBERS or (recurs and instants < 2 and words & NUMBERS)
        return (2 if words and number else 1), recurs

    return max(columns, key=rank, default=None)


def varying_of(
    columns: Sequence[str], records: Iterable[Mapping[str, str]], ticket: str
) -> frozenset[str]:
    """Return the columns whose cells differ within a ticket, for a good part of the tickets."""
    first: dict[tuple[str, str], str] = {}
    several: dict[str, set[str]] = {column: set() for column in columns}
    differing: dict[str, set[str]] = {column: set() for column in columns}
    for record in records:
        number = record.get(ticket, "")
        for column in columns:
            if (cell := record.get(column)) is None:
                continue
            if (known := first.setdefault((number, column), cell)) is not cell:
                several[column].add(number)
                if known != cell:
                    differing[column].add(number)
    return frozenset(c for c in columns if len(differing[c]) > len(several[c]) * _VARYING)


def order_of(
    columns: Sequence[str], rows: Sequence[tuple[str, float, Mapping[str, str]]]
) -> str | None:
    """Return the column that numbers the rows of a ticket, if some have the same instant.

    *rows* has the ticket, the instant and the cells of each row.
    """
    if len({(ticket, at) for ticket, at, _ in rows}) == len(rows):
        return None
    return next((c for c in columns if ORDERS & words_of(c) and _numbers_rows(c, rows)), None)


def _numbers_rows(column: str, rows: Sequence[tuple[str, float, Mapping[str, str]]]) -> bool:
    """Return whether a column is unique and follows time, but for a few damaged rows."""
    latest: dict[str, float] = {}
    seen = set()
    wrong = 0
    for ticket, at, cells in sorted(rows, key=lambda row: by_number(row[2].get(column))):
        number = (ticket, cells.get(column))
        wrong += number in seen or at < latest.get(ticket, at)
        seen.add(number)
        latest[ticket] = at
    return wrong <= len(rows) * _WRONG_NUMBERS


def clock_of(date: str | None, cells: Cells, forms: Sequence[str]) -> str | None:
    """Return the column with the time of day, if the column *date* has only dates.

    Together they must be times of one of the forms.
    """
    dates = _sample(cells.get(date or "", ()))
    if not dates or any(":" in text for text in dates):
        return None
    for column, texts in cells.items():
        if _depth(column) == _depth(str(date)) and all(map(_CLOCK.fullmatch, _sample(texts))):
            joined = f"{dates[0]} {texts[0]}"
            return column if any(_is_time(joined, form) for form in forms) else None
    return None


def row_time_of(instants: Iterable[str], cells: Cells, distinct: Mapping[str, int]) -> str | None:
    """Return the column whose times differ most between rows."""

    def rank(column: str) -> tuple[int, int, bool]:
        return distinct[column], len(cells[column]), "complete" in words_of(column)

    return max(instants, key=rank, default=None)


def state_of(
    columns: Sequence[str],
    cells: Cells,
    distinct: Mapping[str, int],
    *,
    named: bool,
    varying: Container[str],
) -> str | None:
    """Return the column with the state or activity of a row; if *named*, its name must say this.

    Without *named*, it may also be the new value of a field, or a type that is *varying* within a
    ticket.
    """
    some = [c for c in columns if is_inner(c) and 1 < distinct[c] <= MOST_VALUES]
    called = [c for c in some if STATES & words_of(c) or c == XES_ACTIVITY]
    if new := [c for c in called if not OLD & words_of(c)]:
        return max(new, key=lambda c: (not _COUNTED & words_of(c), distinct[c]))
    if named or audit_of(columns, distinct):
        return None
    value = next((c for c in some if words_of(c) <= NEW_VALUES), None)
    kinds = [c for c in some if _is_kind(c) and c in varying]
    kind = max(kinds, key=lambda c: distinct[c], default=None)
    if value or kind:
        return value or kind
    unlike = (PARTS - QUALIFIERS) | KINDS | FIELDS.keys()
    others = [c for c in some if distinct[c] <= MOST_VALUES // 3 and not unlike & words_of(c)]
    others = [c for c in others if not _is_number_or_flag(cells[c][0])]
    texts = [c for c in others if TEXTS & words_of(c)]  # some logs repeat the same few
    repeated = (c for c in texts if c in varying and distinct[c] <= len(cells[c]) / _REPEATED)
    return next((c for c in others if c not in texts), next(repeated, None))


def is_activity(column: str) -> bool:
    """Return whether a column has what happened in a row, not the state of the ticket after it."""
    words = words_of(column)
    return column == XES_ACTIVITY or bool(words & ACTIVITIES and not words & {"state", "status"})


def audit_of(columns: Sequence[str], distinct: Mapping[str, int]) -> str | None:
    """Return the text with the name of a field and its new value, if a row is a change of one."""
    inner = [c for c in columns if is_inner(c)]
    named = [c for c in inner if FIELD_NAMES & words_of(c) - {"name"} or words_of(c) == {"name"}]
    field = max(named, key=lambda c: (distinct[c] > 1, "name" in words_of(c)), default=None)
    new = [c for c in inner if NEW_VALUES & words_of(c) and not OLD & words_of(c)]
    value = next(iter(new), None)
    return None if field is None or value is None else f"{{{field}}} {{{value}}}"


def _is_number_or_flag(text: str) -> bool:
    return text.replace(".", "", 1).isdigit() or text.lower() in ("true", "false", "yes", "no")


def without_values(columns: Sequence[str]) -> list[str]:
    """Return the columns of a log of changed fields that do not hold a field or its values."""
    rest = (c for c in columns if not OLD_OR_NEW & words_of(c))
    return [c for c in rest if not is_inner(c) or not (KINDS | FIELD_NAMES) & words_of(c)]


def people_of(
    columns: Sequence[str],
    records: Sequence[Mapping[str, str]],
    *,
    per_ticket: bool,
    varying: Container[str],
) -> tuple[str | None, str | None]:
    """Return the columns with the person who acts and with the customer.

    The first is *varying* within a ticket, if there is such a column, and the second is not. They
    have the same cells in some rows, if there are such columns.
    """
    persons = _persons(columns, per_ticket=per_ticket, varying=varying)
    customers = [c for c in columns if CUSTOMERS & words_of(c) and words_of(c) <= PARTS]
    customers = [c for c in customers if c not in varying and c not in persons[:1]]
    customers.sort(key=_depth)
    best = [c for c in persons if _rank(c, varying) == _rank(persons[0], varying)]
    for person in best:
        for customer in customers:
            if any(r.get(person, "") == r.get(customer) for r in records):
                return person, customer
    kind = words_of(persons[0]) & NAMES if persons else frozenset()
    alike = [c for c in customers if words_of(c) & NAMES == kind]
    return next(iter(persons), None), next(iter(alike or customers), None)


def _persons(columns: Sequence[str], *, per_ticket: bool, varying: Container[str]) -> list[str]:
    """Return the columns with persons, the likely one first.

    The column of the person who created the ticket is left out if there is another column with
    persons, or if a row is a whole ticket.
    """
    named = [c for c in columns if PERSONS & words_of(c) and words_of(c) <= PARTS]
    others = [c for c in named if c in varying or not OPENING & words_of(c)]
    if not others and not per_ticket:
        others = named
    return sorted(others, key=lambda c: (_rank(c, varying), _has_name(c)), reverse=True)


def _rank(column: str, varying: Container[str]) -> tuple[bool, float, bool, bool]:
    """Prefer who changed the row, then anyone but the owner of the ticket."""
    words = words_of(column)
    return column in varying, _depth(column), bool(words & CHANGED), not words & OWNERS


def _has_name(column: str) -> tuple[bool, bool]:
    return bool(words_of(column) & NAMES), not words_of(column) & _COUNTED


_MACHINE: Final = re.compile(
    r"(?<![a-z])(system|batch|robot|bot|automat\w*|daemon|scheduler|workflow)(?![a-z])", re.I
)


def machines_of(actors: Iterable[str]) -> tuple[str, ...]:
    """Return the actors whose names say that they are machines."""
    named = {actor for actor in actors if len(actor) <= MAX_QUOTED and _MACHINE.search(actor)}
    return tuple(sorted(named))


def kind_of_ticket(
    columns: Sequence[str], distinct: Mapping[str, int], *, varying: Container[str]
) -> str | None:
    """Return the column with the type of the ticket, which is not *varying* within a ticket."""
    named = [c for c in columns if 1 < distinct[c] <= MOST_VALUES and _is_kind(c)]
    named = [c for c in named if c not in varying]
    return max(named, key=lambda c: "name" in words_of(c), default=None)


def _is_kind(column: str) -> bool:
    return bool(KINDS & words_of(column)) and not NO_KIND & words_of(column)


def fields_of(columns: Sequence[str], distinct: Mapping[str, int]) -> dict[str, str]:
    """Return the columns that are usual fields of a ticket, by the names of the fields."""
    found: dict[str, str] = {}
    for column in columns:
        if 1 < distinct[column] <= MOST_VALUES:
            for word, name in FIELDS.items():
                if word in words_of(column):
                    found.setdefault(name, column)
    return found
