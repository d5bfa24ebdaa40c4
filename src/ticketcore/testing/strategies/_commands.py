"""Commands that fit the state of a ticket, and commands that do not."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import attrs
from hypothesis import strategies as st

from ticketcore import commands as c
from ticketcore.commands import Command
from ticketcore.errors import RefusedError
from ticketcore.events import PARTIES, Money
from ticketcore.policies import Policy
from ticketcore.testing._asking import accepted, asked, every_command
from ticketcore.testing._facts import openings
from ticketcore.testing.strategies._arguments import check_policy, strategy
from ticketcore.testing.strategies._values import orders
from ticketcore.testing.strategies._zones import instants, zones
from ticketcore.ticket import Ticket

_TICK = timedelta(microseconds=1)
_MINUTE = timedelta(minutes=1)


def moments(ticket: Ticket | None) -> st.SearchStrategy[datetime]:
    """Instants at which a command could come: not before the ticket's last event.

    A third each: within two days, to the minute; within ten weeks; just before, at and just
    after a pending timer. Without a ticket, any of :func:`instants`.
    """
    if ticket is None:
        return instants()
    start = ticket.at
    near = [timer.due + off for timer in ticket.timers for off in (-_TICK, timedelta(), _TICK)]
    edges = [at for at in near if at >= start] or [start]
    return st.one_of(_minutes_after(start, 2), _minutes_after(start, 70), st.sampled_from(edges))


@st.composite
def _minutes_after(draw: st.DrawFn, start: datetime, days: int) -> datetime:
    return start + draw(st.integers(0, days * 1440)) * _MINUTE


def commands(
    ticket: Ticket | None, policy: Policy, *, at: st.SearchStrategy[datetime] | None = None
) -> st.SearchStrategy[Command]:
    """Commands that the policy grants now, and that change something or confirm what is.

    Of all that could be asked, from a drawn place on, the first that is granted: what stands
    behind much that is refused comes more often. *at* draws the instant, by default
    :func:`moments`. Without a ticket they open one, with drawn orders and zones. Where a ticket
    grants nothing any more there is nothing to draw: ask :func:`fitting` where that may be.
    """
    check_policy(policy)
    moment = strategy("at", at, lambda: moments(ticket))
    if ticket is None:
        return moment.flatmap(lambda now: _openings(policy, now))
    return moment.flatmap(lambda now: _granted(ticket, policy, now))


def misfit_commands(
    ticket: Ticket | None, policy: Policy, *, at: st.SearchStrategy[datetime] | None = None
) -> st.SearchStrategy[Command]:
    """Commands that the policy refuses now: not this party, not in this state, or not so.

    Commands that nobody or not this party may give; that lack a consent, a word or a reason;
    amounts above the cap; times that run backwards. Chosen as in :func:`commands`.
    """
    check_policy(policy)
    moment = strategy("at", at, lambda: moments(ticket))
    return moment.flatmap(lambda now: _refused(ticket, policy, now))


def grants_something(ticket: Ticket, policy: Policy, at: datetime) -> bool:
    """Whether any command at all is granted at an instant: none is of a ticket closed for good."""
    return any(_is_granted(ticket, command, policy) for command in asked(ticket, policy, at))


def fitting(ticket: Ticket, policy: Policy, at: datetime) -> tuple[Command, ...]:
    """The commands that the policy grants at an instant, of all that could be sensible."""
    every = asked(ticket, policy, at)
    return tuple(command for command in every if _is_granted(ticket, command, policy))


@st.composite
def _openings(draw: st.DrawFn, policy: Policy, at: datetime) -> Command:
    zone = draw(zones())
    every: list[Command] = [*openings(policy, at, zone)]
    opening = draw(_first(every, lambda command: _is_granted(None, command, policy)))
    if not isinstance(opening, c.Open) or opening.order is None:
        return opening
    # An order of one's own, where the policy takes it: its window may have passed.
    order = draw(orders(before=st.just(at), billing=st.just(opening.order.billing)))
    other = attrs.evolve(opening, order=order)
    return other if _is_granted(None, other, policy) else opening


# What a backend could lose: who it was, letters, the end of a long text, a notice's deadline.
_SAID: tuple[dict[str, Any], ...] = (
    {},
    {"actor": "p-17"},
    {"text": "Grüße, 你好 👋", "deadline": timedelta(days=3)},
    {"actor": "Zoë", "text": "more than fits\ninto one line, " * 9, "reason": "it broke"},
)


@st.composite
def _in_full(draw: st.DrawFn, command: Any) -> Command:
    """The same command, which may say more."""
    fitting = {"actor"} | ({"text"} if getattr(command, "text", None) else set())
    fitting |= {"deadline", "reason"} if isinstance(command, c.OpenDispute) else set()
    said = {name: value for name, value in draw(st.sampled_from(_SAID)).items() if name in fitting}
    if "deadline" in said:
        said["deadline"] = command.at + said["deadline"]
    told: Command = attrs.evolve(command, **said)
    return told


def _granted(ticket: Ticket, policy: Policy, at: datetime) -> st.SearchStrategy[Command]:
    every = [*asked(ticket, policy, at)]
    granted = _first(every, lambda command: _is_granted(ticket, command, policy))
    return granted.flatmap(_in_full)


def _refused(ticket: Ticket | None, policy: Policy, at: datetime) -> st.SearchStrategy[Command]:
    every = [*(_early(at) if ticket is None else _any(ticket, policy, at))]
    return _first(every, lambda command: not _is_granted(ticket, command, policy))


def _first(every: list[Command], fits: Callable[[Command], bool]) -> st.SearchStrategy[Command]:
    """From a drawn place on, and round: the first that fits. Trying them all takes far longer."""

    def from_place(place: int) -> st.SearchStrategy[Command]:
        found = next(filter(fits, (*every[place:], *every[:place])), None)
        return st.nothing() if found is None else st.just(found)

    return st.integers(0, max(len(every) - 1, 0)).flatmap(from_place)


def _is_granted(ticket: Ticket | None, command: Command, policy: Policy) -> bool:
    return not isinstance(accepted(ticket, command, policy), RefusedError)


def _early(at: datetime) -> Iterator[Command]:
    """What comes before the ticket was opened."""
    for by in PARTIES:
        yield c.Reply(at=at, by=by, text="a word")
        yield c.Close(at=at, by=by)
        yield c.Open(at=at, by=by, type="no such type", zone="UTC")
        yield c.Open(at=at, by=by, zone="Mars/Olympus")


def _any(ticket: Ticket, policy: Policy, at: datetime) -> Iterator[Command]:
    for by in PARTIES:
        yield c.Open(at=at, by=by, actor="somebody else")
        yield c.Reply(at=ticket.at - _TICK, by=by)
        yield c.Escalate(at=at, by=by, reason="no such reason")
        yield c.Refund(at=at, by=by, reference="too much", amount=_too_much(ticket))
        for command in every_command(ticket, by, policy, at):
            yield command
            yield from _bare(command)


def _bare(command: Command) -> Iterator[Command]:
    """The same command without what a permission may need."""
    whole: Any = command
    for field, nothing in (("consent", False), ("text", None), ("reason", None)):
        if hasattr(command, field):
            yield attrs.evolve(whole, **{field: nothing})


def _too_much(ticket: Ticket) -> Money:
    order = ticket.opened.order
    paid = Money(0, "USD") if order is None else order.amount
    return Money(paid.minor * 2 + 1, paid.currency)
