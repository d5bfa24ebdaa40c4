"""An inbox of 100,000 tickets and about a million events: folding it, and asking it."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

from benchmarks.histories import START, tickets
from benchmarks.measure import best, show
from ticketcore.events import Recorded
from ticketcore.inbox import Inbox, Query

TICKETS = 100_000
QUERIES = {
    "open and waiting": Query(),
    "closed": Query(status="closed"),
    "a type": Query(status=None, type="incident"),
    "a turn": Query(status=None, turn="customer"),
    "a period": Query(status=None, opened_from=START, opened_until=START + timedelta(days=30)),
    "all of these": Query(
        status="closed",
        type="incident",
        turn="customer",
        opened_from=START,
        opened_until=START + timedelta(days=30),
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


def _ask(inbox: Inbox, query: Query) -> Callable[[], object]:
    return lambda: inbox.search(query)


main()
