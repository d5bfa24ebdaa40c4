"""History files: written whole, read as a stream, and split into ranges."""

import errno
import gzip
import io
import os
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from support.histories.history_files import (
    EVENTS,
    TICKETS,
    lines_of,
    problem_of,
    summary,
)
from ticketcore.errors import CodecError
from ticketcore.events import (
    BrokenHistory,
    Event,
    History,
    read_histories,
    scan_histories,
    split_history,
    write_histories,
)


@pytest.mark.parametrize("name", ["log.jsonl", "log.jsonl.gz"])
def test_a_file_is_read_as_it_was_written(tmp_path: Path, name: str) -> None:
    """A plain or compressed file gives back the history that was written to it."""
    count = write_histories(tmp_path / name, ((ticket, EVENTS) for ticket in TICKETS))

    found = [(history.ticket, history.events) for history in read_histories(tmp_path / name)]
    assert (12, [(ticket, EVENTS) for ticket in TICKETS]) == (count, found)


def test_an_open_binary_file_can_be_used() -> None:
    """An open binary file can be read and written instead of a path."""
    file = io.BytesIO()
    write_histories(file, [("A", EVENTS)])
    file.seek(0)

    assert [History("A", EVENTS, 1)] == list(read_histories(file))


def test_a_line_that_is_too_long_breaks_its_ticket(tmp_path: Path) -> None:
    """A line that is too long breaks its ticket, and other tickets are read."""
    long = lines_of("B")[0].replace(b'"data":{', b'"data":{"text":"%b",' % (b"x" * 3_000_000))
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"".join([*lines_of("A"), long, *lines_of("C")]))

    before, broken, after = scan_histories(path)

    assert isinstance(broken, BrokenHistory)
    assert ("A", "B", "C") == (before.ticket, broken.ticket, after.ticket)
    assert "ticket B: the line has more than 1,000,000 bytes" in str(broken.error)
    assert ("too-long", len(lines_of("A")) + 1) == (problem_of(broken.error), broken.line)


def test_a_line_of_a_caller_may_be_too_long() -> None:
    """A long line is not decoded, even to find the ticket that it names."""
    (broken,) = scan_histories(['{"x":"' + "x" * 1_000_000 + '","ticket":"A"}\n'])

    assert isinstance(broken, BrokenHistory)
    assert ("too-long", None) == (problem_of(broken.error), broken.ticket)


def test_a_file_that_unpacks_to_far_more_is_refused(tmp_path: Path) -> None:
    """A file that unpacks to far more than its size is refused."""
    path = tmp_path / "log.jsonl.gz"
    path.write_bytes(gzip.compress(b"\n" * 10_000_000))

    with pytest.raises(OSError, match="Unpacks to more than 200 times its size") as caught:
        list(scan_histories(path))
    assert (errno.EFBIG, str(path)) == (caught.value.errno, caught.value.filename)


def test_blank_lines_are_one_problem() -> None:
    """Any number of blank lines in a file is reported as one problem."""
    found = list(scan_histories([*lines_of("A"), b"\n", b" \n", b"\r\n", *lines_of("B")]))

    assert [BrokenHistory, History, History] == [type(each) for each in found]


def test_a_compressed_file_that_is_cut_off_is_truncated(tmp_path: Path) -> None:
    """A compressed file that is cut off is reported as truncated."""
    packed = gzip.compress(b"".join(lines_of("A")))
    path = tmp_path / "log.jsonl.gz"
    path.write_bytes(packed[:-12])
    broken = [found for found in scan_histories(path) if isinstance(found, BrokenHistory)]

    assert "truncated" == problem_of(broken[0].error)
    assert str(broken[0].error).endswith("the rest cannot be unpacked")


def test_a_missing_file_raises_the_error_of_the_system(tmp_path: Path) -> None:
    """A missing file raises FileNotFoundError."""
    with pytest.raises(FileNotFoundError):
        list(scan_histories(tmp_path / "none.jsonl"))


@pytest.mark.parametrize("content", [b"no gzip", b"\x1f\x8b"])
def test_a_file_that_is_not_compressed_is_refused(tmp_path: Path, content: bytes) -> None:
    """A file whose name ends in `.gz` but is not compressed is refused."""
    path = tmp_path / "log.jsonl.gz"
    path.write_bytes(content)

    with pytest.raises(OSError, match="Not a gzip file") as caught:
        list(scan_histories(path))
    wrong = caught.value
    expected = (errno.EINVAL, "Not a gzip file", str(path))
    assert expected == (wrong.errno, wrong.strerror, wrong.filename)


