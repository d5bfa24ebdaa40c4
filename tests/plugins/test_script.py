"""The script `ticketcore` ends without a traceback, also while it imports the library."""

import subprocess
import sys

import pytest

from ticketcore_plugins import _script


def test_the_script_runs_the_command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The script runs the same program as `python -m ticketcore`."""
    monkeypatch.setattr(sys, "argv", ["ticketcore", "--version"])
    with pytest.raises(SystemExit) as ended:
        _script.main()

    assert 0 == ended.value.code
    assert "ticketcore 0." in capsys.readouterr().out


def test_the_script_is_ready_for_ctrl_c_before_it_imports_the_library() -> None:
    """The module that the script loads imports nothing of the library."""
    code = "import sys, ticketcore_plugins._script; print('ticketcore' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "False\n" == run.stdout


def test_ctrl_c_while_the_library_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while the package itself is imported ends the script with 130."""

    class Interrupting:
        """A finder of modules that is interrupted."""

        def find_spec(self, *_: object) -> None:
            raise KeyboardInterrupt

    for name in [name for name in sys.modules if name.split(".")[0] == "ticketcore"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Interrupting(), *sys.meta_path])
    with pytest.raises(SystemExit) as ended:
        _script.main()

    assert 130 == ended.value.code
