"""Random stories of two tickets about one order: the service agrees with the reference backend."""

from datetime import timedelta

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.stores.service_hosts import STORES, ServiceHost, opening
from support.stores.service_hosts import host as make_host
from ticketcore.commands import Command
from ticketcore.errors import RefusedError
from ticketcore.policies import load_policy
from ticketcore.service import Handled
from ticketcore.testing import order_violations
from ticketcore.testing.stateful import ReferenceOrderBackend
from ticketcore.testing.strategies import accepts_any_command, commands

PAUSES = [timedelta(hours=hours) for hours in (0, 0, 1, 25, 24 * 8)]
TYPES = {"clickbank": "refund", "amazon-pay": None}


def stamped(command: Command, answer: Handled, host: ServiceHost) -> Command:
    """Return the command with the instant that the service gave it."""
    if answer.refusal is not None:
        refused: Command = answer.refusal.command  # type: ignore[assignment]  # it is a command
        return refused
    own = [each.event.at for each in answer.events if not each.event.derived]
    return attrs.evolve(command, at=own[0] if own else host.now)


def outcome(reference: ReferenceOrderBackend, number: str, command: Command) -> str | None:
    """Send a command to the reference; return the code of the refusal, if it is refused."""
    try:
        reference.send(number, command)
    except RefusedError as refusal:
        return refusal.code
    return None


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("kind", STORES)
@given(data=st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_story_has_the_events_of_the_reference(
    kind: str, name: str, data: st.DataObject
) -> None:
    """The service stamps each command; given these instants, the reference decides alike."""
    policy = load_policy(name)
    host = make_host(kind).under(policy)
    reference = ReferenceOrderBackend(lambda _: policy)

    def send(number: str, command: Command) -> None:
        answer = host.handle(number, command)
        refused = None if answer.refusal is None else answer.refusal.code
        assert refused == outcome(reference, number, stamped(command, answer, host))

    for number in "12":
        send(number, opening(number=number, type=TYPES[name]))
    for _ in range(data.draw(st.integers(1, 6))):
        host.wait(data.draw(st.sampled_from(PAUSES)))
        if data.draw(st.booleans()):
            host.run_due()
        number = data.draw(st.sampled_from("12"))
        ticket = host.ticket(number)
        if accepts_any_command(ticket, policy, host.now):
            send(number, data.draw(commands(ticket, policy, at=st.just(host.now))))
    host.run_due()
    reference.run_due(host.now)
    histories = {number: host.events(number) for number in "12"}

    assert histories == {number: reference.history(number) for number in "12"}
    assert not order_violations(histories, lambda _: policy)
