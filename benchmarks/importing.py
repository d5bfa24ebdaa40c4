"""What importing costs above attrs and cattrs, and what it pulls in: the name, and all of it."""

import statistics
import subprocess
import sys

from benchmarks.measure import show

EXTRAS = "typer click rich jinja2 babel hypothesis numpy icalendar holidays sqlalchemy".split()
ABOVE = """
import sys, time, attrs, cattrs
begin = time.process_time()
{statement}
print(1e3 * (time.process_time() - begin), *(name for name in {extras} if name in sys.modules))
"""


def main() -> None:
    statements = ("import ticketcore", "from ticketcore import *")
    rows = [_row(statement) for statement in statements]
    show("importing, above attrs and cattrs", ("statement", "best", "median", "extras"), rows)


def _row(statement: str) -> tuple[str, ...]:
    code = ABOVE.format(statement=statement, extras=EXTRAS)
    runs = [_run(code) for _ in range(15)]
    times = [float(run[0]) for run in runs]
    pulled = sorted({name for run in runs for name in run[1:]})
    extras = ", ".join(pulled) or "none"
    return statement, f"{min(times):.1f} ms", f"{statistics.median(times):.1f} ms", extras


def _run(code: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


main()
