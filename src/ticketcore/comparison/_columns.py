"""The columns of the table of outcomes, and the collector that fills them.

The table has one row per recorded ticket. Its facts are those at the end of the record. Each
policy adds one structured column, named ``base``, ``other``, ``other_2`` and so on. Instants are
UTC, amounts are minor units of the currency.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from operator import attrgetter
from typing import Any, Final, TypeAlias

import attrs
import pyarrow as pa

from ticketcore.backtest import FACTS, Replay, TicketPosition
from ticketcore.errors import TicketcoreError
from ticketcore.events import (
    Breached,
    DisputeResolved,
    Event,
    Opened,
    Refunded,
    RefundFailed,
    Scheduled,
    field_text,
)
from ticketcore.ledger import OrderState
from ticketcore.metrics import timer_cycles
from ticketcore.ticket import fold

MAX_BROKEN: Final = 20
"""Number of broken tickets that are listed, the first ones of the file. All are counted."""

INSTANT: Final = pa.timestamp("us", "UTC")
TEXT: Final = pa.string()

Broken: TypeAlias = tuple[TicketPosition, str | None, str]
"""A ticket that could not be replayed: its position, its number if known, and the reason."""


Deadline: TypeAlias = tuple[str, datetime, str, str | None]
"""A deadline: its timer, its last due instant, its outcome and its verdict.

The outcome is that of its cycle. The verdict is on firings that closed the ticket: ``reopened`` if
a person acted later as on an open ticket, ``confirmed`` if a person closed the ticket too.
"""

Movement: TypeAlias = tuple[datetime, str, str | None, int, str]
"""A movement of money: its instant, ``refund`` or ``lost``, its timer, amount and currency."""

_VERDICTS = {"overturned": "reopened", "confirmed": "confirmed"}


@attrs.frozen
class Column:
    """A column with its Arrow type, and a sentence about it."""

    name: str
    type: pa.DataType
    doc: str


TICKET_COLUMNS: Final = (
    Column("ticket", TEXT, "The ticket's number."),
    Column("order_key", TEXT, "Vendor and number of its order; its own number without one."),
    Column("opened_at", INSTANT, "The instant of its opening."),
    *(Column(name, TEXT, f"The recorded {name.replace('_', ' ')}.") for name in FACTS),
    Column("fields", pa.map_(TEXT, TEXT), "The values of the policy's own fields, as text."),
    Column("tags", pa.list_(TEXT), "The recorded tags."),
    Column("last_action_at", INSTANT, "The last recorded action of a person."),
    Column("recorded_closed_at", INSTANT, "The recorded closing; empty while open."),
)
DEADLINE: Final = pa.struct(
    [
        ("timer", TEXT),
        ("due", INSTANT),
        ("outcome", TEXT),
        ("verdict", TEXT),
    ]
)
MOVEMENT: Final = pa.struct(
    [
        ("moved_at", INSTANT),
        ("kind", TEXT),
        ("timer", TEXT),
        ("minor", pa.int64()),
        ("currency", TEXT),
    ]
)
OUTCOME_COLUMNS: Final = (
    Column("opened", pa.bool_(), "Whether the policy accepts the opening."),
    Column("type", TEXT, "The type under the policy."),
    Column("type_overridden", pa.bool_(), "Whether the policy lacks the recorded type."),
    Column("closed_at", INSTANT, "The last closing; empty while open."),
    Column("closing_timer", TEXT, "The timer that closed the ticket, if one did."),
    Column("last_event_at", INSTANT, "The last event under the policy."),
    Column("reopenings", pa.int32(), "How often the ticket was opened again."),
    Column(
        "reopened_by_people",
        pa.int32(),
        "Closings by a timer after which a person acted as on an open ticket.",
    ),
    Column("reopened_by_replay", pa.int32(), "Reopenings that the policy does not allow."),
    Column("late", pa.int32(), "Deadlines that were breached."),
    Column("refunded", pa.int64(), "Refunds that did not fail, in minor units."),
    Column("lost", pa.int64(), "Money of lost disputes, in minor units."),
    Column("refused", pa.int32(), "Recorded actions that the policy does not allow."),
    Column("differs_at", INSTANT, "The first difference from base; empty if there is none."),
    Column("deadlines", pa.list_(DEADLINE), "Each deadline that was set, and what became of it."),
    Column("money", pa.list_(MOVEMENT), "Each refund and each loss."),
)
PLAIN_COLUMNS: Final = tuple(c for c in OUTCOME_COLUMNS if not pa.types.is_list(c.type))
"""The columns of a policy without lists."""


def schema_of(columns: Mapping[str, Sequence[Column]]) -> pa.Schema:
    """Return the schema of a table with the structured columns of `columns_of`."""
    fields = [(column.name, column.type) for column in TICKET_COLUMNS]
    outcomes = [
        (name, pa.struct([(column.name, column.type) for column in parts]))
        for name, parts in columns.items()
    ]
    return pa.schema([*fields, *outcomes])


def columns_of(policies: int, lists: int | None) -> dict[str, tuple[Column, ...]]:
    """Return the parts of each policy's column; only the first *lists* (None: all) have lists."""
    return {
        name: OUTCOME_COLUMNS if lists is None or place < lists else PLAIN_COLUMNS
        for place, name in enumerate(column_names(policies))
    }


