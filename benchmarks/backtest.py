"""The backtest on one core: tickets and events per second, and the peak memory of its process.

Each run is a process of its own, over made-up tickets and, where it lies beside the project, over
the log of a real service desk.
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
from ticketcore.importers import import_servicenow
from ticketcore.policies import load_policy

LOG = Path(__file__).parents[2] / "shared/data/servicenow/incident_event_log.zip"
ROUNDS = 3  # the best of them counts
POLICIES = (("service-desk", None), ("clickbank", "technical"))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        sources = {f"{n:,} tickets": tickets(n) for n in (10_000, 100_000)}
        if LOG.exists():
            sources["a service desk's log"] = import_servicenow(LOG, "UTC", infer_escalations=True)
        rows = []
        first: dict[str, float] = {}
        for name, source in sources.items():
            path = Path(folder) / "history.jsonl"
            write_histories(path, source)
            for policy, kind in POLICIES:
                found = _apart(path, policy, kind)
                memory = found["memory"] / first.setdefault(policy, found["memory"])
                rows.append(
                    (
                        name,
                        policy,
                        f"{found['events']:,}",
                        f"{found['tickets'] / found['seconds']:,.0f}",
                        f"{found['events'] / found['seconds']:,.0f}",
                        f"{found['memory'] / 1024:.0f} MB",
                        f"{memory:.2f}x",
                    )
                )
    header = ("history", "policy", "events", "tickets/s", "events/s", "peak", "of the first")
    show("A backtest on one core, from the file to the report", header, rows)


def _apart(path: Path, policy: str, kind: str | None) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.backtest", str(path), policy, kind or ""]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def _measure(path: str, policy: str, kind: str) -> None:
    rules = load_policy(policy)
    seconds = float("inf")
    for _ in range(ROUNDS):
        begin = time.process_time()
        report = backtest(path, rules, workers=1, ticket_type=kind or None)
        seconds = min(seconds, time.process_time() - begin)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # in KiB on Linux
    found = {"events": report.events, "tickets": report.tickets}
    print(json.dumps(found | {"seconds": seconds, "memory": memory}))


if len(sys.argv) > 1:
    _measure(*sys.argv[1:])
else:
    main()
