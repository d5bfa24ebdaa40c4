"""Describe the rules of a policy, one line for each: who may do what, and what timers do when."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, assert_never, get_args

import attrs

from ticketcore._internal.declared import require_all
from ticketcore._internal.terminal import either
from ticketcore._toml import written
from ticketcore.diagrams._model import SpanTable, TimerLine
from ticketcore.events import PARTIES, Party
from ticketcore.policies import (
    OWN,
    Anchor,
    Condition,
    Level,
    Permission,
    Policy,
    TimerDefinition,
    Wanted,
    anchor_words,
    in_words,
)


@attrs.frozen(kw_only=True)
class KnownFacts:
    """The facts that a state of the diagram implies. None stands for any value."""

    type: str | None = None
    waiting_for: Party | None = None
    handler: Party | None = None
    status: str | None = None

    def fit(self, when: Condition) -> bool:
        """Return whether a condition can hold in this state."""
        if not when.facts:  # most often
            return True
        return all(when.allows(name, (value,)) for name, value in self._known())

    def open_conditions(self, when: Condition) -> Iterator[tuple[str, Wanted]]:
        """Yield the facts of a condition that the state leaves open, with the values wanted."""
        known = {name for name, _ in self._known()}
        return ((name, values) for name, values in when.facts.items() if name not in known)

    def _known(self) -> Iterator[tuple[str, str]]:
        for name in ("type", "waiting_for", "handler", "status"):
            value: str | None = getattr(self, name)
            if value is not None:
                yield name, value


def describe_permissions(
    policy: Policy,
    command: str,
    facts: KnownFacts,
    parties: Collection[str] = PARTIES,
    note: str = "",
) -> tuple[str, ...]:
    """Return lines such as ``"close: vendor, with consent (C11)"``, in the order of the file.

    Lists only permissions for *parties* that can apply in a state with these *facts*. *note* is
    added to each line, after a comma.
    """
    if not policy.parties(command):
        return ()
    lines: list[str] = []
    granted: set[Party] = set()
    for permission in policy.permissions:
        by = [party for party in permission.by if party in parties]
        if command not in permission.commands or not by or not facts.fit(permission.when):
            continue
        conditions = list(_conditions(permission.when, facts))
        if granted.intersection(by) and not conditions:
            conditions = ["otherwise"]
        words = [either(by), *conditions, *_requirements(permission), *([note] if note else ())]
        granted.update(by)
        lines.append(f"{command}: {', '.join(words)}{in_brackets(permission.rule)}")
    return tuple(lines)


def describe_commands(policy: Policy, commands: Iterable[str], facts: KnownFacts) -> Iterator[str]:
    """Yield lines such as ``"tag, untag: support"``: commands with the same limits together."""
    together: dict[str, list[str]] = {}
    for command in commands:
        for line in describe_permissions(policy, command, facts):
            name, _, limits = line.partition(": ")
            together.setdefault(limits, []).append(name)
    return (f"{', '.join(names)}: {limits}" for limits, names in together.items())


def describe_timer(
    timer: TimerDefinition, facts: KnownFacts, *, is_alternative: bool = False
) -> TimerLine:
    """Return a line such as ``"24 working hours after the type was set: refund (C5)"``.

    *is_alternative*: an earlier timer of the same name is described for the same state. A timer
    whose span a fact selects is described by its name; `span_tables` list its spans.
    """
    if timer.after_by is None:
        text = f"{_spans(timer)} {_anchors(timer)}{_parties(timer)}"
    else:
        text = timer.name
    conditions = list(_conditions(timer.when, facts))
    if is_alternative and not conditions:
        conditions = ["otherwise"]
    words = ", ".join((timer.effect, *conditions))
    more = "" if timer.after_by else "".join(f", {text}" for text in _on_the_way(timer))
    return TimerLine(f"{text}: {words}{more}{in_brackets(timer.rule)}")


def _spans(timer: TimerDefinition) -> str:
    """Return the spans to a deadline, with the calendar and where it lands."""
    text = ", then ".join([written(timer.after), *map(str, timer.then)])
    if timer.calendar and any(span.working for span in timer.spans):
        text += f" ({written(timer.calendar)})"
    return text + _landing(timer)


def _on_the_way(timer: TimerDefinition) -> Iterator[str]:
    """Yield what the levels of a timer do, and its pauses."""
    if timer.out_of_hours:
        yield f"out of hours another {' and '.join(map(str, timer.out_of_hours))}"
    yield from (f"{_level(level)}: {level.effect}" for level in timer.levels)
    if timer.pauses:
        yield f"paused in {written(timer.pauses)}"


def _level(level: Level) -> str:
    if level.used is not None:
        return f"at {level.used}"
    if level.before_due is not None:
        return f"{level.before_due} before"
    if level.past_due is not None:
        return f"{level.past_due} late"
    return f"every {level.every}, {level.times} times"


def span_tables(policy: Policy) -> Iterator[SpanTable]:
    """Yield a table for each fact that selects the spans of timers."""
    timers = [timer for timer in policy.timers if timer.after_by is not None]
    for fact in dict.fromkeys(timer.after_by or "" for timer in timers):
        selected = [(timer, timer.after) for timer in timers if timer.after_by == fact]
        tables = [(timer, after) for timer, after in selected if isinstance(after, Mapping)]
        values = dict.fromkeys(value for _, after in tables for value in after)
        yield SpanTable(
            title=f"deadlines by {fact.removeprefix(OWN)}",
            columns=("timer", "counts", *values, "on the way"),
            rows=tuple(
                (
                    timer.name,
                    _counting(timer),
                    *(str(after.get(value, "")) for value in values),
                    ", ".join(_on_the_way(timer)),
                )
                for timer, after in tables
            ),
        )


def _counting(timer: TimerDefinition) -> str:
    """Return from when a timer counts, by which calendar, and where it lands."""
    calendar = in_brackets(written(timer.calendar)) if timer.calendar else ""
    return f"{_anchors(timer)}{_parties(timer)}{calendar}{_landing(timer)}"


def _parties(timer: TimerDefinition) -> str:
    return f" of {either(timer.activity_by)}" if timer.activity_by else ""


def _landing(timer: TimerDefinition) -> str:
    at_time = f", at {timer.at_time}" if timer.at_time else ""
    match timer.roll:
        case None:
            return f"{at_time}," if at_time else ""
        case "forward":
            return f"{at_time}, then the next opening of {written(timer.calendar)},"
        case "backward":
            return f"{at_time}, or the last closing of {written(timer.calendar)} before,"
        case "day-end":
            return f", then the end of the day in {written(timer.calendar)},"
        case _:
            assert_never(timer.roll)


def describe_calendars(policy: Policy) -> Iterator[str]:
    """Yield a line for each calendar that a timer counts working time in.

    For example ``"working time saving: mon-fri 00:00-24:00 (C6)"``.
    """
    counting = (
        name
        for timer in policy.timers
        if timer.out_of_hours or any(span.working for span in timer.spans)
        for name in timer.calendars
    )
    for name in dict.fromkeys(counting):
        calendar = policy.calendars[name]
        holidays = "the holidays of " if calendar.country else ""
        closed = f", without {holidays}{calendar.closed_days}" if calendar.closed_days else ""
        yield f"working time {name}: {calendar.open_hours}{closed}{in_brackets(calendar.rule)}"


def in_brackets(rule: str | None) -> str:
    """Return a rule id in brackets after a space; nothing for None."""
    return f" ({rule})" if rule else ""


def _requirements(permission: Permission) -> Iterator[str]:
    yield from (f"with {requirement}" for requirement in permission.requires)
    if permission.channels:
        yield f"by {either(permission.channels)}"
    after = f" after {anchor_words(permission.since)}" if permission.since else ""
    if permission.after is not None:
        yield f"from {permission.after}{after}"
    if permission.within is not None:
        yield f"within {permission.within}{after}"


def _conditions(when: Condition, facts: KnownFacts) -> Iterator[str]:
    for name, wanted in facts.open_conditions(when):
        if name == "has_grace_period":
            yield "with a grace period" if True in wanted else "without a grace period"
        else:
            yield f"if {in_words(name, wanted)}"
    if when.unless is not None:
        yield f"unless {when.unless}"


def _anchors(timer: TimerDefinition) -> str:
    return " or ".join(map(_anchor, timer.anchors))


def _anchor(anchor: str) -> str:
    return _ANCHORS.get(anchor) or f"after {anchor.removeprefix('fields.')}"


_ANCHORS: Final[Mapping[str, str]] = {
    "opened": "after the opening",
    "reopened": "after the reopening",
    "applied": "after this began to apply",
    "type-set": "after the type was set",
    "waiting-since": "after the ticket began to wait",
    "last-activity": "after the last activity",
    "closed": "after the closing",
    "dispute-opened": "after the dispute was opened",
}
require_all(_ANCHORS, get_args(Anchor), "words for anchors")
