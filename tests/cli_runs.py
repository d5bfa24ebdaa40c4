"""Runs of the command line, in this process and in one of their own."""

import os
import subprocess
import sys
from pathlib import Path

import attrs
from typer.testing import CliRunner

from ticketcore.cli import app


@attrs.frozen
class Ran:
    """What a run left behind."""

    code: int
    out: str
    err: str


def ticketcore(*args: str | Path, width: int = 100) -> Ran:
    """Run a command here, on a screen that wide."""
    env = {"COLUMNS": str(width), "TERM": "dumb", "NO_COLOR": "1"}
    result = CliRunner().invoke(app, [str(arg) for arg in args], env=env)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ran(result.exit_code, result.stdout, result.stderr)


def process(*args: str | Path, encoding: str = "utf-8") -> Ran:
    """Run a command in a process of its own, its output piped."""
    command = [sys.executable, "-c", "from ticketcore.cli import app; app()", *map(str, args)]
    env = {**os.environ, "PYTHONIOENCODING": encoding, "COLUMNS": "100"}
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=env, check=False)
    return Ran(done.returncode, done.stdout, done.stderr)
