"""Checks of permissions: fields, time windows, and permissions that never apply."""

from collections.abc import Iterator
from functools import partial
from itertools import product
from typing import Final

import attrs

from ticketcore._toml import Mistake, each
from ticketcore.commands import COMMANDS
from ticketcore.events import Party
from ticketcore.policies._checks._before_start import exceeds
from ticketcore.policies._checks._conditions import (
    condition_never_holds,
    names_nothing,
    unknown_name,
)
from ticketcore.policies._checks._fields import instant_field
from ticketcore.policies._policy import Policy
from ticketcore.policies.conditions._conditions import OWN
from ticketcore.policies.tables._permissions import Permission


def _permissions(policy: Policy) -> Iterator[Mistake]:
    for find in _CHECKS:
        yield from each("permission", enumerate(policy.permissions), partial(find, policy))


def _requires(_: Policy, permission: Permission) -> Iterator[Mistake]:
    for requirement in permission.requires:
        field = requirement.replace("-", "_")
        for name in permission.commands:
            if field not in attrs.fields_dict(COMMANDS[name]):
                message = f'command "{name}" has no field {field}, so it cannot be required'
                yield ("requires",), message


def _fields(policy: Policy, permission: Permission) -> Iterator[Mistake]:
    yield from unknown_name(
        "fields", "field", permission.fields, policy.fields, "[fields.priority]"
    )
    if permission.fields and not {*permission.commands} <= {"open", "set-field"}:
        yield ("fields",), 'only works with commands = ["open", "set-field"]'


def _window(policy: Policy, permission: Permission) -> Iterator[Mistake]:
    spans = [span for span in (permission.after, permission.within) if span is not None]
    if spans and permission.anchor is None:
        yield ("from",), 'missing; after and within count from an instant, such as "opened"'
    if permission.since is not None:
        if not spans:
            yield ("from",), "only works with after or within"
        if "open" in permission.commands and not permission.since.startswith(OWN):
            message = "an opening has no instants to count from but those of its fields"
            yield ("from",), message
        yield from instant_field(policy, "from", permission.since)


def _never_opens(policy: Policy, permission: Permission) -> Iterator[Mistake]:
    after, within = permission.after, permission.within
    if after is not None and within is not None and exceeds(after, within):
        yield ("within",), f'the permission is never open: after "{after}", "{within}" have passed'


def _calendar(policy: Policy, permission: Permission) -> Iterator[Mistake]:
    spans = [span for span in (permission.after, permission.within) if span is not None]
    needing = [f'"{span}"' for span in spans if span.working]
    names = () if permission.calendar is None else (permission.calendar,)
    yield from unknown_name(
        "calendar", "calendar", names, policy.calendars, "[calendars.weekdays]"
    )
    if needing and permission.calendar is None:
        yield ("calendar",), f"missing: required for {' and '.join(needing)}"
    if permission.calendar is not None and not needing:
        yield ("calendar",), "only works with spans of working time: remove it"


def _condition(policy: Policy, permission: Permission) -> Iterator[Mistake]:
    yield from names_nothing(policy, permission.when)


def _dead(policy: Policy, permission: Permission) -> Iterator[Mistake]:
    yield from condition_never_holds(policy, permission.when, None)


def _shadowed(policy: Policy) -> Iterator[Mistake]:
    """Find permissions that earlier ones without conditions cover."""
    always: set[tuple[str, Party]] = set()
    for i, permission in enumerate(policy.permissions):
        granted = set(product(permission.commands, permission.by))
        if granted and granted <= always:
            yield ("permission", i), "never applies: a permission before it always does"
        narrow = permission.fields or permission.since or permission.within
        if permission.when.always_holds and not narrow:
            always |= granted


_CHECKS: Final = (_requires, _fields, _window, _never_opens, _calendar, _condition, _dead)

PERMISSION_CHECKS: Final = (_permissions, _shadowed)
