"""Run the command line, in this process or in one of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from typer.testing import CliRunner

from ticketcore.cli import app

EXAMPLES = Path(__file__).parents[2] / "examples"


@attrs.frozen
class Ran:
    """The exit code and the output of a run."""

    code: int
    out: str
    err: str


def ticketcore(*args: str | Path, width: int = 100) -> Ran:
    """Run a command in this process, on a terminal that is *width* characters wide."""
    env = {"COLUMNS": str(width), "TERM": "dumb", "NO_COLOR": "1"}
    result = CliRunner().invoke(app, [str(arg) for arg in args], env=env)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ran(result.exit_code, result.stdout, result.stderr)


def process(*args: str | Path, encoding: str = "utf-8") -> Ran:
    """Run a command in a process of its own, with its output piped."""
    command = [sys.executable, "-c", "from ticketcore.cli import app; app()", *map(str, args)]
    env = {**os.environ, "PYTHONIOENCODING": encoding, "COLUMNS": "100"}
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=env, check=False)
    return Ran(done.returncode, done.stdout, done.stderr)


def usage_error(ran: Ran) -> str:
    """Return the text of a usage error, without the box that is drawn around it."""
    return " ".join(ran.err.replace("│", " ").split())


def accept_interrupts() -> None:
    """Let a child process be interrupted, even if the tests run in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def wait_until(holds: Callable[[], bool], running: "subprocess.Popen[Any]") -> None:
    """Wait until a condition holds; fail if the process ends first, or after two minutes."""
    for _ in range(12_000):
        if running.poll() is not None:
            pytest.fail(f"{running.args!r} ended early, with code {running.returncode}")
        if holds():
            return
        time.sleep(0.01)
    pytest.fail(f"{running.args!r} did not get so far within two minutes")


def open_files(process: int | str) -> list[str]:
    """Return the paths of the files that a process has open; none once it has ended."""
    try:
        return [os.readlink(file) for file in Path(f"/proc/{process}/fd").iterdir()]
    except FileNotFoundError:  # the process has ended, or has just closed a file
        return []
