"""The rules of a mapping, made ready for the rows of a log."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import attrs

from ticketcore._internal.fast_attrs import fast
from ticketcore.events import Event, Opened, Party
from ticketcore.importers.logs._row import Cells, compared
from ticketcore.importers.mapping._fields import convert_of, is_instant
from ticketcore.importers.mapping._file import LogMapping, People, Rule
from ticketcore.importers.mapping._values import CellValue, Reader

_PERSONS: Final = frozenset({"assignee", "customer"})
_NUMBER: Final = re.compile(r"\s*(-?\d+(?:\.\d+)?)")


class LogRow(NamedTuple):
    """A row of a ticket: its place in the log, its state as compared, and its instant in UTC."""

    place: str
    name: str
    cells: tuple[str | None, ...]
    state: str | None
    at: datetime


Fits = Callable[[LogRow | None, LogRow], bool]
"""A function that says whether a row fits, given the ticket's row before it."""


@attrs.frozen
class EventMaker:
    """Makes events of one class from the cells of rows."""

    event: type[Event]
    _by: Callable[[Cells], str | None]
    _actor: Reader
    _machines: frozenset[str | None]
    _constant: Mapping[str, Any]
    _read: tuple[tuple[str, Reader, Callable[[str], Any] | None, bool], ...]

    def make(self, cells: Cells, at: datetime, others: Sequence[Cells] = ()) -> Event | None:
        """Return the event, or None if a field that it needs has no value.

        If the cells have no value of a field, the first value in the cells of *others* counts.
        Raises ValueError for a value that cannot be read.
        """
        by = self._by(cells)
        if by is None:
            return None
        fields = dict(self._constant)
        for name, read, convert, required in self._read:
            text = read(cells)
            if text is None and others:
                text = next(filter(None, map(read, others)), None)
            if text is None:
                if required:
                    return None
            else:
                fields[name] = text if convert is None else convert(text)
        actor = self._actor(cells)
        if by != "system" and compared(actor) in self._machines:
            actor = None  # a machine only stored what this party said
        make: Any = fast(self.event)  # the parties are checked when the mapping is read
        event: Event = make(at=at, by=by, actor=actor, **fields)
        return event


@attrs.frozen
class RowRule:
    """A rule for each row, or for the last row with an instant in the columns `at_columns`.

    *number* is its place in the mapping, from 0.
    """

    number: int
    maker: EventMaker
    fits: Fits
    at: Reader | None
    at_columns: tuple[str, ...] = ()


