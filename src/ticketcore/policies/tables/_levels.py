"""Pauses, and the levels of timers."""

import re
from collections.abc import Mapping
from typing import Literal, TypeAlias

import attrs

from ticketcore._internal.frozen import Value, frozen
from ticketcore._toml import (
    NAME,
    Several,
    integer,
    key,
    literal,
    parsed,
    settings,
)
from ticketcore.calendar import Span
from ticketcore.events import FieldContent, Party
from ticketcore.policies._kinds import PARTY, RULE, SPAN
from ticketcore.policies.conditions._conditions import WHEN, Condition, exclude
from ticketcore.policies.tables._arguments import ASSIGNEE, FIELDS, TAGS

LevelEffect: TypeAlias = Literal["warn", "escalate", "assign", "change-type", "set-field", "tag"]

_PERCENT = re.compile(r"\s*([0-9]{1,3}(?:\.[0-9]{1,3})?)\s*%\s*")


class BudgetShare(float):
    """A part of the time to a deadline, more than 1 after it; as text such as ``75 %``."""

    def __str__(self) -> str:
        return f"{self * 100:.5g} %"


def _share(text: str) -> BudgetShare:
    match = _PERCENT.fullmatch(text)
    share = BudgetShare(float(match[1]) / 100 if match else 0)
    if not share:
        raise ValueError(f'expected a share such as "75 %", found "{text}"')
    return share


UNLESS = key(
    WHEN,
    "The conditions under which it does not apply although `when` holds.",
    example='{ tags = "vip" }',
    unset="no exception",
)
_SHARE = parsed(_share, "75 %", r"^\s*[0-9]{1,3}(\.[0-9]{1,3})?\s*%\s*$")


@frozen(kw_only=True)
class TimerPause(Value):
    """A pause: while its condition holds, the timers that name it are paused."""

    name: str
    rule: str | None = attrs.field(default=None, metadata=RULE)
    when: Condition = attrs.field(
        metadata=key(
            WHEN,
            "The conditions under which the pause holds.",
            example='{ waiting_for = "customer" }',
        )
    )
    unless: Condition | None = attrs.field(default=None, metadata=UNLESS)
    __attrs_post_init__ = exclude


@frozen(kw_only=True)
class Role(Value):
    """A role that levels notify, such as a lead. The host knows who has it, and the address."""

    name: str
    rule: str | None = attrs.field(default=None, metadata=RULE)


@frozen(kw_only=True)
class Level(Value):
    """A level of a timer: what happens at an instant before or after its deadline."""

    name: str = attrs.field(
        metadata=key(NAME, "The level's name.", example='"lead-warned"'),
    )
    rule: str | None = attrs.field(default=None, metadata=RULE)
    when: Condition = attrs.field(
        default=Condition(),
        metadata=key(
            WHEN,
            "The conditions under which the level acts, checked at its instant.",
            example="{ acknowledged = false }",
            unset="always",
        ),
    )
    unless: Condition | None = attrs.field(default=None, metadata=UNLESS)
    used: BudgetShare | None = attrs.field(
        default=None,
        metadata=key(
            _SHARE,
            "The level acts when this share of the time to the deadline is used. More than 100 % "
            "lies after the deadline.",
            example='"75 %"',
            unset="one of `used`, `before_due`, `past_due`, `every` is needed",
        ),
    )
    before_due: Span | None = attrs.field(
        default=None,
        metadata=key(
            SPAN,
            "The level acts this long before the deadline.",
            example='"1 working hour"',
            unset="see `used`",
        ),
    )
    past_due: Span | None = attrs.field(
        default=None,
        metadata=key(
            SPAN,
            "The level acts this long after the deadline, if the timer has not ended.",
            example='"1 day"',
            unset="see `used`",
        ),
    )
    every: Span | None = attrs.field(
        default=None,
        metadata=key(
            SPAN,
            "The level acts again and again, counted from the start in the unit of the timer.",
            example='"24 hours"',
            unset="see `used`",
        ),
    )
    times: int | None = attrs.field(
        default=None,
        metadata=key(
            integer(1, 1000),
            "How often a level with `every` acts.",
            example="3",
            unset="required with `every`",
        ),
    )
    effect: LevelEffect = attrs.field(
        default="warn",
        metadata=key(
            literal(
                LevelEffect,
                {
                    "warn": "Somebody is reminded.",
                    "escalate": "The party in `to` takes the ticket over.",
                    "assign": "The person or team in `assignee` gets the ticket.",
                    "change-type": "The ticket gets the type in `type`.",
                    "set-field": "The fields in `fields` get these values.",
                    "tag": "The ticket gets the tags in `tags`.",
                },
            ),
            "The action of the level.",
            example='"escalate"',
        ),
    )
    assignee: str | None = attrs.field(default=None, metadata=ASSIGNEE)
    to: Party = attrs.field(
        default="support",
        metadata=key(PARTY, "The party, for `escalate`.", example='"support"'),
    )
    type: str | None = attrs.field(
        default=None,
        metadata=key(
            NAME,
            "The type, for `change-type`.",
            example='"incident"',
            unset="required for it",
        ),
    )
    fields: Mapping[str, FieldContent] = attrs.field(factory=dict, metadata=FIELDS)
    tags: tuple[str, ...] = attrs.field(default=(), metadata=TAGS)
    notify: tuple[str, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(NAME),
            "The roles, from `[roles]`, that are notified when the level acts.",
            example='"lead"',
            unset="nobody besides the recipients of `[[notification]]`",
        ),
    )
    __attrs_post_init__ = exclude

    @property
    def needs_late_timer(self) -> bool:
        """Whether the level acts only after the deadline has passed."""
        return self.past_due is not None or (self.used is not None and self.used > 1)

    @property
    def uses_calendar(self) -> bool:
        """Whether the span before or after the deadline, or between two acts, is working time."""
        span = self.before_due or self.past_due or self.every
        return span is not None and span.working

    def __str__(self) -> str:
        """Write the level in one line, such as `reminder: every 3 days, times 2`."""
        keys = (f"{name} {text}" for name, text in settings(self, beside=("name",)))
        return f"{self.name}: {', '.join(keys)}"
