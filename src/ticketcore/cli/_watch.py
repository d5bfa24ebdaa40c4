"""Run a command again whenever one of its files changes: the option --watch."""

import logging
import shlex
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

import typer

_SUFFIXES: Final = (".toml", ".ics", ".jsonl", ".jsonl.gz")

# As the script `ticketcore` does. A change interrupts a command that still imports modules.
_RUN: Final = (
    "import sys; sys.argv[0] = 'ticketcore'; from ticketcore_plugins._script import main; main()"
)


def watch_files(names: Iterable[str | Path]) -> None:
    """Run this command line, without --watch, and again after each change; end at Ctrl-C.

    *names* are the files and directories of the command, among them names of presets, which never
    change. The folder of a file is watched as a whole, since files name others in it. Files
    that a command writes, such as a report, do not start it again.
    """
    from watchfiles import run_process

    paths = [Path(name) for name in names if Path(name).exists()]
    if not paths:
        raise typer.BadParameter("names no file that can change", param_hint="--watch")
    folders = {path if path.is_dir() else path.parent for path in paths}
    args = [arg for arg in sys.argv[1:] if arg != "--watch"]
    logging.getLogger("watchfiles").setLevel(logging.ERROR)  # warns of each run that ends
    with suppress(KeyboardInterrupt):  # run_process suppresses it only while it waits
        run_process(
            *folders,
            target=shlex.join([sys.executable, "-c", _RUN, *args]),
            target_type="command",
            watch_filter=lambda _, path: path.endswith(_SUFFIXES),
        )
