"""Whatever was stored once is read for ever.

``corpus/v1.jsonl`` holds every event of schema 1, with its required fields and with all of them;
``corpus/v1.txt`` says line by line what it means. Lines are added, never changed.
"""

import datetime
from pathlib import Path

import pytest

import ticketcore.events
from ticketcore.events import EVENTS, Recorded, from_line, to_line

CORPUS = Path(__file__).parent / "corpus"
CASES = [
    pytest.param(line, meaning, id=f"{file.stem}-{number}")
    for file in sorted(CORPUS.glob("*.jsonl"))
    for number, (line, meaning) in enumerate(
        zip(
            file.read_text("utf-8").splitlines(),
            file.with_suffix(".txt").read_text("utf-8").splitlines(),
            strict=True,
        ),
        1,
    )
]
LINES = [str(case.values[0]) for case in CASES]


def meant(text: str) -> object:
    """The event that a line of meaning, an expression, stands for."""
    return eval(text, {"datetime": datetime, **vars(ticketcore.events)})


@pytest.mark.parametrize(("line", "meaning"), CASES)
def test_meaning(line: str, meaning: str) -> None:
    """A stored event means today what it meant when it was stored."""
    assert meant(meaning) == from_line(line).event


@pytest.mark.parametrize("line", LINES)
def test_same_line(line: str) -> None:
    """What was read is written as the line it was read from."""
    assert line == to_line(from_line(line))


@pytest.mark.parametrize("name", EVENTS)
def test_complete(name: str) -> None:
    """Every schema of every event has its lines in the corpus."""
    expected = {f'"event":"{name}","schema":{s},' for s in range(1, EVENTS[name].SCHEMA + 1)}

    assert expected == {part for part in expected if any(part in line for line in LINES)}


def test_whole_lines() -> None:
    """A line of the corpus is the place in the history and the event, nothing more."""
    recorded = from_line(LINES[0])

    assert Recorded("00123456789", 1, recorded.event) == recorded
