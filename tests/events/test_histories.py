"""Whole tickets from lines: what is healthy comes through, what is broken is named."""

import errno
import gzip
import io
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.strategies import histories
from ticketcore.errors import CodecError, HistoryError
from ticketcore.events import (
    BrokenHistory,
    Closed,
    Event,
    History,
    Opened,
    Recorded,
    Replied,
    parse_instant,
    read_histories,
    scan_histories,
    split_history,
    to_line,
    write_histories,
)

AT = parse_instant("2026-01-09T22:00:00.000000Z")
EVENTS: tuple[Event, ...] = (
    Opened(at=AT, by="customer", type="tech", zone="UTC"),
    Replied(at=AT + timedelta(hours=1), by="vendor"),
    Replied(at=AT + timedelta(hours=1), by="customer"),
    Closed(at=AT + timedelta(hours=9), by="vendor"),
)
TICKETS = ["A", "B", "D"]  # no bit alone makes one of them another
Lines = list[bytes]


def lines_of(*tickets: str) -> Lines:
    """Lines of tickets with four events each."""
    return [
        to_line(Recorded(ticket, seq, event)).encode() + b"\n"
        for ticket in tickets
        for seq, event in enumerate(EVENTS, 1)
    ]


def summary(lines: Iterable[str | bytes]) -> list[tuple[str | None, int, str]]:
    """What a scan finds: ticket, line, and the problem or ``healthy``."""
    found: list[tuple[str | None, int, str]] = []
    for item in scan_histories(lines):  # type: ignore[arg-type]
        if isinstance(item, History):
            found.append((item.ticket, item.first_line, "healthy"))
        else:
            assert (item.line, item.ticket) == (item.error.line or 1, item.error.ticket)
            found.append((item.ticket, item.line, problem_of(item.error)))
    return found


def problem_of(error: CodecError | HistoryError) -> str:
    """The name of a history's problem, or the path of a codec's."""
    return error.problem if isinstance(error, HistoryError) else error.path


def test_whole_tickets() -> None:
    """A file of whole tickets gives their events and where each begins."""
    expected = [History("A", EVENTS, 1), History("B", EVENTS, 5)]

    assert expected == list(read_histories(lines_of("A", "B")))


