"""Checks of paths: devices and streams."""

import os
from pathlib import Path

import pytest

from ticketcore._internal.files import is_stream, refuse_device


def test_a_device_is_refused() -> None:
    """Reading it might never end. The error has the path."""
    with pytest.raises(OSError, match="Is a device, not a file") as caught:
        refuse_device("/dev/zero")

    assert "/dev/zero" == caught.value.filename


def test_files_and_missing_paths_are_no_devices(tmp_path: Path) -> None:
    """Opening a missing path raises its own error later."""
    (tmp_path / "log.jsonl").touch()

    refuse_device(tmp_path / "log.jsonl")
    refuse_device(tmp_path / "missing.jsonl")


def test_a_pipe_or_the_input_of_this_process_is_a_stream(tmp_path: Path) -> None:
    """Only this process can read it, and only once."""
    pipe, file = tmp_path / "pipe", tmp_path / "file"
    os.mkfifo(pipe)
    file.touch()

    assert [True, True, True, False] == [
        is_stream(path) for path in (pipe, "/dev/stdin", "/dev/fd/7", file)
    ]
