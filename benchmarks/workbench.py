"""Measure what the table of outcomes costs beside a backtest, on one core: CPU time and memory.

    python -m benchmarks.workbench [TICKETS]

Each measurement is a process of its own. The log of a real service desk is used if it is beside
the project, else invented tickets, and the output says so. TICKETS, by default 1,000,000, invented
tickets are written to Parquet.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from benchmarks.histories import tickets
from benchmarks.measure import show
from ticketcore.backtest import backtest
from ticketcore.comparison import sweep, write_outcomes
from ticketcore.events import Event, write_histories
from ticketcore.importers import import_log, load_mapping
from ticketcore.policies import load_policy

LOG = Path(__file__).parents[2] / "shared/data/servicenow/incident_event_log.zip"
ROUNDS = 3  # the fastest one counts; the rounds of all measurements alternate
SPANS = [f"{hours} hours" for hours in range(24, 264, 12)]
DESK = load_policy("service-desk")
TWO_DAYS = load_policy("service-desk", values={"timer.resolved.after": "48 hours"})


def _two(path: str, target: str) -> None:
    write_outcomes(path, [DESK, TWO_DAYS], target, workers=1)


WORK: Mapping[str, Callable[[str, str], object]] = {
    "backtest": lambda path, _: backtest(path, DESK, workers=1),
    "outcomes, one policy": lambda path, to: write_outcomes(path, [DESK], to, workers=1),
    "outcomes, two policies": _two,
    "sweep of 20 values": lambda path, _: sweep(
        path, "service-desk", {"timer.resolved.after": SPANS}, goals=["reopened"], workers=1
    ),
}
LIMITS = {
    ("outcomes, two policies", "outcomes, one policy"): 1.6,
    ("sweep of 20 values", "backtest"): 12.0,
    ("outcomes, one policy", "backtest"): 1.3,
}


def main(count: int = 1_000_000) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log, many, few = (Path(folder) / f"{name}.jsonl" for name in ("log", "many", "few"))
        title, source = _log()
        write_histories(log, source)
        _compare(title, log, WORK, LIMITS)
        write_histories(many, tickets(count))
        write_histories(few, tickets(count // 10))
        names = ("backtest", "outcomes, one policy")
        limits = {("outcomes, one policy", "backtest"): 1.3}
        whole = _compare(f"{count:,} tickets", many, {n: WORK[n] for n in names}, limits, 1)
        tenth = _compare(f"{count // 10:,} tickets", few, {n: WORK[n] for n in names}, limits, 1)
        memory = whole["outcomes, one policy"][1] / tenth["outcomes, one policy"][1]
        print(f"memory for ten times the tickets: {memory:.2f}x")


def _log() -> tuple[str, Iterator[tuple[str, tuple[Event, ...]]]]:
    if LOG.exists():
        source = import_log(LOG, load_mapping("servicenow-log"), "UTC")
        return "The log of a service desk", source
    return f"25,000 invented tickets, since there is no log at {LOG}", tickets(25_000)


def _compare(
    title: str,
    path: Path,
    work: Mapping[str, object],
    limits: Mapping[tuple[str, str], float],
    rounds: int = ROUNDS,
) -> dict[str, tuple[float, float]]:
    """Show CPU seconds and peak memory of each work, and their ratios beside the limits."""
    found = {name: (float("inf"), 0.0) for name in work}
    for _ in range(rounds):
        for name in work:
            command = [sys.executable, "-m", "benchmarks.workbench", name, str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            measured = json.loads(done.stdout)
            found[name] = min(found[name], (measured["seconds"], measured["memory"]))
    rows = [(n, f"{s:.2f} s", f"{m / 1024:.0f} MB") for n, (s, m) in found.items()]
    show(title, ("work", "CPU", "peak"), rows)
    ratios = [
        (f"{one} / {other}", f"{found[one][0] / found[other][0]:.2f}", f"{limit}")
        for (one, other), limit in limits.items()
    ]
    show("Ratios", ("of", "measured", "limit"), ratios)
    return found


def _measure(name: str, path: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        begin = time.process_time()
        WORK[name](path, f"{folder}/outcomes.parquet")
        seconds = time.process_time() - begin
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # in KiB on Linux
    print(json.dumps({"seconds": seconds, "memory": memory}))


if len(sys.argv) == 3:
    _measure(*sys.argv[1:])
else:
    main(*map(int, sys.argv[1:]))