DAMAGE: dict[str, tuple[Callable[[Lines], Lines], list[tuple[str | None, int, str]]]] = {
    "gap": (
        lambda lines: lines[:5] + lines[6:],
        [("A", 1, "healthy"), ("B", 6, "gap"), ("D", 8, "healthy")],
    ),
    "duplicate": (
        lambda lines: lines[:6] + lines[5:],
        [("A", 1, "healthy"), ("B", 7, "duplicate"), ("D", 10, "healthy")],
    ),
    "first line twice": (
        lambda lines: lines[:5] + lines[4:],
        [("A", 1, "healthy"), ("B", 6, "duplicate"), ("D", 10, "healthy")],
    ),
    "out of order": (
        lambda lines: [*lines[:5], lines[6], lines[5], *lines[7:]],
        [("A", 1, "healthy"), ("B", 6, "gap"), ("D", 9, "healthy")],
    ),
    "first line second": (
        lambda lines: [*lines[:4], lines[5], lines[4], *lines[6:]],
        [("B", 5, "not-opened"), ("A", 1, "healthy"), ("D", 9, "healthy")],
    ),
    "first line lost": (
        lambda lines: lines[:4] + lines[5:],
        [("B", 5, "not-opened"), ("A", 1, "healthy"), ("D", 8, "healthy")],
    ),
    "not opened": (
        lambda lines: [*lines[:4], lines[4].replace(b'"opened"', b'"promoted"'), *lines[5:]],
        [("A", 1, "healthy"), ("B", 5, "not-opened"), ("D", 9, "healthy")],
    ),
    "begins with another": (
        lambda lines: [*lines[:4], lines[5].replace(b'"seq":2', b'"seq":1'), *lines[6:]],
        [("A", 1, "healthy"), ("B", 5, "not-opened"), ("D", 8, "healthy")],
    ),
    "mixed": (
        lambda lines: [*lines[:4], *lines[4:6], lines[11], *lines[6:11]],
        [("D", 7, "not-opened"), ("A", 1, "healthy"), ("B", 8, "mixed"), ("D", 10, "healthy")],
    ),
    "mixed with a broken line": (
        lambda lines: [*lines[:6], b'{"ticket":"D"}\n', *lines[6:]],
        [("D", 7, ""), ("A", 1, "healthy"), ("B", 8, "mixed"), ("D", 10, "healthy")],
    ),
    "backwards": (
        lambda lines: [*lines[:5], lines[5].replace(b"T23:", b"T21:"), *lines[6:]],
        [("A", 1, "healthy"), ("B", 6, "backwards"), ("D", 9, "healthy")],
    ),
    "broken body": (
        lambda lines: [*lines[:5], lines[5].replace(b'"vendor"', b'"nobody"'), *lines[6:]],
        [("A", 1, "healthy"), ("B", 6, "data.by"), ("D", 9, "healthy")],
    ),
    "broken first body": (
        lambda lines: [*lines[:4], lines[4].replace(b'"customer"', b"7"), *lines[5:]],
        [("A", 1, "healthy"), ("B", 5, "data.by"), ("D", 9, "healthy")],
    ),
    "broken number": (
        lambda lines: [*lines[:5], lines[5].replace(b'"seq":2', b'"seq":"2"'), *lines[6:]],
        [("A", 1, "healthy"), ("B", 6, "seq"), ("D", 9, "healthy")],
    ),
    "broken stray": (
        lambda lines: [lines[5].replace(b'"vendor"', b"7"), *lines[:4]],
        [("B", 1, "data.by"), ("A", 2, "healthy")],
    ),
    "cut line": (
        lambda lines: [*lines[:5], lines[5][:40] + b"\n", *lines[6:]],
        [("A", 1, "healthy"), ("B", 6, "not-json"), ("D", 9, "healthy")],
    ),
    "truncated": (
        lambda lines: [*lines[:-1], lines[-1][:40]],
        [("A", 1, "healthy"), ("B", 5, "healthy"), ("D", 12, "truncated")],
    ),
    "not UTF-8": (
        lambda lines: [*lines[:5], b"\xff\xfe\n", *lines[5:]],
        [
            (None, 6, "not-utf-8"),
            ("A", 1, "healthy"),
            ("B", 5, "healthy"),
            ("D", 10, "healthy"),
        ],
    ),
    "blank line": (
        lambda lines: [*lines[:4], b"\n", *lines[4:8], b"[]\n", *lines[8:]],
        [
            (None, 5, "blank"),
            ("A", 1, "healthy"),
            (None, 10, ""),
            ("B", 6, "healthy"),
            ("D", 11, "healthy"),
        ],
    ),
    "no ticket": (
        lambda lines: [b"{}\n", b'{"ticket":7}\n', *lines[:4]],
        [(None, 1, ""), (None, 2, "ticket"), ("A", 3, "healthy")],
    ),
    "empty": (lambda lines: [], [(None, 1, "empty")]),
}


@pytest.mark.parametrize(("damage", "expected"), DAMAGE.values(), ids=DAMAGE)
def test_damage_by_name(
    damage: Callable[[Lines], Lines], expected: list[tuple[str | None, int, str]]
) -> None:
    """Each kind of damage is named, and the tickets beside it come through."""
    assert sorted(expected, key=str) == sorted(summary(damage(lines_of("A", "B", "D"))), key=str)


def test_lines_of_text() -> None:
    """Lines may be text as well as bytes; one without its end that is not JSON was cut."""
    lines = [line.decode() for line in lines_of("A", "B")]

    assert [("A", 1, "healthy"), ("B", 8, "truncated")] == summary([*lines[:-1], lines[-1][:50]])


def test_last_line_end() -> None:
    """The last line may lack its end."""
    lines = lines_of("A")

    assert [("A", 1, "healthy")] == summary([*lines[:-1], lines[-1].rstrip()])


def test_reading_raises() -> None:
    """Reading raises the first problem, after the healthy tickets before it."""
    reading = read_histories(lines_of("A", "B")[:5] + lines_of("B")[2:])

    assert "A" == next(reading).ticket
    with pytest.raises(HistoryError) as caught:
        next(reading)
    assert "line 6: ticket B: event 1 is followed by event 3" == str(caught.value)


def test_unknown_beginning() -> None:
    """A history that begins with an opening of a later schema says so."""
    line = lines_of("A")[0].replace(b'"schema":1', b'"schema":2')

    with pytest.raises(HistoryError, match=r"unknown event \('opened', schema 2\)"):
        list(read_histories([line]))


def test_unknown_events_stay() -> None:
    """An unknown event is part of its history."""
    lines = lines_of("A")
    lines[1] = lines[1].replace(b'"replied"', b'"promoted"')

    assert [("A", 1, "healthy")] == summary(lines)


