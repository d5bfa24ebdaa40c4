"""Timers of a policy: conditions, anchor, span and effect."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, Literal, NamedTuple, TypeAlias, get_args

import attrs

from ticketcore._internal.frozen import Value, frozen
from ticketcore._internal.limits import MAX_LEVELS, MAX_SPANS
from ticketcore._toml import FLAG, NAME, TEXT, Several, Table, TableArray, choice, key, literal
from ticketcore.calendar import Boundary, Roll, Span
from ticketcore.events import FieldContent, Party
from ticketcore.policies._kinds import ACTOR, RULE, SPAN
from ticketcore.policies.conditions._anchors import ANCHOR, AnchorKind, Instant, latest_getter
from ticketcore.policies.conditions._conditions import OWN, TIMER_WHEN, WHEN, Condition, exclude
from ticketcore.policies.tables._arguments import ASSIGNEE, FIELDS, TAGS
from ticketcore.policies.tables._levels import Level
from ticketcore.policies.tables._timer_kinds import (
    ANSWER_EFFECTS,
    AT_TIME,
    EFFECT,
    MEETING,
    ROLL,
    ByValue,
    Effect,
    Meeting,
)

TargetChange: TypeAlias = Literal["keep", "recalculate", "recalculate-without-pauses", "restart"]
AfterReopening: TypeAlias = Literal["continues", "stays-ended"]


class Target(NamedTuple):
    """The span to a deadline, and the calendar that counts it."""

    after: Span
    calendar: str | None

    @classmethod
    def parse(cls, text: str) -> "Target":
        """Read a target as a timer records it."""
        after, _, calendar = text.partition(", ")
        return cls(Span.parse(after), calendar or None)

    def __str__(self) -> str:
        return str(self.after) if self.calendar is None else f"{self.after}, {self.calendar}"


@frozen(kw_only=True)
class TimerDefinition(Value):
    """One timer of a policy.

    If several timers have one *name*, the first that applies counts. *since* is the first of the
    *anchors*, *dispute_kinds* are the kinds of disputes that the timer is for. *elapsed* is the
    whole span if it elapses round the clock and nothing follows, else None. *target* is the one
    target, or None if a fact selects it. A timer that *is_steady* keeps its deadline until its
    anchor or its condition changes, or it is met. It *uses_calendar* if more than its targets
    counts by it. *meetings* are those of *met_by*, by the name of the event with which they occur.
    """

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
    anchors: tuple[str, ...] = attrs.field(
        metadata=key(
            Several(AnchorKind(ANCHOR), least=1),
            "The instant at which the count starts: one of those below, or a field that holds an "
            "instant, such as `fields.delivered_at`. The latest of several counts.",
            example='"waiting-since"',
            name="from",
        )
    )
    activity_by: tuple[Party, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(ACTOR),
            'With `from = "last-activity"`: the parties whose activity counts. Until one of '
            "them acts, the timer counts from the opening.",
            example='"vendor"',
            unset="any party",
        ),
    )
    met_by: tuple[Meeting, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(MEETING),
            'The events that meet the timer: names of events, `{ event = "replied", by = '
            '"handler" }`, or the facts `solved`, `fully-refunded`, `assigned`, '
            '`acknowledged`. With `{ event = "field-set", when = { fields.state = "resolved" } }` '
            "the condition must hold after the event. "
            "A timer that ends in another way is cancelled. Interim notices, "
            "blank texts and automatic messages are not replies, and `closed` means settled. The "
            "answer to a dispute meets the timer of the dispute. The opening meets no timer, "
            "even if it assigns the ticket to the team of its category.",
            example='["solved", "closed"]',
            unset="nothing: the timer ends when `when` ceases to hold",
        ),
    )
    after: Span | Mapping[str, Span] = attrs.field(
        metadata=key(
            ByValue(SPAN),
            "The span to the deadline, or a table with one for each value of `after_by`. For "
            "other values, and without a value, the timer does not run.",
            example='"48 working hours"',
        )
    )
    after_by: str | None = attrs.field(
        default=None,
        metadata=key(
            TEXT,
            "The fact that selects the span, such as `type` or `fields.priority`.",
            example='"fields.priority"',
            unset="one span for all tickets",
        ),
    )
    then: tuple[Span, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(SPAN, unique=False, most=MAX_SPANS),
            "Further spans. Each starts where the one before it ends.",
            example='["7 days"]',
        ),
    )
    out_of_hours: tuple[Span, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(SPAN, unique=False, most=MAX_SPANS),
            "Further spans, after those of `after` and `then`, of a count that starts while the "
            "calendar is closed.",
            example='"2 working hours"',
            unset="none",
        ),
    )
    calendar: str | Mapping[str, str] | None = attrs.field(
        default=None,
        metadata=key(
            ByValue(TEXT),
            "The calendar for working hours, for working days, for `roll`, for `at_time` and for "
            "`out_of_hours`; or a table with one for each value of `calendar_by`. For other "
            "values, and without a value, the timer does not run.",
            example='"weekdays"',
            unset="required for these",
        ),
    )
    calendar_by: str | None = attrs.field(
        default=None,
        metadata=key(
            TEXT,
            "The fact that selects the calendar, such as `fields.team`.",
            example='"fields.team"',
            unset="one calendar for all tickets",
        ),
    )
    pauses: tuple[str, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(NAME),
            "The pauses that stop the timer. A pause holds a timer only if it began "
            "before the due instant.",
            example='"customer-owes"',
            unset="none",
        ),
    )
    on_target_change: TargetChange = attrs.field(
        default="keep",
        metadata=key(
            literal(
                TargetChange,
                {
                    "keep": "The recorded deadline stays.",
                    "recalculate": "The deadline is computed from the start, with the pauses.",
                    "recalculate-without-pauses": "It is computed from the start, as if there "
                    "had been no pause.",
                    "restart": "A new count begins.",
                },
            ),
            "The effect of a change of `after_by` or `calendar_by`, or of another timer of the "
            "same name that applies instead, on a running count.",
            example='"recalculate"',
        ),
    )
    after_reopening: AfterReopening = attrs.field(
        default="continues",
        metadata=key(
            literal(
                AfterReopening,
                {
                    "continues": "The count goes on with the deadline that it had.",
                    "stays-ended": "It has ended for good.",
                },
            ),
            "The effect of a reopening on a count that solving or closing had ended. With "
            '`from = ["opened", "reopened"]` a new one begins.',
            example='"stays-ended"',
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
            "date, any other deadline at the first such time from its end on. On a closed date it "
            'stays there; with `roll = "forward"` it moves to that time of the next working date.',
            example='"16:00"',
            unset="the time of the start, or the end of the hours",
        ),
    )
    effect: Effect = attrs.field(
        metadata=key(EFFECT, "The action at the deadline.", example='"breach"')
    )
    assignee: str | None = attrs.field(default=None, metadata=ASSIGNEE)
    fields: Mapping[str, FieldContent] = attrs.field(factory=dict, metadata=FIELDS)
    tags: tuple[str, ...] = attrs.field(default=(), metadata=TAGS)
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
            "`false`: ignore the deadline that the notice of a dispute itself gives.",
            example="false",
        ),
    )
    levels: tuple[Level, ...] = attrs.field(
        default=(),
        metadata=key(
            TableArray(Table(Level), identity=("name",), most=MAX_LEVELS),
            "The levels: what happens on the way to the deadline, and after it.",
            example='[{ name = "lead-warned", used = "75 %", effect = "warn" }]',
            name="level",
            unset="none",
        ),
    )
    since: str = attrs.field(init=False)
    dispute_kinds: frozenset[str] = attrs.field(init=False)
    elapsed: timedelta | None = attrs.field(init=False)
    target: Target | None = attrs.field(init=False)
    counts_from_field: bool = attrs.field(init=False)
    is_steady: bool = attrs.field(init=False)
    uses_calendar: bool = attrs.field(init=False)
    anchored_at: Instant = attrs.field(init=False, eq=False)
    meetings: Mapping[str, tuple[Meeting, ...]] = attrs.field(init=False, eq=False)

    @fires.default
    def _fires_by_effect(self) -> Literal["at", "after"]:
        return "after" if self.effect in ANSWER_EFFECTS else "at"

    @since.default
    def _first_anchor(self) -> str:
        return self.anchors[0]

    @dispute_kinds.default
    def _dispute_kinds_of_when(self) -> frozenset[str]:
        return self.when.dispute_kinds

    @elapsed.default
    def _elapsed_span(self) -> timedelta | None:
        after = self.after
        if isinstance(after, Span) and after.kind == "elapsed" and self.ends_with_target:
            return after.delta
        return None

    @target.default
    def _fixed_target(self) -> Target | None:
        if isinstance(self.after, Span) and (
            self.calendar is None or isinstance(self.calendar, str)
        ):
            return Target(self.after, self.calendar)
        return None

    @counts_from_field.default
    def _has_field_as_anchor(self) -> bool:
        return any(anchor.startswith(OWN) for anchor in self.anchors)

    @is_steady.default
    def _never_moves(self) -> bool:
        moves = self.counts_from_field or self.pauses or self.levels or self.target is None
        counts_itself = self.since not in ("applied", "dispute-opened")
        return not moves and self.on_target_change == "keep" and counts_itself

    @uses_calendar.default
    def _more_than_elapses(self) -> bool:
        working = any(span.kind != "elapsed" for span in self.then)
        return bool(working or self.out_of_hours or self.roll or self.at_time) or any(
            level.uses_calendar for level in self.levels
        )

    @anchored_at.default
    def _latest_anchor(self) -> Instant:
        return latest_getter(self.anchors, self.activity_by)

    @meetings.default
    def _index_meetings(self) -> Mapping[str, tuple[Meeting, ...]]:
        index: dict[str, tuple[Meeting, ...]] = {}
        for meeting in self.met_by:
            index[meeting.occurs_with] = (*index.get(meeting.occurs_with, ()), meeting)
        return index

    __attrs_post_init__ = exclude

    @property
    def targets(self) -> tuple[Span, ...]:
        """All spans to the deadline that the timer can have."""
        return (self.after,) if isinstance(self.after, Span) else tuple(self.after.values())

    @property
    def ends_with_target(self) -> bool:
        """Whether each deadline is the end of its target: nothing follows it, or moves it."""
        return not (self.then or self.out_of_hours or self.roll or self.at_time)

    @property
    def spans(self) -> tuple[Span, ...]:
        """All spans that a deadline of the timer can consist of."""
        return (*self.targets, *self.then, *self.out_of_hours)

    @property
    def calendars(self) -> tuple[str, ...]:
        """The names of all calendars that the timer can count by."""
        if self.calendar is None or isinstance(self.calendar, str):
            return () if self.calendar is None else (self.calendar,)
        return tuple(dict.fromkeys(self.calendar.values()))

    def target_of(self, after: Span, calendar: str | None) -> Target:
        """Return the target of a selected span; without the calendar if nothing counts by it."""
        is_used = after.kind != "elapsed" or self.uses_calendar
        return Target(after, calendar if is_used else None)

    def level(self, name: str) -> Level | None:
        """Return the level of that name, or None."""
        return next((level for level in self.levels if level.name == name), None)


DEADLINE: Final = TimerDefinition(
    name="deadline",
    anchors=("opened",),
    after=Span(0, "hour"),
    met_by=(Meeting("solved"), Meeting("closed")),
    effect="breach",
)
"""The timer of a deadline set by hand; a policy needs no rule for it."""

SNOOZE: Final = TimerDefinition(
    name="snooze", anchors=("applied",), after=Span(0, "hour"), effect="warn"
)
"""The timer that ends a snooze; a policy needs no rule for it."""
