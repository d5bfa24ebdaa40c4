"""Checks of guarantees: their parts, names and calendars."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from ticketcore._toml import Mistake, each
from ticketcore.policies._checks._causes import never_by, never_recorded
from ticketcore.policies._checks._conditions import (
    condition_never_holds,
    names_nothing,
    unknown_name,
)
from ticketcore.policies._policy import Policy
from ticketcore.policies.tables._guarantees import Guarantee


def guarantees(policy: Policy) -> Iterator[Mistake]:
    """Find mistakes in each guarantee."""
    for find in _CHECKS:
        yield from each("guarantee", enumerate(policy.guarantees), partial(find, policy))


def _parts(_: Policy, guarantee: Guarantee) -> Iterator[Mistake]:
    if (guarantee.never is None) == (guarantee.always is None):
        yield (), 'a guarantee has either "never" or "always"'


def _conditions(policy: Policy, guarantee: Guarantee) -> Iterator[Mistake]:
    for name in ("never", "always"):
        part = getattr(guarantee, name)
        if part is not None:
            for path, message in names_nothing(policy, part.when):
                yield (name, *path), message
            for path, message in condition_never_holds(policy, part.when, None):
                yield (name, *path), message


def _events(policy: Policy, guarantee: Guarantee) -> Iterator[Mistake]:
    """Find events that cannot happen.

    A `never` may name what the permissions leave out: it guards them. No file can let another
    party record what only the system does.
    """
    never, always = guarantee.never, guarantee.always
    if never is not None:
        for why in filter(None, (never_by(event, never.by) for event in never.event)):
            yield ("never", "event"), why
    if always is not None:
        causes = (never_recorded(policy, event, always.by) for event in always.event)
        for why in filter(None, causes):
            yield ("always", "event"), why


def _calendar(policy: Policy, guarantee: Guarantee) -> Iterator[Mistake]:
    always = guarantee.always
    if always is None:
        return
    path, span = ("always", "calendar"), always.within
    names = () if always.calendar is None else (always.calendar,)
    yield from unknown_name(path, "calendar", names, policy.calendars, "[calendars.weekdays]")
    if span.working and always.calendar is None:
        yield path, f'missing: required for "{span}"'
    if not span.working and always.calendar is not None:
        yield path, f'"{span}" does not use a calendar: remove it'


_CHECKS: Final = (_parts, _conditions, _events, _calendar)
