"""Given, when, then: a test of a policy in three lines.

    given(policy, opened).when(Close(at=noon, by="vendor")).refused("consent-required")

No bare assert, so that `python -O` checks as much; no pytest, so that any runner will do.
"""

from datetime import datetime
from typing import Any

import attrs

from ticketcore.commands import COMMANDS, Command
from ticketcore.decider import advance_ticket, decide_and_apply
from ticketcore.errors import RefusedError
from ticketcore.events import EVENTS, Event, Scheduled, Unknown, utc
from ticketcore.policies import Policy
from ticketcore.testing._difference import difference, shown
from ticketcore.testing._loaded import loaded
from ticketcore.testing._unchecked import begin, check_all, checked
from ticketcore.ticket import Ticket, evolve

_COMMANDS = tuple(COMMANDS.values())
_EVENTS = (*EVENTS.values(), Unknown)


@attrs.frozen(eq=False)
class Outcome:
    """What came of a command, or of time: events or a refusal. One of its methods has to be
    called, else the test fails."""

    asked: str
    ticket: Ticket | None
    events: tuple[Event, ...] = ()
    refusal: RefusedError | None = None

    def then(self, *expected: Event | type[Event]) -> Ticket:
        """These events happened, in this order, and no others; returns the ticket after them.

        An event's class stands for any event of its kind. What is pending after it all is left
        out, unless *expected* names a Scheduled. Raises AssertionError with the differences.
        """
        if not expected:
            raise TypeError("then() needs events; that nothing happened is said by nothing()")
        checked(self)
        for event in expected:
            if not (event in _EVENTS if isinstance(event, type) else isinstance(event, _EVENTS)):
                raise TypeError(f"{event!r} is neither an event nor the class of one")
        if self.refusal is not None or self.ticket is None:
            raise AssertionError(f"{self.asked}\n  was refused: {self.refusal}")
        named = any(Scheduled in (event, event.__class__) for event in expected)
        actual = [e for e in self.events if named or not isinstance(e, Scheduled)]
        if found := difference(expected, actual):
            raise AssertionError(f"{self.asked}\n  did not do as expected:\n{found}")
        return self.ticket

    def nothing(self) -> None:
        """It was accepted, and nothing happened. Raises AssertionError otherwise."""
        checked(self)
        if self.refusal is not None:
            raise AssertionError(f"{self.asked}\n  was refused: {self.refusal}")
        if found := difference((), self.events):
            raise AssertionError(f"{self.asked}\n  did something:\n{found}")

    def refused(self, code: str) -> RefusedError:
        """It was refused with this code. Raises AssertionError otherwise."""
        checked(self)
        if self.refusal is None:
            did = difference((), self.events) or "  nothing, without a refusal"
            message = f"{self.asked}\n  was not refused ({code}), it did:\n{did}"
            raise AssertionError(message)
        if self.refusal.code != code:
            message = f"{self.asked}\n  was refused, but not as {code}:\n  {self.refusal}"
            raise AssertionError(message)
        return self.refusal


@attrs.frozen(eq=False)
class Given:
    """A ticket with a past, under a policy. :meth:`when` or :meth:`until` has to follow."""

    policy: Policy
    ticket: Ticket | None

    def when(self, command: Command) -> Outcome:
        """Ask for this. The clocks run until then first, and what they bring about is part of
        what comes of it; of a refused command nothing but the refusal does."""
        checked(self)
        if not isinstance(command, _COMMANDS):
            raise TypeError(f"{command!r} is no command")
        try:
            ticket, events = decide_and_apply(self.ticket, command, self.policy)
        except RefusedError as refusal:
            outcome = Outcome(shown(command), self.ticket, refusal=refusal)
        else:
            outcome = Outcome(shown(command), ticket, events)
        begin(outcome, f"when({type(command).__name__})")
        return outcome

    def until(self, at: datetime) -> Outcome:
        """Let the clocks run to *at*, an aware datetime. Raises ValueError for one of its past."""
        checked(self)
        if self.ticket is None:
            raise TypeError("there is no ticket yet for which time could pass: give its past")
        if utc(at) < self.ticket.at:
            last = self.ticket.at.isoformat()
            raise ValueError(f"{at.isoformat()} is before the ticket's last event, at {last}")
        ticket, events = advance_ticket(self.ticket, self.policy, utc(at))
        outcome = Outcome(f"the time until {at.isoformat()}", ticket, events)
        begin(outcome, f"until({at.isoformat()})")
        return outcome


def given(policy: Policy | str, *past: Event | Command) -> Given:
    """A ticket with this *past*: events, or commands whose events count, or some of each, under
    a policy, or the one of that name or path.

    Without any, there is no ticket yet. Raises RefusedError when a command of the past is not
    allowed, HistoryError when its first event opens no ticket, UncheckedError when the `given`
    before was left without a check.
    """
    check_all()
    policy = policy if isinstance(policy, Policy) else loaded(policy)
    ticket: Ticket | None = None
    for said in past:
        known: Any = said
        if isinstance(said, _COMMANDS):
            ticket, _ = decide_and_apply(ticket, known, policy)
        elif isinstance(said, _EVENTS):
            ticket = evolve(ticket, known)
        else:
            raise TypeError(f"{said!r} is neither an event nor a command")
    start = Given(policy, ticket)
    begin(start, "given(…)")
    return start
