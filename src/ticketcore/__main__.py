"""``ticketcore`` and ``python -m ticketcore``: the command line, or what it lacks."""

import atexit
import signal
import sys
from typing import NoReturn


def main() -> None:
    """Run the command line. Exits with 2, and the way out, where the extra `cli` is missing."""
    try:
        from ticketcore.cli import app
    except ModuleNotFoundError as missing:
        if missing.name != "typer":
            raise
        sys.stderr.write("error: the command line needs pip install 'ticketcore[cli]'\n")
        sys.exit(2)
    signal.signal(signal.SIGTERM, _end)
    app()


def _end(number: int, _: object) -> NoReturn:
    """End as Ctrl-C does: what is half written is cleared away, and workers finish their part."""
    atexit.register(_end_workers)
    sys.exit(128 + number)


def _end_workers() -> None:
    """End those that were only being started, and whom nobody tells that there is no work."""
    from multiprocessing import active_children

    for worker in active_children():
        worker.terminate()


if __name__ == "__main__":
    main()
