"""Orders with several tickets: money leaves once, no matter which ticket is advanced when."""

from datetime import datetime, timedelta

import attrs
from hypothesis import given
from hypothesis import strategies as st

from support.orders.hosts import MONDAY, TICK, OrderHost
from support.orders.oracle import OrderOracle
from support.orders.stories import OrderStory, order_stories
from ticketcore.commands import Open, Refund
from ticketcore.decider import advance
from ticketcore.errors import OrderNotAdvancedError
from ticketcore.events import DisputeResolved, Event, Reference
from ticketcore.ledger import AFTER, AT, COMMAND, wakes
from ticketcore.testing import order_violations

END = MONDAY + timedelta(days=400)
_DELAYS = (timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(days=5))


def _play_in_turn(story: OrderStory) -> tuple[OrderHost, list[str]]:
    """Advance all tickets before each command."""
    host = OrderHost(story.policies)
    codes = []
    for number, command in story.steps:
        codes.append(host.advance_all(command.at).result(number, command))
    return host.advance_all(END), codes


def _play_with_oracle(story: OrderStory) -> None:
    """Advance all tickets before each command, and check each event and each refused refund."""
    host = OrderHost(story.policies)
    oracle = OrderOracle(host.policies)
    seen = 0
    for number, command in story.steps:
        host.advance_all(command.at)
        seen = _observe(host, oracle, seen)
        oracle.check_claims()
        code = host.result(number, command)
        seen = _observe(host, oracle, seen)
        if isinstance(command, Refund) and number in host.tickets:
            oracle.check_refusal(number, command, code)
    _observe(host.advance_all(END), oracle, seen)
    oracle.check_claims()
    if host.tickets:
        assert () == order_violations(host.events, host.policy_of)


def _observe(host: OrderHost, oracle: OrderOracle, seen: int) -> int:
    """Hand new events to the oracle, and return the number of events."""
    for number, event in host.recorded[seen:]:
        oracle.add(number, event)
    return len(host.recorded)


def _play_lazily(story: OrderStory) -> tuple[OrderHost, list[str]]:
    """Advance a ticket only if another one waits for it."""
    host = OrderHost(story.policies)
    codes = [host.result(number, command) for number, command in story.steps]
    return host.advance_all(END), codes


def _play_at_random(story: OrderStory, data: st.DataObject) -> tuple[OrderHost, list[str]]:
    """Advance any ticket at random instants before each command."""
    host = OrderHost(story.policies)
    codes = []
    for number, command in story.steps:
        for some in data.draw(st.permutations([*host.tickets])):
            back = data.draw(st.sampled_from([None, 0, 1, 24, 100]))
            if back is not None:
                try:
                    host.advance(some, command.at - timedelta(hours=back))
                except OrderNotAdvancedError:
                    continue
        codes.append(host.result(number, command))
    return host.advance_all(END), codes


def _check_wakes(host: OrderHost) -> None:
    """Check that no ticket acts before it wakes, and that the first one then acts."""
    instants = {number: wakes(ticket, host.ledger) for number, ticket in host.tickets.items()}
    for number, instant in instants.items():
        assert not _acts(host, number, END if instant is None else instant - TICK)
    first = min((instant for instant in instants.values() if instant is not None), default=None)
    if first is not None:
        assert any(_acts(host, number, first) for number in host.tickets)


def _acts(host: OrderHost, number: str, at: datetime) -> bool:
    """Return whether a ticket has events until an instant, and need not wait for another one."""
    try:
        return bool(advance(host.tickets[number], host.policies[number], at, host.ledger))
    except OrderNotAdvancedError:
        return False


@given(order_stories(), st.data())
def test_results_do_not_depend_on_who_is_advanced_when(
    story: OrderStory, data: st.DataObject
) -> None:
    """The refusals and histories of an order do not depend on which ticket is advanced when."""
    host, codes = _play_in_turn(story)
    lazy, lazy_codes = _play_lazily(story)
    random, random_codes = _play_at_random(story, data)

    assert codes == lazy_codes
    assert host.events == lazy.events
    assert codes == random_codes
    assert host.events == random.events


@given(order_stories())
def test_other_orders_that_a_ticket_names_change_nothing(story: OrderStory) -> None:
    """Other orders that a ticket names are references and carry no money (W8)."""
    named = (Reference(kind="order", number="O-2"), Reference(kind="order", number="O-3"))
    steps = tuple(
        (number, attrs.evolve(command, references=named) if isinstance(command, Open) else command)
        for number, command in story.steps
    )

    host, codes = _play_in_turn(story)
    naming, same_codes = _play_in_turn(attrs.evolve(story, steps=steps))

    assert codes == same_codes
    assert all(named == ticket.references for ticket in naming.tickets.values())
    assert _after_openings(host) == _after_openings(naming)


def _after_openings(host: OrderHost) -> dict[str, list[Event]]:
    return {number: events[1:] for number, events in host.events.items()}


@given(order_stories())
def test_refunds_agree_with_the_oracle(story: OrderStory) -> None:
    """C8, A2, A4, K5: timers pay exactly what is owed, refunds on request stay within what is
    left, nothing is paid twice, and no refund is refused without a reason."""
    _play_with_oracle(story)


@given(order_stories())
def test_a_ticket_wakes_exactly_when_it_acts(story: OrderStory) -> None:
    """A ticket wakes exactly when `advance` has events for it."""
    host = OrderHost(story.policies)
    for number, command in story.steps:
        host.result(number, command)
        _check_wakes(host)


@given(order_stories(), st.data())
def test_late_commands_leave_a_history_in_order(story: OrderStory, data: st.DataObject) -> None:
    """A command that arrives late is refused, or the events sorted by their instants agree with
    the oracle as if it had come in time.

    Late commands have instants of their own, since a history does not record the order of two
    tickets' events within one instant.
    """
    host = OrderHost(story.policies)
    for place, (number, command) in enumerate(story.steps, 1):
        late = data.draw(st.sampled_from([timedelta(0), *_DELAYS]))
        delay = late and late + timedelta(milliseconds=place)
        if data.draw(st.booleans()):
            host.advance_all(command.at)
        if number in host.tickets or isinstance(command, Open):
            host.result(number, attrs.evolve(command, at=command.at - delay))
    host.advance_all(END)
    if host.tickets:
        assert () == order_violations(host.events, host.policy_of)
    oracle = OrderOracle(host.policies)
    for number, event in sorted(host.recorded, key=lambda recorded: _moment(recorded[1])):
        oracle.add(number, event)


def _moment(event: Event) -> tuple[datetime, int]:
    """Return the instant of an event, and its place there: timers "at", commands, "after"."""
    timer = getattr(event, "timer", None)
    if timer is None or timer.endswith("at-once"):
        return event.at, COMMAND
    return event.at, AFTER if isinstance(event, DisputeResolved) else AT
