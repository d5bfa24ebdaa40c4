"""An inbox of 100,000 tickets and about a million events: folding it, and asking it."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import attrs

from benchmarks.histories import START, tickets
from benchmarks.measure import best, show
from ticketcore.events import Recorded
from ticketcore.inbox import Inbox, Query, Row

TICKETS = 100_000
QUERIES = {
    "open and waiting": Query(),
    "closed": Query(status="closed"),
    "a type": Query(status=None, type="incident"),
    "a turn": Query(status=None, waiting_for="customer"),
    "a period": Query(status=None, opened_from=START, opened_until=START + timedelta(days=30)),
    "all that may be asked": Query(
        status=["open", "waiting", "closed"],
        order=[f"M{number}" for number in range(50)],
        reason="defective",
        category="orders",
        subcategory="status",
        type="incident",
        waiting_for=["customer", "support"],
        storefront=["de", "at"],
        assigned_to="warehouse",
        customer=[f"customer {number}" for number in range(100)],
        account="shop-1",
        opened_from=START,
        opened_until=START + timedelta(days=3650),
        subject="STRASSE",
    ),
}


def main() -> None:
    inbox, events, seconds = Inbox(), 0, 0.0
    for recorded in _recorded():
        begin = time.process_time()
        inbox.apply(recorded)
        seconds += time.process_time() - begin
        events += 1
    folded = (f"folding {events:,} events", f"{seconds:.1f} s", "")
    inbox = Inbox(_filled(number, row) for number, row in enumerate(inbox))
    asked = best({name: _ask(inbox, query) for name, query in QUERIES.items()}, rounds=3)
    rows = [
        (f"asking for {name}", f"{asked[name] * 1e3:.0f} ms", f"{len(inbox.search(query)):,}")
        for name, query in QUERIES.items()
    ]
    show(f"An inbox of {TICKETS:,} tickets", ("what", "CPU time", "found"), [folded, *rows])


def _recorded() -> Iterator[Recorded]:
    for number, history in tickets(TICKETS):
        for seq, event in enumerate(history, 1):
            yield Recorded(number, seq, event)


def _filled(number: int, row: Row) -> Row:
    """A row whose every column holds what is asked for: none ends the asking early."""
    return attrs.evolve(
        row,
        order=f"M{number % 50}",
        reason="defective",
        category="orders",
        subcategory="status",
        storefront="de",
        assigned_to="warehouse",
        customer=f"customer {number % 100}",
        account="shop-1",
        subject=f"Parcel {number} for the Lange Straße",
    )


def _ask(inbox: Inbox, query: Query) -> Callable[[], object]:
    return lambda: inbox.search(query)


main()
