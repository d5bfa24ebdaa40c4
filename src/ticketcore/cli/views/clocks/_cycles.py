"""The history of the timers of a ticket, as text and as JSON."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from ticketcore.calendar import duration_text
from ticketcore.cli._common import say_json, utc_text
from ticketcore.cli._recorded import ShownTicket
from ticketcore.cli._screen import heading, line
from ticketcore.cli._table import show_table
from ticketcore.events import Event, PauseEnded, PauseStarted
from ticketcore.explain import ChangeKind, CycleChange, CycleExplanation
from ticketcore.policies import Language, Policy
from ticketcore.timeline import TimelineBuilder, local_time, single_line

_NO_TIME: Final = timedelta()


def show_explained(
    out: Console, found: ShownTicket, cycles: Sequence[CycleExplanation], language: Language
) -> None:
    """Print each cycle with its outcome and its used time, and below what happened to it."""
    zone = found.zone
    show_ticket(out, found)
    words = _words_of(found.events, found.policy, zone, language)
    for cycle in cycles:
        definition, since = cycle.definition, local_time(cycle.timer.since, zone)
        effect = "not in the policy" if definition is None else f"effect {definition.effect}"
        rule = f", rule {definition.rule}" if definition and definition.rule else ""
        dispute = f", dispute {cycle.timer.dispute}" if cycle.timer.dispute else ""
        heading(out, cycle.timer.name, f"{effect}{rule}{dispute}, counted from {since}")
        line(out, Text(f"  {_summary(cycle)}"))
        rows = [
            (
                Text(f"  {local_time(change.at, zone)}"),
                Text(_what(change, zone)),
                Text(_due(change, zone)),
                Text("; ".join(words[event] for event in change.causes), "dim"),
            )
            for change in cycle.changes
        ]
        show_table(out, rows, whole=(0, 2), names=2)
    if not cycles:
        heading(out, "The ticket has had no timers")


def show_ticket(out: Console, found: ShownTicket) -> None:
    """Print the number of a ticket, its policy, and the instant for which it is shown."""
    line(out, Text(f"ticket {single_line(found.number)}", "bold"))
    replayed = ", replayed under it" if found.replayed else ""
    line(out, Text(f"{found.policy.name} {found.policy.version}{replayed}", "dim"))
    line(out, Text(f"as of {local_time(found.at, found.zone)}, times in {found.zone.key}", "dim"))


def ticket_json(found: ShownTicket) -> dict[str, object]:
    """Return the timers of a ticket as JSON values."""
    return {
        "ticket": found.number,
        "policy": found.policy.name,
        "version": found.policy.version,
        "replayed": found.replayed,
        "zone": found.zone.key,
        "at": utc_text(found.at),
    }


def print_explained(found: ShownTicket, cycles: Sequence[CycleExplanation]) -> None:
    """Print the timers of a ticket as JSON."""
    answer = {
        **ticket_json(found),
        "timers": [_cycle_json(cycle) for cycle in cycles],
    }
    say_json(answer)


def _words_of(
    events: Iterable[Event], policy: Policy, zone: ZoneInfo, language: Language
) -> Mapping[Event, str]:
    """Return what each event of a ticket says: the party, and what they did."""
    builder = TimelineBuilder(zone.key, lambda _: policy, language=language)
    words: dict[Event, str] = {}
    for event in events:
        for entry in builder.add(event):
            happens = isinstance(event, PauseStarted | PauseEnded)
            words[event] = entry.text if happens else f"{entry.actor} {entry.text}"
    return words


def _cycle_json(cycle: CycleExplanation) -> dict[str, Any]:
    """Return a cycle as JSON values, with times in seconds."""
    usage = cycle.usage
    return {
        "timer": cycle.timer.name,
        "dispute": cycle.timer.dispute,
        "cycle": cycle.timer.cycle,
        "since": utc_text(cycle.timer.since),
        "due": utc_text(cycle.timer.due),
        "outcome": cycle.outcome,
        "late": cycle.is_late,
        "fired_at": None if cycle.fired_at is None else utc_text(cycle.fired_at),
        "at": utc_text(cycle.at),
        "used_seconds": None if usage is None else usage.used.total_seconds(),
        "remaining_seconds": None if usage is None else usage.remaining.total_seconds(),
        "paused_seconds": cycle.paused_for.total_seconds(),
        "changes": [_change_json(change) for change in cycle.changes],
    }


def _change_json(change: CycleChange) -> dict[str, Any]:
    still = change.paused_for
    return {
        "at": utc_text(change.at),
        "kind": change.kind,
        "due_before": None if change.due_before is None else utc_text(change.due_before),
        "due": utc_text(change.due),
        "causes": [event.NAME for event in change.causes],
        "pauses": list(change.pauses),
        "paused_seconds": None if still is None else still.total_seconds(),
        "level": change.level,
        "ended_by": change.ended_by,
    }


def _summary(cycle: CycleExplanation) -> str:
    """Return the outcome of a cycle, and the time that it used, had left and was paused for."""
    parts = [_outcome(cycle)]
    if cycle.usage is not None:
        used, remaining = cycle.usage
        rest = f"{duration_text(abs(remaining))} {'over' if remaining < _NO_TIME else 'left'}"
        parts += [f"{duration_text(used)} used", rest]
    if cycle.paused_for:
        parts.append(f"paused for {duration_text(cycle.paused_for)}")
    return ", ".join(parts)


def _outcome(cycle: CycleExplanation) -> str:
    """Return the outcome of a cycle in words: ``met late``, ``runs``, ``fired, cancelled``."""
    words: str = cycle.outcome
    if cycle.outcome == "pending":
        words = "runs" if cycle.timer.paused is None else "paused"
    if cycle.is_late:
        return "met late" if cycle.outcome == "met" else f"late, {words}"
    if cycle.fired_at is not None:
        return f"fired, {words}"
    return "met in time" if cycle.outcome == "met" else words


def _what(change: CycleChange, zone: ZoneInfo) -> str:
    """Return what happened to a timer, with its deadline before if that has moved."""
    named = change.level or change.ended_by or ", ".join(change.pauses)
    words = f"{_KINDS[change.kind]}: {named}" if named else _KINDS[change.kind]
    if change.paused_for:
        words += f", after a pause of {duration_text(change.paused_for)}"
    if change.due_before is not None and change.due_before != change.due:
        moved = " from" if change.kind == "moved" else ", moved from"
        words += f"{moved} {local_time(change.due_before, zone)}"
    return words


def _due(change: CycleChange, zone: ZoneInfo) -> str:
    """Return the deadline that a change has set; it is left out where it stays."""
    return "" if change.due == change.due_before else f"due {local_time(change.due, zone)}"


_KINDS: Mapping[ChangeKind, str] = {
    "started": "started",
    "went-on": "went on",
    "paused": "paused",
    "continued": "continued",
    "moved": "deadline moved",
    "level": "level",
    "fired": "deadline passed",
    "met": "met",
    "cancelled": "cancelled",
}