def column_names(policies: int) -> tuple[str, ...]:
    """Return the names of the structured columns, one for each policy."""
    return ("base", "other", *(f"other_{n}" for n in range(2, policies)))[:policies]


@attrs.frozen
class Part:
    """The rows of one part of a history, and its broken tickets, all counted, some listed."""

    rows: pa.RecordBatch
    broken: int
    broken_examples: tuple[Broken, ...]


class OutcomeCollector:
    """Collects the rows of one part of a history, replayed under *policies* policies.

    Only the first *lists* of these have ``deadlines`` and ``money``; None means all.
    """

    def __init__(self, policies: int, lists: int | None = None) -> None:
        self._columns = columns_of(policies, lists)
        self._rows: list[tuple[Any, ...]] = []
        self._outcomes: dict[str, list[tuple[Any, ...]]] = {name: [] for name in self._columns}
        self._broken = 0
        self._examples: list[Broken] = []

    def add(self, _: TicketPosition, replays: Sequence[Replay]) -> None:
        """Add the row of a ticket."""
        base = replays[0]
        self._rows.append(_facts(base))
        for replay, (name, outcomes) in zip(replays, self._outcomes.items(), strict=True):
            lists = self._columns[name] is OUTCOME_COLUMNS
            outcomes.append(_outcome(base, replay, lists=lists))

    def add_broken(
        self, position: TicketPosition, ticket: str | None, error: TicketcoreError
    ) -> None:
        """Count a ticket that could not be replayed."""
        self._broken += 1
        if self._broken <= MAX_BROKEN:
            self._examples.append((position, ticket, str(error)))

    def result(self) -> Part:
        """Return the rows as Arrow columns."""
        arrays = list(_arrays(TICKET_COLUMNS, self._rows))
        schema = schema_of(self._columns)
        for name, outcomes in self._outcomes.items():
            columns = list(_arrays(self._columns[name], outcomes))
            fields = list(schema.field(name).type)
            arrays.append(pa.StructArray.from_arrays(columns, fields=fields))
        rows = pa.RecordBatch.from_arrays(arrays, schema=schema)
        return Part(rows, self._broken, tuple(self._examples))


def _facts(replay: Replay) -> tuple[Any, ...]:
    history = replay.history
    recorded = fold(history.events)
    order, vendor = recorded.order, recorded.opened.vendor
    return (
        history.ticket,
        history.ticket if order is None else f"{vendor or ''}/{order.number}",
        recorded.opened.at,
        *[fact(recorded) for fact in _FACTS],
        [(name, field_text(content)) for name, content in recorded.fields.items()],
        list(recorded.tags),
        replay.actions[-1].at,
        recorded.closed_at,
    )


_FACTS: Final[Sequence[Callable[..., str | None]]] = tuple(FACTS.values())


