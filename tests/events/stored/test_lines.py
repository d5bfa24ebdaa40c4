"""One event on one line: the fixed form, and the refusal of other lines."""

import json
from collections.abc import Callable
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.strategies import EVENTS_OF_ALL_KINDS
from ticketcore._internal.terminal import has_visible
from ticketcore.errors import CodecError, DataError, HistoryError
from ticketcore.events import (
    Attachment,
    Event,
    Recorded,
    Replied,
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
RECORDED = Recorded("00123456789", 2, Replied(at=AT, by="vendor", text="x"))


def test_a_line_has_a_fixed_form() -> None:
    """A line has position, name, schema, instant and body in this order, without spaces."""
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
def test_other_forms_of_the_same_json_are_read(line: str | bytes) -> None:
    """Another form of the same JSON is read, whatever its spaces, keys and line ends."""
    assert RECORDED == from_line(line)


NUMBERS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)


@given(NUMBERS.filter(has_visible), st.integers(1), EVENTS_OF_ALL_KINDS)
def test_an_event_is_read_from_its_line(ticket: str, seq: int, event: Event) -> None:
    """Every event, ticket and number is read back from its line."""
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
        (',"data":{"by":"vendor","text":"x"}', "", "data"),
        (LINE, "[]", ""),
        ('"text":"x"', '"text":7', "data.text"),
    ],
)
def test_json_that_is_not_an_event_is_refused_with_its_path(old: str, new: str, path: str) -> None:
    """JSON that is not an event is refused with the path of the mistake."""
    with pytest.raises(CodecError) as caught:
        from_line(LINE.replace(old, new))

    assert path == caught.value.path


@pytest.mark.parametrize("body", [[], [["by", "vendor"]], "x", None])
def test_a_body_must_be_an_object(body: object) -> None:
    """A body that is not an object is refused with the value found."""
    line = LINE.replace('{"by":"vendor","text":"x"}', json.dumps(body))
    expected = f"ticket 00123456789 event 2: data: expected an object, found {body!r}"
    for written in (line, json.dumps(json.loads(line))):
        with pytest.raises(CodecError) as caught:
            from_line(written)
        assert expected == str(caught.value)


@pytest.mark.parametrize("line", [None, 7, bytearray(b"{}")])
def test_a_line_must_be_text_or_bytes(line: Any) -> None:
    """A line that is neither text nor bytes is refused with the value found."""
    with pytest.raises(CodecError) as caught:
        from_line(line)

    message = f"expected a line as text or bytes, found {line!r}"
    assert ("", message) == (caught.value.path, str(caught.value))


def test_an_error_in_a_body_names_the_event() -> None:
    """An error in a body names the ticket, the event, the path and the value."""
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
def test_text_that_is_not_json_is_refused(line: str | bytes, problem: str) -> None:
    """A line with a repeated key or with NaN is not JSON."""
    with pytest.raises(HistoryError) as caught:
        from_line(line)

    assert problem == caught.value.problem


@given(st.data())
def test_a_damaged_line_is_read_or_refused(data: st.DataObject) -> None:
    """A line with one changed byte is an event or a DataError; no other error is raised."""
    line = bytearray(LINE.encode())
    line[data.draw(st.integers(0, len(line) - 1))] = data.draw(st.integers(0, 255))
    try:
        recorded = from_line(bytes(line))
    except DataError:
        return

    assert recorded == from_line(to_line(recorded))


def outcome(read: Callable[[str | bytes], object], line: str | bytes) -> object:
    """Return the event of a line, or the error that it causes."""
    try:
        return read(line)
    except DataError as wrong:
        return type(wrong), str(wrong)


@pytest.mark.parametrize(
    ("ticket", "seq", "message"),
    [
        ("", 1, "ticket: expected text with a visible character, found ''"),
        (" ", 1, "ticket: expected text with a visible character, found ' '"),
        ("a\0", 1, "ticket: expected text without NUL and lone surrogates, found 'a"),
        (None, 1, "ticket: expected text with a visible character, found None"),
        ("A", 0, "seq: expected a number from 1, found 0"),
        ("A", None, "seq: expected a number from 1, found None"),
        ("A", True, "seq: expected a number from 1, found True"),
    ],
)
def test_an_event_without_a_position_is_not_written(ticket: Any, seq: Any, message: str) -> None:
    """An event without a position is not written as a line."""
    with pytest.raises(CodecError) as caught:
        to_line(Recorded(ticket, seq, Replied(at=AT, by="vendor")))
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("key", ["ticket", "command_id"])
@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ("", "a visible character"),
        ("  ", "a visible character"),
        ("\N{ZERO WIDTH SPACE}", "a visible character"),
        (r"\u200b", "a visible character"),
        (r"\u0000", "a visible character"),
        (r"A\u0000", "without NUL and lone surrogates"),
        (r"A\ud800", "without NUL and lone surrogates"),
    ],
)
def test_an_id_that_nobody_sees_or_no_database_stores_is_refused(
    key: str, found: str, expected: str
) -> None:
    """No reader of lines takes such an id, also after a line that is equal otherwise."""
    line = to_line(Recorded("A", 1, Replied(at=AT, by="vendor", actor="x", command_id="A")))
    wrong = line.replace(f'"{key}":"A"', f'"{key}":"{found}"')
    for text in (wrong, wrong.encode()):
        reader = LineReader()
        reader.read(line.encode())
        for read in (from_line, reader.read):
            with pytest.raises(CodecError, match=f"{key}: expected text .*{expected}"):
                read(text)


