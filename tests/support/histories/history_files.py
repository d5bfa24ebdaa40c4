"""Lines of history files, whole and damaged, and summaries of their scans."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from hypothesis import strategies as st

from ticketcore.errors import CodecError, HistoryError
from ticketcore.events import (
    Closed,
    Event,
    History,
    Opened,
    Recorded,
    Replied,
    parse_instant,
    scan_histories,
    to_line,
)

AT = parse_instant("2026-01-09T22:00:00.000000Z")
EVENTS: tuple[Event, ...] = (
    Opened(at=AT, by="customer", type="tech", zone="UTC"),
    Replied(at=AT + timedelta(hours=1), by="vendor"),
    Replied(at=AT + timedelta(hours=1), by="customer"),
    Closed(at=AT + timedelta(hours=9), by="vendor"),
)
TICKETS = ["A", "B", "D"]  # the letters differ in two bits or more
Lines = list[bytes]


def lines_of(*tickets: str) -> Lines:
    """Return the lines of tickets with four events each."""
    return [
        to_line(Recorded(ticket, seq, event)).encode() + b"\n"
        for ticket in tickets
        for seq, event in enumerate(EVENTS, 1)
    ]


def summary(lines: Iterable[str | bytes]) -> list[tuple[str | None, int, str]]:
    """Return ticket, line and problem of each history that a scan finds; "healthy" if it has no
    problem."""
    found: list[tuple[str | None, int, str]] = []
    for item in scan_histories(lines):  # type: ignore[arg-type]
        if isinstance(item, History):
            found.append((item.ticket, item.first_line, "healthy"))
        else:
            assert (item.line, item.ticket) == (item.error.line or 1, item.error.ticket)
            found.append((item.ticket, item.line, problem_of(item.error)))
    return found


def problem_of(error: CodecError | HistoryError) -> str:
    """Return the code of a history's problem, or the path of a codec's."""
    return error.problem if isinstance(error, HistoryError) else error.path


@st.composite
def damaged_lines(draw: st.DrawFn) -> tuple[int, Lines]:
    """Draw the lines of three tickets, one of which is damaged, and its index."""
    victim = draw(st.integers(0, 2))
    parts = [lines_of(ticket) for ticket in TICKETS]
    lines = parts[victim]
    index = draw(st.integers(0, 3))
    match draw(st.sampled_from(["lose", "twice", "swap", "cut", "flip", "mark", "unknown"])):
        case "lose":
            del lines[index]
        case "twice":
            lines.insert(draw(st.integers(0, 4)), lines[index])
        case "swap":
            lines.insert(draw(st.integers(0, 3)), lines.pop(index))
        case "cut":
            lines[index] = lines[index][: draw(st.integers(1, 120))] + b"\n"
        case "flip":
            line = bytearray(lines[index])
            line[draw(st.integers(0, len(line) - 2))] ^= 1 << draw(st.integers(0, 7))
            lines[index] = bytes(line)
        case "mark":
            lines[index] = b"\xef\xbb\xbf" + lines[index]
        case _:
            lines[index] = lines[index].replace(b'"event":"', b'"event":"un')
    return victim, [line for part in parts for line in part]


def write_unchecked(path: Path, histories: Iterable[tuple[str, Iterable[Event]]]) -> None:
    """Write histories that `write_histories` refuses, such as those that cannot have happened."""
    lines = (
        to_line(Recorded(ticket, seq, event))
        for ticket, events in histories
        for seq, event in enumerate(events, 1)
    )
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
