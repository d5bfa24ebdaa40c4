"""Permissions of a policy: the parties that may send a command, and the conditions for it."""

from typing import Literal, TypeAlias

import attrs

from ticketcore._internal.frozen import Value, frozen
from ticketcore._toml import NAME, TEXT, Several, choice, key, literal
from ticketcore.calendar import Span
from ticketcore.commands import COMMANDS
from ticketcore.events import Party
from ticketcore.policies._kinds import PARTY, RULE, SPAN
from ticketcore.policies.conditions._anchors import (
    TICKET_ANCHOR,
    AnchorKind,
    Instant,
    instant_getter,
)
from ticketcore.policies.conditions._conditions import WHEN, Condition, exclude

Requirement: TypeAlias = Literal["consent", "consent-message", "text", "reason"]


@frozen(kw_only=True)
class Permission(Value):
    """One `[[permission]]`: parties that may send commands, if its conditions hold."""

    commands: tuple[str, ...] = attrs.field(
        metadata=key(
            Several(choice(COMMANDS.keys()), least=1),
            "The commands that are allowed. For one command and party, the first permission "
            "whose `when` holds applies.",
            example='["open", "reply"]',
        )
    )
    by: tuple[Party, ...] = attrs.field(
        metadata=key(
            Several(PARTY, least=1),
            "The parties that may send them.",
            example='["customer", "vendor"]',
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
                        "consent-message": "The consent names a message of the customer.",
                        "text": "The command has a text, or an attachment.",
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
    since: str | None = attrs.field(
        default=None,
        metadata=key(
            AnchorKind(TICKET_ANCHOR),
            "The instant from which `after` and `within` count: for `open` a field of the policy. "
            "A ticket without it does not have the permission.",
            example='"waiting-since"',
            name="from",
            unset='`"closed"` for `reopen`',
        ),
    )
    after: Span | None = attrs.field(
        default=None,
        metadata=key(
            SPAN,
            "How long the party must wait.",
            example='"3 working days"',
            unset="not at all",
        ),
    )
    within: Span | None = attrs.field(
        default=None,
        metadata=key(
            SPAN,
            "How long the party may send the commands.",
            example='"14 days"',
            unset="no limit",
        ),
    )
    calendar: str | None = attrs.field(
        default=None,
        metadata=key(
            TEXT,
            "The calendar for spans in working time.",
            example='"weekdays"',
            unset="required for these",
        ),
    )
    rule: str | None = attrs.field(default=None, metadata=RULE)
    anchor: str | None = attrs.field(init=False)
    instant: Instant | None = attrs.field(init=False, eq=False)

    __attrs_post_init__ = exclude

    @anchor.default
    def _anchor_of_window(self) -> str | None:
        return self.since or ("closed" if self.within and self.commands == ("reopen",) else None)

    @instant.default
    def _instant_of_anchor(self) -> Instant | None:
        return None if self.anchor is None else instant_getter(self.anchor)
