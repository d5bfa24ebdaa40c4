"""Split a history file into parts that can be replayed independently.

The unit of a replay is the order, since its tickets share its money. The tickets of an order may
lie anywhere in the file. So the file is read twice: once to find the orders that several tickets
concern, and once to replay.

- A `HistoryRange` has the bytes of whole tickets; it leaves out the tickets of such orders.
- A `Batch` holds some of these orders, each as the places of its tickets.

A ticket concerns every order that its opening or a correction names. Tickets that are linked in
this way, even through others, are replayed together. A pipe or a compressed file cannot be read
twice: it is one range, which keeps all tickets that have an order until its end.
"""

import hashlib
import json
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Final, TypeAlias

import attrs

from ticketcore.events import (
    BrokenHistory,
    Event,
    History,
    Opened,
    OrderCorrected,
    place_of,
    scan_histories,
)

ByteRange: TypeAlias = tuple[int, int | None]
"""The first byte of a range and the byte after it; None stands for the end of the file."""

TicketPosition: TypeAlias = tuple[int, int]
"""The start of a ticket: the first byte of its range, and its line within the range, from 1."""

Placed: TypeAlias = tuple[TicketPosition, History]
"""A history with its position in the file."""

Unit: TypeAlias = "tuple[TicketPosition, BrokenHistory] | list[Placed]"
"""Tickets that are replayed together, most often one; or a ticket that cannot be read."""

_BATCH_BYTES: Final = 1 << 20
_FIELDS: Final = 5  # of a row: key of the order, first byte, last byte, and the position


@attrs.frozen
class HistoryRange:
    """A range of bytes, without the tickets whose orders are among *left_out*."""

    span: ByteRange
    left_out: frozenset[int] = frozenset()

    def units(self, path: str) -> Iterator[Unit]:
        """Yield the tickets of the range. Those of orders in a stream come last."""
        start, end = self.span
        kept: list[tuple[Placed, frozenset[int]]] = []
        for found in scan_histories(path, start, end):
            if isinstance(found, BrokenHistory):
                yield (start, found.line), found
                continue
            placed = (start, found.first_line), found
            keys = order_keys(found.events) if self.left_out or end is None else frozenset()
            if keys and end is None:
                kept.append((placed, keys))
            elif self.left_out.isdisjoint(keys):
                yield [placed]
        for group in _connected([keys for _, keys in kept]):
            yield [kept[i][0] for i in group]


@attrs.frozen
class Batch:
    """Orders that several tickets concern: each ticket with its bytes and its position."""

    orders: tuple[tuple[tuple[int, int, TicketPosition], ...], ...]

    @property
    def span(self) -> ByteRange:
        """The bytes from the first ticket to the last."""
        places = [place for order in self.orders for place in order]
        return min(place[0] for place in places), max(place[1] for place in places)

    def units(self, path: str) -> Iterator[Unit]:
        """Yield the tickets of each order. Broken ones are reported by their ranges."""
        for order in self.orders:
            yield [
                (position, found)
                for start, end, position in order
                for found in scan_histories(path, start, end)
                if isinstance(found, History)
            ]


Part: TypeAlias = HistoryRange | Batch


def find_rows(path: str, part: Part) -> "array[int]":
    """Return a row of five numbers for each order that a ticket of a range concerns."""
    rows = array("Q")
    start, end = part.span
    with Path(path).open("rb") as file:
        file.seek(start)
        block = file.read(-1 if end is None else end - start)
    if b'"order":' not in block:
        return rows
    first, line_of_first, keys = 0, 1, set[int]()
    vendor: str | None = None
    offset = 0
    ticket: str | None = None
    for number, line in enumerate(BytesIO(block), 1):
        name, seq = place_of(line)
        if seq == 1 and name != ticket:
            _add(rows, keys, start, first, offset, line_of_first)
            first, line_of_first, keys, vendor = offset, number, set(), None
        ticket = name
        if seq == 1 or b'"order":' in line:
            vendor, key = _read_order(line, vendor)
            if key is not None:
                keys.add(key)
        offset += len(line)
    _add(rows, keys, start, first, offset, line_of_first)
    return rows


