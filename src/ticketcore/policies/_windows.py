"""Windows of time in which a permission or a type is open: the instants that they count from."""

from collections.abc import Callable, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any, Final, get_args

import attrs

from ticketcore._internal.declared import require_all
from ticketcore._toml import TEXT, Choice, Node, Reading
from ticketcore.policies._conditions import OWN
from ticketcore.policies._guarantees import GuaranteeAnchor
from ticketcore.ticket import Ticket


@attrs.frozen(eq=False, repr=False)
class AnchorKind:
    """The kind of instants to count from: one of several, or a field such as `fields.NAME`."""

    anchors: Choice[Any]

    @property
    def expected(self) -> str:
        """The anchors, and that a field will do."""
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


_INSTANTS: Final[Mapping[GuaranteeAnchor, Callable[[Ticket], datetime | None]]] = {
    "opened": attrgetter("opened.at"),
    "type-set": attrgetter("type_set_at"),
    "waiting-since": attrgetter("waiting_since"),
    "last-activity": attrgetter("active_at"),
    "closed": attrgetter("closed_at"),
}
require_all(_INSTANTS, get_args(GuaranteeAnchor), "instants of anchors")


def instant_of(anchor: str, ticket: Ticket) -> datetime | None:
    """Return the instant of an anchor on a ticket; None if there is none now."""
    if anchor.startswith(OWN):
        content = ticket.fields.get(anchor.removeprefix(OWN))
        return content if isinstance(content, datetime) else None
    return _INSTANTS[anchor](ticket)  # type: ignore[index]  # one of the anchors


_WORDS: Final[Mapping[str, str]] = {
    "opened": "the opening",
    "type-set": "the type was set",
    "waiting-since": "the ticket began to wait",
    "last-activity": "the last activity",
    "closed": "the closing",
}
require_all(_WORDS, get_args(GuaranteeAnchor), "words for anchors")


def anchor_words(anchor: str) -> str:
    """Return an anchor as a sentence names it after "after"."""
    return _WORDS.get(anchor) or anchor.removeprefix(OWN)
