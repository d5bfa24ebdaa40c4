"""One event, one line: the fixed form, and what is said of anything else."""

import json
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
from ticketcore.errors import CodecError, DataError, HistoryError
from ticketcore.events import (
    EVENTS,
    Event,
    Money,
    Recorded,
    Refunded,
    Replied,
    event_schema,
    format_instant,
    from_line,
    parse_instant,
    to_line,
)
from ticketcore.events._lines import LineReader

LINE = (
    '{"ticket":"00123456789","seq":2,"event":"replied","schema":1,'
    '"occurred_at":"2026-01-09T22:00:00.000000Z","data":{"by":"vendor","text":"x"}}'
)
AT = parse_instant("2026-01-09T22:00:00.000000Z")
RECORDED = Recorded("00123456789", 2, Replied(at=AT, by="vendor", text="x"))


def test_form() -> None:
    """A line is the place, the kind, the instant and the body, in that order, without spaces."""
    assert (LINE, RECORDED) == (to_line(RECORDED), from_line(LINE))


@pytest.mark.parametrize(
    "line",
    [
        LINE.encode(),
        LINE + "\n",
        LINE + "\r\n",
        f"  {LINE}  ",
        json.dumps(json.loads(LINE)),
        json.dumps(json.loads(LINE), sort_keys=True),
    ],
)
def test_other_writings(line: str | bytes) -> None:
    """The same JSON written in another way is the same event."""
    assert RECORDED == from_line(line)


@given(st.text(min_size=1), st.integers(1), EVENTS_OF_ALL_KINDS)
def test_round_trip(ticket: str, seq: int, event: Event) -> None:
    """Every event comes back from its line, and its line from it."""
    recorded = Recorded(ticket, seq, event)
    line = to_line(recorded)

    assert (recorded, line) == (from_line(line), to_line(from_line(line)))


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ('"seq":2', '"seq":"2"', "seq"),
        ('"seq":2', '"seq":2.0', "seq"),
        ('"seq":2', '"seq":true', "seq"),
        ('"seq":2', '"seq":0', "seq"),
        ('"schema":1', '"schema":-1', "schema"),
        ('"schema":1', '"schema":0', "schema"),
        ('"replied","schema":1', '"promoted","schema":0', "schema"),
        ('"ticket":"00123456789"', '"ticket":""', "ticket"),
        ('"ticket":"00123456789"', '"ticket":123456789', "ticket"),
        ('"event":"replied"', '"event":""', "event"),
        ('"event":"replied"', '"event":null', "event"),
        ("22:00:00.000000Z", "22:00:00Z", "occurred_at"),
        ('"data":{"by":"vendor","text":"x"}', '"data":[]', "data"),
        ('"data":{"by":"vendor","text":"x"}', '"body":{}', "body"),
        (',"data":{"by":"vendor","text":"x"}', "", ""),
        (LINE, "[]", ""),
        ('"text":"x"', '"text":7', "data.text"),
    ],
)
def test_no_event(old: str, new: str, path: str) -> None:
    """JSON that is no event is refused with the path to the mistake."""
    with pytest.raises(CodecError) as caught:
        from_line(LINE.replace(old, new))

    assert path == caught.value.path


@pytest.mark.parametrize("body", [[], [["by", "vendor"]], "x", None])
def test_a_body_that_is_no_object(body: object) -> None:
    """It is refused in the one form and in any other, and quoted as it was found."""
    line = LINE.replace('{"by":"vendor","text":"x"}', json.dumps(body))
    expected = f"ticket 00123456789 event 2: data: expected an object, found {body!r}"
    for written in (line, json.dumps(json.loads(line))):
        with pytest.raises(CodecError) as caught:
            from_line(written)
        assert expected == str(caught.value)


@pytest.mark.parametrize("line", [None, 7, bytearray(LINE.encode())])
def test_what_is_no_line(line: Any) -> None:
    """It is refused, and quoted."""
    with pytest.raises(CodecError) as caught:
        from_line(line)

    told = f"expected a line as text or bytes, found {line!r}"
    assert ("", told) == (caught.value.path, str(caught.value))


