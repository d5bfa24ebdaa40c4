"""The parts of a policy that a ticket can use, and those that the events of a ticket use.

A timer is used when its deadline is set, a permission when a command passes by it, a notification
when an event causes it, a calendar by a timer or a permission that counts in it, and a window when
somebody acts within it.
"""

from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

import attrs

from ticketcore._internal.arguments import typed
from ticketcore.events import Event, Opened, Reopened, Scheduled, TypeChanged
from ticketcore.policies import Permission, Policy
from ticketcore.ticket import Ticket, fold_each
from ticketcore.timeline import command_of, permission_of

PartKind: TypeAlias = Literal["timer", "permission", "notification", "calendar", "window"]


@attrs.frozen
class PolicyPart:
    """A part of a policy: its kind and name, its key path in the file, and its rule ids."""

    kind: PartKind
    name: str
    path: tuple[str | int, ...]
    rule: str | None = attrs.field(default=None, eq=False)


@typed
def parts_of(policy: Policy) -> tuple[PolicyPart, ...]:
    """Return all parts, in the order of kinds and of the file."""
    return (
        *_timers(policy),
        *(
            _permission(i, name, permission)
            for i, permission in enumerate(policy.permissions)
            for name in permission.commands
        ),
        *(
            PolicyPart("notification", each.name, ("notification", i), each.rule)
            for i, each in enumerate(policy.notifications)
        ),
        *(_calendar(name, policy) for name in policy.calendars),
        *_windows(policy),
    )


def _timers(policy: Policy) -> Iterator[PolicyPart]:
    for i, timer in enumerate(policy.timers):
        yield PolicyPart("timer", timer.name, ("timer", i), timer.rule)


def _permission(index: int, command: str, permission: Permission) -> PolicyPart:
    name = f"{command} by {', '.join(permission.by)}"
    return PolicyPart("permission", name, ("permission", index), permission.rule)


def _calendar(name: str, policy: Policy) -> PolicyPart:
    return PolicyPart("calendar", name, ("calendars", name), policy.calendars[name].rule)


def _type_window(kind: str, policy: Policy, by: str) -> PolicyPart:
    path = ("types", kind, "windows", by)
    return PolicyPart("window", f"{kind} for {by}", path, policy.types[kind].window_rule)


def _permission_window(index: int, permission: Permission) -> PolicyPart:
    name = f"{', '.join(permission.commands)} by {', '.join(permission.by)}"
    key = "after" if permission.within is None else "within"
    return PolicyPart("window", name, ("permission", index, key), permission.rule)


def _reply_window(policy: Policy) -> PolicyPart:
    path = ("closing", "reply_reopens_within")
    return PolicyPart("window", "reply after the closing", path, policy.closing.rule)


def _windows(policy: Policy) -> Iterator[PolicyPart]:
    for kind, ticket_type in policy.types.items():
        for by in ticket_type.windows:
            yield _type_window(kind, policy, by)
    for i, permission in enumerate(policy.permissions):
        if permission.anchor is not None:
            yield _permission_window(i, permission)
    if policy.closing.reply_reopens_within is not None:
        yield _reply_window(policy)


@typed
def used_parts(events: Iterable[Event], policy: Policy) -> frozenset[PolicyPart]:
    """Return the parts of a policy that the events of one ticket use.

    Raises HistoryError if the events do not begin with an opening.
    """
    return frozenset(_used(tuple(fold_each(events)), policy))


def _used(steps: tuple[tuple[Ticket, Event], ...], policy: Policy) -> Iterator[PolicyPart]:
    before = steps[0][0]  # conditions on an opening are checked on the ticket that it opens
    for ticket, event in steps:
        if isinstance(event, Scheduled):
            yield from _set_timers(event, ticket, policy)
        elif not event.derived:
            yield from _acted(event, before, policy)
        elif isinstance(event, Reopened) and event.by in policy.closing.reply_reopens:
            yield _reply_window(policy)
        for i, notification in enumerate(policy.notifications):
            if (
                event.NAME in notification.on
                and event.by in notification.by
                and notification.when.holds(ticket)
            ):
                yield PolicyPart("notification", notification.name, ("notification", i))
        before = ticket


def _set_timers(event: Scheduled, ticket: Ticket, policy: Policy) -> Iterator[PolicyPart]:
    for timer in event.timers:
        definition = policy.timer(timer.name, ticket)
        for i, each in enumerate(policy.timers):
            if each is definition:
                yield PolicyPart("timer", each.name, ("timer", i))
                yield from (_calendar(name, policy) for name in each.calendars)


def _acted(event: Event, before: Ticket, policy: Policy) -> Iterator[PolicyPart]:
    """Yield the permission by which an event came about, and the windows that it kept."""
    command, permission = command_of(event), permission_of(event, before, policy)
    if command is not None and permission is not None:
        i = policy.permissions.index(permission)
        yield _permission(i, command.NAME, permission)
        if permission.anchor is not None:
            yield _permission_window(i, permission)
        if permission.calendar is not None:
            yield _calendar(permission.calendar, policy)
    if isinstance(event, Opened | TypeChanged):
        ticket_type = policy.types.get(event.type)
        if ticket_type is not None and event.by in ticket_type.windows:
            yield _type_window(event.type, policy, event.by)
