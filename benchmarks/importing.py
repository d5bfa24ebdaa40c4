"""What `import ticketcore` costs on top of attrs and cattrs, and what it pulls in."""

import statistics
import subprocess
import sys

from benchmarks.measure import show

EXTRAS = "typer click rich jinja2 babel hypothesis numpy icalendar holidays sqlalchemy".split()
ABOVE = """
import sys, time, attrs, cattrs
begin = time.process_time()
import ticketcore
print(1e3 * (time.process_time() - begin), *(name for name in {extras} if name in sys.modules))
"""


def main() -> None:
    code = ABOVE.format(extras=EXTRAS)
    runs = [_run(code) for _ in range(15)]
    times = [float(run[0]) for run in runs]
    pulled = sorted({name for run in runs for name in run[1:]})
    row = (
        f"{min(times):.0f} ms",
        f"{statistics.median(times):.0f} ms",
        ", ".join(pulled) or "none",
    )
    show("import ticketcore, above attrs and cattrs", ("best", "median", "extras"), [row])


def _run(code: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


main()
