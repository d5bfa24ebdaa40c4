"""Read hostile files, each in a process with limits, and show which cost most.

Run ``python tools/hostile.py``, or with ``--every 10`` for each tenth file. A file may take 2
seconds of processor time and 256 MB of memory, and a reader may raise errors of the library and
OSError only. It exits with 1 if a file breaks one of these rules.
"""

import argparse
import os
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import attrs
import typer
from typer.main import get_command

from hostile_files import HostileFile, hostile_files
from ticketcore.calendar import BusinessCalendar, Closure, Span, read_ics, zone_of
from ticketcore.cli import app
from ticketcore.commands import load_command, load_stored_command
from ticketcore.errors import TicketcoreError
from ticketcore.events import History, Money, scan_histories
from ticketcore.importers import import_log, load_mapping
from ticketcore.policies import load_policy, parse_templates
from ticketcore.scenarios import load_scenario, run_scenario
from ticketcore.ticket import fold, load_ticket

SECONDS = 2
MEGABYTES = 256
WORST = 10
_COMMAND = get_command(app)
_OFFICE = load_policy("office")
_MAPPING = load_mapping("servicenow-table")
_ALL_COLUMNS = attrs.evolve(_MAPPING, log=attrs.evolve(_MAPPING.log, unmapped="fields"))
_NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="surrogateescape")


def _run(*arguments: str) -> None:
    """Run a command, as `ticketcore` does; an exit code and a message are a good end."""
    try:
        _COMMAND.main([*arguments], standalone_mode=False)
    except (typer.Exit, typer.Abort):
        pass
    except Exception as error:
        if not hasattr(error, "exit_code"):  # a usage error of click
            raise


def _read_history(path: Path) -> None:
    for found in scan_histories(path):
        if isinstance(found, History):
            fold(found.events)
        else:
            str(found.error)


def _read_scenario(path: Path) -> None:
    run_scenario(load_scenario(path))


def _read_log(path: Path) -> None:
    for _ in import_log(path, _MAPPING, "UTC"):
        pass


READERS: dict[str, Callable[[Path], object]] = {
    "policy": load_policy,
    "explain": lambda path: _run("explain", str(path), "--opened", "2026-01-05T10:00"),
    "diagram": lambda path: _run("policy", "diagram", str(path)),
    "show": lambda path: _run("policy", "show", str(path)),
    "terms": lambda path: _run("policy", "terms", str(path)),
    "diff": lambda path: _run("policy", "diff", "office", str(path)),
    "metrics": lambda path: _run("metrics", str(path), "--policy", "office", "--by", "day"),
    "templates": lambda path: parse_templates(path.read_bytes(), _OFFICE),
    "scenario": _read_scenario,
    "history": _read_history,
    "check": lambda path: _run("history", "check", str(path)),
    "backtest": lambda path: _run("backtest", str(path), "--policy", "office", "--workers", "1"),
    "command": lambda path: load_stored_command(path.read_bytes()),
    "client-command": lambda path: load_command(path.read_bytes(), at=_NOW, by="customer"),
    "ticket": lambda path: load_ticket(path.read_bytes()),
    "ics": lambda path: read_ics(path.read_bytes()),
    "span": lambda path: Span.parse(_text(path)),
    "zone": lambda path: zone_of(_text(path)),
    "hours": lambda path: BusinessCalendar(zone="UTC", hours=_text(path)),
    "rule": lambda path: Closure(_text(path)),
    "money": lambda path: Money.parse(_text(path)),
    "log": _read_log,
    "log with all columns": lambda path: list(import_log(path, _ALL_COLUMNS, "UTC")),
    "sketch": lambda path: _run("history", "sketch", str(path)),
    "infer": lambda path: _run("history", "infer", str(path)),
    "export": lambda path: _run("history", "export", str(path), "-o", f"{path}.xes"),
    "field of nobody": lambda path: _run("history", "check", str(path), "--only", "fields.x=1"),
    "mapping": load_mapping,
    "arguments": lambda path: _run(*_text(path).replace("\0", "0").split("\n")),
}


class Cost(NamedTuple):
    """The cost of a file, and what went wrong: "" for a result or an error of the library."""

    reader: str
    kind: str
    size: int
    seconds: float
    megabytes: float
    fault: str

    @property
    def share(self) -> float:
        """The share of the limits that the file used up."""
        return max(self.seconds / SECONDS, self.megabytes / MEGABYTES)


def cost_of(file: HostileFile, folder: Path) -> Cost:
    """Read a file in a process of its own, which inherits all imports."""
    path = folder / f"hostile.toml{file.ending}"
    path.write_bytes(file.content)
    child = os.fork()
    if not child:
        _read_and_exit(READERS[file.reader], path)
    _, status, usage = os.wait4(child, 0)
    code = os.waitstatus_to_exitcode(status)
    fault = {0: "", 1: "another error", 2: "memory"}.get(code, f"signal {-code}")
    seconds = usage.ru_utime + usage.ru_stime
    size = len(file.content)
    return Cost(file.reader, file.kind, size, seconds, usage.ru_maxrss / 1024, fault)


def _read_and_exit(read: Callable[[Path], object], path: Path) -> None:
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES << 20, MEGABYTES << 20))
    errors = os.dup(2)
    os.dup2(null, 2)
    try:
        read(path)
    except (TicketcoreError, OSError) as error:
        str(error)
    except MemoryError:
        os._exit(2)
    except BaseException:  # noqa: BLE001  # reported by the parent
        import traceback

        os.dup2(errors, 2)
        traceback.print_exc(limit=-3)
        os._exit(1)
    os._exit(0)


def costs(every: int) -> Iterator[Cost]:
    """Read every so many files."""
    read_ics("BEGIN:VCALENDAR\nEND:VCALENDAR\n")  # imports what it needs
    with tempfile.TemporaryDirectory() as folder:
        for number, file in enumerate(hostile_files()):
            if number % every == 0:
                yield cost_of(file, Path(folder))


def main() -> int:
    """Print the files that broke a limit, and the ten that cost most."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=1)
    measured = [*costs(parser.parse_args().every)]
    broken = [cost for cost in measured if cost.fault]
    worst = sorted(measured, key=lambda cost: cost.share, reverse=True)[:WORST]
    print(f"{len(measured)} files, {len(broken)} faults; the {WORST} that cost most:")
    for cost in [*broken, *(cost for cost in worst if not cost.fault)]:
        print(
            f"{cost.seconds:6.2f} s {cost.megabytes:6.0f} MB  {cost.reader}: "
            f"{cost.kind} ({cost.size / 1000:,.0f} KB) {cost.fault.upper()}".rstrip()
        )
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
