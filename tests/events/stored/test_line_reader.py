"""Reading many lines: content that repeats is read once, with the same result."""

import re
import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.strategies import EVENTS_OF_ALL_KINDS
from ticketcore.errors import CodecError, DataError
from ticketcore.events import (
    EVENTS,
    Recorded,
    event_schema,
    format_instant,
    from_line,
    parse_instant,
    to_line,
)
from ticketcore.events.stored._lines import LineReader

LINE = (
    '{"ticket":"00123456789","seq":2,"event":"replied","schema":1,'
    '"occurred_at":"2026-01-09T22:00:00.000000Z","data":{"by":"vendor","text":"x"}}'
)
AT = parse_instant("2026-01-09T22:00:00.000000Z")


@st.composite
def repeating_lines(draw: st.DrawFn) -> list[str | bytes]:
    """Draw lines of few events that repeat with other tickets, persons and instants. Some of the
    instants and lines are wrong."""
    events = draw(st.lists(EVENTS_OF_ALL_KINDS, min_size=1, max_size=3))
    instants = st.sampled_from([
        *["2026-01-09T22:00:00.000000Z", "2027-03-28T01:30:00.000001Z"] * 4,
        "2026-02-30T22:00:00.000000Z", "2026-01-09T24:00:00.000000Z", "2026-01-09",
        "2026-01-09T22:00:00,000000Z", "2026-W02-5T22:00:00.000000Z",
    ])  # fmt: skip
    persons = st.sampled_from(
        ["ann", "Bob B.", "", '"', r"C:\u0041", r"\u0041", "\u00e9", "\t", r"\t", '","by":"vendor']
    )
    lines: list[str | bytes] = []
    for event in draw(st.lists(st.sampled_from(events), min_size=2, max_size=8)):
        recorded = Recorded(draw(st.sampled_from("AB")), draw(st.integers(1, 3)), event)
        line = to_line(recorded).replace(format_instant(event.at), draw(instants), 1)
        line = re.sub(r'"actor":"[^"]*', lambda _: f'"actor":"{draw(persons)}', line)
        line += draw(st.sampled_from([*["\n"] * 6, "\r\n", "", "}", " "]))
        lines.append(line if draw(st.integers(0, 5)) == 0 else line.encode())
    return lines


def outcome(read: Callable[[str | bytes], object], line: str | bytes) -> object:
    """Return the event of a line, or the error that it causes."""
    try:
        return read(line)
    except DataError as wrong:
        return type(wrong), str(wrong)