def test_error_names_place() -> None:
    """An error in a body names ticket, sequence number, path, value, and what was expected."""
    with pytest.raises(CodecError) as caught:
        from_line(LINE.replace('"x"', "7"))

    expected = "ticket 00123456789 event 2: data.text: expected text, found 7"
    assert expected == str(caught.value)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("", "blank"),
        (" \n", "blank"),
        (LINE[:-1], "not-json"),
        (LINE + "}", "not-json"),
        (LINE.replace("00123456789", "00\t123"), "not-json"),
        (LINE.replace('"x"', "NaN"), "not-json"),
        (LINE.replace('"x"', "-Infinity"), "not-json"),
        (LINE.replace('"text"', '"by"'), "not-json"),
        (LINE.replace('"seq":2', '"seq":2,"seq":2'), "not-json"),
        (LINE.replace('"x"', "[" * 100_000), "not-json"),
        (LINE.replace('"x"', "9" * 5_000), "not-json"),
        (LINE.encode("utf-16"), "not-utf-8"),
        (LINE.encode().replace(b"x", b"\xff"), "not-utf-8"),
    ],
)
def test_no_json(line: str | bytes, problem: str) -> None:
    """What is not JSON is refused by name: two values for one key, and NaN, are not JSON here."""
    with pytest.raises(HistoryError) as caught:
        from_line(line)

    assert problem == caught.value.problem


@given(st.data())
def test_damage(data: st.DataObject) -> None:
    """A line with a byte changed is an event, or a typed error; nothing else is raised."""
    line = bytearray(LINE.encode())
    line[data.draw(st.integers(0, len(line) - 1))] = data.draw(st.integers(0, 255))
    try:
        recorded = from_line(bytes(line))
    except DataError:
        return

    assert recorded == from_line(to_line(recorded))


@st.composite
def repeating_lines(draw: st.DrawFn) -> list[str | bytes]:
    """Lines of few events, again and again with other places, people and instants, some of which
    are none."""
    events = draw(st.lists(EVENTS_OF_ALL_KINDS, min_size=1, max_size=3))
    instants = st.sampled_from([
        *["2026-01-09T22:00:00.000000Z", "2027-03-28T01:30:00.000001Z"] * 4,
        "2026-02-30T22:00:00.000000Z", "2026-01-09T24:00:00.000000Z", "2026-01-09",
        "2026-01-09T22:00:00,000000Z", "2026-W02-5T22:00:00.000000Z",
    ])  # fmt: skip
    people = st.sampled_from(
        ["ann", "Bob B.", "", '"', r"C:\u0041", r"\u0041", "\u00e9", "\t", r"\t", '","by":"vendor']
    )
    lines: list[str | bytes] = []
    for event in draw(st.lists(st.sampled_from(events), min_size=2, max_size=8)):
        recorded = Recorded(draw(st.sampled_from("AB")), draw(st.integers(1, 3)), event)
        line = to_line(recorded).replace(format_instant(event.at), draw(instants), 1)
        line = re.sub(r'"actor":"[^"]*', lambda _: f'"actor":"{draw(people)}', line)
        line += draw(st.sampled_from([*["\n"] * 6, "\r\n", "", "}", " "]))
        lines.append(line if draw(st.integers(0, 5)) == 0 else line.encode())
    return lines


def outcome(read: Callable[[str | bytes], object], line: str | bytes) -> object:
    """What a line says, or what is said of it."""
    try:
        return read(line)
    except DataError as wrong:
        return type(wrong), str(wrong)


