"""`--watch` runs a command again whenever one of its files changes."""

import os
import select
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support.command_line import EXAMPLES, accept_interrupts, ticketcore, usage_error, wait_until
from ticketcore.cli._watch import watch_files

POLICY = 'extends = "office"\nname = "mine"\n'


@contextmanager
def watching(*args: str | Path) -> Iterator["subprocess.Popen[str]"]:
    """Run a command that watches, and stop it as Ctrl-C does."""
    command = [sys.executable, "-m", "ticketcore", *map(str, args), "--watch"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ,
        preexec_fn=accept_interrupts,  # noqa: PLW1509
    ) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            _, messages = process.communicate(timeout=120)
            assert "stopping watch" not in messages
            assert "process already dead" not in messages


def line(process: "subprocess.Popen[str]") -> str:
    """Return the next line of the output."""
    assert process.stdout is not None
    if not select.select([process.stdout], [], [], 120)[0]:
        pytest.fail("the command printed nothing for two minutes")
    return process.stdout.readline()


def watches(process: "subprocess.Popen[str]") -> bool:
    """Tell whether a process has asked the kernel for changes of files."""
    files = [*Path(f"/proc/{process.pid}/fdinfo").iterdir()]
    return any("inotify wd:" in file.read_text() for file in files if file.exists())


@pytest.mark.slow
def test_a_changed_policy_is_checked_again(tmp_path: Path) -> None:
    """A change of another file in the folder counts too, since policies extend one another; a
    report does not."""
    file = tmp_path / "mine.toml"
    file.write_text(POLICY)
    with watching("policy", "check", file) as process:
        assert line(process).startswith(f"{file}: mine 2020-01-01, 1 type")
        wait_until(lambda: watches(process), process)  # it begins after the first run
        (tmp_path / "report.html").write_text("not a policy")
        (tmp_path / "new").write_text(POLICY + "[types.complaint]\n")
        (tmp_path / "new").replace(file)  # at once: the next run reads all of it
        assert line(process).startswith(f"{file}: mine 2020-01-01, 2 types")

    assert 0 == process.returncode


@pytest.mark.parametrize(
    "args",
    [
        ("policy", "check", "office"),
        ("test", "no-such-file"),
        ("compare", "no-such-history", "office", "service-desk"),
    ],
)
def test_a_command_without_a_file_cannot_watch(args: tuple[str, ...]) -> None:
    """A command without a file cannot watch, because presets never change."""
    ran = ticketcore(*args, "--watch")

    assert 2 == ran.code
    assert "names no file that can change" in usage_error(ran)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("args", "first"),
    [
        (("test", EXAMPLES / "office" / "answered-and-closed.toml"), "✓"),
        (
            (
                "compare",
                EXAMPLES / "histories" / "service-desk.jsonl",
                "service-desk",
                EXAMPLES / "workbench" / "two-days.toml",
            ),
            "service-desk",
        ),
    ],
    ids=["test", "compare"],
)
def test_other_commands_run_until_they_are_stopped(
    args: tuple[str | Path, ...], first: str
) -> None:
    """With --watch, other commands print the same as without it."""
    with watching(*args) as process:
        assert line(process).startswith(first)

    assert 0 == process.returncode


def test_a_run_that_is_interrupted_while_it_begins_prints_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change while modules are imported ends this run without a traceback."""
    (tmp_path / "mine.toml").write_text(POLICY)
    targets = list[str]()
    monkeypatch.setattr("watchfiles.run_process", lambda *_, target, **__: targets.append(target))
    monkeypatch.setattr(sys, "argv", ["ticketcore", "policy", "check", "mine.toml", "--watch"])
    watch_files([tmp_path / "mine.toml"])
    [command] = map(shlex.split, targets)
    assert ["policy", "check", "mine.toml"] == command[-3:]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("mine.toml: mine 2020-01-01, 1 type")

    interrupted = tmp_path / "ticketcore"
    interrupted.mkdir()
    (interrupted / "__init__.py").write_text("raise KeyboardInterrupt")
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    ended = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert (130, "", "") == (ended.returncode, ended.stdout, ended.stderr)
