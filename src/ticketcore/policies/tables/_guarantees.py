"""Guarantees of a policy: statements about every ticket, which an exploration can prove."""

from typing import Final

import attrs

from ticketcore._internal.frozen import Value, frozen
from ticketcore._toml import NAME, TEXT, Several, Table, choice, key, settings
from ticketcore.calendar import Span
from ticketcore.events import EVENTS, PARTIES, Party
from ticketcore.policies._kinds import PARTY, RULE, SPAN
from ticketcore.policies.conditions._anchors import (
    TICKET_ANCHOR,
    Instant,
    TicketAnchor,
    instant_getter,
)
from ticketcore.policies.conditions._conditions import WHEN, Condition, exclude

_EVENTS: Final = Several(choice([name for name in EVENTS if name != "scheduled"]), least=1)


def _in_one_line(part: attrs.AttrsInstance) -> str:
    """Write what a guarantee asks for, such as `event closed, by system`."""
    return ", ".join(f"{name} {text}" for name, text in settings(part))


@frozen(kw_only=True)
class Never(Value):
    """Events that are never recorded while a condition holds."""

    __str__ = _in_one_line

    event: tuple[str, ...] = attrs.field(
        metadata=key(
            _EVENTS,
            "The events, by their stored names. Any event except `scheduled`.",
            example='"refunded"',
        )
    )
    by: tuple[Party, ...] = attrs.field(
        default=PARTIES,
        metadata=key(
            Several(PARTY, least=1),
            "The parties whose events count. Timers act as `system`.",
            example='"system"',
            unset="any party",
        ),
    )
    when: Condition = attrs.field(
        default=Condition(),
        metadata=key(
            WHEN,
            "The conditions that the ticket meets just before the event, or just after its "
            "opening.",
            example='{ has_grace_period = false, status = "closed" }',
            unset="always",
        ),
    )
    unless: Condition | None = attrs.field(
        default=None,
        metadata=key(
            WHEN,
            "The conditions under which the event may happen although `when` holds.",
            example='{ tags = "goodwill" }',
            unset="no exception",
        ),
    )

    __attrs_post_init__ = exclude


@frozen(kw_only=True)
class Always(Value):
    """An event that happens in time on every ticket that meets a condition."""

    __str__ = _in_one_line

    event: tuple[str, ...] = attrs.field(
        metadata=key(
            _EVENTS,
            "The events of which one must happen, by their stored names.",
            example='["replied", "escalated"]',
        )
    )
    by: tuple[Party, ...] = attrs.field(
        default=PARTIES,
        metadata=key(
            Several(PARTY, least=1),
            "The parties whose events count. Timers act as `system`.",
            example='["vendor", "system"]',
            unset="any party",
        ),
    )
    when: Condition = attrs.field(
        default=Condition(),
        metadata=key(
            WHEN,
            "The conditions under which the event must happen, as long as they hold.",
            example='{ waiting_for = "vendor" }',
            unset="always",
        ),
    )
    unless: Condition | None = attrs.field(
        default=None,
        metadata=key(
            WHEN,
            "The conditions under which the event need not happen although `when` holds.",
            example='{ tags = "outage" }',
            unset="no exception",
        ),
    )
    within: Span = attrs.field(
        metadata=key(SPAN, "The span in which it happens.", example='"3 days"')
    )
    since: TicketAnchor = attrs.field(
        metadata=key(
            TICKET_ANCHOR,
            "The instant at which the span begins. If it moves, a new span begins.",
            example='"waiting-since"',
            name="from",
        )
    )
    calendar: str | None = attrs.field(
        default=None,
        metadata=key(
            TEXT,
            "The calendar for working hours and working days.",
            example='"weekdays"',
            unset="required for these",
        ),
    )
    instant: Instant = attrs.field(init=False, eq=False)

    __attrs_post_init__ = exclude

    @instant.default
    def _instant_of_anchor(self) -> Instant:
        return instant_getter(self.since)


@frozen(kw_only=True)
class Guarantee(Value):
    """One `[[guarantee]]`: what never happens, or what always happens in time."""

    name: str = attrs.field(
        metadata=key(NAME, "The guarantee's name.", example='"no-refund-after-closing"')
    )
    never: Never | None = attrs.field(
        default=None,
        metadata=key(
            Table(Never),
            "The events that never happen. A guarantee has either `never` or `always`.",
            example='{ event = "refunded", when = { status = "closed" } }',
            unset="`always` is required",
        ),
    )
    always: Always | None = attrs.field(
        default=None,
        metadata=key(
            Table(Always),
            "The event that always happens, and by when.",
            example='{ event = "closed", within = "30 days", from = "last-activity" }',
            unset="`never` is required",
        ),
    )
    rule: str | None = attrs.field(default=None, metadata=RULE)

    @property
    def when(self) -> Condition:
        """The condition of the guarantee's `never` or `always`."""
        part = self.never or self.always
        return Condition() if part is None else part.when