@pytest.mark.parametrize(
    ("command_id", "message"),
    [
        ("", "command_id: expected text with a visible character, found ''"),
        ("\N{ZERO WIDTH SPACE}", "command_id: expected text with a visible character, found '"),
    ],
)
def test_an_event_without_a_visible_command_id_is_not_written(
    command_id: str, message: str
) -> None:
    """A command id that nobody can see is not written either."""
    with pytest.raises(CodecError) as caught:
        to_line(Recorded("A", 1, Replied(at=AT, by="vendor", command_id=command_id)))
    assert str(caught.value).startswith(message)


def test_ids_beyond_ascii_are_read() -> None:
    """A ticket number and a command id can have characters of any script, such as Chinese ones."""
    number = "\N{CJK UNIFIED IDEOGRAPH-7968}"
    recorded = Recorded(number, 1, Replied(at=AT, by="vendor", command_id=number))
    assert recorded == from_line(to_line(recorded))


def test_a_long_line_of_emoji_is_refused_as_too_long() -> None:
    """A line that is too long only because characters are escaped is refused by its length."""
    text = "\N{GRINNING FACE}" * 100_000
    with pytest.raises(CodecError, match="a line of at most 1,000,000 bytes"):
        to_line(Recorded("A", 1, Replied(at=AT, by="vendor", text=text)))


def test_the_longest_line_is_written() -> None:
    """A line may have a million bytes; one more is refused with its length."""
    rest = len(to_line(Recorded("A", 1, Replied(at=AT, by="vendor", text="x")))) - 1
    longest = Replied(at=AT, by="vendor", text="x" * (1_000_000 - rest))

    assert 1_000_000 == len(to_line(Recorded("A", 1, longest)))
    message = (
        "^data: expected a line of at most 1,000,000 bytes, found 'a line of 1,000,001 bytes'"
    )
    with pytest.raises(CodecError, match=message):
        to_line(Recorded("AA", 1, longest))


def test_an_event_needs_a_name() -> None:
    """A line whose event has no name is refused."""
    line = to_line(RECORDED).replace('"event":"replied"', '"event":""')

    with pytest.raises(CodecError, match=r"event: expected text that is not empty, found ''$"):
        from_line(line)


def test_an_older_line_with_lone_surrogates_stays_readable() -> None:
    """An older line with lone surrogates stays readable, although commands refuse them."""
    line = to_line(Recorded("A", 1, Replied(at=AT, by="vendor", text="x")))
    line = line.replace('"x"', r'"\ude00\ud83d \ud83d\ude00\u0000"')

    assert line == to_line(from_line(line))


def test_no_stored_attachment_is_smaller_than_an_empty_file() -> None:
    """K14: a stored message whose attachment has less than 0 bytes is refused."""
    photo = Attachment(name="a", media_type="text/plain", size=7, digest="d", location="l")
    line = to_line(Recorded("A", 1, Replied(at=AT, by="vendor", attachments=(photo,))))

    with pytest.raises(CodecError, match=r"attachments\[0\]\.size: expected 0 bytes or more"):
        from_line(line.replace('"size":7', '"size":-7'))


def test_what_could_not_be_read_again_is_not_written() -> None:
    """A value that could not be read again is not written, such as a huge number."""
    plain = Replied(at=AT, by="vendor")
    facts = {"name": "a", "media_type": "text/plain", "digest": "d", "location": "l"}
    huge = Attachment(size=10**5000, **facts)
    for recorded, path in (
        (
            Recorded("A", 1, attrs.evolve(plain, attachments=(huge,))),
            "data: expected numbers that can be written, found 'Exceeds the limit",
        ),
        (Recorded("\ud83d\ude00", 1, plain), "ticket: expected "),
        (Recorded("A", 10**5000, plain), "seq: expected "),
        (
            Recorded("A", 1, Replied(at=AT, by="vendor", text="ä" * 170_000)),
            "data: expected a line",
        ),
    ):
        with pytest.raises(CodecError, match=f"^{path}"):
            to_line(recorded)
