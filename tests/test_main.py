"""The start of the command line, with and without its extra, and its end by a signal."""

import os
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from io import BytesIO, StringIO, TextIOWrapper
from multiprocessing import get_context
from pathlib import Path

import pytest

from support.command_line import EXAMPLES, open_files, wait_until
from ticketcore import __main__

HISTORY = EXAMPLES / "histories/service-desk.jsonl"


@pytest.fixture(autouse=True)
def _signal_handler_restored() -> Iterator[None]:
    """Restore the handler of SIGTERM, which the command line replaces."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def test_the_package_can_be_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`python -m ticketcore` runs the command line."""
    monkeypatch.setattr(sys, "argv", ["ticketcore", "--version"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(__main__.__file__, run_name="__main__")

    assert 0 == ended.value.code
    assert "ticketcore 0." in capsys.readouterr().out


def test_a_character_that_the_terminal_lacks_is_printed_as_its_code(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A character that the terminal lacks is printed as its code."""
    written = BytesIO()
    monkeypatch.setattr(sys, "stdout", TextIOWrapper(written, "ascii", write_through=True))
    monkeypatch.setattr(sys, "argv", ["ticketcore", "policy", "terms", "clickbank"])
    with pytest.raises(SystemExit) as ended:
        __main__.main()

    assert 0 == ended.value.code
    assert rb"\u201c" in written.getvalue()


def test_the_output_may_be_kept_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host can replace stdout by a text stream when it runs the command line."""
    written = StringIO()
    monkeypatch.setattr(sys, "stdout", written)
    monkeypatch.setattr(sys, "argv", ["ticketcore", "policy", "list"])
    with pytest.raises(SystemExit) as ended:
        __main__.main()

    assert 0 == ended.value.code
    assert "clickbank" in written.getvalue()


def test_ctrl_c_at_the_start_prints_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C during the imports at the start prints no traceback."""

    class Interrupting:
        """A finder of modules that is interrupted."""

        def find_spec(self, *_: object) -> None:
            raise KeyboardInterrupt

    _forget_the_command_line(monkeypatch)
    monkeypatch.setattr(sys, "meta_path", [Interrupting(), *sys.meta_path])
    with pytest.raises(SystemExit) as ended:
        __main__.main()

    assert 130 == ended.value.code


def test_a_closed_input_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """A closed standard input is replaced, since charts of a report need descriptor 0."""
    opened: list[object] = []
    monkeypatch.setattr(sys, "stdin", None)
    monkeypatch.setattr(sys, "argv", ["ticketcore", "--version"])
    monkeypatch.setattr("ticketcore.__main__.os.open", lambda *given: opened.append(given))
    with pytest.raises(SystemExit):
        __main__.main()

    assert [(os.devnull, os.O_RDONLY)] == opened


def test_a_missing_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the extra `cli`, the command names what to install, without a traceback."""
    _forget_the_command_line(monkeypatch)
    monkeypatch.setitem(sys.modules, "typer", None)
    with pytest.raises(SystemExit) as ended:
        __main__.main()

    assert 2 == ended.value.code
    expected = "error: the command line needs typer and rich: pip install 'ticketcore[cli]'\n"
    assert expected == capsys.readouterr().err


def test_another_missing_module_is_no_missing_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing module of a damaged installation is reported as an import error."""
    _forget_the_command_line(monkeypatch)
    monkeypatch.setitem(sys.modules, "ticketcore.errors", None)
    with pytest.raises(ModuleNotFoundError):
        __main__.main()


@pytest.mark.slow
def test_a_termination_ends_the_workers_too(tmp_path: Path) -> None:
    """SIGTERM ends a backtest as Ctrl-C does, with the exit code that shells expect: 143."""
    large = tmp_path / "large.jsonl"
    large.write_bytes(HISTORY.read_bytes() * 100)
    args = ["backtest", str(large), "--policy", "service-desk", "--workers", "2"]
    running = subprocess.Popen(
        [sys.executable, "-m", "ticketcore", *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    children = Path(f"/proc/{running.pid}/task/{running.pid}/children")

    def workers_read() -> bool:
        return 2 == sum(str(large) in open_files(pid) for pid in children.read_text().split())

    wait_until(workers_read, running)
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=120)  # returns when no process can write to the pipes any more

    assert 143 == running.returncode


def test_workers_that_are_still_starting_end_too() -> None:
    """SIGTERM also ends workers that are still starting."""
    worker = get_context("spawn").Process(target=time.sleep, args=[600])
    worker.start()
    __main__._terminate_workers()
    worker.join(timeout=120)

    assert -signal.SIGTERM == worker.exitcode


def _forget_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("ticketcore.cli")]:
        monkeypatch.delitem(sys.modules, name)
