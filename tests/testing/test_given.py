"""given, when, then: a failure shows the difference, and a test that checks nothing fails."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ticketcore.commands import Close, Open, Reply
from ticketcore.errors import HistoryError, RefusedError
from ticketcore.events import Closed, Event, Opened, Replied, Scheduled, Warned
from ticketcore.policies import load_policy
from ticketcore.testing import UncheckedError, given
from ticketcore.testing._unchecked import check_all, forget
from ticketcore_plugins._pytest import (
    pytest_runtest_call,
    pytest_runtest_setup,
    pytest_runtest_teardown,
)

POLICY = load_policy("clickbank")
MONDAY = datetime(2026, 1, 5, 10, tzinfo=UTC)
LATER = MONDAY + timedelta(hours=1)
OPEN = Open(at=MONDAY, by="customer", type="technical", zone="UTC")
REPLY = Reply(at=LATER, by="vendor", text="hello")
REPLIED = Replied(at=LATER, by="vendor", text="hello")


class TestThen:
    def test_it_returns_the_ticket_after_the_events(self) -> None:
        """`then` returns the ticket if the events equal the expected ones, without `Scheduled`."""
        ticket = given(POLICY, OPEN).when(REPLY).then(REPLIED)

        assert REPLIED == ticket.last_message

    def test_the_past_may_mix_events_and_commands(self) -> None:
        """The past of a ticket may mix events and commands."""
        opened = Opened(at=MONDAY, by="customer", type="technical", zone="UTC")

        given(POLICY, opened, REPLY).when(Close(at=LATER, by="customer")).then(Closed)

    def test_a_class_matches_any_event_of_its_kind(self) -> None:
        """An event class matches any event of that class."""
        given(POLICY).when(OPEN).then(Opened, Scheduled)

    def test_a_difference_is_shown_field_by_field(self) -> None:
        """A failed `then` marks missing lines with - and unexpected lines with +."""
        result = given(POLICY, OPEN).when(REPLY)
        with pytest.raises(AssertionError) as failure:
            result.then(Closed, Replied(at=LATER, by="vendor", text="goodbye"))

        assert [
            "Reply(at=2026-01-05T11:00:00+00:00, by='vendor', text='hello')",
            "  gave other events than expected:",
            "  - Closed",
            "    Replied",
            "        at = 2026-01-05T11:00:00+00:00",
            "        by = 'vendor'",
            "  -     text = 'goodbye'",
            "  +     text = 'hello'",
        ] == str(failure.value).splitlines()

    def test_an_event_of_another_kind_is_shown(self) -> None:
        """An event that is expected by its class is shown by the name of the class."""
        result = given(POLICY, OPEN).when(REPLY)
        with pytest.raises(AssertionError) as failure:
            result.then(Closed)

        assert "  - Closed\n  + Replied" in str(failure.value)

    def test_a_refused_command_has_no_events(self) -> None:
        """A refusal fails `then` and `nothing`, and the message contains it."""
        with pytest.raises(AssertionError, match="was refused: not-permitted"):
            given(POLICY, OPEN).when(Reply(at=LATER, by="system")).then(Replied)
        with pytest.raises(AssertionError, match="was refused: not-opened"):
            given(POLICY).when(REPLY).nothing()

    def test_it_requires_an_event(self) -> None:
        """`then` without events raises an error, because it would pass whatever happened."""
        result = given(POLICY, OPEN).when(REPLY)
        with pytest.raises(TypeError, match=r"use nothing\(\) to expect none"):
            result.then()
        result.then(Replied)


class TestNothing:
    def test_a_command_without_effect_passes(self) -> None:
        """`nothing` passes if the command has no effect."""
        given(POLICY, OPEN, REPLY).when(REPLY).nothing()

    def test_a_command_with_an_effect_fails(self) -> None:
        """`nothing` fails if the command has an effect, and the message shows the events."""
        result = given(POLICY, OPEN).when(REPLY)
        with pytest.raises(AssertionError, match=r"gave events:\n  \+ Replied"):
            result.nothing()


class TestRefused:
    def test_it_returns_the_refusal(self) -> None:
        """`refused` returns the refusal if its code is the expected one."""
        refusal = given(POLICY).when(REPLY).refused("not-opened")

        assert REPLY is refusal.command

    def test_a_refusal_with_another_code_fails(self) -> None:
        """`refused` fails for another code, and the message contains the actual refusal."""
        result = given(POLICY).when(REPLY)
        with pytest.raises(AssertionError, match="but not with ticket-closed:\n  not-opened"):
            result.refused("ticket-closed")

    def test_an_accepted_command_fails(self) -> None:
        """`refused` fails for an accepted command, and the message shows its events."""
        result = given(POLICY, OPEN).when(REPLY)
        with pytest.raises(AssertionError, match=r"it gave:\n  \+ Replied"):
            result.refused("ticket-closed")

    def test_a_command_without_effect_fails(self) -> None:
        """`refused` fails for a command without effect."""
        result = given(POLICY, OPEN, REPLY).when(REPLY)
        with pytest.raises(AssertionError, match=r"it gave:\n  no events"):
            result.refused("ticket-closed")


class TestUntil:
    def test_due_timers_fire(self) -> None:
        """`until` fires due timers: a silent ticket is warned twice and then closed (C15)."""
        given(POLICY, OPEN).until(MONDAY + timedelta(days=30)).then(Warned, Warned, Closed)

    def test_it_requires_a_ticket(self) -> None:
        """`until` requires a ticket, since no time can pass before the opening."""
        with pytest.raises(TypeError, match="the ticket must exist before time can pass"):
            given(POLICY).until(MONDAY)

    def test_an_instant_before_the_last_event_is_refused(self) -> None:
        """`until` refuses an instant before the last event."""
        with pytest.raises(ValueError, match="before the ticket's last event, at 2026-01-05T10"):
            given(POLICY, OPEN).until(MONDAY - timedelta(days=1))


class TestArguments:
    def test_a_policy_may_be_named(self) -> None:
        """A policy may be the name of a preset, or a path."""
        given("clickbank", OPEN).when(REPLY).then(Replied)

    def test_a_refused_command_cannot_be_part_of_the_past(self) -> None:
        """A refused command in the past of `given` raises RefusedError."""
        with pytest.raises(RefusedError):
            given(POLICY, OPEN, Reply(at=LATER, by="system"))

    def test_the_first_event_of_the_past_is_an_opening(self) -> None:
        """A past that begins without an opening raises HistoryError."""
        with pytest.raises(HistoryError):
            given(POLICY, REPLIED)

    def test_the_past_contains_events_and_commands_only(self) -> None:
        """A past with anything but events and commands raises TypeError."""
        not_an_event: Any = "opened"
        with pytest.raises(TypeError, match="neither an event nor a command"):
            given(POLICY, not_an_event)

    def test_when_takes_a_command_only(self) -> None:
        """`when` refuses anything but a command, such as a command class."""
        for not_a_command in (Reply, REPLIED):
            wrong: Any = not_a_command
            with pytest.raises(TypeError, match="is not a command"):
                given(POLICY, OPEN).when(wrong)

    def test_then_takes_events_and_their_classes_only(self) -> None:
        """`then` refuses a base class of events, and classes of commands."""
        for not_an_event in (object, Event, Reply, "Replied"):
            wrong: Any = not_an_event
            with pytest.raises(TypeError, match="neither an event nor the class of one"):
                given(POLICY, OPEN).when(REPLY).then(wrong)


class TestUnchecked:
    def test_the_next_given_reports_it(self) -> None:
        """Without pytest, the next `given` reports the line of a chain that was not checked."""
        forgotten = given(POLICY, OPEN).when(REPLY)
        with pytest.raises(UncheckedError, match=r"test_given.py:\d+: when\(Reply\)"):
            given(POLICY, OPEN)
        assert forgotten.events

    def test_given_and_until_must_be_checked(self) -> None:
        """A chain is reported even if the test holds no reference to it."""
        given(POLICY, OPEN)
        with pytest.raises(UncheckedError, match=r"given\(…\)"):
            check_all()
        given(POLICY, OPEN).until(LATER)
        with pytest.raises(UncheckedError, match=r"until\(2026-01-05T11"):
            check_all()

    def test_a_checked_chain_is_not_reported(self) -> None:
        """A chain that was checked, or dropped on purpose, is not reported."""
        given(POLICY, OPEN).when(REPLY).then(Replied)
        check_all()
        given(POLICY, OPEN)
        forget()
        check_all()

    def test_pytest_fails_the_test_that_forgot(self, tmp_path: Path) -> None:
        """The plugin checks each test and its fixtures; a failed test keeps its own message."""
        (tmp_path / "test_forgetful.py").write_text(
            "import pytest\n"
            "from datetime import UTC, datetime\n"
            "from ticketcore.commands import Open\n"
            "from ticketcore.events import Opened\n"
            "from ticketcore.policies import load_policy\n"
            "from ticketcore.testing import given\n"
            "OPEN = Open(at=datetime(2026, 1, 5, tzinfo=UTC), by='customer', zone='UTC')\n"
            "def test_forgets():\n"
            "    given(load_policy('clickbank')).when(OPEN)\n"
            "def test_fails():\n"
            "    given(load_policy('clickbank')).when(OPEN)\n"
            "    assert not 'its own message'\n"
            "def test_passes():\n"
            "    pass\n"
            "@pytest.fixture\n"
            "def arranged():\n"
            "    result = given(load_policy('clickbank')).when(OPEN)\n"
            "    yield result\n"
            "def test_forgets_its_fixture(arranged):\n"
            "    pass\n"
            "def test_checks_its_fixture(arranged):\n"
            "    arranged.then(Opened)\n"
            "@pytest.fixture\n"
            "def untidy():\n"
            "    yield\n"
            "    given(load_policy('clickbank')).when(OPEN)\n"
            "def test_is_not_to_blame(untidy):\n"
            "    pass\n"
        )
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
        ran = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)

        assert "3 failed, 3 passed, 1 error" in ran.stdout
        assert "UncheckedError: nothing was checked" in ran.stdout
        assert "assert not 'its own message'" in ran.stdout

    def test_the_plugin_does_not_import_the_library(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Tests that do not import `ticketcore.testing` run as if it were not installed."""
        monkeypatch.delitem(sys.modules, "ticketcore.testing._unchecked")
        for hook in (pytest_runtest_setup, pytest_runtest_call, pytest_runtest_teardown):
            wrapper = hook()
            next(wrapper)
            with pytest.raises(StopIteration) as ended:
                wrapper.send("the result")
            assert "the result" == ended.value.value
        assert "ticketcore.testing._unchecked" not in sys.modules
