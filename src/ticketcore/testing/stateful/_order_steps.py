"""The steps of a story about two orders, each drawn from the story so far.

A step may come late: at the instant at which a timer pays, while nothing has run there.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product
from typing import ClassVar

import attrs
from hypothesis import strategies as st

from ticketcore._internal.terminal import either
from ticketcore.commands import (
    Command,
    FailRefund,
    MarkDuplicate,
    Open,
    OpenDispute,
    Refund,
    ResolveDispute,
    Review,
    SplitTicket,
)
from ticketcore.errors import FieldError, RefusedError
from ticketcore.events import Money, Order, Outcome, Party, Reference
from ticketcore.ledger import order_of
from ticketcore.policies import Policy
from ticketcore.testing._candidates import (
    Candidate,
    concerns_money,
    permitted,
    try_command,
)
from ticketcore.testing._policy_facts import openings, policy_of
from ticketcore.testing.stateful._base import PolicyMachine
from ticketcore.testing.stateful._order_backend import ReferenceOrderBackend
from ticketcore.testing.strategies import interesting_instants
from ticketcore.testing.strategies._commands import first_that
from ticketcore.ticket import Dispute, Ticket

NUMBERS = ("00000000001", "00000000002", "00000000003")
_START = datetime(2026, 1, 12, 10, tzinfo=UTC)
_PAUSES = tuple(timedelta(hours=hours) for hours in (1, 24, 24 * 7))
_TICK = timedelta(microseconds=1)
_PAYING = ("refund", "cancel", "lose-dispute")
MERGING: tuple[type[Command], ...] = (MarkDuplicate, SplitTicket)
_ORDERS = ("A-1", "A-1", "A-1", "A-2")  # most tickets are about one order
_BOTH = (Reference(kind="order", number="A-1"), Reference(kind="order", number="A-2"))
_PARTS = (None, Money(1_000, "USD"), Money(4_000, "USD"))  # of an order of 100.00 USD


@attrs.frozen
class Sending:
    """A command on its way to a ticket."""

    ticket: str
    command: Command


class OrderStory(PolicyMachine):
    """The story so far: the tickets of the orders, the instant, and the granted commands.

    The strategies of the steps look at it.
    """

    more_policies: ClassVar[Sequence[str | Policy]] = ()

    def __init__(self) -> None:
        super().__init__()
        self.loaded_policies: tuple[Policy, ...] = (
            self.loaded_policy,
            *map(policy_of, self.more_policies),
        )
        self.reference: ReferenceOrderBackend = ReferenceOrderBackend(self.policy_of)
        self.now: datetime = _START
        self.granted: list[Sending] = []
        self.drawn = 0

    def policy_of(self, number: str) -> Policy:
        """Return the policy of the ticket of a number, before and after its opening.

        Raises FieldError for a number that the machine opens no ticket with.
        """
        if number not in NUMBERS:
            raise FieldError(
                "OrderMachine.policy_of", "number", number, either(map(repr, NUMBERS))
            )
        return self.loaded_policies[NUMBERS.index(number) % len(self.loaded_policies)]

    @property
    def tickets(self) -> dict[str, Ticket]:
        """The tickets of the reference backend, by their numbers."""
        return self.reference.tickets

    def disputes(self) -> Iterator[tuple[str, Dispute]]:
        """Yield the disputes about the order, each with its ticket's number."""
        for number, ticket in self.tickets.items():
            yield from ((number, dispute) for dispute in ticket.disputes)

    def payments(self) -> Iterator[datetime]:
        """Yield the later instants at which timers move or free the order's money."""
        return (due for _, due in self.paying())

    def paying(self) -> Iterator[tuple[str, datetime]]:
        """Yield the instants of `payments`, each with the number of the timer's ticket."""
        for number, ticket in self.tickets.items():
            policy = self.policy_of(number)
            for timer in ticket.timers:
                definition = policy.timer(timer.name, ticket)
                if timer.due > self.now and definition and definition.effect in _PAYING:
                    yield number, timer.due

    def parties_that_merge(self) -> Iterator[Party]:
        """Yield the parties that may merge or split tickets."""
        for policy, command in product(self.loaded_policies, MERGING):
            yield from policy.parties(command.NAME)

    def pending(self) -> Iterator[tuple[str, str]]:
        """Yield the pending refunds, each as its ticket's number and its reference."""
        for number, ticket in self.tickets.items():
            for record in ticket.refunds:
                if record.state == "pending" and record.reference is not None:
                    yield number, record.reference


