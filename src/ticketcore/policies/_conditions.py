"""When a rule applies: facts of a ticket, and the values that they may have."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs

from ticketcore.ticket import Ticket


def _billing(ticket: Ticket) -> str | None:
    order = ticket.opened.order
    return None if order is None else order.billing


FACTS: dict[str, Callable[[Ticket], Any]] = {
    "type": lambda t: t.type,
    "requested_by": lambda t: t.type_set_by,
    "opened_by": lambda t: t.opened.by,
    "turn": lambda t: t.turn,
    "handler": lambda t: t.handler,
    "status": lambda t: t.status,
    "category": lambda t: t.opened.category,
    "subcategory": lambda t: t.opened.subcategory,
    "reason": lambda t: t.opened.reason,
    "storefront": lambda t: t.opened.storefront,
    "billing": _billing,
    "answered": lambda t: t.answered,
    "solved": lambda t: t.solved,
    "taken_up": lambda t: t.taken_up,
    "saving_window": lambda t: t.saving_window,
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