class TestLineReader:
    """A line reader remembers content and changes only ticket, instant and person."""

    @given(repeating_lines())
    def test_each_line_is_read_as_if_it_were_alone(self, lines: list[str | bytes]) -> None:
        """Each line is read as if it were alone, whatever the lines before it were."""
        one_by_one = [
            outcome(lambda line: attrs.astuple(from_line(line), recurse=False)[:3], line)
            for line in lines
        ]

        assert one_by_one == [outcome(LineReader().read, line) for line in lines]
        reader = LineReader()
        assert one_by_one == [outcome(reader.read, line) for line in lines]

    def test_an_instant_with_an_escape_is_not_cut_out(self) -> None:
        """An instant with an escape is not cut out of its line."""
        escaped = LINE.replace('000000Z"', '00000\\u0030Z"')
        longer = LINE.replace('000000Z"', '000000Z0030Z"')
        reader = LineReader()

        assert from_line(escaped).event == reader.read(escaped.encode())[2]
        with pytest.raises(CodecError, match="occurred_at: expected an instant"):
            reader.read(longer.encode())

    def test_equal_bodies_of_other_events_are_read_apart(self) -> None:
        """Events with equal bodies but other names or schemas are read as different events."""
        others = [LINE.replace('"schema":1', '"schema":2'), LINE.replace("replied", "promised")]
        reader = LineReader()

        for line in (LINE, *others, LINE.replace("replied", "info-requested"), LINE):
            assert from_line(line).event == reader.read(line.encode())[2]

    @pytest.mark.parametrize(
        "form",
        [
            '"event":"promised","schema":1,"occurred_at":"{at}","data":{{"actor":"{actor}"}}}}',
            '"event":"promised","data":{{"by":{{"actor":"{actor}"}}}},"schema":1,"occurred_at":"{at}"}}',
            '"data":{{"x":1,"occurred_at":"{at}"}},"event":"promised","schema":1,'
            '"occurred_at":"2026-01-09T22:00:00.000000Z"}}',
            '"data":{{"by":"vendor","actor":"{actor}"}},"event":"replied","schema":1,'
            '"occurred_at":"{at}"}}',
            '"event":"replied","schema":1,"occurred_at":"{at}","data":{{"actor":"{actor}","by":"vendor"}}}}',
        ],
    )
    def test_instant_and_person_may_be_anywhere_in_a_line(self, form: str) -> None:
        """The instant and the person may stand anywhere in a line."""
        reader = LineReader()
        for minute in (0, 1, 1, 2):
            at = f"2026-01-09T22:0{minute}:00.000000Z"
            line = '{"ticket":"7","seq":2,' + form.format(at=at, actor=f"ann-{minute}")
            assert from_line(line).event == reader.read(line.encode())[2]

    def test_a_known_event_has_one_actor_and_one_instant(self) -> None:
        """A known event has one actor and one instant, so that lines can be cut at both."""
        events = {cls.__name__ for cls in EVENTS.values()}
        schema: dict[str, Any] = event_schema()
        named = {
            name: {"actor", "occurred_at"} & part.get("properties", {}).keys()
            for name, part in schema["$defs"].items()
        }

        assert events < named.keys()
        assert {"actor"} == set().union(*(named[name] for name in events))
        assert set() == set().union(*(named[name] for name in named.keys() - events))

    def test_repeated_events_are_separate_and_frozen(self) -> None:
        """Repeated events are separate and frozen, and equal except for the instant."""
        reader = LineReader()
        later = LINE.replace("22:00:00", "23:00:00")
        events = [reader.read(line.encode())[2] for line in (LINE, later, LINE)]

        assert [0, 1, 0] == [(event.at - AT) // timedelta(hours=1) for event in events]
        assert events[0] == events[2] == attrs.evolve(events[1], at=AT)
        for event in events:
            with pytest.raises(attrs.exceptions.FrozenInstanceError):
                event.at = AT  # type: ignore[misc]  # that is the point

    @pytest.mark.parametrize("actor", ["", ',"actor":"{name}"'])
    def test_repeated_text_is_held_once(self, actor: str) -> None:
        """Repeated text is held once, even for other tickets and persons."""
        reader = LineReader()
        line = LINE.replace('"x"', '"thank you"' + actor)
        texts = []
        for ticket, name in (("00123456789", "ann"), ("7", "ann"), ("7", "Bob B."), ("41", "")):
            repeated = line.replace("00123456789", ticket).replace("{name}", name)
            texts.append(getattr(reader.read(repeated.encode())[2], "text", None))
            assert from_line(repeated) == Recorded(*reader.read(repeated.encode()))

        assert ["thank you"] * 4 == texts
        assert 1 == len({id(text) for text in texts})

    @pytest.mark.parametrize("line", [LINE, LINE.replace('"x"', '"x","actor":"ann"')])
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("2026-01-09", "2026-02-30"),
            ("T22", "T24"),
            ("00.000000Z", "00,000000Z"),
            ("vendor", "buyer"),
            ("00123456789", "001234567é"),
            ("00123456789", r"0012\u0041"),
            ("00123456789", ""),
            ("}}", '}}"actor":"bob"'),
            ("}}", '}},"actor":"bob"}'),
            ("ann", "é"),
            ("ann", r"a\n"),
            ("ann", "a\n"),
        ],
    )
    def test_a_line_in_another_form_is_read_by_itself(self, line: str, old: str, new: str) -> None:
        """A line in another form is read correctly after lines that were nearly the same."""
        reader = LineReader()
        for _ in range(3):
            reader.read(line.encode())
        other = line.replace(old, new)

        expected = outcome(LineReader().read, other)
        assert expected == outcome(reader.read, other.encode())

    def test_the_memory_of_the_reader_is_bounded(self) -> None:
        """The reader keeps neither many different lines nor long ones."""
        long = "x" * 10_000
        lines = [LINE.replace('"x"', f'"{n}"') for n in range(2_000)]
        lines += [LINE.replace('"x"', f'"{n}{long}"') for n in range(200)]
        lines += [LINE.replace("replied", f"{'y' * n}{long}") for n in range(200)]
        reader = LineReader()
        tracemalloc.start()
        for line in lines:
            reader.read(line.encode())
        kept, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert kept < 400_000
