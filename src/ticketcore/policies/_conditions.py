"""When a rule applies: facts of a ticket, and the values that they may have."""

from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import Any

import attrs

from ticketcore.ticket import Ticket

_PATHS = {
    "type": "type",
    "requested_by": "type_set_by",
    "opened_by": "opened.by",
    "waiting_for": "waiting_for",
    "handler": "handler",
    "status": "status",
    "category": "opened.category",
    "subcategory": "opened.subcategory",
    "reason": "opened.reason",
    "storefront": "opened.storefront",
    "billing": "billing",
    "answered": "answered",
    "solved": "solved",
    "acknowledged": "acknowledged",
    "has_grace_period": "has_grace_period",
}

CONDITIONS: dict[str, Callable[[Ticket], Any]] = {
    name: attrgetter(path) for name, path in _PATHS.items()
}
"""The facts that a `when` may ask for."""


def conditions_of(names: Iterable[str]) -> Callable[[Ticket], Any]:
    """A function that gives these facts of a ticket at once, as something to look up by."""
    paths = [_PATHS[name] for name in dict.fromkeys(names)]
    return attrgetter(*paths) if paths else _no_facts


def _no_facts(_: Ticket) -> None:
    return None


@attrs.frozen
class Condition:
    """All of these facts have one of their values. Without any, it always holds."""

    facts: Mapping[str, frozenset[Any]] = attrs.field(factory=dict)
    _checks: tuple[tuple[Callable[[Ticket], Any], frozenset[Any]], ...] = attrs.field(
        init=False, eq=False, repr=False
    )

    @_checks.default
    def _compile(self) -> tuple[tuple[Callable[[Ticket], Any], frozenset[Any]], ...]:
        return tuple((CONDITIONS[name], values) for name, values in self.facts.items())

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
