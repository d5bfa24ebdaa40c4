"""Print one table: the cost of an operation here and in other libraries, as ratios.

CPU time, the best of several repeats, all in one run: `python -m benchmarks.calendar`.
Everybody has the same office: weekdays nine to five in Berlin, its holidays of 2015 to 2040.
"""

import warnings

from benchmarks.calendar.bulk import bulk_rows
from benchmarks.calendar.first import first_rows
from benchmarks.calendar.measure import Row
from benchmarks.calendar.single import single_rows


def main() -> None:
    """Measure all and print."""
    warnings.simplefilter("ignore")
    print(f"{'operation':48} {'library':34} {'time':>12} {'ratio':>9}")
    for row in [*single_rows(), *bulk_rows(), *first_rows()]:
        print(line(row))


def line(row: Row) -> str:
    """Return a row as text, its time in a unit that suits it."""
    scale, unit = next(
        (s, u)
        for s, u in ((1, "s"), (1e3, "ms"), (1e6, "µs"))
        if row.seconds * s >= 1 or u == "µs"
    )
    time = f"{row.seconds * scale:9.2f} {unit:2}"
    return f"{row.operation:48} {row.library:34} {time} {row.ratio:8.1f}x"


main()
