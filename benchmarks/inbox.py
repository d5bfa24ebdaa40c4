"""Measure an inbox of 100,000 tickets: projecting about a million events, and searching it."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import attrs

from benchmarks.histories import START, tickets
from benchmarks.measure import best, show
from ticketcore.events import Recorded
from ticketcore.inbox import Inbox, Query, TicketSummary

TICKETS = 100_000
QUERIES = {
    "open and pending": Query(),
    "closed": Query(status="closed"),
    "one type": Query(status=None, type="incident"),
    "waiting for the customer": Query(status=None, waiting_for="customer"),
    "opened in a month": Query(
        status=None, opened_from=START, opened_until=START + timedelta(days=30)
    ),
    "all conditions together": Query(
        status=["open", "pending", "closed"],
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
    projected = (f"projecting {events:,} events", f"{seconds:.1f} s", "")
    inbox = Inbox(_filled(number, summary) for number, summary in enumerate(inbox))
    times = best({name: _search(inbox, query) for name, query in QUERIES.items()}, rounds=3)
    searches = [
        (f"searching: {name}", f"{times[name] * 1e3:.0f} ms", f"{len(inbox.search(query)):,}")
        for name, query in QUERIES.items()
    ]
    title = f"An inbox of {TICKETS:,} tickets"
    show(title, ("operation", "CPU time", "found"), [projected, *searches])


def _recorded() -> Iterator[Recorded]:
    for number, history in tickets(TICKETS):
        for seq, event in enumerate(history, 1):
            yield Recorded(number, seq, event)


def _filled(number: int, summary: TicketSummary) -> TicketSummary:
    """Return a summary with every fact. Nine of ten meet all conditions, and are not closed."""
    if number % 10:
        summary = attrs.evolve(summary, status="pending", waiting_for="customer", closed_at=None)
    return attrs.evolve(
        summary,
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


def _search(inbox: Inbox, query: Query) -> Callable[[], object]:
    return lambda: inbox.search(query)


main()
