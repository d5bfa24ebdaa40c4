"""Checks of pauses, targets and levels."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final, get_args

from ticketcore._toml import FLAG, Mistake, Node, each, listed, nearest, quoted
from ticketcore.events import PARTIES, Billing
from ticketcore.policies._checks._before_start import before_start
from ticketcore.policies._checks._causes import never_meets
from ticketcore.policies._checks._conditions import (
    condition_never_holds,
    declared_values,
    names_nothing,
    unknown_name,
)
from ticketcore.policies._checks._fields import described, instant_field
from ticketcore.policies._checks._late_levels import late_levels
from ticketcore.policies._policy import Policy
from ticketcore.policies.conditions._conditions import CONDITION_KEYS, FACTS, OWN, Condition
from ticketcore.policies.conditions._matching import Matching
from ticketcore.policies.tables._levels import Level, LevelEffect, TimerPause
from ticketcore.policies.tables._timers import DEADLINE, SNOOZE, TimerDefinition
from ticketcore.ticket import Status

_RESERVED: Final = {
    DEADLINE.name: "a deadline set by hand",
    SNOOZE.name: "the end of a snooze",
}
_ALONE: Final = {"applied", "closed", "dispute-opened"}
_POSITIONS: Final = ("used", "before_due", "past_due", "every")
_NEEDS: Final[Mapping[LevelEffect, str]] = {
    "assign": "assignee",
    "change-type": "type",
    "set-field": "fields",
    "tag": "tags",
}

_YES_NO: Final = {
    name
    for name, key in CONDITION_KEYS.items()
    if isinstance(key.kind, Matching) and key.kind.kind is FLAG
}
_PARTY_FACTS: Final = ("requested_by", "opened_by", "waiting_for", "handler")
_CLOSED_SETS: Final[Mapping[str, Collection[str]]] = {
    "status": get_args(Status),
    "billing": get_args(Billing),
    **dict.fromkeys(_PARTY_FACTS, PARTIES),
}

# Facts that come and go with the answers of the parties.
CHANGING: Final = ("waiting_for", "handler", "status", "solved")

_WHILE_CLOSED: Final = {"status": frozenset({"closed"})}

# Instants that no answer changes.
_STAYS: Final = frozenset({"opened", "type-set", "reopened"})


def pauses(policy: Policy) -> Iterator[Mistake]:
    """Find values in the conditions of pauses that do not exist, and pauses that never end."""

    def of(pause: TimerPause) -> Iterator[Mistake]:
        yield from names_nothing(policy, pause.when)
        yield from condition_never_holds(policy, pause.when, None)
        if pause.when.always_holds:
            yield ("when",), "always holds, so its timers never run: name a fact"

    yield from each("pauses", policy.pauses.items(), of)


def unused_pauses(tree: Node, policy: Policy) -> Iterator[Mistake]:
    """Find pauses that no timer names. Those of an extended file may be left over."""
    written = tree.entries["pauses"].entries if "pauses" in tree.entries else {}
    for name, node in written.items():
        is_inherited = node.place.source != tree.place.source
        if not is_inherited and not any(name in timer.pauses for timer in policy.timers):
            message = f"no timer uses it: add pauses = {quoted(name)} to one"
            yield ("pauses", name), message


def names(policy: Policy, timer: TimerDefinition) -> Iterator[Mistake]:
    """Find reserved names, and pauses that the file does not declare."""
    if timer.name in _RESERVED:
        meaning = _RESERVED[timer.name]
        yield ("name",), f"{quoted(timer.name)} is reserved for {meaning}: use another name"
    yield from unknown_name(
        "pauses", "pause", timer.pauses, policy.pauses, "[pauses.customer-owes]"
    )
    for name in timer.pauses if timer.since == "closed" else ():
        pause = policy.pauses.get(name)
        if pause is not None and pause.when.facts == _WHILE_CLOSED:
            yield ("pauses",), f'{quoted(name)} stops a timer from = "closed" for ever: remove it'


def anchors(policy: Policy, timer: TimerDefinition) -> Iterator[Mistake]:
    """Find anchors that cannot be combined, and fields that hold no instant."""
    for anchor in timer.anchors:
        yield from instant_field(policy, "from", anchor)
        if len(timer.anchors) > 1 and anchor in _ALONE:
            yield ("from",), f"{quoted(anchor)} cannot be combined with others"
            return


def selected(policy: Policy, timer: TimerDefinition) -> Iterator[Mistake]:
    """Find tables by value without a fact, facts without a table, and values that do not exist."""
    for name, by in (("after", timer.after_by), ("calendar", timer.calendar_by)):
        table = getattr(timer, name)
        if not isinstance(table, Mapping):
            if by is not None:
                message = f"has no effect: write {name} as a table with one entry for each value"
                yield (f"{name}_by",), message
            continue
        if not table:
            yield (name,), "an empty table: the timer never runs; add an entry"
        elif by is None:
            yield (f"{name}_by",), f"missing; it names the fact that selects from {name}"
        elif by not in (known := [*FACTS, *(f"{OWN}{own}" for own in policy.fields)]):
            yield (f"{name}_by",), f"no fact {quoted(by)}; {nearest(by, known)}"
        else:
            yield from _values(policy, timer.when, name, by, table)


def _values(
    policy: Policy, when: Condition, name: str, by: str, table: Collection[str]
) -> Iterator[Mistake]:
    declared = _declared(policy, by)
    known = declared or _CLOSED_SETS.get(by, ())
    unknown = [value for value in table if known and value not in known]
    for value in unknown:
        yield (name, value), f"no {by} {quoted(value)}; {nearest(value, known)}"
    missing = [
        text for text, value in declared.items() if text not in table and when.allows(by, (value,))
    ]
    if missing and not unknown:
        yield (
            (name,),
            f"no entry for {listed(missing)}: the timer never runs then; add an entry, "
            "or exclude the value in when",
        )


def _declared(policy: Policy, by: str) -> Mapping[str, object]:
    """Return the values that each need an entry, by text; none if any text is allowed."""
    field = policy.fields.get(by.removeprefix(OWN)) if by.startswith(OWN) else None
    if by in _YES_NO or (field is not None and field.kind == "yes-no"):
        return {"yes": True, "no": False}
    values = declared_values(policy, by) if field is None else field.choices
    return {value: value for value in values}


def changes(policy: Policy, timer: TimerDefinition) -> Iterator[Mistake]:
    """Find keys about changes that cannot happen."""
    selects = timer.after_by or timer.calendar_by
    changes_target = selects or len(policy.alternatives(timer.name)) > 1
    if timer.on_target_change != "keep" and not changes_target:
        message = "has no effect: the target never changes without after_by or calendar_by"
        yield ("on_target_change",), message


def goes_on_from_its_start(policy: Policy, timer: TimerDefinition) -> bool:
    """Whether a count keeps its start if its condition ceases to hold, and then holds again."""
    is_alone = len(policy.alternatives(timer.name)) == 1  # or else another takes over
    is_clock = _is_met_on_its_way(timer) or timer.effect == "breach"
    return is_alone and is_clock and _STAYS.issuperset(timer.anchors)


def _is_met_on_its_way(timer: TimerDefinition) -> bool:
    return bool(timer.levels or timer.met_by)


def resumed_counts(policy: Policy, timer: TimerDefinition) -> Iterator[Mistake]:
    """Find a count that ends when its condition does, and later goes on from the same start."""
    if not (_is_met_on_its_way(timer) and goes_on_from_its_start(policy, timer)):
        return
    parts = {"when": timer.when, "unless": timer.when.unless or Condition()}
    for key, when in parts.items():
        for fact in when.facts:
            if fact in CHANGING and not stays(when, fact):
                yield (
                    (key, fact),
                    f'the count from "{timer.since}" goes on while {fact} has another value: '
                    'move the condition to [pauses], or count from = "applied"',
                )
                return


def stays(when: Condition, fact: str) -> bool:
    """Whether a condition accepts a status of every open ticket."""
    return fact == "status" and all(when.allows(fact, (each,)) for each in ("open", "pending"))


def meetings(policy: Policy, timer: TimerDefinition) -> Iterator[Mistake]:
    """Find a `met_by` of which nothing can happen, and conditions in it that cannot hold."""
    if timer.since == "dispute-opened":  # reported by itself
        return
    never = [never_meets(policy, meeting) for meeting in timer.met_by]
    if never and all(never):  # of several events, one that can happen is enough
        yield ("met_by",), str(never[0])
    for meeting in timer.met_by:
        for _, message in (
            *names_nothing(policy, meeting.when),
            *condition_never_holds(policy, meeting.when, None),
        ):
            yield ("met_by",), message


def levels(policy: Policy, timer: TimerDefinition) -> Iterator[Mistake]:
    """Find levels with no instant or several, before the start, or without a required key."""

    def of(level: Level) -> Iterator[Mistake]:
        given = [name for name in _POSITIONS if getattr(level, name) is not None]
        if len(given) != 1:
            found = "none" if not given else " and ".join(given)
            yield (), f"needs one of {', '.join(_POSITIONS)}; found {found}"
            return
        yield from _repeats(timer, level)
        yield from before_start(policy, timer, level)
        yield from _arguments(level)
        yield from _declared_arguments(policy, level)
        yield from names_nothing(policy, level.when)
        yield from condition_never_holds(policy, level.when, timer.since)
        span = level.before_due or level.past_due
        if span is not None and span.working and timer.calendar is None:
            yield (given[0],), f'"{span}" needs a calendar: add one to the timer'

    yield from each("level", enumerate(timer.levels), of)
    seen = [level.name for level in timer.levels]
    for i, name in enumerate(seen):
        if name in seen[:i]:
            yield ("level", i, "name"), f"another level is named {quoted(name)}"


def _repeats(timer: TimerDefinition, level: Level) -> Iterator[Mistake]:
    if level.every is None:
        if level.times is not None:
            yield ("times",), "only works with every: remove it"
        return
    if level.times is None:
        yield ("times",), "missing; it says how often the level acts"
    units = [span.working for span in timer.targets]
    if level.every.months or level.every.working not in units:
        unit = "working hours" if units[0] else "hours"
        yield ("every",), f"expected a span in the unit of the timer, such as 4 {unit}"


def _arguments(table: Level | TimerDefinition) -> Iterator[Mistake]:
    for effect, name in _NEEDS.items():
        if table.effect == effect and not getattr(table, name, None):
            yield (name,), f'missing; effect = "{effect}" needs it'
        elif table.effect != effect and getattr(table, name, None):
            yield (name,), f'only works with effect = "{effect}": remove it'


def _declared_arguments(policy: Policy, level: Level) -> Iterator[Mistake]:
    """Find roles, fields, values and tags of a level that the file does not declare."""
    for name in level.notify:
        if name in PARTIES and name not in policy.roles:
            right = f"a [[notification]] with to = {quoted(name)} tells them"
            yield ("notify",), f"{quoted(name)} is a party, not one of [roles]; {right}"
        else:
            yield from unknown_name("notify", "role", [name], policy.roles, "[roles.lead]")
    yield from _values_set(policy, level)


def _values_set(policy: Policy, table: Level | TimerDefinition) -> Iterator[Mistake]:
    """Find fields, values and tags that the file does not declare."""
    for name, content in table.fields.items():
        field = policy.fields.get(name)
        if field is None:
            path = ("fields", name)
            yield from unknown_name(path, "field", (name,), policy.fields, f"[fields.{name}]")
        elif not field.takes_written(content):
            message = f"expected {field.expected}, found {described(content)}"
            yield ("fields", name), message
    known = policy.tags.values
    for tag in table.tags if known else ():
        if tag not in known:
            yield ("tags",), f"no tag {quoted(tag)}; {nearest(tag, known)}"


def arguments(policy: Policy, timer: TimerDefinition) -> Iterator[Mistake]:
    """Find keys that the effect of a timer lacks, or does not use."""
    yield from _arguments(timer)
    yield from _values_set(policy, timer)


CLOCK_CHECKS: Final = (
    names,
    anchors,
    selected,
    changes,
    resumed_counts,
    meetings,
    levels,
    late_levels,
    arguments,
)
"""The checks of one timer."""
