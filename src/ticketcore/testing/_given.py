"""Given, when, then: a test of a policy in three lines.

    given(policy, opening).when(Close(at=noon, by="vendor")).refused("consent-required")

A chain without an end, such as `then`, fails the test. No check uses the `assert` statement, so
that `python -O` checks as much, and no check needs pytest.
"""

from datetime import datetime

import attrs

from ticketcore.commands import Command
from ticketcore.decider import advance_ticket, decide_and_apply
from ticketcore.errors import RefusedError
from ticketcore.events import EVENTS, Event, Scheduled, Unknown, utc
from ticketcore.policies import Policy
from ticketcore.testing._difference import difference, shown
from ticketcore.testing._policy_facts import policy_of
from ticketcore.testing._unchecked import begin, check_all, mark_checked
from ticketcore.ticket import Ticket, evolve

_EVENT_CLASSES = frozenset({*EVENTS.values(), Unknown})


@attrs.frozen(eq=False)
class ActionResult:
    """The result of a command, or of time that passed: events or a refusal.

    The test must call one of the methods, otherwise it fails.
    """

    action: str
    ticket: Ticket | None
    events: tuple[Event, ...] = ()
    refusal: RefusedError | None = None

    def then(self, *expected: Event | type[Event]) -> Ticket:
        """Check that exactly these events happened, in this order; return the ticket after them.

        An event class matches any event of that class. `Scheduled` events are ignored unless
        *expected* contains one, or the class. Raises AssertionError with the difference.
        """
        if not expected:
            raise TypeError("then() needs at least one event: use nothing() to expect none")
        mark_checked(self)
        for event in expected:
            if (event if isinstance(event, type) else type(event)) not in _EVENT_CLASSES:
                raise TypeError(f"{event!r} is neither an event nor the class of one")
        if self.refusal is not None or self.ticket is None:
            raise AssertionError(f"{self.action}\n  was refused: {self.refusal}")
        compares_scheduled = any(Scheduled in (event, type(event)) for event in expected)
        actual = [e for e in self.events if compares_scheduled or not isinstance(e, Scheduled)]
        if lines := difference(expected, actual):
            raise AssertionError(f"{self.action}\n  gave other events than expected:\n{lines}")
        return self.ticket

    def nothing(self) -> None:
        """Check that nothing happened, and that nothing was refused.

        Raises AssertionError with the events or the refusal.
        """
        mark_checked(self)
        if self.refusal is not None:
            raise AssertionError(f"{self.action}\n  was refused: {self.refusal}")
        if lines := difference((), self.events):
            raise AssertionError(f"{self.action}\n  gave events:\n{lines}")

    def refused(self, code: str) -> RefusedError:
        """Check that the command was refused with this code; return the refusal.

        Raises AssertionError with the events, or with the other refusal.
        """
        mark_checked(self)
        if self.refusal is None:
            lines = difference((), self.events) or "  no events"
            raise AssertionError(f"{self.action}\n  was not refused ({code}), it gave:\n{lines}")
        if self.refusal.code != code:
            raise AssertionError(
                f"{self.action}\n  was refused, but not with {code}:\n  {self.refusal}"
            )
        return self.refusal


@attrs.frozen(eq=False)
class GivenTicket:
    """A ticket with a past, under a policy.

    The test must call :meth:`when` or :meth:`until`, otherwise it fails.
    """

    policy: Policy
    ticket: Ticket | None

    def when(self, command: Command) -> ActionResult:
        """Decide a command.

        The timers that are due before it fire first, and their events are part of the result.
        The result of a refused command contains the refusal only.
        """
        mark_checked(self)
        if not isinstance(command, Command):
            raise TypeError(f"{command!r} is not a command")
        try:
            ticket, events = decide_and_apply(self.ticket, command, self.policy)
        except RefusedError as refusal:
            result = ActionResult(shown(command), self.ticket, refusal=refusal)
        else:
            result = ActionResult(shown(command), ticket, events)
        begin(result, f"when({type(command).__name__})")
        return result

    def until(self, at: datetime) -> ActionResult:
        """Fire the timers that are due until *at*, an aware datetime.

        Raises TypeError without a ticket, and ValueError if *at* is before its last event.
        """
        mark_checked(self)
        if self.ticket is None:
            raise TypeError(
                "the ticket must exist before time can pass: pass its history to given()"
            )
        if utc(at) < self.ticket.at:
            last = self.ticket.at.isoformat()
            raise ValueError(f"{at.isoformat()} is before the ticket's last event, at {last}")
        ticket, events = advance_ticket(self.ticket, self.policy, utc(at))
        result = ActionResult(f"the time until {at.isoformat()}", ticket, events)
        begin(result, f"until({at.isoformat()})")
        return result


def given(policy: Policy | str, *past: Event | Command) -> GivenTicket:
    """Return a ticket with this *past*: events, commands, or a mixture of both.

    *policy* may be a preset name or a path. Without a past, the ticket is not opened yet. Raises
    RefusedError if a command of the past is refused, HistoryError if the first event is not an
    opening, and UncheckedError if the `given` before this one was left without a check.
    """
    check_all()
    policy = policy_of(policy)
    ticket: Ticket | None = None
    for step in past:
        if isinstance(step, Command):
            ticket, _ = decide_and_apply(ticket, step, policy)
        elif isinstance(step, Event):
            ticket = evolve(ticket, step)
        else:
            raise TypeError(f"{step!r} is neither an event nor a command")
    start = GivenTicket(policy, ticket)
    begin(start, "given(…)")
    return start
