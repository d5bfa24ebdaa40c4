"""Measure the backtest on one core: tickets and events per second, and the peak memory.

Each run is a process of its own. It replays invented tickets, and the log of a real service desk
if that is beside the project; the output says if it is not.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.histories import tickets
from benchmarks.measure import show
from ticketcore.backtest import backtest
from ticketcore.events import write_histories
from ticketcore.importers import import_log, load_mapping
from ticketcore.policies import load_policy

LOG = Path(__file__).parents[2] / "shared/data/servicenow/incident_event_log.zip"
ROUNDS = 3  # the fastest one counts
POLICIES = (("service-desk", None), ("clickbank", "technical"))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        sources = {f"{n:,} tickets": tickets(n) for n in (10_000, 100_000)}
        if LOG.exists():
            sources["log of a service desk"] = import_log(
                LOG, load_mapping("servicenow-log"), "UTC"
            )
        else:
            print(f"There is no log of a service desk at {LOG}.")
        rows = []
        first_memory: dict[str, float] = {}
        for name, source in sources.items():
            path = Path(folder) / "history.jsonl"
            write_histories(path, source)
            for policy, ticket_type in POLICIES:
                result = _in_process(path, policy, ticket_type)
                memory = result["memory"] / first_memory.setdefault(policy, result["memory"])
                rows.append(
                    (
                        name,
                        policy,
                        f"{result['events']:,}",
                        f"{result['tickets'] / result['seconds']:,.0f}",
                        f"{result['events'] / result['seconds']:,.0f}",
                        f"{result['memory'] / 1024:.0f} MB",
                        f"{memory:.2f}x",
                    )
                )
    header = ("history", "policy", "events", "tickets/s", "events/s", "peak", "memory")
    show("A backtest on one core, from the file to the report", header, rows)


def _in_process(path: Path, policy: str, ticket_type: str | None) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.backtest", str(path), policy, ticket_type or ""]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def _measure(path: str, policy: str, ticket_type: str) -> None:
    loaded = load_policy(policy)
    seconds = float("inf")
    for _ in range(ROUNDS):
        begin = time.process_time()
        report = backtest(path, loaded, workers=1, ticket_type=ticket_type or None)
        seconds = min(seconds, time.process_time() - begin)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # in KiB on Linux
    counts = {"events": report.events, "tickets": report.tickets}
    print(json.dumps(counts | {"seconds": seconds, "memory": memory}))


if len(sys.argv) > 1:
    _measure(*sys.argv[1:])
else:
    main()