def _outcome(base: Replay, replay: Replay, *, lists: bool) -> tuple[Any, ...]:
    """Return the values of `OUTCOME_COLUMNS`, or of `PLAIN_COLUMNS` without *lists*."""
    differs_at = None if replay is base else first_difference(base, replay)
    ticket = replay.ticket
    reopened = list(replay.verdicts.values()).count("overturned")
    late = list(map(type, replay.events)).count(Breached)
    refused = len(replay.refused)
    if ticket is None:
        opening = (False, None, replay.type_overridden, None, None, None, 0, 0, 0, 0, 0, 0)
        return *opening, refused, differs_at, *(((), ()) if lists else ())
    movements = _money(replay) if ticket.refunds or ticket.disputes else ()
    outcome = (
        True,
        ticket.type,
        replay.type_overridden,
        ticket.closed_at,
        ticket.closing_timer,
        ticket.at,
        ticket.reopenings,
        reopened,
        replay.reopened_by_replay,
        late,
        ticket.refunded,
        sum(minor for _, kind, _, minor, _ in movements if kind == "lost"),
        refused,
        differs_at,
    )
    return (*outcome, _deadlines(replay), movements) if lists else outcome


def _deadlines(replay: Replay) -> Sequence[Deadline]:
    """Return each deadline that was set, in the order in which they were set."""
    verdicts = {firing: _VERDICTS[verdict] for firing, verdict in replay.verdicts.items()}
    return [
        (
            cycle.timer.name,
            cycle.timer.due,
            cycle.outcome,
            None if cycle.fired_at is None else verdicts.get((cycle.timer.name, cycle.fired_at)),
        )
        for cycle in timer_cycles(replay.events)
    ]


def _money(replay: Replay) -> Sequence[Movement]:
    """Return each refund that did not fail, and each lost dispute that took money."""
    assert replay.ticket is not None
    failed = {e.reference for e in replay.events if isinstance(e, RefundFailed)}
    others = () if replay.ledger is None else replay.ledger.others(replay.ticket)
    state = OrderState(replay.ticket, others)
    moved: list[Movement] = []
    for event in replay.events:
        if isinstance(event, Refunded) and event.reference not in failed:
            amount = event.amount
            moved.append((event.at, "refund", event.timer, amount.minor, amount.currency))
        elif isinstance(event, DisputeResolved) and event.outcome == "lost":
            for dispute in replay.ticket.disputes:
                if dispute.id == event.dispute and state.facts is not None:
                    lost = state.held_by(dispute)
                    currency = state.facts.amount.currency
                    moved.append((event.at, "lost", event.timer, lost, currency))
    return moved


def first_difference(base: Replay, other: Replay) -> datetime | None:
    """Return the first instant at which only one replay has an event other than of a timer.

    Openings are compared by the facts of the ticket, not by the names of the policies.
    """
    shared = other.shared if other.leader is base else 0
    base_events, other_events = base.events[shared:], other.events[shared:]
    for event, against in zip_longest(_happened(base_events), _happened(other_events)):
        if event is None or against is None:
            return (event or against).at
        if event.at != against.at or _differ(event, against):
            return min(event.at, against.at)
    return None


def _happened(events: Sequence[Event]) -> list[Event]:
    return [event for event in events if type(event) is not Scheduled]


def _differ(event: Event, against: Event) -> bool:
    if isinstance(event, Opened) and isinstance(against, Opened):
        return _facts_of_opening(event) != _facts_of_opening(against)
    return event != against


_facts_of_opening: Final = attrgetter("type", "default_handler", "waiting_for", "zone")


def _arrays(columns: Sequence[Column], rows: Sequence[tuple[Any, ...]]) -> Iterator[pa.Array]:
    values = zip(*rows, strict=True) if rows else ((),) * len(columns)
    for column, cells in zip(columns, values, strict=True):
        if pa.types.is_list(column.type) and pa.types.is_struct(column.type.value_type):
            yield _lists(column.type, cells)
        else:
            yield pa.array(cells, column.type)


def _lists(kind: pa.DataType, cells: Sequence[Sequence[tuple[Any, ...]]]) -> pa.Array:
    """Return lists of structures, made column by column, which is fast."""
    offsets, items = [0], list[tuple[Any, ...]]()
    for cell in cells:
        items += cell
        offsets.append(len(items))
    fields = list(kind.value_type)
    values = zip(*items, strict=True) if items else ((),) * len(fields)
    arrays = [pa.array(v, field.type) for v, field in zip(values, fields, strict=True)]
    structures = pa.StructArray.from_arrays(arrays, fields=fields)
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), structures)
