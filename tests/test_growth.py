"""Work grows in proportion to the input: twice of it takes about twice the calls and steps."""

import json
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from support.counting import calls_of, steps_of
from support.policies.small_policies import PLAIN
from ticketcore import events as e
from ticketcore.calendar import read_ics
from ticketcore.cli._survey import survey
from ticketcore.commands import Open, load_command
from ticketcore.decider import advance_order, decide
from ticketcore.errors import TicketcoreError
from ticketcore.explain import explain_ticket
from ticketcore.guarantees import broken_guarantees
from ticketcore.importers import import_log, parse_mapping, sketch_log
from ticketcore.inbox import Inbox, Query, conversation
from ticketcore.metrics import measure
from ticketcore.policies import Policy, parse_policy
from ticketcore.scenarios import parse_scenario, run_scenario
from ticketcore.terms import policy_differences, policy_terms
from ticketcore.testing import compare_policies
from ticketcore.ticket import fold
from ticketcore.timeline import aligned_timelines

T0 = datetime(2026, 1, 5, 10, tzinfo=UTC)
CENT = e.Money(1, "EUR")
ORDER = e.Order(number="1", sold_at=T0, amount=CENT, billing="one-time")
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


def _tagged(number: int, when: datetime) -> list[e.Event]:
    tag = f"t{number}"
    return [
        e.Tagged(at=when, by="vendor", tag=tag),
        e.Tagged(at=when, by="vendor", tag=f"not {tag}"),
        e.Untagged(at=when, by="vendor", tag=tag),
    ]


def _field_set(number: int, when: datetime) -> list[e.Event]:
    return [e.FieldSet(at=when, by="vendor", field=f"f{number}", kind="text", value="x")]


def _linked(number: int, when: datetime) -> list[e.Event]:
    target = e.Reference(kind="ticket", number=f"a{number}")
    return [
        e.Linked(at=when, by="vendor", target=target),
        e.Split(at=when, by="vendor", into=f"b{number}", messages=(f"m{number}",)),
    ]


def _ended(number: int, when: datetime) -> list[e.Event]:
    timer, last = (e.Timer(f"t{n}", when, T0, cycle=n) for n in (number, number - 1))
    ended = (e.EndedTimer(last.name, last.cycle, "met"),)
    return [e.Scheduled(at=when, timers=(timer,), ended=ended)]


def _levels(number: int, when: datetime) -> list[e.Event]:
    return [*_ended(number, when), e.Warned(at=when, timer=f"t{number}", level="a")]


def _shipped(number: int, when: datetime) -> list[e.Event]:
    if number == 0:
        return [e.OrderCorrected(at=when, by="vendor", order=ORDER)]
    shipment = e.Shipment(number=f"s{number}", shipped_at=T0)
    return [e.ShipmentAdded(at=when, by="vendor", shipment=shipment)]


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


def _order(number: int, policy: Policy) -> Callable[[], object]:
    facts: dict[str, Any] = {"by": "customer", "type": "question", "zone": "UTC", "order": ORDER}
    openings = [Open(at=T0, number=str(n), text="x", subject="x", **facts) for n in range(number)]
    tickets = {str(each.number): fold(decide(None, each, policy)) for each in openings}
    return lambda: advance_order(tickets, lambda _: policy, at(10_000_000))


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


def _numbered(number: int) -> dict[str, str]:
    return {f"k{n}": str(n) for n in range(number)}


def _many_customers(number: int) -> Query:
    return Query(customer=[f"c{n}" for n in range(number)])


def _file(text: str) -> Path:
    """Write a file whose name is the same each time."""
    path = Path(tempfile.mkdtemp(), "file")
    path.write_text(text, "utf-8")
    return path


def _rows(number: int, ticket: str = "1", state: str = "open") -> str:
    rows = (f"{ticket},{at(n):%Y-%m-%dT%H:%M:%S},{state},a\n" for n in range(number))
    return "ticket,at,state,who\n" + "".join(
        row.replace("#", str(n)) for n, row in enumerate(rows)
    )


def _columns(number: int) -> str:
    names = ["ticket", "at", "state", "who", *(f"c{n}" for n in range(number))]
    rows = (["1", f"2026-01-05T10:00:0{n}", "open", "a", *[str(n)] * number] for n in range(3))
    return "".join(",".join(row) + "\n" for row in [names, *rows])


