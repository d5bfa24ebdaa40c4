"""A forecast, as text and as JSON."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from ticketcore import commands as c
from ticketcore.cli._common import say_json, utc_text
from ticketcore.cli._recorded import ShownTicket
from ticketcore.cli._screen import heading
from ticketcore.cli._table import Row, show_table
from ticketcore.cli.views._timeline import show_timeline
from ticketcore.cli.views.clocks._cycles import show_ticket, ticket_json
from ticketcore.commands import Command
from ticketcore.forecast import Firing, Forecast
from ticketcore.policies import Language
from ticketcore.timeline import TimelineBuilder, local_time


def show_forecast(
    out: Console, found: ShownTicket, forecast: Forecast, language: Language
) -> None:
    """Print the timeline of the future, how it ends, and the last instants of the commands."""
    show_ticket(out, found)
    builder = TimelineBuilder(found.zone.key, lambda _: found.policy, language=language)
    for event in found.events:
        for _ in builder.add(event):
            pass
    entries = [entry for event in forecast.events for entry in builder.add(event)]
    if entries:
        heading(out, "If nobody acts")
        show_timeline(out, entries, found.zone)
    else:
        heading(out, "Nothing happens by itself")
    for timer in forecast.ticket.timers:
        if timer.paused is not None:
            since = local_time(timer.paused, found.zone)
            heading(out, f"{timer.name} is paused", f"since {since}")
    then = "then " if entries else ""
    more = "" if forecast.is_complete else ", and more follows: raise --limit"
    heading(out, f"The ticket is {then}{forecast.end.status}{more}")
    for firing in dict.fromkeys(action.firing for action in forecast.actions):
        heading(out, _named(firing), local_time(firing.at, found.zone))
        show_table(out, list(_rows(firing, forecast, found.zone)), whole=(0,))
    left = len(forecast.firings) - forecast.searched
    if left:
        heading(
            out, f"No commands were tried for the last {left} of these", "the search has a limit"
        )


def print_forecast(found: ShownTicket, forecast: Forecast) -> None:
    """Print a forecast as JSON."""
    answer = {
        **ticket_json(found),
        "events": [{"event": event.NAME, "at": utc_text(event.at)} for event in forecast.events],
        "firings": [_firing_json(firing) for firing in forecast.firings],
        "status": forecast.end.status,
        "complete": forecast.is_complete,
        "searched": forecast.searched,
        "actions": [
            {
                **_firing_json(action.firing),
                "by": action.command.by,
                "command": command_label(action.command),
                "help": action.help,
                "until": utc_text(action.until),
            }
            for action in forecast.actions
        ],
    }
    say_json(answer)


def _firing_json(firing: Firing) -> dict[str, Any]:
    return {
        "timer": firing.timer,
        "level": firing.level,
        "dispute": firing.dispute,
        "fires_at": utc_text(firing.at),
    }


def _named(firing: Firing) -> str:
    """Return the name of a timer, with its level or dispute."""
    parts = (firing.timer, firing.level, firing.dispute and f"dispute {firing.dispute}")
    return ", ".join(filter(None, parts))


def _rows(firing: Firing, forecast: Forecast, zone: ZoneInfo) -> Iterator[Row]:
    """Yield a row for the commands of one party that have one effect until one instant."""
    grouped: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for action in forecast.actions:
        if action.firing is firing:
            group = _until(action.until, zone), action.command.by, action.help
            grouped[group].append(command_label(action.command))
    for (until, by, how), labels in grouped.items():
        yield Text(f"  {until}"), Text(by), Text(how), Text(", ".join(labels))


def _until(last: datetime, zone: ZoneInfo) -> str:
    """Return the last instant, or the one before which it lies by a microsecond."""
    if last.microsecond == 999_999:
        return f"before {local_time(last + timedelta.resolution, zone)}"
    return f"until {local_time(last, zone)}"


def command_label(command: Command) -> str:
    """Return a command with the value that distinguishes it, such as ``change-type refund``."""
    match command:
        case c.Reply(interim=True):
            return "reply (interim)"
        case c.Reply(solution=True):
            return "reply (solves it)"
        case c.ChangeType(type=name):
            return f"change-type {name}"
        case c.SetField(field=name, value=value):
            return f"set-field {name}={value}"
        case c.Tag(tag=tag) | c.Untag(tag=tag):
            return f"{command.NAME} {tag}"
        case c.OpenDispute(kind=kind):
            return f"open-dispute {kind}"
        case c.AnswerDispute(dispute=dispute) | c.ResolveDispute(dispute=dispute):
            return f"{command.NAME} {dispute}"
        case c.ConfirmRefund(reference=reference) | c.FailRefund(reference=reference):
            return f"{command.NAME} {reference}"
        case _:
            return command.NAME
