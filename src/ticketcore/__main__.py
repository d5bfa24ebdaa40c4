"""The entry point of ``ticketcore`` and ``python -m ticketcore``."""

import atexit
import os
import signal
import sys
from io import TextIOWrapper
from typing import NoReturn


def main() -> None:
    """Run the command line. Exits with 2 and an instruction if the extra `cli` is missing."""
    try:
        _run()
    except KeyboardInterrupt:  # before the command begins: imports take most of that time
        sys.exit(128 + signal.SIGINT)


def _run() -> None:
    try:
        from ticketcore.cli import app
    except ModuleNotFoundError as error:
        if error.name != "typer":
            raise
        sys.stderr.write(
            "error: the command line needs typer and rich: pip install 'ticketcore[cli]'\n"
        )
        sys.exit(2)
    if sys.stdin is None:  # closed: the library that draws charts fails without a descriptor 0
        os.open(os.devnull, os.O_RDONLY)
    if isinstance(sys.stdout, TextIOWrapper):  # print \u201c where a terminal has no “
        sys.stdout.reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGTERM, _terminate)
    app()


def _terminate(number: int, _: object) -> NoReturn:
    """End as Ctrl-C does: incomplete files are removed, and workers finish their current part."""
    atexit.register(_terminate_workers)
    sys.exit(128 + number)


def _terminate_workers() -> None:
    """Terminate the worker processes that were still starting, which no pool would stop."""
    from multiprocessing import active_children

    for worker in active_children():
        worker.terminate()


if __name__ == "__main__":
    main()
