"""given, when, then: it says what differs, and cannot pass when nothing was checked."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ticketcore._pytest_plugin import (
    pytest_runtest_call,
    pytest_runtest_setup,
    pytest_runtest_teardown,
)
from ticketcore.commands import Close, Open, Reply
from ticketcore.errors import HistoryError, RefusedError
from ticketcore.events import Closed, Opened, Replied, Scheduled, Warned
from ticketcore.policies import load_policy
from ticketcore.testing import UncheckedError, given
from ticketcore.testing._unchecked import check_all, forget

POLICY = load_policy("clickbank")
MONDAY = datetime(2026, 1, 5, 10, tzinfo=UTC)
LATER = MONDAY + timedelta(hours=1)
OPEN = Open(at=MONDAY, by="customer", type="technical", zone="UTC")
REPLY = Reply(at=LATER, by="vendor", text="hello")
REPLIED = Replied(at=LATER, by="vendor", text="hello")


class TestThen:
    def test_the_events_are_those(self) -> None:
        """It returns the ticket after them; what is pending need not be said."""
        ticket = given(POLICY, OPEN).when(REPLY).then(REPLIED)

        assert REPLIED == ticket.last_message

    def test_a_past_may_be_events(self) -> None:
        """Events and commands, in any mixture, are what happened before."""
        opened = Opened(at=MONDAY, by="customer", type="technical", zone="UTC")

        given(POLICY, opened, REPLY).when(Close(at=LATER, by="customer")).then(Closed)

    def test_an_event_may_be_said_by_its_kind(self) -> None:
        """A class stands for any event of its kind; Scheduled is compared where it is named."""
        given(POLICY).when(OPEN).then(Opened, Scheduled)

    def test_a_difference_is_shown_field_by_field(self) -> None:
        """What was expected and is missing, and what is there instead, and nothing twice."""
        outcome = given(POLICY, OPEN).when(REPLY)
        with pytest.raises(AssertionError) as failure:
            outcome.then(Closed, Replied(at=LATER, by="vendor", text="goodbye"))

        assert [
            "Reply(at=2026-01-05T11:00:00+00:00, by='vendor', text='hello')",
            "  did not do as expected:",
            "  - Closed",
            "    Replied",
            "        at = 2026-01-05T11:00:00+00:00",
            "        by = 'vendor'",
            "  -     text = 'goodbye'",
            "  +     text = 'hello'",
        ] == str(failure.value).splitlines()

    def test_an_event_of_another_kind_is_shown(self) -> None:
        """Expected by its class, an event is shown by its name alone."""
        outcome = given(POLICY, OPEN).when(REPLY)
        with pytest.raises(AssertionError) as failure:
            outcome.then(Closed)

        assert "  - Closed\n  + Replied" in str(failure.value)

    def test_what_was_refused_did_not_happen(self) -> None:
        """Neither events nor nothing: the refusal is part of the message."""
        with pytest.raises(AssertionError, match="was refused: not-permitted"):
            given(POLICY, OPEN).when(Reply(at=LATER, by="system")).then(Replied)
        with pytest.raises(AssertionError, match="was refused: not-opened"):
            given(POLICY).when(REPLY).nothing()

    def test_no_events_are_said_by_another_word(self) -> None:
        """then() without events would pass whatever the test meant."""
        outcome = given(POLICY, OPEN).when(REPLY)
        with pytest.raises(TypeError, match=r"nothing\(\)"):
            outcome.then()
        outcome.then(Replied)


class TestNothing:
    def test_a_command_that_changes_nothing(self) -> None:
        """Sent again, a reply does nothing."""
        given(POLICY, OPEN, REPLY).when(REPLY).nothing()

    def test_what_happened_is_shown(self) -> None:
        """A command that does something is no nothing."""
        outcome = given(POLICY, OPEN).when(REPLY)
        with pytest.raises(AssertionError, match="did something"):
            outcome.nothing()


class TestRefused:
    def test_by_its_code(self) -> None:
        """It returns the refusal."""
        refusal = given(POLICY).when(REPLY).refused("not-opened")

        assert REPLY is refusal.command

    def test_with_another_code(self) -> None:
        """The refusal that there was is part of the message."""
        outcome = given(POLICY).when(REPLY)
        with pytest.raises(AssertionError, match="but not as ticket-closed:\n  not-opened"):
            outcome.refused("ticket-closed")

    def test_what_was_granted(self) -> None:
        """What happened instead is shown."""
        outcome = given(POLICY, OPEN).when(REPLY)
        with pytest.raises(AssertionError, match=r"it did:\n  \+ Replied"):
            outcome.refused("ticket-closed")

    def test_what_changed_nothing(self) -> None:
        """That nothing happened is no refusal."""
        outcome = given(POLICY, OPEN, REPLY).when(REPLY)
        with pytest.raises(AssertionError, match="nothing, without a refusal"):
            outcome.refused("ticket-closed")


class TestTime:
    def test_what_the_clocks_bring_about(self) -> None:
        """C15: two warnings, and the end."""
        given(POLICY, OPEN).until(MONDAY + timedelta(days=30)).then(Warned, Warned, Closed)

    def test_it_passes_for_a_ticket(self) -> None:
        """Before it is opened there is nothing to wait for."""
        with pytest.raises(TypeError, match="no ticket yet"):
            given(POLICY).until(MONDAY)

    def test_it_does_not_run_backwards(self) -> None:
        """A slip in a date would else be a test that nothing happened."""
        with pytest.raises(ValueError, match="before the ticket's last event, at 2026-01-05T10"):
            given(POLICY, OPEN).until(MONDAY - timedelta(days=1))


class TestThePast:
    def test_it_must_have_been_allowed(self) -> None:
        """A command that is refused is no past."""
        with pytest.raises(RefusedError):
            given(POLICY, OPEN, Reply(at=LATER, by="system"))

    def test_it_begins_with_an_opening(self) -> None:
        """Events without one are no history."""
        with pytest.raises(HistoryError):
            given(POLICY, REPLIED)

    def test_it_is_events_and_commands(self) -> None:
        """Anything else is a slip of the test's author."""
        slip: Any = "opened"
        with pytest.raises(TypeError, match="neither an event nor a command"):
            given(POLICY, slip)


