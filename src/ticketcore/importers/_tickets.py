"""The events of one ticket, made from its rows by the rules of a mapping.

`TicketMaker.events` takes these steps:

1. A row that the log repeats counts once. Rows are sorted by instant, or by a column.
2. The first row makes the opening.
3. Each row makes the events of the rules that fit it. If the person who opened the ticket also
   replied at that instant, the reply is removed and the opening gets its text.
4. Columns that hold fields make an event for each later change.
5. Rules for columns of instants, such as ``closed_at``, add their events.
6. Events that cannot have happened are dropped or repaired: after a closing a reopening is added,
   and an event before its predecessor gets the predecessor's instant.

The report counts everything that is left out, added or moved.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, takewhile
from operator import attrgetter

import attrs

from ticketcore._internal.fast_attrs import fast, fast_copy
from ticketcore._internal.terminal import short
from ticketcore.errors import CodecError, LogError, TicketcoreError
from ticketcore.events import (
    Closed,
    Course,
    Event,
    FieldSet,
    FieldValue,
    Opened,
    Recorded,
    Reopened,
    Replied,
    to_line,
)
from ticketcore.importers._report import ImportReport
from ticketcore.importers._rules import EventMaker, LogRow, Plan
from ticketcore.importers._times import LogTime, by_number
from ticketcore.importers.logs._row import Row, compared
from ticketcore.importers.mapping._values import Reader

_at = attrgetter("at")
_MOST_EVENTS = 10**9  # of a ticket; sort keys have this many digits


@attrs.frozen
class TicketMaker:
    """Makes the events of tickets, and counts in *report* what could not be used.

    *fitted* has the numbers of the rules that took a row, *overtaken* those of rules that fit a
    row which an earlier rule took.
    """

    plan: Plan
    read_time: Callable[[str], LogTime]
    report: ImportReport
    fitted: set[int] = attrs.field(factory=set)
    overtaken: set[int] = attrs.field(factory=set)

    def events(self, ticket: str, rows: Sequence[Row], *, long: bool) -> tuple[Event, ...]:
        """Return the events of a ticket, or none if it cannot be opened.

        If *long*, events that are too long for a history are left out.
        """
        identity = self._identity
        if repeated := len(rows) - len({*map(identity, rows)}):
            self.report.repeated += repeated
            rows = [*{identity(row): row for row in rows}.values()]
        ordered = self._ordered(rows)
        opening = self._opening(ordered) if ordered else None
        if opening is None:
            return ()
        self.plan.opener = compared(opening.actor)
        events, used = self._of_rows(ordered)
        opening = _with_first_reply(opening, events)
        opening = self._add_fields(opening, ordered, events, used)
        self._add_of_columns(ordered, events, used)
        if long:
            if not self._can_be_stored(ticket, opening):
                return ()
            events = [event for event in events if self._can_be_stored(ticket, event)]
        for position, row in enumerate(ordered):
            if position and position not in used:  # the first row is used by the opening
                state = self.plan.state(row.cells) or row.name
                self.report.leave_unused(state, ticket, row.place)
        return tuple(self._possible(opening, events))

    def _identity(self, row: Row) -> tuple[str, object]:
        return row.name, self.plan.id(row.cells) or row.cells

    def _ordered(self, rows: Sequence[Row]) -> list[LogRow]:
        """Return the rows in the order of the column `log.order`, or else of their instants.

        If the log lists the newest row first, it is read from its end.
        """
        plan = self.plan
        timed = []
        for row in rows:
            text = plan.time(row.cells)
            try:
                if text is None:
                    raise ValueError("has no time")
                timed.append((row, self.read_time(text)))
            except ValueError as error:
                self.report.reject(LogError(str(error), row.place))
        if plan.order is not None:
            order = plan.order
            timed.sort(key=lambda entry: by_number(order(entry[0].cells)))
        else:
            timed = _oldest_first(timed)
        instants = self.report.times.resolve(time for _, time in timed)
        ordered = [
            LogRow(row.place, row.name, row.cells, compared(plan.state(row.cells)), at)
            for (row, _), at in zip(timed, instants, strict=True)
        ]
        if plan.order is None:
            ordered.sort(key=_at)
        return ordered

    def _opening(self, rows: Sequence[LogRow]) -> Opened | None:
        """Return the opening from the first row; rows at the same instant give missing facts."""
        row, at = rows[0], rows[0].at
        others = [other.cells for other in takewhile(lambda each: each.at == row.at, rows[1:])]
        try:
            if (text := self.plan.opened_at(row.cells)) is not None:
                (at,) = self.report.times.resolve([self.read_time(text)])
            opening = self.plan.opening.make(row.cells, at, others)
        except (ValueError, TicketcoreError) as error:
            self.report.reject(LogError(str(error), row.place))
            return None
        if not isinstance(opening, Opened):
            self.report.incomplete[Opened.NAME] += 1
            return None
        return opening

    def _of_rows(self, rows: Sequence[LogRow]) -> tuple[list[Event], set[int]]:
        """Return the events that each row makes, and the rows that made one.

        The first rule that fits counts among those with the same event and party; a row closes
        a ticket once.
        """
        events: list[Event] = []
        used = set()
        before: dict[str, LogRow] = {}
        for position, row in enumerate(rows):
            last = before.get(row.name)
            made = set()
            for rule in self.plan.of_rows:
                if not rule.fits(last, row):
                    continue
                event = self._make(rule.maker, row)
                used.add(position)
                if event is None:
                    self.fitted.add(rule.number)
                    continue
                kind = (event.NAME, None if isinstance(event, Closed) else event.by)
                if kind in made:
                    self.overtaken.add(rule.number)
                else:
                    self.fitted.add(rule.number)
                    made.add(kind)
                    events.append(event)
            before[row.name] = row
        return events, used

    def _add_of_columns(self, rows: Sequence[LogRow], events: list[Event], used: set[int]) -> None:
        """Add the events whose instant is in a column of the last row that has one.

        The first rule that fits counts among those with the same event and column.
        """
        made = set()
        for rule in self.plan.of_columns:
            read_at = rule.at
            assert read_at is not None
            position, text = _last_with(read_at, rows)
            row = rows[position]
            if text is None or not rule.fits(None, row):
                continue
            kind = (rule.maker.event, rule.at_columns)
            if kind in made:
                self.overtaken.add(rule.number)
                continue
            self.fitted.add(rule.number)
            try:
                (instant,) = self.report.times.resolve([self.read_time(text)])
            except ValueError as error:
                self.report.reject(LogError(str(error), row.place))
                continue
            used.add(position)
            event = self._make(rule.maker, row._replace(at=instant))
            if event is None:
                continue
            made.add(kind)
            # The closing is the last event, even if the last rows are dated a moment later.
            last = isinstance(event, Closed)
            events.insert(len(events) if last else bisect_right(events, instant, key=_at), event)

    def _add_fields(
        self, opening: Opened, rows: Sequence[LogRow], events: list[Event], used: set[int]
    ) -> Opened:
        """Return the opening with its fields, and add an event for each that changes later.

        A row without a value of a field changes nothing.
        """
        values: dict[str, str] = {}
        for position, row in enumerate(rows):
            for name, read in self.plan.fields:
                text = read(row.cells)
                if text is None or compared(text) == compared(values.get(name)):
                    continue
                values[name] = text
                if position:
                    used.add(position)
                    by = self.plan.party(row.cells)
                    change = FieldSet(at=row.at, by=by, field=name, kind="text", value=text)
                    events.insert(bisect_right(events, row.at, key=_at), change)
            if not position and values:
                fields = {name: FieldValue(kind="text", value=v) for name, v in values.items()}
                opening = attrs.evolve(opening, fields=fields)
        return opening

    def _make(self, maker: EventMaker, row: LogRow) -> Event | None:
        try:
            event = maker.make(row.cells, row.at)
        except (ValueError, TicketcoreError) as error:
            self.report.reject(LogError(str(error), row.place))
            return None
        if event is None:
            self.report.incomplete[maker.event.NAME] += 1
        return event

    def _can_be_stored(self, ticket: str, event: Event) -> bool:
        try:
            to_line(Recorded(ticket, _MOST_EVENTS, event))
        except CodecError as error:
            message = f'cannot make "{event.NAME}": expected {error.expected}'
            self.report.reject(LogError(message, f"ticket {short(ticket)}"))
            return False
        return True

    def _possible(self, opening: Opened, events: Sequence[Event]) -> Iterator[Event]:
        """Yield the events as they can have happened, none dated before the one above it."""
        yield opening
        course, report, latest = Course(), self.report, opening.at
        course.add(opening)
        solved = False
        for event in events:
            if event.at < latest:
                report.moved += 1
                event = fast_copy(type(event), "at")(event, latest)  # noqa: PLW2901
            latest = event.at
            if course.is_closed_again(event) or course.is_over(event):
                report.after_closing += 1
                continue
            if isinstance(event, Reopened) and not course.is_closed:
                if not solved:
                    report.reopened_again += 1
                    continue
                report.replied += 1  # only a message says that a ticket is not solved after all
                text = event.text
                event = fast(Replied)(at=event.at, by=event.by, actor=event.actor, text=text)  # noqa: PLW2901
            if course.cause_problem(event) is not None:
                report.without_cause += 1
                continue
            if course.needs_reopening(event):
                report.reopened += 1
                reopened = fast(Reopened)(at=event.at, by=event.by, actor=event.actor)
                course.add(reopened)
                yield reopened
            if isinstance(event, Replied | Reopened):
                solved = isinstance(event, Replied) and event.solution
            course.add(event)
            yield event


def _with_first_reply(opening: Opened, events: list[Event]) -> Opened:
    """Remove the reply that opens the ticket from *events*, and give the opening its text.

    It is the first reply at the instant of the opening by the same person, unless it is a
    solution.
    """
    for position, event in enumerate(events):
        if event.at > opening.at:
            break
        if isinstance(event, Replied) and event.by == opening.by and not event.solution:
            del events[position]
            return attrs.evolve(opening, text=opening.text or event.text)
    return opening


def _oldest_first(timed: list[tuple[Row, LogTime]]) -> list[tuple[Row, LogTime]]:
    """Return the rows of each path from the oldest to the newest, if they are in either order."""
    by_path: dict[str, list[tuple[Row, LogTime]]] = {}
    for row, time in timed:
        by_path.setdefault(row.name, []).append((row, time))
    for rows in by_path.values():
        if rows[0][1].first > rows[-1][1].latest:
            rows.reverse()
    return [*chain(*by_path.values())]


def _last_with(read: Reader, rows: Sequence[LogRow]) -> tuple[int, str | None]:
    """Return the position of the last row for which *read* gives a text, and the text."""
    for position in range(len(rows) - 1, -1, -1):
        if (text := read(rows[position].cells)) is not None:
            return position, text
    return 0, None