@pytest.mark.parametrize("name", ["log.jsonl", "log.jsonl.gz"])
def test_files(tmp_path: Path, name: str) -> None:
    """What was written to a path, plain or packed, is read from it."""
    count = write_histories(tmp_path / name, ((ticket, EVENTS) for ticket in TICKETS))

    found = [(history.ticket, history.events) for history in read_histories(tmp_path / name)]
    assert (12, [(ticket, EVENTS) for ticket in TICKETS]) == (count, found)


def test_open_files() -> None:
    """An open binary file serves as well as a path."""
    file = io.BytesIO()
    write_histories(file, [("A", EVENTS)])
    file.seek(0)

    assert [History("A", EVENTS, 1)] == list(read_histories(file))


def test_broken_packed_file(tmp_path: Path) -> None:
    """A packed file that breaks off is a truncated history."""
    packed = gzip.compress(b"".join(lines_of("A")))
    path = tmp_path / "log.jsonl.gz"
    path.write_bytes(packed[:-12])
    broken = [found for found in scan_histories(path) if isinstance(found, BrokenHistory)]

    assert "truncated" == problem_of(broken[0].error)
    assert str(broken[0].error).endswith("the line is cut off: blank line")


def test_missing_file(tmp_path: Path) -> None:
    """A path that is not there is the operating system's error."""
    with pytest.raises(FileNotFoundError):
        list(scan_histories(tmp_path / "none.jsonl"))


def found_in(path: Path, size: int) -> list[object]:
    """What the ranges of a file hold, one after the other, whatever their line numbers."""
    return [
        (item.ticket, item.events if isinstance(item, History) else problem_of(item.error))
        for start, end in split_history(path, size)
        for item in scan_histories(path, start, end)
    ]


@pytest.mark.parametrize("size", [0, 1, 100, 700, 10_000])
def test_ranges(tmp_path: Path, size: int) -> None:
    """Ranges are of whole tickets: read one after the other they give the whole."""
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"".join(lines_of(*TICKETS)))

    assert [(ticket, EVENTS) for ticket in TICKETS] == found_in(path, size)


def test_ranges_join(tmp_path: Path) -> None:
    """Ranges follow one another from the first byte to the last."""
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"".join(lines_of(*TICKETS)))
    ticket = path.stat().st_size // 3

    expected = [(0, ticket), (ticket, 2 * ticket), (2 * ticket, 3 * ticket)]
    assert expected == list(split_history(path, ticket - 200))


def test_range_of_nothing(tmp_path: Path) -> None:
    """An empty file is one range, so that its emptiness is still reported; a packed one too."""
    (tmp_path / "empty.jsonl").touch()

    for size in (0, 10):
        assert [(0, 0)] == list(islice(split_history(tmp_path / "empty.jsonl", size), 2))
    assert [(None, "empty")] == found_in(tmp_path / "empty.jsonl", 10)
    assert [(0, None)] == list(split_history(tmp_path / "any.jsonl.gz", 10))


@given(st.lists(histories(), min_size=1, max_size=4), st.integers(1, 2_000))
def test_any_history(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[str, tuple[Event, ...]]], size: int
) -> None:
    """Every history that is in order comes back from a file, whole or in ranges."""
    path = tmp_path_factory.mktemp("any") / "log.jsonl"
    tickets = [(f"{ticket}{number}", events) for number, (ticket, events) in enumerate(drawn)]
    write_histories(path, tickets)

    assert tickets == found_in(path, size)


@st.composite
def damaged_lines(draw: st.DrawFn) -> tuple[int, Lines]:
    """Three tickets, one of them damaged: which, and the lines."""
    victim = draw(st.integers(0, 2))
    parts = [lines_of(ticket) for ticket in TICKETS]
    lines = parts[victim]
    place = draw(st.integers(0, 3))
    match draw(st.sampled_from(["lose", "twice", "swap", "cut", "flip", "mark", "unknown"])):
        case "lose":
            del lines[place]
        case "twice":
            lines.insert(draw(st.integers(0, 4)), lines[place])
        case "swap":
            lines.insert(draw(st.integers(0, 3)), lines.pop(place))
        case "cut":
            lines[place] = lines[place][: draw(st.integers(1, 120))] + b"\n"
        case "flip":
            line = bytearray(lines[place])
            line[draw(st.integers(0, len(line) - 2))] ^= 1 << draw(st.integers(0, 7))
            lines[place] = bytes(line)
        case "mark":
            lines[place] = b"\xef\xbb\xbf" + lines[place]
        case _:
            lines[place] = lines[place].replace(b'"type":"', b'"type":"un')
    return victim, [line for part in parts for line in part]


