"""Timers of a policy: conditions, anchor, span and effect."""

from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias, get_args

import attrs

from ticketcore._internal.declared import short_repr
from ticketcore._internal.limits import MAX_SPANS
from ticketcore._toml import FLAG, NAME, TEXT, Several, choice, key, literal, parsed
from ticketcore.calendar import Boundary, BusinessCalendar, Roll, Span
from ticketcore.events import Party
from ticketcore.policies._conditions import TIMER_WHEN, WHEN, Condition, exclude
from ticketcore.policies._kinds import ACTOR, ROUND_THE_CLOCK, RULE, SPAN

Effect: TypeAlias = Literal[
    "warn",
    "breach",
    "acknowledge",
    "refund",
    "cancel",
    "close",
    "escalate",
    "lose-dispute",
]
Anchor: TypeAlias = Literal[
    "opened", "type-set", "waiting-since", "last-activity", "closed", "dispute-opened"
]

ANSWER_EFFECTS: frozenset[Effect] = frozenset({"breach", "lose-dispute"})
"""The effects that fire after the due instant by default, so that an answer at it is in time."""

EFFECT = literal(
    Effect,
    {
        "warn": "Both sides can be reminded. All other deadlines stay as they are.",
        "breach": "The ticket records, for good, that the answer is late. "
        "All other deadlines stay as they are.",
        "acknowledge": "Work on the ticket begins.",
        "refund": "The order, or the latest invoice of a subscription, is paid back less earlier "
        "refunds. The subscription ends and the ticket closes.",
        "cancel": "The subscription ends and the ticket closes. No money moves.",
        "close": "The ticket closes.",
        "escalate": "Support takes the ticket over.",
        "lose-dispute": "The dispute is decided for the customer.",
    },
    {
        "overdue": "breach",
        "remind": "warn",
        "acknowledged": "acknowledge",
        "concede": "lose-dispute",
    },
)
ANCHOR = literal(
    Anchor,
    {
        "opened": "The ticket was opened.",
        "type-set": "Somebody last set the type, at the opening or later.",
        "waiting-since": "The ticket began to wait for the party that it waits for now.",
        "last-activity": "A party last acted; timers and other machines do not count as activity.",
        "closed": 'The ticket was closed. Such a timer can only `"warn"`.',
        "dispute-opened": "The dispute was reported.",
    },
)
ROLL = literal(
    Roll,
    {
        "forward": "A deadline in closed time moves to the next opening.",
        "backward": "A deadline in closed time moves to the last closing.",
        "day-end": "A deadline moves to the end of its working day.",
    },
    {"next-open": "forward", "next-close": "day-end", "end-of-day": "day-end"},
)


def _at_time(text: str) -> str:
    _ALWAYS.due(_SAMPLE, Span(0, "day"), at_time=text)
    return text


AT_TIME = parsed(_at_time, "16:00", r"^\s*[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?\s*$")
_ALWAYS = BusinessCalendar(zone="UTC", hours=ROUND_THE_CLOCK)
_SAMPLE = datetime(2026, 1, 1, tzinfo=UTC)


@attrs.frozen(kw_only=True, repr=False)
class TimerDefinition:
    """One timer of a policy.

    If several timers have one *name*, the first that applies counts. *dispute_kinds* are the kinds
    of disputes that the timer is for. *elapsed* is the whole span if it elapses round the clock
    and nothing follows, else None.
    """

    __repr__ = short_repr

    name: str = attrs.field(
        metadata=key(
            NAME,
            "The timer's name. Timers of one name are alternatives with one `effect` and one "
            "`from`; the first whose `when` holds applies.",
            example='"response"',
        )
    )
    rule: str | None = attrs.field(default=None, metadata=RULE)
    when: Condition = attrs.field(
        default=Condition(),
        metadata=key(
            TIMER_WHEN,
            'The conditions under which the timer runs. A timer from `"dispute-opened"` lists '
            "kinds of disputes under `dispute_kind`.",
            example='{ waiting_for = "vendor" }',
            unset="always",
        ),
    )
    unless: Condition | None = attrs.field(
        default=None,
        metadata=key(
            WHEN,
            "The conditions under which the timer does not run although `when` holds.",
            example='{ tags = "vip" }',
            unset="no exception",
        ),
    )
    since: Anchor = attrs.field(
        metadata=key(
            ANCHOR,
            "The instant at which the count starts.",
            example='"waiting-since"',
            name="from",
        )
    )
    activity_by: tuple[Party, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(ACTOR),
            'With `from = "last-activity"`: the parties whose activity counts. Before they act, '
            "the opening counts.",
            example='"vendor"',
            unset="any party",
        ),
    )
    after: Span = attrs.field(
        metadata=key(SPAN, "The span to the deadline.", example='"48 working hours"')
    )
    then: tuple[Span, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(SPAN, unique=False, most=MAX_SPANS),
            "Further spans. Each starts where the one before it ends.",
            example='["7 days"]',
        ),
    )
    calendar: str | None = attrs.field(
        default=None,
        metadata=key(
            TEXT,
            "The calendar for working hours, for working days, for `roll` and for `at_time`.",
            example='"weekdays"',
            unset="required for these",
        ),
    )
    boundary: Boundary = attrs.field(
        default="close",
        metadata=key(
            choice(get_args(Boundary)),
            "Working hours that are used up exactly at closing time are due at that closing, "
            '`"close"`, or when the calendar opens again, `"next-open"`.',
            example='"next-open"',
        ),
    )
    roll: Roll | None = attrs.field(
        default=None,
        metadata=key(
            ROLL,
            "How a deadline moves into the calendar's open time.",
            example='"forward"',
            unset="the deadline stays",
        ),
    )
    at_time: str | None = attrs.field(
        default=None,
        metadata=key(
            AT_TIME,
            "The local time at which a deadline lands: a deadline in days at that time of its "
            "date, any other deadline at the first such time from its end on.",
            example='"16:00"',
            unset="the time of the start, or the end of the hours",
        ),
    )
    effect: Effect = attrs.field(
        metadata=key(EFFECT, "The action at the deadline.", example='"breach"')
    )
    fires: Literal["at", "after"] = attrs.field(
        metadata=key(
            choice(("at", "after")),
            '`"at"`: at the due instant, before anything that people do then. `"after"`: just '
            "after it, so that an answer at the due instant is in time.",
            example='"after"',
            unset='`"after"` for `"breach"` and `"lose-dispute"`, else `"at"`',
        )
    )
    notice_deadline: bool = attrs.field(
        default=True,
        metadata=key(
            FLAG,
            "`false`: ignore the deadline that the notice of a dispute itself carries.",
            example="false",
        ),
    )
    dispute_kinds: frozenset[str] = attrs.field(init=False)
    elapsed: timedelta | None = attrs.field(init=False)

    __attrs_post_init__ = exclude

    @fires.default
    def _fires_by_effect(self) -> Literal["at", "after"]:
        return "after" if self.effect in ANSWER_EFFECTS else "at"

    @dispute_kinds.default
    def _dispute_kinds_of_when(self) -> frozenset[str]:
        return self.when.dispute_kinds

    @elapsed.default
    def _elapsed_span(self) -> timedelta | None:
        plain = self.after.kind == "elapsed" and not (self.then or self.roll or self.at_time)
        return self.after.delta if plain else None
