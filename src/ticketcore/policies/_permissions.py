"""Permissions of a policy: the parties that may send a command, and the conditions for it."""

from typing import Literal, TypeAlias

import attrs

from ticketcore._internal.declared import short_repr
from ticketcore._toml import NAME, Several, choice, key, literal
from ticketcore.calendar import Span
from ticketcore.commands import COMMANDS
from ticketcore.events import Party
from ticketcore.policies._conditions import WHEN, Condition, exclude
from ticketcore.policies._kinds import PARTY, RULE, WINDOW

Requirement: TypeAlias = Literal["consent", "text", "reason"]


@attrs.frozen(kw_only=True, repr=False)
class Permission:
    """One `[[permission]]`: parties that may send commands, if its conditions hold."""

    __repr__ = short_repr

    commands: tuple[str, ...] = attrs.field(
        metadata=key(
            Several(choice(COMMANDS.keys())),
            "The commands that are allowed. For one command and party, the first permission "
            "whose `when` holds applies.",
            example='["open", "reply"]',
        )
    )
    by: tuple[Party, ...] = attrs.field(
        metadata=key(
            Several(PARTY), "The parties that may send them.", example='["customer", "vendor"]'
        )
    )
    when: Condition = attrs.field(
        default=Condition(),
        metadata=key(
            WHEN,
            "The conditions under which the permission applies.",
            example='{ type = "refund" }',
            unset="always",
        ),
    )
    unless: Condition | None = attrs.field(
        default=None,
        metadata=key(
            WHEN,
            "The conditions under which the permission does not apply although `when` holds.",
            example='{ tags = "vip" }',
            unset="no exception",
        ),
    )
    requires: tuple[Requirement, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(
                literal(
                    Requirement,
                    {
                        "consent": "The customer has agreed.",
                        "text": "The command says something.",
                        "reason": "The command gives a reason.",
                    },
                    {"comment": "text"},
                )
            ),
            "The fields that the command must contain.",
            example='"consent"',
            unset="nothing",
        ),
    )
    channels: tuple[str, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(NAME),
            "The channels by which the command may come. A command that names no channel is "
            "accepted.",
            example='["portal", "telephone"]',
            unset="any channel",
        ),
    )
    fields: tuple[str, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(NAME),
            "For `set-field` and `open`: the fields that the party may set.",
            example='["priority", "team"]',
            unset="any field",
        ),
    )
    within: Span | None = attrs.field(
        default=None,
        metadata=key(
            WINDOW,
            "For `reopen` alone: how long after the closing the party may reopen.",
            example='"14 days"',
            unset="no limit",
        ),
    )
    rule: str | None = attrs.field(default=None, metadata=RULE)

    __attrs_post_init__ = exclude
