"""CPU time of the first line that a user writes, above `import attrs, cattrs`, and its extras.

Each statement runs in a process of its own with compiled bytecode, as after an installation by
pip: the bytecode is written to a temporary folder by one run before the measured ones.
"""

import os
import statistics
import subprocess
import sys
from tempfile import TemporaryDirectory

from benchmarks.measure import show

EXTRAS = "typer click rich jinja2 babel hypothesis numpy icalendar holidays sqlalchemy".split()
ABOVE = """
import sys, time, attrs, cattrs
begin = time.process_time()
{statement}
print(1e3 * (time.process_time() - begin), *(name for name in {extras} if name in sys.modules))
"""
STATEMENTS = (
    "from ticketcore import decide, load_policy",
    "from ticketcore import *",
    "from ticketcore.calendar import BusinessCalendar",
)
RUNS = 15


def main() -> None:
    with TemporaryDirectory() as bytecode:
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = bytecode
        rows = [_row(statement, environment) for statement in STATEMENTS]
    show("importing, above attrs and cattrs", ("statement", "best", "median", "extras"), rows)


def _row(statement: str, environment: dict[str, str]) -> tuple[str, ...]:
    code = ABOVE.format(statement=statement, extras=EXTRAS)
    _run(code, environment)
    runs = [_run(code, environment) for _ in range(RUNS)]
    times = [float(run[0]) for run in runs]
    pulled = sorted({name for run in runs for name in run[1:]})
    extras = ", ".join(pulled) or "none"
    return statement, f"{min(times):.1f} ms", f"{statistics.median(times):.1f} ms", extras


def _run(code: str, environment: dict[str, str]) -> list[str]:
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return done.stdout.split()


main()
