import errno
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from cli_runs import process, ticketcore
from ticketcore import __version__
from ticketcore.cli import app

EXAMPLE = Path(__file__).parents[2] / "examples/office/answered-and-closed.toml"


def test_the_version_is_told() -> None:
    """--version prints the package's version and does nothing else."""
    ran = ticketcore("--version")
    assert (0, f"ticketcore {__version__}\n") == (ran.code, ran.out)


def test_a_misspelt_command_gets_the_nearest_one() -> None:
    """An unknown command is refused with the one that may be meant."""
    ran = ticketcore("simlate")
    assert 2 == ran.code
    assert "No such command 'simlate'. Did you mean 'simulate'" in ran.err


def test_options_stand_in_full_on_a_terminal_of_80_columns() -> None:
    """The long names of `backtest` can be read, and no opposite crowds them out."""
    ran = ticketcore("backtest", "--help", width=80)
    assert "--against-observed " in ran.out
    assert "--no-" not in ran.out


def test_a_misspelt_option_gets_the_nearest_one() -> None:
    """An unknown option is refused with the one that may be meant."""
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
        ("history", "import", "servicenow", "none.csv", "--zone", "UTC", "-o", "x.jsonl"),
    ],
)
def test_bad_input_is_an_error_in_a_sentence(args: tuple[str, ...]) -> None:
    """What is not there is named on stderr, with exit code 2 and without a traceback."""
    ran = ticketcore(*args)
    assert (2, "") == (ran.code, ran.out)
    assert "none" in ran.err


def test_an_error_comes_without_a_traceback() -> None:
    """In a process of its own, bad input is one line on stderr and exit code 2."""
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
def test_a_full_disk_is_told_with_the_file(args: tuple[str | Path, ...]) -> None:
    """The system does not name it."""
    ran = ticketcore(*args)
    assert (2, "error: /dev/full: no space left on device\n") == (ran.code, ran.err)


def test_a_full_disk_behind_stdout_is_told_in_words() -> None:
    """Without a number."""
    command = [sys.executable, "-m", "ticketcore", "policy", "list"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (2, b"error: no space left on device\n") == (done.returncode, done.stderr)


def test_the_application_alone_loads_no_command() -> None:
    """What a command needs is imported when it is called, not before."""
    code = "import sys, ticketcore.cli; print('ticketcore.scenarios' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "False\n" == done.stdout


def test_a_reader_that_goes_away_is_no_error() -> None:
    """Output into a closed pipe ends quietly, as every filter does."""
    commands = typer.Typer(cls=app.info.cls)

    @commands.command()
    def into_a_closed_pipe() -> None:
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    commands.command("other")(lambda: None)
    result = CliRunner().invoke(commands, ["into-a-closed-pipe"])
    assert (1, "") == (result.exit_code, result.output)


def test_an_interruption_ends_cleanly(tmp_path: Path) -> None:
    """Ctrl-C ends a command without a traceback, and leaves no half of a file."""
    pipe = tmp_path / "log.csv"
    os.mkfifo(pipe)
    command = [sys.executable, "-c", "from ticketcore.cli import app; app()"]
    args = ["history", "import", "servicenow", str(pipe), "--zone", "UTC", "-o", "out.jsonl"]
    running = subprocess.Popen(
        [*command, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    )
    with pipe.open("wb"):  # opened as soon as the command reads it
        for _ in range(30):  # a signal is lost that comes while Python cleans up: pressed again
            running.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                _, err = running.communicate(timeout=2)
                break
    assert 130 == running.returncode
    assert b"Traceback" not in err
    assert [pipe] == list(tmp_path.iterdir())
