"""The rules of a policy in a line each: who may do what, which timer does what, and when."""

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import attrs

from ticketcore.events import PARTIES, Party
from ticketcore.policies import Anchor, Condition, Effect, Permission, Policy, TimerDefinition


@attrs.frozen(kw_only=True)
class KnownFacts:
    """What is known of a ticket in a state of the diagram. None: it may be anything."""

    type: str | None = None
    waiting_for: Party | None = None
    handler: Party | None = None
    status: str | None = None

    def fit(self, when: Condition) -> bool:
        """Whether a ticket in this state can be as asked for."""
        return all(when.allows(name, (value,)) for name, value in self._known())

    def open_conditions(self, when: Condition) -> Iterator[tuple[str, Collection[Any]]]:
        """The facts that are asked for and not settled by the state."""
        known = {name for name, _ in self._known()}
        return ((name, values) for name, values in when.facts.items() if name not in known)

    def _known(self) -> Iterator[tuple[str, str]]:
        for name, value in attrs.asdict(self).items():
            if value is not None:
                yield name, value


def who_may(
    policy: Policy, do: str, facts: KnownFacts, parties: Collection[str] = PARTIES, note: str = ""
) -> tuple[str, ...]:
    """Lines such as ``"close: vendor, with consent (C11)"``, in the order of the file."""
    lines = []
    granted: set[Party] = set()
    for allow in policy.permissions:
        by = [party for party in allow.by if party in parties]
        if do not in allow.commands or not by or not facts.fit(allow.when):
            continue
        conditions = list(_conditions(allow.when, facts))
        if granted.intersection(by) and not conditions:
            conditions = ["otherwise"]
        words = [_list(by), *conditions, *_needs(allow)]
        granted.update(by)
        lines.append(f"{do}: {', '.join(words)}{note}{_rule(allow.rule)}")
    return tuple(lines)


def what_happens(rule: TimerDefinition, facts: KnownFacts, *, otherwise: bool = False) -> str:
    """A line such as ``"24 working hours after the type was set: refunded and closed (C5)"``."""
    span = ", then ".join(map(str, (rule.after, *rule.then)))
    if rule.calendar and any(part.working for part in (rule.after, *rule.then)):
        span += f" ({rule.calendar})"
    if rule.roll:
        span += f", then the next opening of {rule.calendar},"
    conditions = list(_conditions(rule.when, facts))
    if otherwise and not conditions:
        conditions = ["otherwise"]
    words = ", ".join((_EFFECTS[rule.effect], *conditions))
    whose = f" of {' or '.join(rule.activity_by)}" if rule.activity_by else ""
    return f"{span} {_ANCHORS[rule.since]}{whose}: {words}{_rule(rule.rule)}"


def working_times(policy: Policy) -> Iterator[str]:
    """A line for each calendar that a timer counts working time by, such as
    ``"working time saving: mon-fri 00:00-24:00 (C6)"``."""
    named = (
        t.calendar for t in policy.timers if t.after.working or any(p.working for p in t.then)
    )
    for name in dict.fromkeys(name for name in named if name is not None):
        calendar = policy.calendars[name]
        holidays = "the holidays of " if calendar.country else ""
        closed = f", without {holidays}{calendar.closed_days}" if calendar.closed_days else ""
        yield f"working time {name}: {calendar.open_hours}{closed}{_rule(calendar.rule)}"


def _needs(allow: Permission) -> Iterator[str]:
    yield from (f"with {need}" for need in allow.requires)
    if allow.channels:
        yield f"by {_list(allow.channels)}"
    if allow.within is not None:
        yield f"within {allow.within}"


def _conditions(when: Condition, facts: KnownFacts) -> Iterator[str]:
    for name, values in facts.open_conditions(when):
        fact = name.replace("_", " ")
        for value in values:
            if isinstance(value, bool):
                yield _FLAGS.get(name, (f"if not {fact}", f"if {fact}"))[value]
        texts = sorted(value for value in values if isinstance(value, str))
        if texts:
            yield f"if {fact} {_list(texts)}"


def _list(values: Collection[str]) -> str:
    *some, last = values
    return f"{', '.join(some)} or {last}" if some else last


def _rule(rule: str | None) -> str:
    return f" ({rule})" if rule else ""


_FLAGS = MappingProxyType(
    {"has_grace_period": ("without the saving window", "with the saving window")}
)
_ANCHORS: Mapping[Anchor, str] = MappingProxyType(
    {
        "opened": "after the opening",
        "type-set": "after the type was set",
        "waiting-since": "after the turn passed",
        "last-activity": "after the last activity",
        "closed": "after the closing",
        "dispute-opened": "after it was opened",
    }
)
_EFFECTS: Mapping[Effect, str] = MappingProxyType(
    {
        "warn": "a warning",
        "breach": "overdue",
        "acknowledge": "taken up",
        "refund": "refunded and closed",
        "cancel": "cancelled and closed",
        "close": "closed",
        "escalate": "support is called in",
        "lose-dispute": "decided for the customer",
    }
)
