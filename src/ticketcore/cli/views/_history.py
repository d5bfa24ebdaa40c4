"""History files on the screen: a summary, and one ticket as a timeline."""

from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from ticketcore.calendar import CalendarError, zone_of
from ticketcore.cli._common import counted
from ticketcore.cli._screen import heading, line
from ticketcore.cli._survey import Survey
from ticketcore.cli._table import show_table
from ticketcore.cli.views._timeline import show_pending, show_timeline
from ticketcore.events import History
from ticketcore.policies import Language, Policy, load_policy, presets
from ticketcore.ticket import Ticket, fold
from ticketcore.timeline import TimelineBuilder, single_line


def show_survey(out: Console, file: Path, summary: Survey) -> None:
    """Print the numbers of tickets and events, the period in UTC, and the number of problems."""
    known, unknown = summary.events.total(), summary.unknown.total()
    line(out, Text(str(file), "bold"))
    line(out, Text(f"{counted(summary.tickets, 'ticket')}, {counted(known + unknown, 'event')}"))
    if summary.first and summary.last:
        period = f"from {summary.first:%Y-%m-%d %H:%M} to {summary.last:%Y-%m-%d %H:%M} UTC"
        line(out, Text(period))
    rows = [
        (Text(f"  {name}"), Text(f"{count:,}")) for name, count in summary.events.most_common()
    ]
    for (name, schema), count in summary.unknown.most_common():
        words = f"  {single_line(name)}, schema {schema}: unknown to this version, kept"
        rows.append((Text(words, "yellow"), Text(f"{count:,}")))
    show_table(out, rows, right=(1,))
    problems = summary.problems.count
    line(out, Text(counted(problems, "problem") if problems else "no problems"))


def show_history(
    out: Console, history: History, chosen: Policy | None, language: Language
) -> None:
    """Print a ticket's timeline, and the deadlines that are pending after its last event.

    The rules are those of *chosen*, or else of the presets that the ticket recorded.
    """
    ticket = fold(history.events)
    zone = zone_or_utc(ticket)

    def policy_of(ticket: Ticket) -> Policy | None:
        return chosen or recorded_preset(ticket)

    line(out, Text(f"ticket {single_line(history.ticket)}", "bold"))
    recorded = (
        f"{ticket.policy} {ticket.policy_version}" if ticket.policy else "no policy recorded"
    )
    line(out, Text(f"{single_line(recorded)}, times in {zone.key}", "dim"))
    builder = TimelineBuilder(zone.key, policy_of, language=language)
    entries = [entry for event in history.events for entry in builder.add(event)]
    show_timeline(out, entries, zone)
    show_pending(out, ticket, policy_of(ticket), ticket.at, zone)
    heading(out, f"The ticket is {ticket.status}")


def zone_or_utc(ticket: Ticket) -> ZoneInfo:
    """Return the ticket's zone, or UTC if this machine does not know it."""
    try:
        return zone_of(ticket.opened.zone)
    except CalendarError:
        return ZoneInfo("UTC")


def recorded_preset(ticket: Ticket) -> Policy | None:
    """Return the preset that the ticket recorded; None if no preset of this version matches."""
    return _preset(ticket.policy, ticket.policy_version)


@cache
def _preset(name: str | None, version: str | None) -> Policy | None:
    policy = load_policy(name) if name in presets() else None
    return policy if policy and policy.version == version else None
