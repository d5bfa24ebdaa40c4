"""Reading a history file: lines to checked events, beside the JSON alone."""

import json
import tempfile
from pathlib import Path

from benchmarks.histories import tickets
from benchmarks.measure import best, micros, show
from ticketcore.events import History, scan_histories, write_histories
from ticketcore.ticket import fold


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.jsonl"
        events = write_histories(path, tickets(2_000))
        size = path.stat().st_size
        seconds = best(
            {
                "json.loads, nothing checked": lambda: [*map(json.loads, path.open())],
                "scan_histories": lambda: sum(1 for _ in scan_histories(path)),
                "scan_histories and fold": lambda: [
                    fold(found.events)
                    for found in scan_histories(path)
                    if isinstance(found, History)
                ],
            }
        )
    base = next(iter(seconds.values()))
    rows = [
        (
            name,
            f"{events / s:,.0f}",
            micros(s / events),
            f"{size / s / 1e6:.1f}",
            f"{s / base:.2f}x",
        )
        for name, s in seconds.items()
    ]
    header = ("what", "events/s", "per event", "MB/s", "time")
    show(f"A history file of {events:,} events", header, rows)


main()
