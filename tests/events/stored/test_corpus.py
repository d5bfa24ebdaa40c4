"""Every line that was ever stored can be read.

``corpus/v1.jsonl`` holds every event of schema 1, with its required fields and with all of them;
``corpus/v1.txt`` has, line by line, the Python expression of the event. Lines are only added.
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


def evaluated(text: str) -> object:
    """Return the event that an expression describes."""
    return eval(text, {"datetime": datetime, **vars(ticketcore.events)})


@pytest.mark.parametrize(("line", "meaning"), CASES)
def test_a_stored_event_keeps_its_meaning(line: str, meaning: str) -> None:
    """Each line of the corpus is read as the event of its expression."""
    assert evaluated(meaning) == from_line(line).event


@pytest.mark.parametrize("line", LINES)
def test_a_line_is_written_as_it_was_read(line: str) -> None:
    """A line that was read is written unchanged."""
    assert line == to_line(from_line(line))


@pytest.mark.parametrize("name", EVENTS)
def test_the_corpus_has_every_event_in_every_schema(name: str) -> None:
    """The corpus has a line for every event in every schema."""
    expected = {f'"event":"{name}","schema":{s},' for s in range(1, EVENTS[name].SCHEMA + 1)}

    assert expected == {part for part in expected if any(part in line for line in LINES)}


def test_a_line_has_the_position_of_its_event() -> None:
    """A line has the ticket's number and the event's position."""
    recorded = from_line(LINES[0])

    assert Recorded("00123456789", 1, recorded.event) == recorded
