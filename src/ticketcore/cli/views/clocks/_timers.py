"""Explanations of timers, as text and as JSON."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from ticketcore._toml import written
from ticketcore.cli._common import utc_text
from ticketcore.cli._screen import heading, line
from ticketcore.explain import TimerExplanation
from ticketcore.policies import Level, TimerDefinition
from ticketcore.timeline import local_time

_NEEDED: Final = {
    "assign": "assignee",
    "set-field": "fields",
    "tag": "tags",
    "escalate": "to",
    "change-type": "type",
}
"""The key that an effect needs."""


def show_timers(out: Console, explanations: tuple[TimerExplanation, ...]) -> None:
    """Print for each timer its effect, its variant, its deadline with the reasons, its levels."""
    for each in explanations:
        rule = f", rule {each.definition.rule}" if each.definition.rule else ""
        heading(out, each.definition.name, f"effect {_effect(each.definition)}{rule}")
        for text in _variant(each):
            line(out, Text(f"  {text}", "dim"))
        for text in _deadline(each):
            line(out, Text(f"  {text}", "bold" if text.startswith("due ") else ""))
        if each.definition.pauses:
            pauses = ", ".join(each.definition.pauses)
            line(out, Text(f"  moves on by the time of these pauses: {pauses}"))
        for at, level in each.levels:
            line(out, Text(f"  level {both_times(at, each.zone)}  {_level(level)}"))


def both_times(at: datetime, zone: ZoneInfo) -> str:
    """Return an instant as local time and in UTC."""
    return f"{local_time(at, zone)}, {utc_text(at)}"


def timer_json(each: TimerExplanation) -> dict[str, Any]:
    """Return an explanation as JSON values."""
    timer, definition = each.timer, each.definition
    return {
        "timer": timer.name,
        "rules": (definition.rule or "").split(),
        "effect": definition.effect,
        "when": str(definition.when),
        "unless": None if definition.unless is None else str(definition.unless),
        "selected": dict(each.selected),
        "target": str(each.target),
        "pauses": list(definition.pauses),
        "since": utc_text(timer.since),
        "due": utc_text(timer.due),
        "due_local": timer.due.astimezone(each.zone).isoformat(),
        "explanation": [step.to_dict() for step in each.steps],
        "levels": [
            {
                "level": level.name,
                "at": utc_text(at),
                "effect": level.effect,
                "when": str(level.when),
                "unless": None if level.unless is None else str(level.unless),
            }
            for at, level in each.levels
        ],
    }


def _level(level: Level) -> str:
    """Return what a level does and where it lies, such as ``lead-warned: warn, at 75 %``."""
    if level.used is not None:
        place = f"at {level.used}"
    elif level.every is not None:
        place = f"every {level.every}"
    elif level.before_due is not None:
        place = f"{level.before_due} before the deadline"
    else:
        place = f"{level.past_due} after the deadline"
    facts = [f"{level.name}: {_effect(level)}", place, *_conditions(level)]
    if level.notify:
        facts.append(f"notify {written(level.notify)}")
    if level.rule:
        facts.append(f"rule {level.rule}")
    return ", ".join(facts)


def _effect(acting: TimerDefinition | Level) -> str:
    """Return an effect with the values that it needs, such as ``assign returns``."""
    value = getattr(acting, _NEEDED.get(acting.effect, ""), None)
    return acting.effect if value is None else f"{acting.effect} {written(value)}"


def _variant(each: TimerExplanation) -> Iterator[str]:
    """Yield the facts by which the timer has this variant and no other."""
    yield from _conditions(each.definition)
    for fact, value in each.selected.items():
        yield f"with {fact.removeprefix('fields.')} {value}: {each.target}"
    if len(each.steps) > 1 + len(each.definition.then):
        more = ", then ".join(map(str, each.definition.out_of_hours))
        yield f"starts out of hours: another {more}"


def _conditions(rule: TimerDefinition | Level) -> Iterator[str]:
    if when := str(rule.when):
        yield f"when {when}"
    if rule.unless is not None:
        yield f"unless {rule.unless}"


def _deadline(each: TimerExplanation) -> Iterator[str]:
    """Yield the deadline and how it is computed; a chain of spans has one deadline."""
    if len(each.steps) == 1:
        yield from each.steps[0].lines()
        return
    yield f"due {both_times(each.timer.due, each.zone)}"
    if not each.steps:
        yield "the deadline stated in the dispute notice"
    for number, step in enumerate(each.steps, 1):
        first, *others = step.lines("ends")
        yield f"step {number}: {first}"
        yield from (f"  {text}" for text in others)