class TestSlips:
    def test_a_policy_may_be_named(self) -> None:
        """As for a TicketMachine: a preset, or a path."""
        given("clickbank", OPEN).when(REPLY).then(Replied)

    def test_only_a_command_can_be_asked_for(self) -> None:
        """Neither its class nor an event."""
        for slip in (Reply, REPLIED):
            wrong: Any = slip
            with pytest.raises(TypeError, match="is no command"):
                given(POLICY, OPEN).when(wrong)

    def test_only_events_can_have_happened(self) -> None:
        """What any event would fit checks nothing; a command's class fits none."""
        for slip in (object, Reply, "Replied"):
            wrong: Any = slip
            with pytest.raises(TypeError, match="neither an event nor the class of one"):
                given(POLICY, OPEN).when(REPLY).then(wrong)


class TestUnchecked:
    def test_the_next_given_finds_it(self) -> None:
        """Without pytest, the test after the one that forgot fails, and says where it was."""
        forgotten = given(POLICY, OPEN).when(REPLY)
        with pytest.raises(UncheckedError, match=r"test_given.py:\d+: when\(Reply\)"):
            given(POLICY, OPEN)
        assert forgotten.events

    def test_a_given_alone_is_unchecked_too(self) -> None:
        """Also one that nothing refers to any more, and time that passed."""
        given(POLICY, OPEN)
        with pytest.raises(UncheckedError, match=r"given\(…\)"):
            check_all()
        given(POLICY, OPEN).until(LATER)
        with pytest.raises(UncheckedError, match=r"until\(2026-01-05T11"):
            check_all()

    def test_what_was_checked_is_forgotten(self) -> None:
        """Nothing is left to complain of."""
        given(POLICY, OPEN).when(REPLY).then(Replied)
        check_all()
        given(POLICY, OPEN)
        forget()
        check_all()

    def test_pytest_fails_the_very_test(self, tmp_path: Path) -> None:
        """The plugin looks after each test with its fixtures; who fails keeps his own message."""
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
            "    outcome = given(load_policy('clickbank')).when(OPEN)\n"
            "    yield outcome\n"
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

    def test_where_nothing_was_begun_the_plugin_loads_nothing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Tests that do not import the kit run as if it were not installed."""
        monkeypatch.delitem(sys.modules, "ticketcore.testing._unchecked")
        for hook in (pytest_runtest_setup, pytest_runtest_call, pytest_runtest_teardown):
            looking = hook()
            next(looking)
            with pytest.raises(StopIteration) as ended:
                looking.send("the result")
            assert "the result" == ended.value.value
        assert "ticketcore.testing._unchecked" not in sys.modules