def _import(log: str, rest: str = "") -> Callable[[], object]:
    path, mapping = _file(log), parse_mapping(MAPPING + rest)
    return lambda: list(import_log(path, mapping, "UTC"))


def _sketch(log: str) -> Callable[[], object]:
    path = _file(log)
    return lambda: sketch_log(path)


def _survey(histories: dict[str, tuple[e.Event, ...]]) -> Callable[[], object]:
    path = _file("")
    e.write_histories(path, histories.items())
    return lambda: survey(path)


def _dates(number: int) -> list[str]:
    return [f"{at(n * 86400):%Y%m%d}" for n in range(number)]


def _ics(*events: str) -> Callable[[], object]:
    body = "".join(f"BEGIN:VEVENT\r\n{lines}{ICS_HEAD}END:VEVENT\r\n" for lines in events)
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{body}END:VCALENDAR\r\n"
    return lambda: read_ics(text, zone="UTC")


def _command(text: str) -> Callable[[], object]:
    def load() -> None:
        with suppress(TicketcoreError):
            load_command(text, at=T0, by="customer")

    return load


def _timers(number: int) -> Policy:
    units = (TIMER.replace("#", str(n + 1)) for n in range(number))
    return parse_policy(_policy("", 0) + "".join(units))


def _explained(policy: Policy, later: tuple[e.Event, ...] = ()) -> Callable[[], object]:
    opening = Open(at=T0, by="customer", type="question", zone="UTC", text="x", subject="x")
    events = (*decide(None, opening, policy), *later)
    return lambda: explain_ticket(events, policy)


def _guarantees(unit: str, number: int, events: int) -> Callable[[], object]:
    policy = parse_policy(_policy(unit, number))
    return lambda: list(broken_guarantees(_events(_replied, events), policy))


def _difference(unit: str, other: str, number: int) -> Callable[[], object]:
    base, changed = (parse_policy(_policy(each, number)) for each in (unit, other))
    return lambda: policy_differences(base, changed)


def _compared(unit: str, number: int) -> Callable[[], object]:
    base, other = (parse_policy(_policy(unit, number)) for _ in range(2))
    return lambda: compare_policies(base, other, max_states=1)


def _paused_and_ended(number: int) -> tuple[e.Event, ...]:
    started = _events(lambda n, when: [e.PauseStarted(at=when, pause=f"p{n}")], number)
    return (*started, *(e.PauseEnded(at=at(number), pause=f"p{n}") for n in range(number)))


MAPPING = """[log]
ticket = "ticket"
time = "at"
state = "state"
[people]
actor = "who"
[opened]
type = "x"
"""
REPLIED = '[[event]]\nto_state = "s1"\nevent = "replied"\n'
ICS_HEAD = "DTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20260105\r\n"
TIMER = '[[timer]]\nname = "t#"\nfrom = "opened"\nafter = "# hours"\neffect = "warn"\n'
ALWAYS = '[[guarantee]]\nname = "g#"\n'
ALWAYS += 'always = { event = "warned", within = "30 days", from = "last-activity" }\n'
ALWAYS_WARNED = TIMER.replace("#", "1") + ALWAYS
FIELD = '[fields.f#]\nchoices = ["a", "b"]\n'
SET_FIELD = '[[permission]]\ncommands = "set-field"\nby = "vendor"\n'
PERMISSION = '[[permission]]\ncommands = "reply"\nby = "vendor"\nwhen = { tags = "t#" }\n'
EXPECTED = '[[expect.event]]\nevent = "replied"\n'