def _instants_from_now(machine: OrderStory) -> st.SearchStrategy[datetime]:
    """Draw the present, the instant at which money moves next, one beside it, or a later one.

    Each has the same place in the list at every step, so that steps before it can be deleted.
    """
    now = machine.now
    first = min(machine.payments(), default=now + timedelta(days=1))
    later = [now + pause for pause in _PAUSES]
    return st.sampled_from([now, first, first, first + _TICK, first - _TICK, *later])


some_instant = st.runner().flatmap(_instants_from_now)


@st.composite
def opening(draw: st.DrawFn, *, late: bool = False, place: int | None = None) -> Sending:
    """Draw the opening of the next ticket, or of that at a *place*.

    The first ticket that was opened chooses the facts of the orders. A *late* opening comes when
    money moves, and states other facts.
    """
    machine: OrderStory = draw(st.runner())
    number = NUMBERS[len(machine.tickets) if place is None else place]
    policy = machine.policy_of(number)
    at = min(machine.payments()) if late else draw(some_instant)
    order = next((ticket.order for ticket in machine.tickets.values()), None)
    every = [
        partial(build, number=number, order=order or build.keywords["order"])
        for build in openings(policy, at)
        if build.keywords["order"] is not None
    ]
    paying = [
        build
        for build in every
        if "refund" in policy.carries_out(build.keywords["type"])
        and build.keywords["has_grace_period"]
    ]
    opening = draw(first_that([*every, *paying * 5], partial(_is_accepted, policy)))
    assert isinstance(opening, Open)
    known = opening.order
    assert known is not None
    facts = [*([] if late else [known]), *_later_facts(known, at)]
    # One draw, since Hypothesis deletes a step only if it drew at most five values.
    some_units = [(), (), (known.units[0].id,)]
    order, units, of, named = draw(
        st.sampled_from([*product(facts, some_units, _ORDERS, [(), (), _BOTH])])
    )
    order = attrs.evolve(order, number=of)
    return Sending(number, attrs.evolve(opening, order=order, units=units, references=named))


def _is_accepted(policy: Policy, opening: Command) -> bool:
    return not isinstance(try_command(None, opening, policy), RefusedError)


def _later_facts(order: Order, at: datetime) -> Iterator[Order]:
    """Yield other facts of the order: more was sold, or there is another invoice."""
    yield attrs.evolve(order, amount=Money(order.amount.minor + 2_000, "USD"))
    if order.invoice_amount is not None:
        yield attrs.evolve(order, invoiced_at=at, invoice_amount=Money(5_000, "USD"))


@st.composite
def command_that(
    draw: st.DrawFn, wanted: Callable[[Candidate], bool], beside: str | None = None
) -> Sending:
    """Draw a command of the wanted kind for any ticket, or another one if none has such.

    The ticket is about the same order as the one *beside*, if that is given.
    """
    machine: OrderStory = draw(st.runner())
    at = draw(some_instant)
    every = {
        number: [*permitted(ticket, machine.policy_of(number), at)]
        for number, ticket in machine.tickets.items()
        if beside is None or order_of(ticket) == order_of(machine.tickets[beside])
    }
    having = [number for number, builds in every.items() if any(map(wanted, builds))]
    number = draw(st.sampled_from(having or [*every]))
    build = draw(st.sampled_from([*filter(wanted, every[number])] or every[number]))
    machine.drawn += 1
    command = _named(build(), f"{machine.drawn}-of-{int(number)}")
    if isinstance(command, OpenDispute):
        command = attrs.evolve(command, amount=draw(st.sampled_from(_PARTS)))
    if isinstance(command, MarkDuplicate | SplitTicket):
        other = draw(st.sampled_from([other for other in machine.tickets if other != number]))
        if isinstance(command, MarkDuplicate):
            command = attrs.evolve(command, of=other)
        else:
            command = attrs.evolve(command, into=other)
    return Sending(number, command)