def _add(
    rows: "array[int]", keys: Iterable[int], start: int, first: int, end: int, line: int
) -> None:
    for key in sorted(keys):
        rows.extend((key, start + first, start + end, start, line))


def _read_order(line: bytes, vendor: str | None) -> tuple[str | None, int | None]:
    """Return the vendor, and the key of the order, of a line; broken lines are found later."""
    try:
        data = json.loads(line)["data"]
        vendor = data.get("vendor", vendor)
        return vendor, _key(vendor, data["order"]["number"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return vendor, None


def plan_batches(rows: "array[int]") -> tuple[dict[int, set[int]], Iterator[Batch]]:
    """Return the keys that each range leaves out, by its first byte, and the batches."""
    tickets = _tickets(rows)
    left_out: defaultdict[int, set[int]] = defaultdict(set)
    orders = []
    for group in _connected([keys for _, _, _, keys in tickets]):
        orders.append(tuple(tickets[i][:3] for i in group))
        for i in group:
            _, _, (start, _), keys = tickets[i]
            left_out[start] |= keys
    return left_out, _batches(orders)


def _tickets(
    rows: "array[int]",
) -> list[tuple[int, int, TicketPosition, frozenset[int]]]:
    """Return the tickets that share a key with another one, in the order of the file."""
    by_key = sorted(range(0, len(rows), _FIELDS), key=rows.__getitem__)
    keys = array("Q", (rows[row] for row in by_key))
    shared = {
        rows[row + 1]
        for i, row in enumerate(by_key)
        if keys[i] in keys[max(i - 1, 0) : i] or keys[i] in keys[i + 1 : i + 2]
    }
    found: dict[int, tuple[int, TicketPosition, set[int]]] = {}
    for row in range(0, len(rows), _FIELDS):
        key, first, end, start, line = rows[row : row + _FIELDS]
        if first in shared:
            found.setdefault(first, (end, (start, line), set()))[2].add(key)
    return [
        (first, end, position, frozenset(keys)) for first, (end, position, keys) in found.items()
    ]


def _batches(orders: Iterable[tuple[tuple[int, int, TicketPosition], ...]]) -> Iterator[Batch]:
    batch: list[tuple[tuple[int, int, TicketPosition], ...]] = []
    size = 0
    for order in orders:
        batch.append(order)
        size += sum(end - first for first, end, _ in order)
        if size >= _BATCH_BYTES:
            yield Batch(tuple(batch))
            batch, size = [], 0
    if batch:
        yield Batch(tuple(batch))


def _connected(keys: Sequence[Iterable[int]]) -> Iterator[list[int]]:
    """Yield the places in *keys*, grouped so that places that share a key are in one group."""
    groups: dict[int, list[int]] = {}
    group_of: dict[int, int] = {}
    for place, own in enumerate(keys):
        groups[place] = [place]
        for group in sorted({group_of[key] for key in own if key in group_of}):
            groups[place] = groups.pop(group) + groups[place]
        for key in own:
            group_of[key] = place
        for joined in groups[place][:-1]:
            for key in keys[joined]:
                group_of[key] = place
    yield from sorted(map(sorted, groups.values()))


def order_keys(events: Iterable[Event]) -> frozenset[int]:
    """Return the keys of all orders that a ticket with these events concerns."""
    vendor: str | None = None
    keys = set()
    for event in events:
        if isinstance(event, Opened):
            vendor = event.vendor
        if isinstance(event, Opened | OrderCorrected) and event.order is not None:
            keys.add(_key(vendor, event.order.number))
    return frozenset(keys)


def _key(vendor: str | None, number: str) -> int:
    """Return a number of 64 bits for an order, the same in every process."""
    text = json.dumps([vendor, number]).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")
