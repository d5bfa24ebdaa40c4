"""Work grows in proportion to the input: twice of it takes about twice the function calls."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from support.counting import calls_of
from support.small_policies import PLAIN
from ticketcore import events as e
from ticketcore.decider import advance_order
from ticketcore.inbox import Inbox, Query, conversation
from ticketcore.metrics import measure
from ticketcore.policies import parse_policy
from ticketcore.scenarios import parse_scenario, run_scenario
from ticketcore.terms import policy_terms
from ticketcore.ticket import fold
from ticketcore.timeline import aligned_timelines

T0 = datetime(2026, 1, 5, 10, tzinfo=UTC)
CENT = e.Money(1, "EUR")
STEP = '[[step]]\nat = 2026-01-05T10:{:02}:{:02}Z\ncommand = "{}"\nby = "customer"\n{}\n'


def at(number: int) -> datetime:
    """Return the instant this many seconds after the opening."""
    return T0 + timedelta(seconds=number)


def _events(
    make: Callable[[int, datetime], Iterable[e.Event]], number: int
) -> tuple[e.Event, ...]:
    opened = e.Opened(at=T0, by="customer", type="question", zone="UTC")
    return (opened, *(event for n in range(number) for event in make(n, at(n))))


def _replied(_: int, when: datetime) -> list[e.Event]:
    return [e.Replied(at=when, by="customer", text="x")]


def _shared(number: int, when: datetime) -> list[e.Event]:
    person = f"p{number}"
    return [
        e.Shared(at=when, by="customer", with_person=person),
        e.Unshared(at=when, by="customer", with_person=f"not {person}"),
    ]


def _refunded_again(number: int, when: datetime) -> list[e.Event]:
    return [
        e.Refunded(at=when, by="support", amount=CENT, reference=f"r{number}"),
        e.RefundFailed(at=when, by="support", reference="r0"),
    ]


def _disputed_again(number: int, when: datetime) -> list[e.Event]:
    return [
        e.DisputeOpened(at=when, by="customer", dispute="d", kind="claim"),
        e.DisputeCorrected(at=when, by="support", dispute="d", amount=CENT),
        e.DisputeAnswered(at=when, by="vendor", dispute="d"),
        e.DisputeResolved(at=when, by="support", dispute=f"d{number}", outcome="lost"),
    ]


def _recorded(number: int) -> tuple[e.Recorded, ...]:
    events = enumerate(_events(_replied, number), 1)
    return tuple(e.Recorded(ticket="1", seq=seq, event=event) for seq, event in events)


def _scenario(number: int, command: str, field: str, expected: str = "") -> Callable[[], object]:
    steps = STEP.format(0, 0, "open", 'subject = "x"\ntext = "x"\nreason = "other"')
    for n in range(1, number + 1):
        steps += STEP.format(*divmod(n, 60), command, field.replace("#", str(n)))
    ticket = '[ticket]\nzone = "UTC"\n'
    scenario = parse_scenario(f'policy = "service-desk"\n{ticket}{steps}{expected * number}')
    return lambda: run_scenario(scenario)


def _order(number: int) -> Callable[[], object]:
    order = e.Order(number="1", sold_at=T0, amount=CENT, billing="one-time")
    facts: dict[str, Any] = {"by": "customer", "type": "question", "zone": "UTC", "order": order}
    numbers = [str(n) for n in range(number)]
    tickets = {each: fold([e.Opened(at=T0, number=each, **facts)]) for each in numbers}
    return lambda: advance_order(tickets, lambda _: PLAIN, at(1))


@cache
def _inbox(number: int) -> Inbox:
    inbox = Inbox()
    for n in range(number):
        opened = e.Opened(at=at(n), by="customer", type="question", zone="UTC", customer=f"c{n}")
        inbox.fold([e.Recorded(ticket=str(n), seq=1, event=opened)])
    return inbox


def _policy(unit: str, number: int) -> str:
    head = 'name = "p"\neffective = 2026-01-01\n[types.question]\n'
    head += '[[permission]]\ncommands = "open"\nby = "customer"\n'
    return head + "".join(unit.replace("#", str(n)) for n in range(number))


def _terms(unit: str, number: int) -> Callable[[], object]:
    policy = parse_policy(_policy(unit, number))
    return lambda: policy_terms(policy)


def _many_customers(number: int) -> Query:
    return Query(customer=[f"c{n}" for n in range(number)])


PERMISSION = '[[permission]]\ncommands = "reply"\nby = "vendor"\nwhen = { tags = "t#" }\n'
EXPECTED = '[[expect.event]]\nevent = "replied"\n'

# Each makes an input of a size, and returns what reads it.
WORK: dict[str, Callable[[int], Callable[[], object]]] = {
    "fold replies": lambda n: lambda: fold(_events(_replied, n)),
    "fold shares": lambda n: lambda: fold(_events(_shared, n)),
    "fold refunds": lambda n: lambda: fold(_events(_refunded_again, n)),
    "fold disputes": lambda n: lambda: fold(_events(_disputed_again, n)),
    "possible histories": lambda n: lambda: [*e.impossible_events("1", _events(_replied, n))],
    "conversation": lambda n: lambda: conversation(_recorded(n)),
    "timelines": lambda n: (
        lambda: aligned_timelines("UTC", *[(_events(_replied, n), lambda _: PLAIN)] * 2)
    ),
    "metrics": lambda n: (
        lambda: measure(
            [(str(number), _events(_replied, 1)) for number in range(n)], PLAIN, by=["day", "type"]
        )
    ),
    "order": _order,
    "inbox": lambda n: lambda: _inbox(n).search(_many_customers(n)),
    "scenario of replies": lambda n: _scenario(n, "reply", 'text = "x"'),
    "met expectations": lambda n: _scenario(n, "reply", 'text = "x"', EXPECTED),
    "permissions": lambda n: lambda: parse_policy(_policy(PERMISSION, n)),
    "terms of permissions": lambda n: _terms(PERMISSION, n),
    "terms of types": lambda n: _terms("[types.t#]\n", n),
}


@pytest.mark.parametrize("name", WORK)
def test_twice_the_input_takes_about_twice_the_work(name: str) -> None:
    """Twice the input takes about twice as many function calls."""
    calls = {}
    for size in (20, 40, 80):
        work = WORK[name](size)
        work()  # imports and caches
        calls[size] = calls_of(work)

    assert calls[80] - calls[40] <= 2.4 * (calls[40] - calls[20])