def test_a_device_is_refused() -> None:
    """A device is refused as a history, because reading it might never end."""
    with pytest.raises(OSError, match="Is a device, not a file"):
        list(scan_histories("/dev/zero"))
    with pytest.raises(OSError, match="Is a device, not a file"):
        list(split_history("/dev/zero", 1000))


@pytest.mark.parametrize("name", ["log.jsonl", "log.jsonl.gz"])
def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, name: str) -> None:
    """A file is written whole or not at all, so the earlier one stays if writing fails."""
    path = tmp_path / name
    path.write_bytes(b"before")
    with pytest.raises(CodecError, match="expected text with a visible character, found ''"):
        write_histories(path, [("A", EVENTS), ("", EVENTS)])

    assert [(name, b"before")] == [(file.name, file.read_bytes()) for file in tmp_path.iterdir()]


def test_other_files_in_the_folder_stay(tmp_path: Path) -> None:
    """Writing a file leaves other files in the folder, even incomplete ones of another writer."""
    path = tmp_path / "log.jsonl"
    others = [tmp_path / f"log.jsonl{end}" for end in (".part", ".1.part", ".3.part")]
    for other in others:
        other.write_bytes(b"mine")

    def tickets_and_another_writer() -> Iterator[tuple[str, tuple[Event, ...]]]:
        yield "A", EVENTS
        write_histories(path, [("B", EVENTS)])
        yield "C", EVENTS

    write_histories(path, tickets_and_another_writer())

    assert {path, *others} == set(tmp_path.iterdir())
    assert {b"mine"} == {other.read_bytes() for other in others}
    assert ["A", "C"] == [history.ticket for history in read_histories(path)]


def test_a_pipe_is_written_to_directly(tmp_path: Path) -> None:
    """A pipe is written to directly, and not replaced by a file."""
    pipe = tmp_path / "tickets.jsonl"
    os.mkfifo(pipe)
    with open(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK), "rb") as reader:
        count = write_histories(pipe, [("A", EVENTS)])
        written = reader.read()

    assert (4, b"".join(lines_of("A")), True) == (count, written, pipe.is_fifo())


def test_a_pipe_is_read_once(tmp_path: Path) -> None:
    """A pipe is read as one range, from its beginning."""
    pipe = tmp_path / "tickets.jsonl"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_bytes, args=[b"".join(lines_of("A", "B"))])
    writer.start()
    (whole,) = split_history(pipe, 100)
    found = list(scan_histories(pipe, *whole))
    writer.join()

    assert (0, None) == whole
    assert [History("A", EVENTS, 1), History("B", EVENTS, 5)] == found


@pytest.mark.parametrize("name", ["tickets.jsonl", "tickets.jsonl.gz"])
def test_a_byte_order_mark_is_skipped_before_the_first_line(tmp_path: Path, name: str) -> None:
    """A byte order mark is skipped before the first line, and is a mistake in any other."""
    marked = b"\xef\xbb\xbf" + b"".join(lines_of("A", "B"))
    path = tmp_path / name
    path.write_bytes(gzip.compress(marked) if name.endswith("gz") else marked)
    expected = [("A", 1, "healthy"), ("B", 5, "healthy")]

    assert expected == summary(str(path))
    assert expected == summary(marked.splitlines(keepends=True))
    assert expected == summary(marked.decode().splitlines(keepends=True))
    assert ("A", 1, "healthy") not in summary([b"\xef\xbb\xbf" + marked])
    second = lines_of("A")
    second[1] = b"\xef\xbb\xbf" + second[1]
    assert [(None, 2, "not-json"), ("A", 3, "gap")] == summary(second)
    assert [(None, 1, "empty")] == summary([])


def test_a_file_in_a_missing_folder_is_named_in_the_error(tmp_path: Path) -> None:
    """If the folder of a file is missing, the error names the file that the caller named."""
    path = tmp_path / "missing" / "log.jsonl"
    with pytest.raises(FileNotFoundError) as caught:
        write_histories(path, [])

    assert str(path) == caught.value.filename
