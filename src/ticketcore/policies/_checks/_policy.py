"""Checks of a policy as a whole: names that refer to nothing, and rules that can never apply.

A check is a generator of findings: the key path in the file, and what is wrong there. It asks
only for values that were read without a mistake; if one was not, the check ends there. So one
mistake of an author never leads to a second message.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from typing import Final, TypeAlias

import attrs

from ticketcore._toml import Document, Mistake, check, each, nearest, quoted
from ticketcore.calendar import Span
from ticketcore.errors import CalendarError
from ticketcore.policies._checks._clocks import CLOCK_CHECKS, pauses, unused_pauses
from ticketcore.policies._checks._conditions import (
    condition_never_holds,
    names_nothing,
    unknown_name,
)
from ticketcore.policies._checks._fields import FIELD_CHECKS
from ticketcore.policies._checks._guarantees import guarantees
from ticketcore.policies._checks._notifications import NOTIFICATION_CHECKS
from ticketcore.policies._checks._permissions import PERMISSION_CHECKS
from ticketcore.policies._checks._rounds import rounds
from ticketcore.policies._policy import Policy
from ticketcore.policies.tables._calendars import CalendarDefinition
from ticketcore.policies.tables._sections import DisputeKind, TicketType
from ticketcore.policies.tables._timers import TimerDefinition

_SAMPLE: Final = range(2026, 2037)  # years

_HOLIDAY_OPTIONS: Final = (
    "subdivision",
    "categories",
    "half_day_until",
    "make_up_hours",
    "remove_holidays",
)
_DISPUTE: Final = "[disputes.claim]"

_Check: TypeAlias = Callable[[Policy], Iterator[Mistake]]


def check_policy(document: Document, policy: Policy) -> None:
    """Note every mistake that concerns several keys of a file."""
    check(document, policy, _CHECKS)
    by_file = [
        partial(unused_pauses, document.tree),
        partial(_rules, document.tree.plain()),
    ]
    check(document, policy, by_file)


def _types(policy: Policy) -> Iterator[Mistake]:
    if not policy.types and not policy.any_type:
        message = "missing; a policy needs a type of ticket: add one, such as [types.request]"
        yield ("types",), message


def _default_type(policy: Policy) -> Iterator[Mistake]:
    name = policy.default_type
    if name is not None and not policy.any_type and policy.types and name not in policy.types:
        yield ("default_type",), f"no type {quoted(name)}; {nearest(name, policy.types)}"


def _opening(policy: Policy) -> Iterator[Mistake]:
    if not any("open" in granted.commands and granted.by for granted in policy.permissions):
        message = 'nobody may open a ticket: add a [[permission]] with commands = "open"'
        yield ("permission",), message


def _rules(written: object, policy: Policy) -> Iterator[Mistake]:
    """Find rule ids of the head that no table has: the file may have lost a line."""
    carried = set(_rule_ids(written))
    for i, rule in enumerate(policy.rules):
        if rule not in carried:
            yield ("rules", i), f"no rule key of the file mentions {quoted(rule)}"


def _rule_ids(written: object) -> Iterator[str]:
    if isinstance(written, dict):
        for name, below in written.items():
            if isinstance(below, str) and (name == "rule" or name.endswith("_rule")):
                yield from below.split()
            yield from _rule_ids(below)
    elif isinstance(written, list):
        for below in written:
            yield from _rule_ids(below)


def _windows(policy: Policy) -> Iterator[Mistake]:
    def counts_from_nothing(kind: TicketType) -> Iterator[Mistake]:
        if kind.windows and not kind.order:
            yield ("windows",), "a window counts from the order: add order = true"

    yield from each("types", policy.types.items(), counts_from_nothing)


def _supersedes(policy: Policy) -> Iterator[Mistake]:
    def supersedes_nothing(kind: DisputeKind) -> Iterator[Mistake]:
        kinds = policy.dispute_kinds
        yield from unknown_name(
            "supersedes", "dispute", kind.supersedes, kinds, "[disputes.claim]"
        )

    yield from each("disputes", policy.dispute_kinds.items(), supersedes_nothing)


# Calendars


def _calendars(policy: Policy) -> Iterator[Mistake]:
    for find in (_storefronts_of, _holidays_of, _opens):
        yield from each("calendars", policy.calendars.items(), partial(find, policy))


def _storefronts_of(policy: Policy, calendar: CalendarDefinition) -> Iterator[Mistake]:
    message = '"storefront" needs storefronts: add one, such as [storefronts.de]'
    for name in ("zone", "country"):
        if getattr(calendar, name) == "storefront" and not policy.storefronts:
            yield (name,), message


def _holidays_of(policy: Policy, calendar: CalendarDefinition) -> Iterator[Mistake]:
    """Find options of holidays that the country, or that of a storefront, does not have."""
    if calendar.country is None:
        for name in _HOLIDAY_OPTIONS:
            if getattr(calendar, name):
                yield (name,), 'needs a country: add one, such as country = "AT"'
        return
    countries: set[str | None] = {calendar.country}
    if calendar.country == "storefront":
        countries = {place.country for place in policy.storefronts.values()} - {None}
    for country in sorted(countries, key=str):
        for name, tried in _with_more_options(calendar):
            try:
                tried.holidays_of(country)
            except CalendarError as error:
                yield (name,), str(error)
                break


def _with_more_options(
    calendar: CalendarDefinition,
) -> Iterator[tuple[str, CalendarDefinition]]:
    """Yield the calendar with one more of its options each time, and the name of that option."""
    no_names = attrs.evolve(calendar, remove_holidays=())
    no_make_up = attrs.evolve(no_names, make_up_hours=None)
    whole_days = tuple(name for name in calendar.categories if name != "half_day")
    no_half_days = attrs.evolve(no_make_up, categories=whole_days, half_day_until=None)
    yield "subdivision", attrs.evolve(no_half_days, categories=())
    yield "categories", no_half_days
    yield "half_day_until", no_make_up
    yield "make_up_hours", no_names
    yield "remove_holidays", calendar


def _opens(_: Policy, calendar: CalendarDefinition) -> Iterator[Mistake]:
    """Find a calendar that stays closed for years. To look at all years would take too long."""
    try:
        built = attrs.evolve(calendar, zone="UTC", country=None).build("UTC", None)
    except CalendarError as error:
        yield ("hours",), str(error)
        return
    new_years = (datetime(year, 1, 1, tzinfo=UTC) for year in _SAMPLE)
    if not any(built.intervals(begin, end) for begin, end in pairwise(new_years)):
        first, last = _SAMPLE[0], _SAMPLE[-2]
        message = f"the calendar has no open time from {first} to {last}: add hours there"
        yield ("hours",), message


# Timers


def _timers(policy: Policy) -> Iterator[Mistake]:
    for find in _TIMER_CHECKS:
        yield from each("timer", enumerate(policy.timers), partial(find, policy))


def _names_of_timer(policy: Policy, timer: TimerDefinition) -> Iterator[Mistake]:
    kinds = policy.dispute_kinds
    path = ("when", "dispute_kind")
    yield from unknown_name(path, "dispute", timer.dispute_kinds, kinds, "[disputes.claim]")
    yield from unknown_name(
        "calendar", "calendar", timer.calendars, policy.calendars, "[calendars.weekdays]"
    )


def _anchor(_: Policy, timer: TimerDefinition) -> Iterator[Mistake]:
    if timer.since == "dispute-opened" and not timer.dispute_kinds:
        yield ("from",), "also needs when = { dispute_kind = … }: name the kinds of disputes"
    if timer.since != "dispute-opened" and timer.dispute_kinds:
        yield ("when", "dispute_kind"), 'only works with from = "dispute-opened"'
    if timer.since != "dispute-opened" and not timer.notice_deadline:
        yield ("notice_deadline",), 'only works with from = "dispute-opened"'
    if timer.since == "dispute-opened" and timer.met_by:
        yield ("met_by",), "only an answer meets the timer of a dispute: remove it"
    if "last-activity" not in timer.anchors and timer.activity_by:
        yield ("activity_by",), 'only works with from = "last-activity"'


def _effect(_: Policy, timer: TimerDefinition) -> Iterator[Mistake]:
    only = {"dispute-opened": "lose-dispute", "closed": "warn"}.get(timer.since, timer.effect)
    if timer.effect != only:
        message = f'with from = "{timer.since}" a timer can only have effect = "{only}"'
        yield ("effect",), message
    elif timer.effect == "lose-dispute" and timer.since != "dispute-opened":
        yield ("effect",), 'effect = "lose-dispute" only works with from = "dispute-opened"'


def _calendar(policy: Policy, timer: TimerDefinition) -> Iterator[Mistake]:
    spans = timer.spans
    needing = [f'"{span}"' for span in spans if span.working]
    needing += ["out_of_hours"] if timer.out_of_hours else []
    needing += [f'roll = "{timer.roll}"'] if timer.roll else []
    if needing and timer.calendar is None:
        yield ("calendar",), f"missing: required for {' and '.join(needing)}"
    needing += [level.name for level in timer.levels if level.uses_calendar]
    if (
        timer.calendar is not None
        and spans
        and not needing
        and _has_no_effect(policy, timer, spans)
    ):
        span = spans[0]
        yield ("calendar",), f'"{span}" does not use a calendar: {_remedy(span)}'


def _has_no_effect(policy: Policy, timer: TimerDefinition, spans: tuple[Span, ...]) -> bool:
    """Whether no span uses the hours or the zone of the calendar.

    Only days and `at_time` use its zone, and only if that is not the ticket's.
    """
    calendars = [policy.calendars.get(name) for name in timer.calendars]
    elapsed = all(span.kind == "elapsed" for span in spans) and timer.at_time is None
    # a name that refers to nothing is reported by itself
    return all(each is not None and (each.zone == "vendor" or elapsed) for each in calendars)


def _remedy(span: Span) -> str:
    try:
        return f'remove it, or write "{attrs.evolve(span, working=True)}"'
    except CalendarError:  # weeks, months and years have no working form
        return "remove it"


def _landing(_: Policy, timer: TimerDefinition) -> Iterator[Mistake]:
    if timer.at_time and timer.roll == "day-end":
        yield ("at_time",), 'roll = "day-end" lands at the end of the day: leave one of them out'


def _boundary(_: Policy, timer: TimerDefinition) -> Iterator[Mistake]:
    if timer.boundary == "next-open" and not any(span.kind == "open time" for span in timer.spans):
        yield ("boundary",), "only works with working hours, minutes or seconds: remove it"


def _out_of_hours(policy: Policy, timer: TimerDefinition) -> Iterator[Mistake]:
    calendars = [policy.calendars.get(name) for name in timer.calendars]
    if timer.out_of_hours and calendars and not any(map(_can_close, calendars)):
        yield ("out_of_hours",), "has no effect: the calendar is open round the clock"


def _can_close(calendar: CalendarDefinition | None) -> bool:
    """Whether a calendar is closed at some time; True if it is unknown or wrong."""
    if calendar is None or calendar.country is not None:
        return True
    return calendar != CalendarDefinition(
        name=calendar.name, rule=calendar.rule, zone=calendar.zone
    )


def _condition_of_timer(policy: Policy, timer: TimerDefinition) -> Iterator[Mistake]:
    yield from names_nothing(policy, timer.when)


def _dead_timer(policy: Policy, timer: TimerDefinition) -> Iterator[Mistake]:
    yield from condition_never_holds(policy, timer.when, timer.since)


def _alternatives(policy: Policy) -> Iterator[Mistake]:
    """Find timers of one name that differ in effect or anchor, or that can never apply."""
    for i, timer in enumerate(policy.timers):
        earlier = [other for other in policy.timers[:i] if other.name == timer.name]
        if not earlier:
            continue
        first = earlier[0]
        if (first.effect, first.anchors) != (timer.effect, timer.anchors):
            message = f"timers named {quoted(timer.name)} are alternatives: one effect, one from"
            yield ("timer", i, "name"), message
        elif any(other.when.always_holds for other in earlier):
            message = f"never applies: the {quoted(timer.name)} before it always does"
            yield ("timer", i, "name"), message


_TIMER_CHECKS: Final = (
    _names_of_timer,
    _anchor,
    _effect,
    _calendar,
    _landing,
    _boundary,
    _out_of_hours,
    _condition_of_timer,
    _dead_timer,
    *CLOCK_CHECKS,
)


_CHECKS: Final[tuple[_Check, ...]] = (
    _types,
    _default_type,
    _opening,
    _windows,
    _supersedes,
    _calendars,
    pauses,
    _timers,
    _alternatives,
    rounds,
    *PERMISSION_CHECKS,
    *FIELD_CHECKS,
    guarantees,
    *NOTIFICATION_CHECKS,
)
