"""Conditions: when a timer, a permission or a notification applies to a ticket."""

from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import Any, Final, get_args

import attrs

from ticketcore._toml import (
    FLAG,
    NAME,
    Key,
    Kind,
    Node,
    PartialMapping,
    Reading,
    Several,
    choice,
    described,
    literal,
    partial,
    read_keys,
)
from ticketcore.events import Billing
from ticketcore.policies._kinds import PARTY
from ticketcore.ticket import Status, Ticket


def _condition(
    name: str, path: str, kind: Kind[Any], about: str, example: str
) -> tuple[Key, Callable[[Ticket], Any], str]:
    declared = Key(
        name=name,
        attribute=name,
        kind=kind,
        about=about,
        example=example,
        unset="any",
        default=None,
    )
    return declared, attrgetter(path), path


_PARTIES: Final = Several(PARTY)
_NAMES: Final = Several(NAME)
_STATUSES: Final = literal(
    Status,
    {
        "open": "The default handler owes an answer.",
        "pending": "Somebody else owes an answer.",
        "closed": "The ticket is closed.",
    },
)

_DECLARED: Final = (
    _condition("type", "type", _NAMES, "The ticket's type.", '"refund"'),
    _condition(
        "requested_by",
        "type_set_by",
        _PARTIES,
        "The party that set the current type.",
        '["customer", "support"]',
    ),
    _condition(
        "opened_by", "opened.by", _PARTIES, "The party that opened the ticket.", '"vendor"'
    ),
    _condition(
        "waiting_for",
        "waiting_for",
        _PARTIES,
        "The party whose answer the ticket waits for. A closed ticket waits for nobody.",
        '"vendor"',
    ),
    _condition(
        "handler",
        "handler",
        _PARTIES,
        "The party that handles the ticket now: the default handler, or support after an "
        "escalation.",
        '"support"',
    ),
    _condition(
        "status", "status", Several(_STATUSES), "The ticket's status.", '["open", "pending"]'
    ),
    _condition("category", "category", _NAMES, "The ticket's category.", '"orders"'),
    _condition(
        "subcategory",
        "subcategory",
        _NAMES,
        "The ticket's sub-category.",
        '["status", "change"]',
    ),
    _condition(
        "reason",
        "reason",
        _NAMES,
        "The reason for which the ticket was opened.",
        '"broken"',
    ),
    _condition("channel", "opened.channel", _NAMES, "The channel of the opening.", '"portal"'),
    _condition(
        "has_account",
        "has_account",
        FLAG,
        "Whether the ticket was opened for an account of a customer.",
        "true",
    ),
    _condition("storefront", "opened.storefront", _NAMES, "The ticket's storefront.", '"de"'),
    _condition(
        "billing",
        "billing",
        Several(choice(get_args(Billing))),
        "The order's billing mode.",
        '"recurring"',
    ),
    _condition(
        "answered",
        "answered",
        FLAG,
        "Whether vendor or support has replied or asked for information. Interim notices do not "
        "count.",
        "false",
    ),
    _condition(
        "solved",
        "solved",
        FLAG,
        "Whether the latest reply claims to solve the problem.",
        "true",
    ),
    _condition(
        "acknowledged",
        "acknowledged",
        FLAG,
        "Whether work on the ticket has begun.",
        "false",
    ),
    _condition(
        "has_grace_period",
        "has_grace_period",
        FLAG,
        "Whether the vendor may still save a sale before a refund is paid; `false` after abuse.",
        "true",
    ),
)

CONDITION_KEYS: Final[Mapping[str, Key]] = {each.name: each for each, _, _ in _DECLARED}
"""The keys of a `when`."""

CONDITIONS: Final[Mapping[str, Callable[[Ticket], object]]] = {
    each.name: getter for each, getter, _ in _DECLARED
}
"""For each condition, the function that gives a ticket's value of it."""

_PATHS: Final = {each.name: path for each, _, path in _DECLARED}


def conditions_of(names: Iterable[str]) -> Callable[[Ticket], Any]:
    """Return a function that gives these facts of a ticket at once, as something to look up by."""
    paths = [_PATHS[name] for name in dict.fromkeys(names)]
    return attrgetter(*paths) if paths else _no_facts