@given(damaged_lines())
def test_neighbours(case: tuple[int, Lines]) -> None:
    """Damage in one ticket raises nothing, and both its neighbours come through whole."""
    victim, lines = case
    healthy = {
        item.ticket: item.events for item in scan_histories(lines) if isinstance(item, History)
    }
    neighbours = {ticket for ticket in TICKETS if ticket != TICKETS[victim]}

    assert dict.fromkeys(neighbours, EVENTS) == {
        ticket: healthy.get(ticket) for ticket in neighbours
    }


@given(damaged_lines(), st.integers(1, 1_500))
def test_ranges_of_damage(
    tmp_path_factory: pytest.TempPathFactory, case: tuple[int, Lines], size: int
) -> None:
    """Ranges of a damaged file tell what the whole file tells."""
    path = tmp_path_factory.mktemp("damaged") / "log.jsonl"
    path.write_bytes(b"".join(case[1]))

    assert found_in(path, 1_000_000) == found_in(path, size)


@given(st.binary())
def test_any_bytes(content: bytes) -> None:
    """Bytes of any kind are broken histories, never another error."""
    found = list(scan_histories(io.BytesIO(content)))

    assert [] == [item for item in found if isinstance(item, History)]


@pytest.mark.parametrize("content", [b"no gzip", b"\x1f\x8b"])
def test_what_is_no_packed_file_is_told_by_name(tmp_path: Path, content: bytes) -> None:
    """Its name says that it is one, and it is not."""
    path = tmp_path / "log.jsonl.gz"
    path.write_bytes(content)

    with pytest.raises(OSError, match="Not a gzip file") as caught:
        list(scan_histories(path))
    wrong = caught.value
    expected = (errno.EINVAL, "Not a gzip file", str(path))
    assert expected == (wrong.errno, wrong.strerror, wrong.filename)


def test_a_device_is_refused() -> None:
    """It could be read for ever."""
    with pytest.raises(OSError, match="Is a device, not a file"):
        list(scan_histories("/dev/zero"))
    with pytest.raises(OSError, match="Is a device, not a file"):
        list(split_history("/dev/zero", 1000))


@pytest.mark.parametrize("name", ["log.jsonl", "log.jsonl.gz"])
def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, name: str) -> None:
    """What stood there before stays until all is written."""
    path = tmp_path / name
    path.write_bytes(b"before")
    with pytest.raises(CodecError, match="expected text that is not empty, found ''"):
        write_histories(path, [("A", EVENTS), ("", EVENTS)])

    assert [(name, b"before")] == [(file.name, file.read_bytes()) for file in tmp_path.iterdir()]


def test_what_stands_beside_a_file_stays(tmp_path: Path) -> None:
    """Also what is called as a part of it, and what another who writes it has written so far."""
    path = tmp_path / "log.jsonl"
    others = [tmp_path / f"log.jsonl{end}" for end in (".part", ".1.part", ".3.part")]
    for other in others:
        other.write_bytes(b"mine")

    def meanwhile() -> Iterator[tuple[str, tuple[Event, ...]]]:
        yield "A", EVENTS
        write_histories(path, [("B", EVENTS)])
        yield "C", EVENTS

    write_histories(path, meanwhile())

    assert {path, *others} == set(tmp_path.iterdir())
    assert {b"mine"} == {other.read_bytes() for other in others}
    assert ["A", "C"] == [history.ticket for history in read_histories(path)]


def test_a_pipe_is_written_to_as_it_is(tmp_path: Path) -> None:
    """It is not replaced by a file."""
    pipe = tmp_path / "tickets.jsonl"
    os.mkfifo(pipe)
    with open(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK), "rb") as reader:
        count = write_histories(pipe, [("A", EVENTS)])
        written = reader.read()

    assert (4, b"".join(lines_of("A")), True) == (count, written, pipe.is_fifo())


def test_a_pipe_is_read_as_a_file(tmp_path: Path) -> None:
    """Once, from its beginning, and in one range."""
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
def test_a_byte_order_mark_is_read_over(tmp_path: Path, name: str) -> None:
    """Some editors write one before the first line; anywhere else it is a mistake."""
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
