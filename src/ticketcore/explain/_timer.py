"""How the deadline of a timer is computed: its target, its spans one by one, and its levels."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import product
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

import attrs

from ticketcore._internal.arguments import typed
from ticketcore.calendar import Explanation, Span, zone_of
from ticketcore.commands import Open
from ticketcore.decider import opened_event, plan, target_of
from ticketcore.decider.clocks import TimerCount, level_instants
from ticketcore.errors import UnknownTimerError
from ticketcore.events import FieldContent, Timer, field_text, utc
from ticketcore.policies import OWN, Level, Policy, Target, TimerDefinition, fact_of
from ticketcore.ticket import Ticket, fold

_NONE: Final[Mapping[str, FieldContent]] = MappingProxyType({})


@attrs.frozen(kw_only=True)
class TimerExplanation:
    """A timer with its deadline, and how the calendar computes it.

    *timer* has the start, `since`, and the deadline, `due`. *selected* are the facts that select
    the *target*, each with the value for which it is explained. *steps* explain one span after the
    other: the last one ends at the deadline. They are empty if the notice of a dispute states the
    deadline. *levels* are the instants at which the levels act, the earliest first. Pauses are
    left out. Instants are UTC, *zone* is the ticket's.
    """

    timer: Timer
    definition: TimerDefinition
    zone: ZoneInfo
    target: Target
    selected: Mapping[str, str]
    steps: tuple[Explanation, ...]
    levels: tuple[tuple[datetime, Level], ...]


@typed
def explain_timer(
    policy: Policy,
    name: str,
    start: datetime,
    *,
    zone: str | None = None,
    storefront: str | None = None,
    facts: Mapping[str, FieldContent] = _NONE,
) -> tuple[TimerExplanation, ...]:
    """Explain a timer of any anchor that starts at an instant, in each variant that it can have.

    *facts* are known facts of the ticket, by the names that conditions give them, such as
    ``{"type": "refund", "fields.priority": "high"}``. They select the variants: the alternatives
    of the name whose condition can hold, and their targets. Facts that are not given may have any
    value. *zone* is an IANA name; without it the zone is that of the *storefront*, or else of the
    policy.

    Raises UnknownTimerError if the policy has no such timer, RefusedError if it lacks the
    storefront or a zone is required, CalendarRangeError if the deadline lies outside the supported
    years, and InstantError or NaiveDatetimeError for a wrong *start*.
    """
    start = utc(start)
    alternatives = policy.alternatives(name)
    if not alternatives:
        raise UnknownTimerError(name, policy.name, policy.version)
    opening = Open(
        at=start, by="customer", type=_any_type(policy), zone=zone, storefront=storefront
    )
    ticket = fold((opened_event(opening, policy),))
    return tuple(
        _explained(
            Timer(name, TimerCount(ticket, policy, each, target).due(start), start),
            each,
            target,
            selected,
            ticket,
            policy,
        )
        for each in alternatives
        if _can_apply(each, facts)
        for target, selected in _targets(each, policy, facts)
    )


@typed
def explain_opening(ticket: Ticket, policy: Policy) -> tuple[TimerExplanation, ...]:
    """Explain the deadlines that a ticket gets when it is opened, in the order in which they act.

    *ticket* is a new ticket, whose timers need not be recorded. Raises CalendarRangeError if a
    deadline lies outside the supported years of its calendar.
    """
    return tuple(_planned(timer, ticket, policy) for timer in plan(ticket, policy, ticket.at))


def _planned(timer: Timer, ticket: Ticket, policy: Policy) -> TimerExplanation:
    definition = policy.timer(timer.name, ticket)
    assert definition is not None, "the plan holds timers of the policy"
    target = target_of(ticket, definition)
    assert target is not None, "a timer is planned only if it has a target"
    selected: dict[str, str] = {}
    for fact in _selecting(definition):
        find = fact_of(fact)
        value = None if find is None else find(ticket)
        assert value is not None, "a target is selected by a value"
        selected[fact] = field_text(value)
    return _explained(timer, definition, target, selected, ticket, policy)


def _explained(
    timer: Timer,
    definition: TimerDefinition,
    target: Target,
    selected: Mapping[str, str],
    ticket: Ticket,
    policy: Policy,
) -> TimerExplanation:
    count = TimerCount(ticket, policy, definition, target)
    stated = definition.notice_deadline and any(
        dispute.id == timer.dispute and dispute.deadline for dispute in ticket.disputes
    )
    steps = count.calendar.explain_chain(
        timer.since,
        count.spans(timer.since),
        boundary=definition.boundary,
        roll=definition.roll,
        at_time=definition.at_time,
    )
    return TimerExplanation(
        timer=timer,
        definition=definition,
        zone=zone_of(ticket.opened.zone),
        target=target,
        selected=selected,
        steps=() if stated else steps,
        levels=tuple(level_instants(timer, count)),
    )


def _any_type(policy: Policy) -> str:
    """Return a type to open a ticket with: conditions are compared with the known facts only."""
    return policy.default_type or next(iter(policy.types), "any")


def _can_apply(definition: TimerDefinition, facts: Mapping[str, FieldContent]) -> bool:
    """Return whether the condition of a timer can hold for a ticket with these facts."""
    kind = facts.get("dispute_kind")
    return (kind is None or kind in definition.dispute_kinds) and all(
        definition.when.allows(fact, (value,)) for fact, value in facts.items()
    )


def _selecting(definition: TimerDefinition) -> tuple[str, ...]:
    """Return the facts that select the span and the calendar, each once."""
    return tuple(
        dict.fromkeys(fact for fact in (definition.after_by, definition.calendar_by) if fact)
    )


def _targets(
    definition: TimerDefinition, policy: Policy, facts: Mapping[str, FieldContent]
) -> Iterator[tuple[Target, Mapping[str, str]]]:
    """Yield each target that a ticket with these facts can have, with the values selecting it."""
    spans, calendars = definition.after, definition.calendar
    names = _selecting(definition)
    for values in product(*(_values(name, definition, policy, facts) for name in names)):
        selected = dict(zip(names, values, strict=True))
        after = spans if isinstance(spans, Span) else spans[selected[definition.after_by or ""]]
        calendar = (
            calendars[selected[definition.calendar_by or ""]]
            if isinstance(calendars, Mapping)
            else calendars
        )
        yield definition.target_of(after, calendar), selected


def _values(
    fact: str, definition: TimerDefinition, policy: Policy, facts: Mapping[str, FieldContent]
) -> list[str]:
    """Return the values of a fact for which a timer has a target, of those that are possible."""
    tables = [
        table
        for by, table in (
            (definition.after_by, definition.after),
            (definition.calendar_by, definition.calendar),
        )
        if by == fact and isinstance(table, Mapping)
    ]
    known = facts.get(fact)
    return [
        value
        for value in tables[0]
        if all(value in table for table in tables)
        and known in (None, content := _content(fact, value, policy))
        and definition.when.allows(fact, (content,))
    ]


def _content(fact: str, text: str, policy: Policy) -> FieldContent:
    """Return the value of a fact that a key of a table stands for."""
    field = policy.fields.get(fact.removeprefix(OWN)) if fact.startswith(OWN) else None
    value = None if field is None else field.value(text)
    return text if value is None else value.content
