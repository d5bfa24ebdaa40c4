"""A ticket of a history or of a scenario, for the commands that explain and forecast it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeAlias
from zoneinfo import ZoneInfo

import attrs
import typer

from ticketcore._internal.local_times import local_text
from ticketcore._internal.terminal import quoted
from ticketcore.backtest import replay_tickets
from ticketcore.cli._survey import find_history, similar_number
from ticketcore.cli.commands._options import local_option
from ticketcore.cli.views._history import recorded_preset, zone_or_utc
from ticketcore.decider import advance_order
from ticketcore.events import Event, History, Opened, scan_histories
from ticketcore.ledger import Ledger, by_order, order_of
from ticketcore.policies import Policy, load_policy
from ticketcore.scenarios import load_scenario, run_scenario
from ticketcore.ticket import Ticket, fold
from ticketcore.timeline import local_time

_Histories: TypeAlias = Mapping[str, Sequence[Event]]


@attrs.frozen(kw_only=True)
class ShownTicket:
    """A ticket as of the instant *at*, with its events until then.

    *ledger* has the tickets of its order as of then; None without an order. *policies* has the
    policy of each of them. If *replayed*, the events are not those of the file: the ticket is
    replayed under *policy*. *zone* is the ticket's, or UTC if it is unknown here.
    """

    number: str
    ticket: Ticket
    events: tuple[Event, ...]
    policy: Policy
    ledger: Ledger | None
    policies: Mapping[str, Policy]
    zone: ZoneInfo
    at: datetime
    replayed: bool


def recorded_ticket(file: Path, number: str, policy: str | None, at: str | None) -> ShownTicket:
    """Return a ticket of a history file under the policy that it recorded, or under *policy*.

    A ticket that did not record *policy* is replayed under it. The other tickets of its order are
    read too, each under *policy* or the preset that it recorded. Timers that are due until *at*
    fire; without *at*, the state is that at the ticket's last recorded event. Raises
    typer.BadParameter if no policy is known, if it does not let the ticket be opened, or for a
    wrong *at*; and as `find_history`, `load_policy` and `advance` do.
    """
    named = None if policy is None else load_policy(policy)
    recorded = find_history(file, number)
    ticket = fold(recorded.events)
    zone = zone_or_utc(ticket)
    until = ticket.at if at is None else local_option(at, zone.key, "--at")
    if until < ticket.opened.at:
        message = f"the ticket was opened later, on {local_text(ticket.opened.at, zone.key)}"
        raise typer.BadParameter(message, param_hint="--at")
    chosen = named or _recorded_policy(ticket)
    follows = (ticket.policy, ticket.policy_version) == (chosen.name, chosen.version)
    histories = {number: recorded.events, **_of_same_order(file, ticket)}
    past = {
        name: before
        for name, events in (histories if follows else _replayed(file, histories, chosen)).items()
        if (before := tuple(event for event in events if event.at <= until))
    }
    if number not in past:
        message = f"{chosen.name} does not let the ticket be opened"
        raise typer.BadParameter(message, param_hint="--policy")
    tickets = {name: _numbered(events, name) for name, events in past.items()}
    policies = {name: _policy_beside(chosen, each) for name, each in tickets.items()}
    done = advance_order(tickets, lambda each: policies[each.number or ""], until)
    if number in done.failed:
        raise done.failed[number]
    now = done.tickets[number]
    fired = (event for name, events in done.events if name == number for event in events)
    return ShownTicket(
        number=number,
        ticket=now,
        events=(*past[number], *fired),
        policy=chosen,
        ledger=None if now.order is None else Ledger.of(done.tickets),
        policies=policies,
        zone=zone,
        at=until,
        replayed=not follows,
    )


def ticket_of_scenario(file: Path, number: str | None, at: str | None) -> ShownTicket:
    """Return a ticket of a scenario file after the last step, or as of *at*.

    Without a *number*, it is the first ticket of the file. Later steps are left out. Raises
    typer.BadParameter if no step has the ticket, if it is not open by then, or for a wrong *at*;
    and as `load_scenario` and `run_scenario` do.
    """
    scenario = load_scenario(file)
    number = scenario.ticket if number is None else number
    known = dict.fromkeys(step.ticket for step in scenario.steps)
    if number not in known:
        message = f"no step has the ticket {quoted(number)}{similar_number(number, known)}"
        raise typer.BadParameter(message, param_hint="TICKET")
    whole = run_scenario(scenario).tickets.get(number)
    zone = ZoneInfo(whole.opened.zone if whole else scenario.zone or "UTC")
    last = scenario.steps[-1].command.at
    until = last if at is None else local_option(at, zone.key, "--at")
    steps = tuple(step for step in scenario.steps if step.command.at <= until)
    run = run_scenario(attrs.evolve(scenario, steps=steps, until=until))
    ticket = run.tickets.get(number)
    if ticket is None:
        message = f"the scenario has not opened ticket {number} by {local_time(until, zone)}"
        raise typer.BadParameter(message, param_hint="--at")
    order = order_of(ticket)
    same_order = by_order(run.tickets)[order] if order is not None else {number: ticket}
    policies = {
        name: scenario.policies_of(name).of_ticket(each) for name, each in same_order.items()
    }
    return ShownTicket(
        number=number,
        ticket=ticket,
        events=tuple(run.events_of(number)),
        policy=policies[number],
        ledger=Ledger.of(same_order) if len(same_order) > 1 else None,
        policies=policies,
        zone=zone,
        at=until,
        replayed=False,
    )


def _recorded_policy(ticket: Ticket) -> Policy:
    """Return the preset that the ticket recorded. Raises typer.BadParameter without one."""
    chosen = recorded_preset(ticket)
    if chosen is None:
        policy = f"{ticket.policy} {ticket.policy_version}" if ticket.policy else "no policy"
        message = f"the ticket recorded {policy}: name a preset or a policy file"
        raise typer.BadParameter(message, param_hint="--policy")
    return chosen


def _policy_beside(chosen: Policy, ticket: Ticket) -> Policy:
    """Return *chosen* if a ticket of the same order follows it, or else the preset it recorded."""
    if (ticket.policy, ticket.policy_version) == (chosen.name, chosen.version):
        return chosen
    return recorded_preset(ticket) or chosen


def _of_same_order(file: Path, ticket: Ticket) -> _Histories:
    """Return the events of all tickets about the order of a ticket."""
    if ticket.order is None:
        return {}
    return {
        history.ticket: history.events
        for history in scan_histories(file)
        if isinstance(history, History) and order_of(fold(history.events)) == order_of(ticket)
    }


def _replayed(file: Path, histories: _Histories, policy: Policy) -> _Histories:
    """Return the events of tickets that are replayed together under a policy."""
    replays = replay_tickets(file, list(histories), [policy])
    return {number: replay.events for number, (replay,) in replays.items()}


def _numbered(events: Sequence[Event], number: str) -> Ticket:
    """Return the ticket of these events; a ledger needs its number."""
    opened, *later = events
    assert isinstance(opened, Opened), "find_history refuses other histories"
    return fold([attrs.evolve(opened, number=number), *later])
