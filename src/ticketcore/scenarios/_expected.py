"""Reading what a scenario expects: names are checked against the policy and the vocabulary."""

from typing import get_args

from ticketcore._toml import OldTable, nearest
from ticketcore.events import EVENTS, PARTIES, Money
from ticketcore.policies import Policy
from ticketcore.scenarios._fields import read_fields
from ticketcore.scenarios._instants import read_instant
from ticketcore.scenarios._scenario import Expected, ExpectedEvent, ExpectedTimer
from ticketcore.ticket import Status


def read_expected(table: OldTable, zone: str | None, versions: tuple[Policy, ...]) -> Expected:
    """The [expect] table."""
    types = {name for policy in versions for name in policy.types}
    if any(policy.any_type for policy in versions) or not types:
        kind = table.text("type", None)
    else:
        kind = table.choice("type", types, None)
    return Expected(
        status=table.choice("status", get_args(Status), None),
        type=kind,
        waiting_for=table.choice("waiting_for", PARTIES, None),
        refunded=table.parsed("refunded", Money.parse, None, example="49.00 USD"),
        closed_by=table.choices("closed_by", PARTIES, None),
        events=_read_names(table),
        event=tuple(_read_event(each, zone) for each in table.tables("event")),
        deadlines=_read_pending(table, zone),
    )


def _read_names(table: OldTable) -> tuple[str, ...] | None:
    names = table.texts("events", None)
    for index, name in enumerate(names or ()):
        if name not in EVENTS:
            table.problem(("events", index), f'no event "{name}"; {nearest(name, EVENTS)}')
    return names


def _read_event(table: OldTable, zone: str | None) -> ExpectedEvent:
    name = table.choice("event", tuple(EVENTS))
    if table.value("event", None) not in tuple(EVENTS):
        table.names()  # which fields it has, nobody can know
        return ExpectedEvent(name=name, fields={})
    # `type` names the event here, so the field of that name cannot be asked for.
    fields = read_fields(table, EVENTS[name], zone, ("event",))
    return ExpectedEvent(name=name, fields=fields)


def _read_pending(table: OldTable, zone: str | None) -> tuple[ExpectedTimer, ...] | None:
    if table.value("deadlines", None) is None:
        return None
    pending = []
    for each in table.tables("deadlines"):
        name = each.text("timer")
        due = None if each.value("due", None) is None else read_instant(each, "due", zone)
        pending.append(ExpectedTimer(name=name, due=due))
    return tuple(pending)
