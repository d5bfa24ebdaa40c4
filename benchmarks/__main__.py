"""Every benchmark, each in a process of its own: `python -m benchmarks`."""

import subprocess
import sys

ALL = (
    "fold",
    "loading",
    "decide",
    "clocks",
    "backtest",
    "inbox",
    "importing",
    "calendar",
    "store",
    "workbench",
)


def main() -> None:
    for name in ALL:
        print(f"\n{name}: python -m benchmarks.{name}", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)


main()
