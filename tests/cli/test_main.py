"""The command line as it is started, with its extra and without."""

import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path

import pytest

from ticketcore import __main__

HISTORY = Path(__file__).parents[2] / "examples/histories/service-desk.jsonl"


@pytest.fixture(autouse=True)
def _the_same_after_it() -> Iterator[None]:
    """What the command line does about signals ends with the test."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def test_the_package_can_be_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`python -m ticketcore` is the command line."""
    monkeypatch.setattr(sys, "argv", ["ticketcore", "--version"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(__main__.__file__, run_name="__main__")

    assert 0 == ended.value.code
    assert "ticketcore 0." in capsys.readouterr().out


def test_a_missing_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who installed the library alone is told what else to install, without a traceback."""
    _forget_the_command_line(monkeypatch)
    monkeypatch.setitem(sys.modules, "typer", None)
    with pytest.raises(SystemExit) as ended:
        __main__.main()

    assert 2 == ended.value.code
    said = "error: the command line needs pip install 'ticketcore[cli]'\n"
    assert said == capsys.readouterr().err


def test_what_is_missing_otherwise_is_no_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken installation is not taken for a missing extra."""
    _forget_the_command_line(monkeypatch)
    monkeypatch.setitem(sys.modules, "ticketcore.errors", None)
    with pytest.raises(ModuleNotFoundError):
        __main__.main()


@pytest.mark.slow
def test_a_termination_ends_the_workers_too(tmp_path: Path) -> None:
    """SIGTERM ends a backtest as Ctrl-C does, with the code that shells give it: 143."""
    large = tmp_path / "large.jsonl"
    large.write_bytes(HISTORY.read_bytes() * 100)
    args = ["backtest", str(large), "--policy", "service-desk", "--workers", "2"]
    running = subprocess.Popen(
        [sys.executable, "-m", "ticketcore", *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
    while len(children.read_text().split()) < 3:  # two workers, and one who counts semaphores
        time.sleep(0.05)
    time.sleep(0.5)
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=60)  # which waits for all who could still write

    assert 143 == running.returncode


def test_workers_that_were_only_being_started_end_too() -> None:
    """No pool knows them yet."""
    worker = get_context("spawn").Process(target=time.sleep, args=[600])
    worker.start()
    __main__._end_workers()
    worker.join(timeout=60)

    assert -signal.SIGTERM == worker.exitcode


def _forget_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("ticketcore.cli")]:
        monkeypatch.delitem(sys.modules, name)
