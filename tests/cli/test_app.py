"""The application around the commands: names, errors, exit codes and interruptions."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.main import get_command
from typer.testing import CliRunner

from support.command_line import (
    EXAMPLES,
    accept_interrupts,
    open_files,
    process,
    ticketcore,
    wait_until,
)
from ticketcore import __version__
from ticketcore.cli import app

EXAMPLE = EXAMPLES / "office/answered-and-closed.toml"
COMMANDS = {
    "": "--version",
    "backtest": "--policy --type --compare-recorded --since --until --only --workers --dask "
    "--json --strict",
    "compare": "--by --fail-if --since --until --only --workers --dask --json --watch",
    "cover": "--history --text --fail-under --junit --since --until --only --workers",
    "explain": "--opened --timer --from --by --type --zone --storefront --category --subcategory "
    "--reason --billing --field --dispute --deadline --json",
    "forecast": "--policy --at --limit --json --language",
    "history check": "--since --until --only",
    "history explain": "--policy --timer --at --json --language",
    "history export": "--output --since --until --only",
    "history import": "--map --zone --output",
    "history infer": "--since --until --only",
    "history mappings": "",
    "history show": "--policy --language",
    "history sketch": "--output",
    "metrics": "--policy --by --timers --target --calendar --since --until --only --json --csv",
    "policy check": "--explore --max-states --strict --watch",
    "policy diagram": "--svg --output",
    "policy diff": "--language --explore --max-states --stories",
    "policy list": "",
    "policy new": "--like --folder",
    "policy show": "--toml",
    "policy terms": "--language",
    "replay": "--policy --language",
    "report": "--output --by --set --zone --language --since --until --only --workers --dask",
    "schema": "",
    "simulate": "--json --language",
    "sweep": "--set --goal --minimize --since --until --only --workers --dask --json",
    "test": "--junit --watch",
    "tickets": "--policy --against --where --limit --json --csv --output --zone --since --until "
    "--only --workers --dask",
    "workload": "--policy --zone --timer --where --since --until --only --workers --dask --json",
}


def _commands(command: Any, *path: str) -> dict[str, list[str]]:
    """Return the options of a command, or of every command below a group."""
    options = [
        param.opts[0]
        for param in command.params
        if param.opts[0].startswith("--") and "completion" not in param.opts[0]
    ]
    below = getattr(command, "commands", None)
    own = {} if below is not None and path else {" ".join(path): options}
    for name, one in (below or {}).items():
        own |= _commands(one, *path, name)
    return own


def test_commands_and_options_have_these_names() -> None:
    """Scripts rely on the names of commands and options, so none changes by accident."""
    expected = {name: options.split() for name, options in COMMANDS.items()}

    assert expected == _commands(get_command(app))


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_each_command_fits_80_columns(name: str) -> None:
    """Option names are not abbreviated, and no line is too wide."""
    ran = ticketcore(*name.split(), "--help", width=80)

    assert 0 == ran.code
    assert 80 >= max(map(len, ran.out.splitlines()))
    assert [] == [option for option in COMMANDS[name].split() if f"{option} " not in ran.out]
    assert "…" not in ran.out
    assert "......" not in ran.out
    assert "--no-" not in ran.out


def test_the_version_is_printed() -> None:
    """--version prints the package's version and does nothing else."""
    ran = ticketcore("--version")

    assert (0, f"ticketcore {__version__}\n") == (ran.code, ran.out)


def test_a_misspelt_command_gets_the_nearest_one() -> None:
    """An unknown command is refused with the name that may be meant."""
    ran = ticketcore("simlate")

    assert 2 == ran.code
    assert "No such command 'simlate'. Did you mean 'simulate'" in ran.err


def test_a_misspelt_option_gets_the_nearest_one() -> None:
    """An unknown option is refused with the name that may be meant."""
    ran = ticketcore("explain", "clickbank", "--opend", "2026-01-09T15:00")

    assert 2 == ran.code
    assert "--opened" in ran.err


@pytest.mark.parametrize(
    "args",
    [
        ("simulate", "none.toml"),
        ("history", "check", "none.jsonl"),
        ("policy", "show", "none.toml"),
        ("explain", "none", "--opened", "2026-01-09T15:00"),
        ("history", "import", "none.csv", "--map", "jira", "--zone", "UTC", "-o", "x.jsonl"),
    ],
)
def test_a_missing_file_is_named(args: tuple[str, ...]) -> None:
    """A file that does not exist is named on stderr, with exit code 2."""
    ran = ticketcore(*args)

    assert (2, "") == (ran.code, ran.out)
    assert "none" in ran.err


def test_an_error_comes_without_a_traceback() -> None:
    """In a process of its own, invalid input is one line on stderr and exit code 2."""
    ran = process("history", "check", "none.jsonl")

    assert (2, "", "error: none.jsonl: no such file or directory\n") == (
        ran.code,
        ran.out,
        ran.err,
    )


@pytest.mark.parametrize(
    "args",
    [
        ("policy", "diagram", "office", "-o", "/dev/full"),
        ("test", EXAMPLE, "--junit", "/dev/full"),
    ],
)
def test_an_error_on_a_full_disk_names_the_file(args: tuple[str | Path, ...]) -> None:
    """An error of a full disk names the file that could not be written."""
    ran = ticketcore(*args)

    assert (2, "error: /dev/full: no space left on device\n") == (ran.code, ran.err)


@pytest.mark.parametrize("args", [["policy", "list"], ["--version"], ["--help"]])
def test_an_error_of_writing_to_stdout_is_a_sentence(args: list[str]) -> None:
    """An error of writing to stdout is a sentence without an error number."""
    command = [sys.executable, "-m", "ticketcore", *args]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)

    assert (2, b"error: no space left on device\n") == (done.returncode, done.stderr)


def test_the_application_does_not_import_the_commands_needs() -> None:
    """The modules that a command needs are imported when it runs, not before."""
    needs = {"ticketcore.scenarios", "ticketcore.backtest", "ticketcore.inbox", "rich.table"}
    code = "import sys, ticketcore.cli; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert set() == needs & set(done.stdout.split())


def test_a_closed_pipe_is_no_error() -> None:
    """Output into a closed pipe ends quietly, as with every filter."""
    commands = typer.Typer(cls=app.info.cls)

    @commands.command()
    def into_a_closed_pipe() -> None:
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    commands.command("other")(lambda: None)
    result = CliRunner().invoke(commands, ["into-a-closed-pipe"])

    assert (1, "") == (result.exit_code, result.output)


def test_an_interruption_ends_cleanly(tmp_path: Path) -> None:
    """Ctrl-C ends a command without a traceback, and leaves no incomplete file."""
    pipe = tmp_path / "log.csv"
    os.mkfifo(pipe)
    command = [sys.executable, "-c", "from ticketcore.cli import app; app()"]
    args = ["history", "import", str(pipe), "--map", "servicenow-table", "--zone", "UTC"]
    running = subprocess.Popen(
        [*command, *args, "-o", "out.jsonl"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        preexec_fn=accept_interrupts,  # noqa: PLW1509
    )
    writer = os.open(pipe, os.O_RDWR)  # does not wait for a reader
    wait_until(lambda: _waits_for(pipe, running.pid), running)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=120)
    os.close(writer)

    assert 130 == running.returncode
    assert b"Traceback" not in err
    assert [pipe] == list(tmp_path.iterdir())


def _waits_for(pipe: Path, process: int) -> bool:
    """Tell whether a process has opened a pipe, and sleeps until there is something to read."""
    state = Path(f"/proc/{process}/status").read_text()
    return "S (sleeping)" in state and str(pipe) in open_files(process)
