"""Hypothesis draws every public command, event and value by its type, or says at once how else."""

from importlib import import_module
from pkgutil import iter_modules

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ticketcore
from ticketcore.commands import COMMANDS, dump_command, load_stored_command
from ticketcore.events import EVENTS, Recorded, from_line, to_line
from ticketcore.testing import strategies

PACKAGES = [
    import_module(f"ticketcore.{found.name}")
    for found in iter_modules(ticketcore.__path__)
    if found.ispkg and not found.name.startswith("_") and found.name != "cli"
]
PUBLIC: set[type] = {
    value
    for package in PACKAGES
    for value in map(vars(package).get, package.__all__)
    if isinstance(value, type) and attrs.has(value)
}


@pytest.mark.parametrize("cls", sorted(PUBLIC, key=repr), ids=repr)
def test_every_public_class_is_drawn_or_refused_at_once(cls: type) -> None:
    """Every public class is drawn, or refused with the strategy to use instead."""
    try:
        strategies.strategy_of(cls)
    except LookupError:
        with pytest.raises(LookupError, match=f"no strategy draws {cls.__name__}: draw "):
            st.from_type(cls).validate()
    else:
        st.from_type(cls).validate()


@settings(max_examples=5, deadline=None)
@pytest.mark.parametrize("name", COMMANDS)
@given(data=st.data())
def test_every_command_is_drawn(name: str, data: st.DataObject) -> None:
    """The JSON of a drawn command is read as an equal command."""
    command = data.draw(st.from_type(COMMANDS[name]))

    assert isinstance(command, COMMANDS[name])
    assert command == load_stored_command(dump_command(command))


@settings(max_examples=5, deadline=None)
@pytest.mark.parametrize("name", EVENTS)
@given(data=st.data())
def test_every_event_is_drawn(name: str, data: st.DataObject) -> None:
    """The line of a drawn event is read as an equal event."""
    event = data.draw(st.from_type(EVENTS[name]))

    assert isinstance(event, EVENTS[name])
    assert event == from_line(to_line(Recorded("T-1", 1, event))).event


@settings(max_examples=20, deadline=None)
@given(recorded=st.from_type(Recorded))
def test_recorded_events_are_drawn(recorded: Recorded) -> None:
    """A recorded event has any drawn event, even an unknown one."""
    assert recorded == from_line(to_line(recorded))
