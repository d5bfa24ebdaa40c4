"""History files on the screen: what one holds, and a ticket of it as a timeline."""

from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from ticketcore.calendar import CalendarError, zone_of
from ticketcore.cli._app import counted
from ticketcore.cli._output import columns, heading
from ticketcore.cli._survey import Survey
from ticketcore.cli._timeline_view import show_pending, show_timeline
from ticketcore.events import History
from ticketcore.policies import Policy, load_policy, presets
from ticketcore.ticket import Ticket, fold
from ticketcore.timeline import TimelineBuilder, single_line


def show_survey(out: Console, file: Path, found: Survey) -> None:
    """Print how many tickets and events there are, of which types, and from when to when."""
    known, unknown = found.events.total(), found.unknown.total()
    out.print(Text(str(file), "bold"))
    out.print(Text(f"{counted(found.tickets, 'ticket')}, {counted(known + unknown, 'event')}"))
    if found.first and found.last:
        out.print(Text(f"from {found.first:%Y-%m-%d %H:%M} to {found.last:%Y-%m-%d %H:%M} UTC"))
    table = columns(None, None)
    table.columns[1].justify = "right"
    for name, count in found.events.most_common():
        table.add_row(Text(f"  {name}"), Text(f"{count:,}"))
    for (name, schema), count in found.unknown.most_common():
        words = f"  {single_line(name)}, schema {schema}: unknown to this version, kept"
        table.add_row(Text(words, "yellow"), Text(f"{count:,}"))
    out.print(table)
    broken = len(found.problems)
    out.print(Text(counted(broken, "problem") if broken else "nothing is wrong with it"))


def show_history(out: Console, history: History, given: Policy | None) -> None:
    """Print a ticket's timeline, and what is pending after its last event.

    Rules are named by the *given* policy, else by the presets that the ticket recorded.
    """
    ticket = fold(history.events)
    zone = _zone(ticket)

    def policy_of(ticket: Ticket) -> Policy | None:
        return given or _preset(ticket.policy, ticket.policy_version)

    out.print(Text(f"ticket {single_line(history.ticket)}", "bold"))
    goes_by = f"{ticket.policy} {ticket.policy_version}" if ticket.policy else "no policy recorded"
    out.print(Text(f"{single_line(goes_by)}, times in {zone.key}", "dim"))
    builder = TimelineBuilder(zone.key, policy_of)
    entries = [entry for event in history.events for entry in builder.add(event)]
    show_timeline(out, entries, zone)
    show_pending(out, ticket, policy_of(ticket), ticket.at, zone)
    heading(out, f"The ticket is {ticket.status}")


def _zone(ticket: Ticket) -> ZoneInfo:
    """The ticket's zone, or UTC where this machine does not know it."""
    try:
        return zone_of(ticket.opened.zone)
    except CalendarError:
        return ZoneInfo("UTC")


@cache
def _preset(name: str | None, version: str | None) -> Policy | None:
    policy = load_policy(name) if name in presets() else None
    return policy if policy and policy.version == version else None
