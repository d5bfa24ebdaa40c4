"""Run the command line, in this process or in one of its own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import attrs
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
    """Let a child process be interrupted, also where the tests run in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
