"""Anchors: the instants of a ticket from which timers, permissions and guarantees count."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from operator import attrgetter, methodcaller
from typing import Any, Final, Literal, TypeAlias, get_args

from ticketcore._internal.declared import require_all
from ticketcore._internal.frozen import Value, frozen
from ticketcore._toml import TEXT, Node, OneOf, Reading, literal
from ticketcore.events import Party
from ticketcore.policies.conditions._conditions import OWN
from ticketcore.ticket import Ticket

TicketAnchor: TypeAlias = Literal[
    "opened", "reopened", "type-set", "waiting-since", "last-activity", "closed"
]
Anchor: TypeAlias = Literal[TicketAnchor, "applied", "dispute-opened"]
Instant: TypeAlias = Callable[[Ticket], datetime | None]

_MEANINGS: Final = {
    "opened": "The ticket was opened.",
    "reopened": "The ticket was last opened again.",
    "type-set": "Somebody last set the type, at the opening or later.",
    "waiting-since": "The ticket began to wait for the party that it waits for now.",
    "last-activity": "A party last acted; timers and other machines do not count as activity.",
    "closed": "The ticket was closed.",
}
TICKET_ANCHOR: Final = literal(TicketAnchor, _MEANINGS)
ANCHOR: Final = literal(
    Anchor,
    _MEANINGS
    | {
        "closed": 'The ticket was closed. Such a timer can only `"warn"`.',
        "applied": "The timer's `when` began to hold. Its count ends when it ceases to hold.",
        "dispute-opened": "The dispute was reported.",
    },
)


@frozen
class AnchorKind:
    """The kind of instants to count from: one of several, or a field such as `fields.NAME`."""

    anchors: OneOf[Any]

    @property
    def expected(self) -> str:
        """The anchors, and fields of the policy."""
        return f'{self.anchors.expected}, or a field such as "fields.delivered_at"'

    def read(self, node: Node, reading: Reading) -> str:
        """Return the anchor; the check knows the fields."""
        text = TEXT.read(node, reading)
        if text.startswith(OWN):
            return text
        anchor: str = self.anchors.read(node, reading)
        return anchor

    def schema(self) -> dict[str, Any]:
        """Allow the anchors, and names of fields."""
        return {"anyOf": [self.anchors.schema(), {"type": "string", "pattern": r"^fields\."}]}


_INSTANTS: Final[Mapping[str, Instant]] = {
    "opened": attrgetter("opened.at"),
    "reopened": attrgetter("reopened_at"),
    "type-set": attrgetter("type_set_at"),
    "waiting-since": attrgetter("waiting_since"),
    "last-activity": attrgetter("active_at"),
    "closed": attrgetter("closed_at"),
}
require_all(_INSTANTS, get_args(TicketAnchor), "instants of anchors")


def instant_getter(anchor: str) -> Instant:
    """Return a function that finds the instant of an anchor on a ticket; None if it has none."""
    if anchor.startswith(OWN):
        return _OwnInstant(anchor.removeprefix(OWN))
    return _INSTANTS.get(anchor, _no_instant)


def latest_getter(anchors: Collection[str], parties: tuple[Party, ...]) -> Instant:
    """Return a function that finds the latest of several anchors.

    The last activity is that of the *parties*, or of any party if *parties* is empty.
    """
    getters = tuple(
        methodcaller("last_active", parties)
        if parties and anchor == "last-activity"
        else instant_getter(anchor)
        for anchor in anchors
    )
    return getters[0] if len(getters) == 1 else _Latest(getters)


@frozen
class _Latest(Value):
    """The function that gives the latest of several instants; unlike a closure it is pickled."""

    getters: tuple[Instant, ...]

    def __call__(self, ticket: Ticket) -> datetime | None:
        instants = (getter(ticket) for getter in self.getters)
        return max((instant for instant in instants if instant is not None), default=None)


@frozen
class _OwnInstant(Value):
    """The function that gives the instant in one of the policy's own fields."""

    name: str

    def __call__(self, ticket: Ticket) -> datetime | None:
        content = ticket.fields.get(self.name)
        return content if isinstance(content, datetime) else None


def _no_instant(_: Ticket) -> None:
    """Find nothing: a ticket does not hold when a condition began, or which dispute is meant."""


_WORDS: Final[Mapping[str, str]] = {
    "opened": "the opening",
    "reopened": "the reopening",
    "type-set": "the type was set",
    "waiting-since": "the ticket began to wait",
    "last-activity": "the last activity",
    "closed": "the closing",
}
require_all(_WORDS, get_args(TicketAnchor), "words for anchors")


def anchor_words(anchor: str) -> str:
    """Return an anchor as a sentence names it after "after"."""
    return _WORDS.get(anchor) or anchor.removeprefix(OWN)