@st.composite
def two_about_money(draw: st.DrawFn) -> tuple[Sending, Sending]:
    """Draw two commands about the money of one order, for one ticket or for two."""
    first = draw(command_that(concerns_money))
    return first, draw(command_that(concerns_money, beside=first.ticket))


@st.composite
def outcomes_of_disputes(draw: st.DrawFn) -> Sending:
    """Draw the outcome of a dispute; it may reverse the one before."""
    machine: OrderStory = draw(st.runner())
    number, dispute = draw(st.sampled_from([*machine.disputes()]))
    outcome: Outcome = draw(st.sampled_from(["lost", "won"]))
    resolve = ResolveDispute(
        at=draw(some_instant), by="support", dispute=dispute.id, outcome=outcome
    )
    return Sending(number, resolve)


@st.composite
def reviews(draw: st.DrawFn) -> Sending:
    """Draw a review that finds abuse, most often when the last of the other tickets pays."""
    machine: OrderStory = draw(st.runner())
    paying = dict(machine.paying())
    number = draw(st.sampled_from([*(paying or machine.tickets)]))
    last = max((due for other, due in paying.items() if other != number), default=machine.now)
    at = draw(st.sampled_from([last, last, machine.now]))
    return Sending(number, Review(at=at, by="support", abuse=True))


@st.composite
def settlements(draw: st.DrawFn) -> Sending:
    """Draw a refund that settles a dispute, of its ticket or of another one."""
    machine: OrderStory = draw(st.runner())
    owner, dispute = draw(st.sampled_from([*machine.disputes()]))
    number = draw(st.sampled_from([owner, *machine.tickets]))
    machine.drawn += 1
    refund = Refund(at=draw(some_instant), by="vendor", reference="R", dispute=dispute.id)
    return Sending(number, _named(refund, f"{machine.drawn}-of-{int(number)}"))


@st.composite
def failures_of_refunds(draw: st.DrawFn) -> Sending:
    """Draw the failure of a pending refund."""
    machine: OrderStory = draw(st.runner())
    number, reference = draw(st.sampled_from([*machine.pending()]))
    return Sending(number, FailRefund(at=draw(some_instant), by="support", reference=reference))


@st.composite
def sendings_again(draw: st.DrawFn) -> Sending:
    """Draw a granted command again, dated now, for its ticket or for another one."""
    machine: OrderStory = draw(st.runner())
    sending = draw(st.sampled_from(machine.granted[::-1]))
    number = draw(st.sampled_from([sending.ticket, *machine.tickets]))
    return Sending(number, attrs.evolve(sending.command, at=draw(some_instant)))


def _named(command: Command, name: str) -> Command:
    """Return a command with a new reference for a refund, or a new id for a dispute."""
    if isinstance(command, Refund):
        return attrs.evolve(command, reference=f"refund-{name}")
    if isinstance(command, OpenDispute):
        return attrs.evolve(command, dispute=f"dispute-{name}")
    return command


some_numbers = st.runner().flatmap(
    lambda machine: st.lists(st.sampled_from([*machine.tickets]), min_size=1, unique=True)
)
instant_of_some_ticket = (
    st.runner()
    .flatmap(lambda machine: st.sampled_from([*machine.tickets.values()]))
    .flatmap(interesting_instants)
)