class TestReadingLineAfterLine:
    """What a line says in the words of another is read once."""

    @given(repeating_lines())
    def test_each_says_what_it_says_by_itself(self, lines: list[str | bytes]) -> None:
        """Whatever stood before it, and whatever is wrong with it or them."""
        one_by_one = [
            outcome(lambda line: attrs.astuple(from_line(line), recurse=False)[:3], line)
            for line in lines
        ]

        assert one_by_one == [outcome(LineReader().read, line) for line in lines]
        reader = LineReader()
        assert one_by_one == [outcome(reader.read, line) for line in lines]

    def test_what_is_no_instant_is_not_taken_for_one(self) -> None:
        """An escape in it moves all that follows: no later line may be cut at that place."""
        escaped = LINE.replace('000000Z"', '00000\\u0030Z"')
        longer = LINE.replace('000000Z"', '000000Z0030Z"')
        reader = LineReader()

        assert from_line(escaped).event == reader.read(escaped.encode())[2]
        with pytest.raises(CodecError, match="occurred_at: expected an instant"):
            reader.read(longer.encode())

    def test_another_type_or_schema_is_another_thing(self) -> None:
        """Though the body be the same."""
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
    def test_instant_and_person_may_stand_anywhere(self, form: str) -> None:
        """In the body of an event that is not known, or in another order."""
        reader = LineReader()
        for minute in (0, 1, 1, 2):
            at = f"2026-01-09T22:0{minute}:00.000000Z"
            line = '{"ticket":"7","seq":2,' + form.format(at=at, actor=f"ann-{minute}")
            assert from_line(line).event == reader.read(line.encode())[2]

    def test_no_part_of_an_event_names_a_person_or_an_instant_as_a_line_does(self) -> None:
        """Lines are cut at these two names, so a known event has each of them once."""
        events = {cls.__name__ for cls in EVENTS.values()}
        named = {
            name: {"actor", "occurred_at"} & part.get("properties", {}).keys()
            for name, part in event_schema()["$defs"].items()
        }

        assert events < named.keys()
        assert {"actor"} == set().union(*(named[name] for name in events))
        assert set() == set().union(*(named[name] for name in named.keys() - events))

    def test_an_event_said_again_is_one_of_its_own(self) -> None:
        """Frozen as any other, equal to the one before but for the instant."""
        reader = LineReader()
        later = LINE.replace("22:00:00", "23:00:00")
        events = [reader.read(line.encode())[2] for line in (LINE, later, LINE)]

        assert [0, 1, 0] == [(event.at - AT) // timedelta(hours=1) for event in events]
        assert events[0] == events[2] == attrs.evolve(events[1], at=AT)
        for event in events:
            with pytest.raises(attrs.exceptions.FrozenInstanceError):
                event.at = AT  # type: ignore[misc]  # that is the point

    @pytest.mark.parametrize("actor", ["", ',"actor":"{name}"'])
    def test_words_said_again_are_held_once(self, actor: str) -> None:
        """However often a log repeats them, of whichever ticket, and whoever says them."""
        reader = LineReader()
        line = LINE.replace('"x"', '"thank you"' + actor)
        texts = []
        for ticket, name in (("00123456789", "ann"), ("7", "ann"), ("7", "Bob B."), ("41", "")):
            said = line.replace("00123456789", ticket).replace("{name}", name)
            texts.append(getattr(reader.read(said.encode())[2], "text", None))
            assert from_line(said) == Recorded(*reader.read(said.encode()))

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
    def test_what_is_written_otherwise_is_read_by_itself(
        self, line: str, old: str, new: str
    ) -> None:
        """Though a line before it said nearly the same."""
        reader = LineReader()
        for _ in range(3):
            reader.read(line.encode())
        other = line.replace(old, new)

        expected = outcome(LineReader().read, other)
        assert expected == outcome(reader.read, other.encode())

    def test_what_is_remembered_stays_small(self) -> None:
        """Neither lines that are all different nor long ones pile up."""
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


@pytest.mark.parametrize(
    ("ticket", "seq", "told"),
    [
        ("", 1, "ticket: expected text that is not empty, found ''"),
        (None, 1, "ticket: expected text that is not empty, found None"),
        ("A", 0, "seq: expected a number from 1, found 0"),
        ("A", None, "seq: expected a number from 1, found None"),
        ("A", True, "seq: expected a number from 1, found True"),
    ],
)
def test_what_could_not_be_read_again_is_not_written(ticket: Any, seq: Any, told: str) -> None:
    """A line without its place would lock the file that it stands in."""
    with pytest.raises(CodecError) as caught:
        to_line(Recorded(ticket, seq, Replied(at=AT, by="vendor")))
    assert str(caught.value).startswith(told)


def test_half_characters_are_written_where_they_stay_halves() -> None:
    """Two that would be read as one are refused, and so is a number without end."""
    alone = Recorded("A", 1, Replied(at=AT, by="vendor", text="\ude00\ud83d \U0001f600"))
    assert alone == from_line(to_line(alone))
    plain = Replied(at=AT, by="vendor")
    for recorded, path in (
        (Recorded("A", 1, Replied(at=AT, by="vendor", text="\ud83d\ude00")), "data"),
        (Recorded("A", 1, Refunded(at=AT, amount=Money(10**5000, "USD"))), "data"),
        (Recorded("\ud83d\ude00", 1, plain), "ticket"),
        (Recorded("A", 10**5000, plain), "seq"),
    ):
        with pytest.raises(CodecError, match=f"^{path}: expected "):
            to_line(recorded)
