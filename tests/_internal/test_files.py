"""Files are read within limits and below a folder; devices and streams are told apart."""

import gzip
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ticketcore._internal.files import (
    check_path,
    is_stream,
    read_file,
    read_file_below,
    replacing,
    sorted_on_disk,
    unpacked,
)
from ticketcore.events import scan_histories
from ticketcore.importers import sketch_log


def test_a_device_is_refused() -> None:
    """A device is refused with its path, because reading it might never end."""
    with pytest.raises(OSError, match="Is a device, not a file") as caught:
        check_path("/dev/zero")

    assert "/dev/zero" == caught.value.filename


@pytest.mark.parametrize("path", ["", ".", Path()])
def test_an_empty_path_is_refused(path: str | Path) -> None:
    """An empty path is refused, because a shell's empty variable does not mean this directory."""
    with pytest.raises(IsADirectoryError, match="an empty path means this one") as caught:
        check_path(path)

    assert "." == caught.value.filename


@pytest.mark.parametrize("path", ["a\0b", "a\ud800"])
def test_a_text_that_no_file_can_have_as_its_name_is_refused(path: str) -> None:
    """A path that contains a null character or a lone surrogate raises OSError."""
    with pytest.raises(OSError, match="it has a null character or a lone surrogate"):
        check_path(path)


def test_files_and_missing_paths_are_no_devices(tmp_path: Path) -> None:
    """A missing path is not a device: opening it raises its own error later."""
    (tmp_path / "log.jsonl").touch()

    check_path(tmp_path / "log.jsonl")
    check_path(tmp_path / "missing.jsonl")


def test_a_pipe_or_the_input_of_this_process_is_a_stream(tmp_path: Path) -> None:
    """A pipe and standard input are streams: only this process can read them, and only once."""
    pipe, file = tmp_path / "pipe", tmp_path / "file"
    os.mkfifo(pipe)
    file.touch()

    assert [True, True, True, False] == [
        is_stream(path) for path in (pipe, "/dev/stdin", "/dev/fd/7", file)
    ]


def test_a_file_within_the_limit_is_read(tmp_path: Path) -> None:
    """A file within the limit is read; one that is a byte longer is refused."""
    path = tmp_path / "file"
    path.write_bytes(b"x" * 1_000_000)
    assert 1_000_000 == len(read_file(path))

    path.write_bytes(b"x" * 1_000_001)
    with pytest.raises(OSError, match="Has more than 1,000,000 bytes"):
        read_file(path)


def test_a_file_is_read_only_below_its_folder(tmp_path: Path) -> None:
    """A link out of the folder, a pipe and a circle of links are refused."""
    folder = tmp_path / "policies"
    (folder / "below").mkdir(parents=True)
    (folder / "below/file").write_bytes(b"x")
    (tmp_path / "secret").write_bytes(b"y")
    (folder / "link").symlink_to("../secret")
    (folder / "circle").symlink_to("circle")
    os.mkfifo(folder / "pipe")

    assert b"x" == read_file_below(folder, folder / "below/../below/file")
    for name, why in {
        "link": "Lies outside the folder",
        "../secret": "Lies outside the folder",
        "pipe": "Is not a plain file",
        "below": "Is not a plain file",
        "circle": "Too many levels of symbolic links",
        "missing": "No such file",
    }.items():
        with pytest.raises(OSError, match=why):
            read_file_below(folder, folder / name)


def test_what_is_unpacked_is_limited(tmp_path: Path) -> None:
    """A packed file may unpack to 200 times its size, and in any case to two megabytes."""
    path = tmp_path / "packed.gz"
    path.write_bytes(gzip.compress(bytes(1_999_999)))
    with gzip.open(path) as file:
        assert 1_999_999 == len(unpacked(file, path).read())

    path.write_bytes(gzip.compress(bytes(2_000_001)))
    with (
        gzip.open(path) as file,
        pytest.raises(OSError, match="Unpacks to more than 200 times its size"),
    ):
        unpacked(file, path).read()


def test_items_are_sorted_by_key_and_number() -> None:
    """Items sort by key, then by number; keys are any text, and payloads come back unchanged."""
    items = [("b", 2, b"x"), ("a", 3, None), ("b", 1, b""), ("\ud800", 0, None), ("", 9, b"\0")]

    assert [
        ("", 9, b"\0"),
        ("a", 3, None),
        ("b", 1, b""),
        ("b", 2, b"x"),
        ("\ud800", 0, None),
    ] == [*sorted_on_disk(iter(items))]


def _peak(rows: int) -> int:
    """Return the most memory of a process that sorts this many rows of 200 bytes."""
    code = (
        "import resource\n"
        "from ticketcore._internal.files import sorted_on_disk\n"
        f"items = ((str(n * 7919 % 100_003), n, bytes(200)) for n in range({rows}))\n"
        f"assert {rows} == sum(1 for _ in sorted_on_disk(items))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return int(ran.stdout)


def test_memory_does_not_grow_with_the_items() -> None:
    """Four times the rows, which are 18 MB more, take hardly more memory."""
    assert _peak(120_000) < 1.1 * _peak(30_000)


def test_an_error_of_reading_names_the_file() -> None:
    """The operating system names a file that cannot be opened, but none that cannot be read."""
    unreadable = "/proc/self/mem"  # the memory at address 0
    readers: list[Callable[[], object]] = [
        lambda: read_file(unreadable),
        lambda: next(scan_histories(unreadable)),
        lambda: sketch_log(unreadable),
    ]
    for read in readers:
        with pytest.raises(OSError, match="Input/output error") as caught:
            read()
        assert unreadable == caught.value.filename


def test_a_file_is_replaced_once_it_is_complete(tmp_path: Path) -> None:
    """An error in the block leaves the file as it was, and no other file."""
    path = tmp_path / "log"
    path.write_text("old", "utf-8")
    with pytest.raises(IsADirectoryError), replacing(path) as part:
        part.write_bytes(tmp_path.read_bytes())  # a directory cannot be read
    assert ("old", [path]) == (path.read_text("utf-8"), [*tmp_path.iterdir()])
    with replacing(path) as part:
        part.write_text("new", "utf-8")
        assert "old" == path.read_text("utf-8")
    assert ("new", [path]) == (path.read_text("utf-8"), [*tmp_path.iterdir()])


def test_a_pipe_is_not_replaced(tmp_path: Path) -> None:
    """What is no plain file is written itself."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with replacing(pipe) as part:
        assert pipe == part
    assert pipe.is_fifo()
