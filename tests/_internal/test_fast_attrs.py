"""Fast constructors and copies of frozen attrs classes."""

import copy
import inspect
import pickle
import traceback
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest
from hypothesis import given

from support.strategies import COMMANDS_OF_ALL_KINDS, EVENTS_OF_ALL_KINDS
from ticketcore._internal.fast_attrs import fast, fast_copy, fast_start
from ticketcore._internal.instants import utc, utc_or_none
from ticketcore.commands import COMMANDS
from ticketcore.commands._commands import text_of, texts_of
from ticketcore.events import EVENTS, Money, Order, Shipment, Timer, Unit
from ticketcore.events._events import copied


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


def _not_blank(_: object, field: "attrs.Attribute[str]", value: str) -> None:
    if not value.strip():
        raise ValueError(f"{field.name} is blank")


@attrs.frozen
class Note:
    """A text with an instant and a party."""

    at: datetime = attrs.field(converter=_utc)
    text: str = attrs.field(validator=_not_blank)
    by: str = "customer"


make_note = fast(Note)
AT = datetime.fromisoformat("2026-01-12T09:00:00+01:00")


class TestFast:
    """`fast` returns a constructor that does what the class does."""

    def test_it_applies_defaults_and_validators(self) -> None:
        """The constructor takes arguments by position and name, and applies the defaults."""
        note = make_note(AT, "Hello")

        assert Note(AT, "Hello") == note == make_note(text="Hello", at=AT)
        assert "customer" == note.by
        with pytest.raises(ValueError, match="text is blank"):
            make_note(AT, " ")

    def test_the_instance_is_of_the_class_and_frozen(self) -> None:
        """A fast instance is frozen, although its constructor sets the attributes."""
        note = make_note(AT, "Hello")

        assert Note is type(note)
        assert not hasattr(note, "__dict__")
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            note.by = "vendor"  # type: ignore[misc]
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            del note.by

    def test_the_instance_compares_hashes_copies_and_pickles_by_its_values(self) -> None:
        """A fast instance behaves like one that the class itself made."""
        note = make_note(AT, "Hello")

        assert hash(Note(AT, "Hello")) == hash(note)
        assert make_note(AT, "Hello", "vendor") != note
        assert make_note(AT, "Hello", "vendor") == attrs.evolve(note, by="vendor")
        assert [note, note] == [copy.deepcopy(note), pickle.loads(pickle.dumps(note))]

    @pytest.mark.parametrize("wrong", [{}, {"at": AT, "text": "Hello", "actor": "anna"}])
    def test_missing_and_unknown_arguments_are_refused(self, wrong: dict[str, Any]) -> None:
        """Missing and unknown arguments raise the error of any Python function."""
        with pytest.raises(TypeError, match="argument"):
            make_note(**wrong)

    @pytest.mark.parametrize("cls", [*EVENTS.values(), *COMMANDS.values(), Money, Order, Timer])
    def test_its_parameters_are_those_of_the_class(self, cls: type) -> None:
        """The constructor has the parameters of the class, in their order, with their defaults."""
        made, own = (inspect.signature(one).parameters.values() for one in (fast(cls), cls))

        assert [(p.name, p.kind, p.default) for p in own] == [
            (p.name, p.kind, p.default) for p in made
        ]

    @given(EVENTS_OF_ALL_KINDS | COMMANDS_OF_ALL_KINDS)
    def test_events_and_commands_are_equal_however_they_are_made(self, one: Any) -> None:
        """Instances of the fast and of the usual constructor are equal, for every class."""
        values = {field.name: getattr(one, field.name) for field in attrs.fields(type(one))}

        assert one == fast(type(one))(**values)

    def test_it_does_not_convert_values(self) -> None:
        """A fast constructor does not convert values, because callers pass converted ones."""
        assert UTC == Note(AT, "Hello").at.tzinfo
        assert AT.tzinfo == make_note(AT, "Hello").at.tzinfo

    @pytest.mark.parametrize(
        "cls", [*EVENTS.values(), *COMMANDS.values(), Money, Order, Shipment, Timer, Unit]
    )
    def test_classes_of_the_library_convert_only_instants_and_values(self, cls: type) -> None:
        """Only instants and values of fields have converters; callers pass converted values."""
        fields: tuple[attrs.Attribute[Any], ...] = attrs.fields(cls)

        assert {field.converter for field in fields} <= {
            None,
            utc,
            utc_or_none,
            text_of,
            texts_of,
            copied,
        }

    def test_a_traceback_shows_its_source(self) -> None:
        """A traceback shows the source of a generated function."""
        with pytest.raises(ValueError, match="text is blank") as caught:
            make_note(AT, " ")
        shown = "".join(traceback.format_exception(caught.value))

        assert "in Note\n    check_text(made, text_field, made.text)" in shown


class TestFastCopy:
    """`fast_copy` returns a function that copies an instance with other values."""

    @given(EVENTS_OF_ALL_KINDS)
    def test_it_equals_evolve(self, event: Any) -> None:
        """A fast copy is frozen and of the same class, and does not change the original."""
        at = event.at
        other = AT.astimezone(UTC)
        changed = fast_copy(type(event), "at")(event, other)

        assert attrs.evolve(event, at=other) == changed
        assert (at, type(event)) == (event.at, type(changed))
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            changed.at = AT

    def test_values_follow_the_instance_in_the_order_of_the_fields(self) -> None:
        """The new values are passed in the order in which the fields were named."""
        note = fast_copy(Note, "by", "text")(Note(AT, "Hello"), "vendor", "Goodbye")

        assert Note(AT, "Goodbye", "vendor") == note


@attrs.define
class Counter:
    """A mutable class with a default."""

    name: str
    count: int = 0
    seen: tuple[str, ...] = ()


class TestFastStart:
    """`fast_start` returns a function that makes instances of a mutable class."""

    def test_it_takes_the_given_fields_in_their_order(self) -> None:
        """A fast start gives fields that are neither given nor copied their defaults."""
        start = fast_start(Counter, copied=("seen",), given=("count", "name"))

        assert Counter("a", 7, ("b",)) == start(Counter("c", 8, ("b",)), 7, "a")

    def test_the_instance_can_be_changed(self) -> None:
        """A fast start makes instances of the class itself, which share nothing."""
        start = fast_start(Counter, copied=(), given=("name",))
        first, second = start(None, "a"), start(None, "a")
        first.count = 1

        assert (Counter, Counter("a")) == (type(first), second)