class Plan:
    """The rules of a mapping, made ready.

    *columns* are the columns that they read, each once; *index* has the place of each. *unseen*
    are those without a value in the rows so far, and *unmet* the names in `[people]` of persons
    who have done nothing so far. *opener* is who opened the ticket whose rows are read.
    """

    def __init__(self, mapping: LogMapping, zone: str, instant: Callable[[str], datetime]) -> None:
        self.columns: tuple[str, ...] = tuple(dict.fromkeys(c for c, _ in mapping.columns))
        self.index = {column: place for place, column in enumerate(self.columns)}
        self.unseen = set(self.columns)
        self.unmet: set[str | None] = set()
        self.opener: str | None = None
        self._instant = instant
        log, opened, people = mapping.log, mapping.opened, mapping.people
        self._names: dict[str | None, str] = {}
        self._machines: frozenset[str | None] = frozenset()
        if people is not None:
            self._names = {compared(name.strip()): known for name, known in people.names.items()}
            self._machines = self._persons(people.system)
            self.unmet = {*self._names, *self._machines, *self._persons(people.support)}
        self.ticket = self._reader(log.ticket)
        self.time = self._reader(log.time or opened.at)
        self.order = None if log.order is None else self._reader(log.order)
        self.id = self._reader(log.id)
        self.state = self._reader(log.state)
        self.used = tuple(log.where.row_tests(self.index))
        self.opened_at = self._reader(opened.at)
        facts = {**opened.fields, "zone": zone}
        if "default_handler" in facts:
            facts.setdefault("waiting_for", facts["default_handler"])
        by: Callable[[Cells], str | None] = (
            (lambda cells: "customer") if opened.by is None else self._reader(opened.by)
        )
        actor = opened.actor
        if actor is None and people is not None:
            actor = people.customer or people.actor
        self.opening = self._maker(Opened, by, self._person(actor), facts)
        self.fields = tuple(
            (name, value.reader(self.index)) for name, value in mapping.fields.items()
        )
        self.party = self._party(people, None)
        rules = [self._rule(number, rule, people) for number, rule in enumerate(mapping.rules)]
        self.of_rows = tuple(rule for rule in rules if rule.at is None)
        self.of_columns = tuple(rule for rule in rules if rule.at is not None)

    def _reader(self, value: CellValue | None) -> Reader:
        return (lambda cells: None) if value is None else value.reader(self.index)

    def _rule(self, number: int, rule: Rule, people: People | None) -> RowRule:
        by = self._party(people, rule.actor) if rule.by is None else self._reader(rule.by)
        actor = rule.actor or (None if people is None else people.actor)
        maker = self._maker(rule.event, by, self._person(actor), rule.fields)
        tests = tuple(self._tests(rule))
        if len(tests) == 1:
            fits = tests[0]
        else:

            def fits(before: LogRow | None, row: LogRow) -> bool:
                return all(test(before, row) for test in tests)

        if rule.at is None:
            return RowRule(number, maker, fits, None)
        return RowRule(number, maker, fits, self._reader(rule.at), rule.at.columns)

    def _tests(self, rule: Rule) -> Iterator[Fits]:
        if rule.rows is not None:
            name = rule.rows
            yield lambda before, row: row.name == name
        if rule.to_state is not None:
            to_state = rule.to_state.test()
            yield (
                lambda before, row: (
                    row.state is not None
                    and (before is None or before.state != row.state)
                    and to_state(row.state)
                )
            )
        if rule.from_state is not None:
            from_state = rule.from_state.test()
            yield (
                lambda before, row: (
                    before is not None
                    and before.state is not None
                    and before.state != row.state
                    and from_state(before.state)
                )
            )
        if rule.changed:
            yield _changed([self.index[column] for column in rule.changed])
        for column, sign in ((rule.rises, 1), (rule.falls, -1)):
            if column is not None:
                yield _moved(self.index[column], sign)
        for test in rule.where.row_tests(self.index):
            yield lambda before, row, test=test: test(row.cells)  # type: ignore[misc]

    def _party(self, people: People | None, own: CellValue | None) -> Callable[[Cells], Party]:
        """Return a function that gives the party of the actor, a rule's *own* if it has one."""
        if people is None:
            return lambda cells: "support"
        actor, customer = self._person(own or people.actor), self._person(people.customer)
        machines, support = self._machines, self._persons(people.support)
        opener, otherwise = people.opener, people.otherwise

        def party(cells: Cells) -> Party:
            name = compared(actor(cells))
            if name is None:
                return otherwise
            if name in machines:
                return "system"
            if name in support:
                return "support"
            if name == compared(customer(cells)):
                return "customer"
            return opener if opener is not None and name == self.opener else otherwise

        return party

    def _persons(self, names: Sequence[str]) -> frozenset[str | None]:
        """Return the persons with these names, as they are compared."""
        written = [name.strip() for name in names]
        return frozenset(compared(self._names.get(compared(n), n)) for n in written)

    def _person(self, value: CellValue | None) -> Reader:
        """Return a function that reads the name of a person, in the spelling for the history."""
        read, names, unmet = self._reader(value), self._names, self.unmet
        if not unmet:
            return read

        def person(cells: Cells) -> str | None:
            name = compared(text := read(cells))
            if name in names:
                unmet.discard(name)
                name = compared(text := names[name])
            unmet.discard(name)
            return text

        return person

    def _maker(
        self,
        event: type[Event],
        by: Callable[[Cells], str | None],
        actor: Reader,
        fields: Mapping[str, Any],
    ) -> EventMaker:
        constant, read = {}, []
        for field in attrs.fields(event):
            value = fields.get(field.name)
            if isinstance(value, CellValue):
                convert = self._instant if is_instant(field.type) else convert_of(field.type)
                required = field.default is attrs.NOTHING
                reader = self._person if field.name in _PERSONS else self._reader
                read.append((field.name, reader(value), convert, required))
            elif value is not None:
                constant[field.name] = value
        return EventMaker(event, by, actor, self._machines, constant, tuple(read))


def _changed(places: list[int]) -> Fits:
    def changed(before: LogRow | None, row: LogRow) -> bool:
        return before is not None and any(
            before.cells[p] != row.cells[p] and compared(before.cells[p]) != compared(row.cells[p])
            for p in places
        )

    return changed


def _moved(place: int, sign: int) -> Fits:
    def moved(before: LogRow | None, row: LogRow) -> bool:
        if before is None:
            return False
        old, new = _number(before.cells[place]), _number(row.cells[place])
        return old is not None and new is not None and (new - old) * sign > 0

    return moved


def _number(cell: str | None) -> float | None:
    """Return the number at the start of a cell such as ``2 - High``."""
    match = _NUMBER.match(cell or "")
    return float(match[1]) if match else None