# Each makes an input of a size, and returns what reads it.
WORK: dict[str, Callable[[int], Callable[[], object]]] = {
    "fold replies": lambda n: lambda: fold(_events(_replied, n)),
    "fold shares": lambda n: lambda: fold(_events(_shared, n)),
    "fold refunds": lambda n: lambda: fold(_events(_refunded_again, n)),
    "fold disputes": lambda n: lambda: fold(_events(_disputed_again, n)),
    "fold tags": lambda n: lambda: fold(_events(_tagged, n)),
    "fold levels": lambda n: lambda: fold(_events(_levels, n)),
    "fold shipments": lambda n: lambda: fold(_events(_shipped, n)),
    "fold fields": lambda n: lambda: fold(_events(_field_set, n)),
    "fold links": lambda n: lambda: fold(_events(_linked, n)),
    "possible histories": lambda n: lambda: [*e.impossible_events("1", _events(_replied, n))],
    "conversation": lambda n: lambda: conversation(_recorded(n)),
    "timelines": lambda n: lambda: aligned_timelines("UTC", *[(_events(_replied, n), PLAIN)] * 2),
    "metrics": lambda n: (
        lambda: measure(
            [(str(number), _events(_replied, 1)) for number in range(n)], PLAIN, by=["day", "type"]
        )
    ),
    "metrics of splits": lambda n: lambda: measure([("1", _events(_linked, n))], PLAIN),
    "metrics of timers": lambda n: lambda: measure([("1", _events(_ended, n))], PLAIN),
    "order": lambda n: _order(n, _timers(0)),
    "order of due tickets": lambda n: _order(n, _timers(1)),
    "inbox": lambda n: lambda: _inbox(n).search(_many_customers(n)),
    "scenario of replies": lambda n: _scenario(n, "reply", 'text = "x"'),
    "met expectations": lambda n: _scenario(n, "reply", 'text = "x"', EXPECTED),
    "permissions": lambda n: lambda: parse_policy(_policy(PERMISSION, n)),
    "terms of permissions": lambda n: _terms(PERMISSION, n),
    "terms of types": lambda n: _terms("[types.t#]\n", n),
    "fold pauses": lambda n: lambda: fold(_paused_and_ended(n)),
    "import of tickets": lambda n: _import(_rows(n, ticket="#")),
    "import of rows": lambda n: _import(_rows(n), REPLIED),
    "import of states": lambda n: _import(_rows(n, state="s#"), REPLIED),
    "import of columns": lambda n: _import(
        _columns(n), "[fields]\n" + "".join(f'f{c} = "{{c{c}}}"\n' for c in range(n))
    ),
    "sketch of rows": lambda n: _sketch(_rows(n)),
    "sketch of states": lambda n: _sketch(_rows(n, state="s#")),
    "sketch of columns": lambda n: _sketch(_columns(n)),
    "ics events": lambda n: _ics(*[f"UID:{uid}\r\n" for uid in range(n)]),
    "ics dates": lambda n: _ics(f"UID:1\r\nRDATE;VALUE=DATE:{','.join(_dates(n))}\r\n"),
    "ics lines": lambda n: _ics(
        "UID:1\r\n" + "".join(f"RDATE;VALUE=DATE:{d}\r\n" for d in _dates(n))
    ),
    "ics long line": lambda n: _ics("UID:1\r\nSUMMARY:x" + "\r\n yyyyyyyyyy" * n + "\r\n"),
    "ics overrides": lambda n: _ics(
        "UID:1\r\nRRULE:FREQ=DAILY\r\n",
        *[f"UID:1\r\nRECURRENCE-ID;VALUE=DATE:{d}\r\n" for d in _dates(n)],
    ),
    "deep command": lambda n: _command(f'{{"command":"reply","text":{"[" * n}{"]" * n}}}'),
    "wide command": lambda n: _command(json.dumps({"command": "reply", **_numbered(n)})),
    "command of fields": lambda n: _command(
        json.dumps({"command": "open", "fields": _numbered(n)})
    ),
    "explain timers": lambda n: _explained(_timers(n)),
    "explain events": lambda n: _explained(_timers(3), _events(_replied, n)[1:]),
    "policy of timers": lambda n: lambda: _timers(n),
    "policy diff": lambda n: _difference(PERMISSION, PERMISSION.replace("vendor", "support"), n),
    "policy diff of types": lambda n: _difference("[types.t#]\n", "[types.u#]\n", n),
    "exploration of types": lambda n: _compared("[types.t#]\n", n),
    "guarantees of events": lambda n: _guarantees(ALWAYS_WARNED, 1, n),
    "history check of events": lambda n: _survey({"1": _events(_replied, n)}),
    "history check of tickets": lambda n: _survey(
        {str(t): _events(_replied, 1) for t in range(n)}
    ),
}


@pytest.mark.parametrize("name", WORK)
def test_twice_the_input_takes_about_twice_the_work(name: str) -> None:
    """Twice the input takes about twice as many function calls, and steps of loops."""
    for cost_of in (calls_of, steps_of):
        cost = {}
        for size in (20, 40, 80):
            work = WORK[name](size)
            work()  # imports and caches
            cost[size] = cost_of(work)

        assert cost[80] - cost[40] <= 2.4 * (cost[40] - cost[20])