def fact_of(name: str) -> Callable[[Ticket], Any] | None:
    """Return the function that gives one fact of a ticket, or None for an unknown name."""
    if name.startswith(_FIELDS):
        field = name.removeprefix(_FIELDS)
        return lambda ticket: ticket.fields.get(field)
    return CONDITIONS.get(name)


_FIELDS: Final = "fields."  # before the name of one of the policy's own fields


def _no_facts(_: Ticket) -> None:
    return None


@attrs.frozen
class Condition:
    """A condition on tickets: each fact has one of its values. Without facts it always holds.

    *dispute_kinds* are the kinds of disputes that a timer of disputes is for.
    """

    facts: Mapping[str, frozenset[object]] = attrs.field(factory=dict)
    dispute_kinds: frozenset[str] = frozenset()
    _checks: tuple[tuple[Callable[[Ticket], object], frozenset[object]], ...] = attrs.field(
        init=False, eq=False, repr=False
    )

    @_checks.default
    def _compile(self) -> tuple[tuple[Callable[[Ticket], object], frozenset[object]], ...]:
        return tuple((CONDITIONS[name], values) for name, values in self.facts.items())

    def __str__(self) -> str:
        """Write the condition in one line, such as `type refund, not answered`."""
        facts = {
            **self.facts,
            **({"dispute_kind": self.dispute_kinds} if self.dispute_kinds else {}),
        }
        return ", ".join(_fact(name.replace("_", " "), values) for name, values in facts.items())

    def holds(self, ticket: Ticket) -> bool:
        """Return whether the condition holds for a ticket as it is now."""
        for fact, values in self._checks:  # noqa: SIM110  # half the time of all()
            if fact(ticket) not in values:
                return False
        return True

    def allows(self, fact: str, values: Iterable[object]) -> bool:
        """Return whether the condition can hold for a ticket with one of these values."""
        wanted = self.facts.get(fact)
        return wanted is None or not wanted.isdisjoint(values)


def _as_set(value: object) -> frozenset[Any]:
    return frozenset(value if isinstance(value, tuple) else (value,))


def _fact(name: str, values: frozenset[object]) -> str:
    if values == {True}:
        return name
    return (
        f"not {name}" if values == {False} else f"{name} {' or '.join(sorted(map(str, values)))}"
    )


@attrs.frozen(eq=False, repr=False)
class WhenKind:
    """The kind of a `when`: a table of conditions."""

    keys: Mapping[str, Key]
    expected: str = "a table"

    def read(self, node: Node, reading: Reading) -> Condition:
        """Return the condition, partial if one of its values is wrong."""
        before = len(reading.problems)
        values, unread = read_keys(node, self.keys, reading)
        for name in [name for name, value in values.items() if value == ()]:
            reading.note(node, "an empty list never applies: name a value", name)
            unread.add(name)
            del values[name]
        facts = {name: _as_set(value) for name, value in values.items()}
        kinds = facts.pop(DISPUTE_KIND.name, frozenset[str]())
        if len(reading.problems) == before:
            return Condition(facts, kinds)
        given: dict[str, Any] = {"facts": PartialMapping(facts, unread), "dispute_kinds": kinds}
        if DISPUTE_KIND.name in unread:
            del given["dispute_kinds"]
        return partial(Condition, given, {"dispute_kinds"})

    def schema(self) -> dict[str, Any]:
        """Describe each condition."""
        properties = {key.name: described(key) for key in self.keys.values()}
        return {"type": "object", "properties": properties, "additionalProperties": False}


DISPUTE_KIND: Final = Key(
    name="dispute_kind",
    attribute="dispute_kind",
    kind=_NAMES,
    about='The kinds of disputes that the timer is for, if it counts from "dispute-opened".',
    example='"chargeback"',
    unset="no dispute",
    default=None,
)

WHEN: Final = WhenKind(CONDITION_KEYS)
TIMER_WHEN: Final = WhenKind({**CONDITION_KEYS, DISPUTE_KIND.name: DISPUTE_KIND})
