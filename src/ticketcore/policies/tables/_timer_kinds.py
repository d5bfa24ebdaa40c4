"""The kinds of values that only timers have: effects, landings, and what meets them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, Generic, Literal, TypeAlias, TypeVar, get_args

import attrs

from ticketcore._internal.declared import require_all
from ticketcore._internal.frozen import Value, frozen
from ticketcore._toml import (
    ByName,
    Kind,
    Node,
    Reading,
    UnreadError,
    choice,
    literal,
    nearest,
    parsed,
)
from ticketcore.calendar import BusinessCalendar, Roll, Span
from ticketcore.events import EVENTS
from ticketcore.policies._kinds import PARTIES_MEANT, ROUND_THE_CLOCK
from ticketcore.policies.conditions._conditions import WHEN, Condition

Effect: TypeAlias = Literal[
    "warn",
    "breach",
    "acknowledge",
    "refund",
    "cancel",
    "close",
    "escalate",
    "assign",
    "set-field",
    "tag",
    "lose-dispute",
]
ANSWER_EFFECTS: frozenset[Effect] = frozenset({"breach", "lose-dispute"})
"""The effects that fire after the due instant by default, so that an answer at it is in time."""

EFFECT = literal(
    Effect,
    {
        "warn": "Both sides can be reminded. All other deadlines stay as they are.",
        "breach": "The ticket records, for good, that the deadline was missed. "
        "All other deadlines stay as they are.",
        "acknowledge": "Work on the ticket begins.",
        "refund": "The order, or the latest invoice of a subscription, is paid back less earlier "
        "refunds. The subscription ends and the ticket closes.",
        "cancel": "The subscription ends and the ticket closes. No money moves.",
        "close": "The ticket closes.",
        "escalate": "Support takes the ticket over.",
        "assign": "The person or team in `assignee` gets the ticket.",
        "set-field": "The fields in `fields` get other values.",
        "tag": "The ticket gets the tags in `tags`.",
        "lose-dispute": "The dispute is decided for the customer.",
    },
    {
        "overdue": "breach",
        "remind": "warn",
        "acknowledged": "acknowledge",
        "concede": "lose-dispute",
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


Fact: TypeAlias = Literal["solved", "fully-refunded", "assigned", "acknowledged"]
"""The facts that the events of a command can establish, for `met_by`."""

_OCCUR_WITH: Final[Mapping[str, str]] = {
    "solved": "replied",
    "fully-refunded": "refunded",
    "assigned": "assigned",
    "acknowledged": "acknowledged",
}
require_all(_OCCUR_WITH, get_args(Fact), "events with which facts occur")


@frozen
class Meeting(Value):
    """An event or a fact that meets a timer, if the party *by* caused it; None: any party.

    *by* is a party, or "handler" for the party that handles the ticket. The condition *when* must
    hold after the event.
    """

    event: str
    by: str | None = None
    when: Condition = attrs.field(default=Condition())

    @property
    def occurs_with(self) -> str:
        """The name of the event itself, or of the event that can establish the fact."""
        return _OCCUR_WITH.get(self.event, self.event)

    def __str__(self) -> str:
        by = "" if self.by is None else f" by {self.by}"
        when = "" if self.when.always_holds else f" if {self.when}"
        return f"{self.event}{by}{when}"


_MEETS: Final = choice((*_OCCUR_WITH, *EVENTS), {"answered": "replied", "resolved": "solved"})
_MEETING_KEYS: Final = ("event", "by", "when")
_BY: Final = choice(("handler", "customer", "vendor", "support", "system"), PARTIES_MEANT)


class MeetingKind:
    """The kind of an entry of `met_by`: an event, a fact, or `{ event = …, by = …, when = … }`."""

    expected = 'an event such as "replied", or { event = "replied", by = "handler" }'

    def read(self, node: Node, reading: Reading) -> Meeting:
        """Return what meets the timer."""
        if not isinstance(node.value, dict):
            return Meeting(_MEETS.read(node, reading))
        wrong = False
        for name, below in node.value.items():
            if name not in _MEETING_KEYS:
                reading.note(below, f"unknown key; {nearest(name, _MEETING_KEYS)}")
                wrong = True
        if "event" not in node.value and not wrong:  # a misspelt key is one mistake
            reading.note(node, f"missing; expected {_MEETS.expected}", "event")
            wrong = True
        by = _BY.read(node.value["by"], reading) if "by" in node.value else None
        when = WHEN.read(node.value["when"], reading) if "when" in node.value else Condition()
        if wrong:
            raise UnreadError
        return Meeting(_MEETS.read(node.value["event"], reading), by, when)

    def schema(self) -> dict[str, Any]:
        """Allow a name, or a table of event, party and condition."""
        properties = {"event": _MEETS.schema(), "by": _BY.schema(), "when": WHEN.schema()}
        table = {
            "type": "object",
            "properties": properties,
            "required": ["event"],
            "additionalProperties": False,
        }
        return {"anyOf": [_MEETS.schema(), table]}


MEETING: Final = MeetingKind()

T = TypeVar("T")


@frozen
class ByValue(Generic[T]):
    """One value for all tickets, or a table with one for each value of a fact."""

    kind: Kind[T]

    @property
    def expected(self) -> str:
        """The name of one value, and of a table of values."""
        return f"{self.kind.expected}, or a table"

    def read(self, node: Node, reading: Reading) -> T | Mapping[str, T]:
        """Return the value, or the values by that of the fact."""
        if isinstance(node.value, dict):
            return ByName(self.kind).read(node, reading)
        return self.kind.read(node, reading)

    def schema(self) -> dict[str, Any]:
        """Allow one value, or a table of them."""
        return {"anyOf": [self.kind.schema(), ByName(self.kind).schema()]}
