"""What is made by a maker is in all as attrs makes it; a draft is a copy that can be changed."""

import copy
import inspect
import pickle
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest
from hypothesis import given
from ticketcore._making import changer, drafter, maker

from support.strategies import COMMANDS_OF_ALL_KINDS, EVENTS_OF_ALL_KINDS
from ticketcore.commands import COMMANDS, Open
from ticketcore.errors import MoneyError
from ticketcore.events import EVENTS, Money, Order, Shipment, Timer, Unit, utc
from ticketcore.events._values import utc_or_none


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


def _not_blank(_: object, field: "attrs.Attribute[str]", value: str) -> None:
    if not value.strip():
        raise ValueError(f"{field.name} is blank")


@attrs.frozen
class Note:
    """What was noted, when, and by whom."""

    at: datetime = attrs.field(converter=_utc)
    text: str = attrs.field(validator=_not_blank)
    by: str = "customer"


make_note = maker(Note)
AT = datetime.fromisoformat("2026-01-12T09:00:00+01:00")


class TestMaker:
    """It makes what the class makes."""

    def test_defaults_and_validators_are_at_work(self) -> None:
        """In any order of arguments, by place and by name."""
        note = make_note(AT, "Hello")

        assert Note(AT, "Hello") == note == make_note(text="Hello", at=AT)
        assert "customer" == note.by
        with pytest.raises(ValueError, match="text is blank"):
            make_note(AT, " ")

    def test_the_instance_is_of_the_class_and_frozen(self) -> None:
        """What a draft may do, the finished one may not."""
        note = make_note(AT, "Hello")

        assert Note is type(note)
        assert not hasattr(note, "__dict__")
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            note.by = "vendor"  # type: ignore[misc]
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            del note.by

    def test_it_compares_hashes_copies_and_pickles_by_its_values(self) -> None:
        """As a value does."""
        note = make_note(AT, "Hello")

        assert hash(note) == hash(Note(AT, "Hello"))
        assert note != make_note(AT, "Hello", "vendor")
        assert make_note(AT, "Hello", "vendor") == attrs.evolve(note, by="vendor")
        assert [note, note] == [copy.deepcopy(note), pickle.loads(pickle.dumps(note))]

    @pytest.mark.parametrize("wrong", [{}, {"at": AT, "text": "Hello", "who": "anna"}])
    def test_wrong_arguments_are_refused(self, wrong: dict[str, Any]) -> None:
        """With the error of any function."""
        with pytest.raises(TypeError, match="argument"):
            make_note(**wrong)

    @pytest.mark.parametrize("cls", [*EVENTS.values(), *COMMANDS.values(), Money, Order, Timer])
    def test_its_arguments_are_those_of_the_class(self, cls: type) -> None:
        """Their names, their order, and which are given by name only."""
        made, own = (inspect.signature(one).parameters.values() for one in (maker(cls), cls))

        assert [(p.name, p.kind, p.default) for p in made] == [
            (p.name, p.kind, p.default) for p in own
        ]

    @given(EVENTS_OF_ALL_KINDS | COMMANDS_OF_ALL_KINDS)
    def test_any_event_and_command_is_made_alike(self, one: Any) -> None:
        """Of every kind, whatever its values."""
        values = {field.name: getattr(one, field.name) for field in attrs.fields(type(one))}

        assert one == maker(type(one))(**values)

    def test_values_are_taken_as_they_are(self) -> None:
        """They were converted when they came in."""
        assert UTC == Note(AT, "Hello").at.tzinfo
        assert AT.tzinfo == make_note(AT, "Hello").at.tzinfo

    @pytest.mark.parametrize(
        "cls", [*EVENTS.values(), *COMMANDS.values(), Money, Order, Shipment, Timer, Unit]
    )
    def test_only_instants_are_converted(self, cls: type) -> None:
        """All that makes them hands over UTC; another converter would be passed over."""
        fields: tuple[attrs.Attribute[Any], ...] = attrs.fields(cls)

        assert {field.converter for field in fields} <= {None, utc, utc_or_none}

    def test_a_command_that_is_refused_is_refused(self) -> None:
        """An order comes to no negative amount, whoever makes the command."""
        order = Order(number="1", sold_at=AT, amount=Money(-1, "EUR"))

        with pytest.raises(MoneyError):
            maker(Open)(at=AT, by="customer", order=order)


class TestDrafter:
    """It copies an instance, to be changed and sealed."""

    def test_a_draft_can_be_changed_and_its_source_stays(self) -> None:
        """It is a copy."""
        note = Note(AT, "Hello")
        draft = drafter(Note)(note)
        draft.text = "Goodbye"

        assert "Hello" == note.text
        draft.__class__ = Note
        assert Note(AT, "Goodbye") == draft
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            draft.text = "Hello"


class TestChanger:
    """It copies an instance with other values."""

    @given(EVENTS_OF_ALL_KINDS)
    def test_it_changes_what_it_is_given(self, event: Any) -> None:
        """As attrs.evolve does, and the source stays."""
        at = event.at
        other = AT.astimezone(UTC)
        changed = changer(type(event), "at")(event, other)

        assert attrs.evolve(event, at=other) == changed
        assert (at, type(event)) == (event.at, type(changed))
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            changed.at = AT

    def test_values_are_told_in_order(self) -> None:
        """After the instance."""
        note = changer(Note, "by", "text")(Note(AT, "Hello"), "vendor", "Goodbye")

        assert Note(AT, "Goodbye", "vendor") == note
