"""When a rule applies: facts of a ticket, and the values that they may have."""

from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import Any

import attrs

from ticketcore.ticket import Ticket

FACTS: dict[str, Callable[[Ticket], Any]] = {
    "type": attrgetter("type"),
    "requested_by": attrgetter("type_set_by"),
    "opened_by": attrgetter("opened.by"),
    "turn": attrgetter("turn"),
    "handler": attrgetter("handler"),
    "status": attrgetter("status"),
    "category": attrgetter("opened.category"),
    "subcategory": attrgetter("opened.subcategory"),
    "reason": attrgetter("opened.reason"),
    "storefront": attrgetter("opened.storefront"),
    "billing": attrgetter("billing"),
    "answered": attrgetter("answered"),
    "solved": attrgetter("solved"),
    "taken_up": attrgetter("taken_up"),
    "saving_window": attrgetter("saving_window"),
}
"""The facts that a `when` may ask for."""


@attrs.frozen
class When:
    """All of these facts have one of their values. Without any, it always holds."""

    facts: Mapping[str, frozenset[Any]] = attrs.field(factory=dict)
    _checks: tuple[tuple[Callable[[Ticket], Any], frozenset[Any]], ...] = attrs.field(
        init=False, eq=False, repr=False
    )

    @_checks.default
    def _compile(self) -> tuple[tuple[Callable[[Ticket], Any], frozenset[Any]], ...]:
        return tuple((FACTS[name], values) for name, values in self.facts.items())

    def holds(self, ticket: Ticket) -> bool:
        """Whether the ticket is as asked for."""
        for fact, values in self._checks:  # noqa: SIM110  # half the time of all()
            if fact(ticket) not in values:
                return False
        return True

    def allows(self, fact: str, values: Iterable[Any]) -> bool:
        """Whether some of these values of one fact could fit."""
        wanted = self.facts.get(fact)
        return wanted is None or not wanted.isdisjoint(values)
