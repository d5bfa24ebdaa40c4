"""The command line as it is started, with its extra and without."""

import runpy
import sys

import pytest

from ticketcore import __main__


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


def _forget_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("ticketcore.cli")]:
        monkeypatch.delitem(sys.modules, name)
