"""Conditions: when a timer, a permission or a notification applies to a ticket.

Each fact that a condition can read is declared once: with its key in the file, and the attribute
of the ticket that holds it. A condition holds if the ticket's value of each of its facts is one of
the wanted values. `question_of` gives a key for caches: tickets with an equal key meet the same
conditions.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any, Final, get_args

import attrs

from ticketcore._internal.frozen import Value, frozen
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
from ticketcore.events import Billing, FieldContent
from ticketcore.policies._kinds import PARTY
from ticketcore.policies.conditions._matching import (
    FieldsMatching,
    Matching,
    TagsMatching,
    Wanted,
    as_clause,
    in_words,
    with_amounts,
)
from ticketcore.ticket import Status, Ticket


def _condition(
    name: str, path: str, kind: Kind[Any], about: str, example: str
) -> tuple[Key, Callable[[Ticket], Any], str]:
    declared = Key(
        name=name,
        attribute=name,
        kind=kind if isinstance(kind, TagsMatching | FieldsMatching) else Matching(kind),
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

_ASSIGNED_TO: Final = _condition(
    "assigned_to",
    "assigned_to",
    _NAMES,
    "The person or team that the ticket is assigned to.",
    '"second-team"',
)
_TAGS: Final = _condition(
    "tags", "tags", TagsMatching(), "The ticket has this tag, or one of several.", '"vip"'
)
_FIELDS: Final = Key(
    name="fields",
    attribute="fields",
    kind=FieldsMatching(),
    about="The wanted values of the policy's own fields, by name: values, or a range of numbers, "
    "amounts, dates or instants.",
    example='{ priority = ["high", "urgent"], weight = { at_least = 5, below = 20 } }',
    unset="any",
    default=None,
)

OWN: Final = "fields."
"""The beginning of the names of the policy's own fields among the facts."""

CONDITION_KEYS: Final[Mapping[str, Key]] = {
    **{each.name: each for each, _, _ in (*_DECLARED, _ASSIGNED_TO, _TAGS)},
    "fields": _FIELDS,
}
"""The keys of a `when`."""

FACTS: Final[Mapping[str, Callable[[Ticket], FieldContent | None]]] = {
    each.name: getter for each, getter, _ in (*_DECLARED, _ASSIGNED_TO)
}
"""For each fact with one value, which may select a span or calendar, its function."""

CONDITIONS: Final[Mapping[str, Callable[[Ticket], object]]] = {
    each.name: getter for each, getter, _ in (*_DECLARED, _ASSIGNED_TO, _TAGS)
}
"""For each condition, the function that gives a ticket's value of it."""

_PATHS: Final = {each.name: path for each, _, path in _DECLARED}


@frozen
class _OwnField(Value):
    """The function that gives one of the policy's own fields; unlike a closure it is pickled."""

    name: str

    def __call__(self, ticket: Ticket) -> FieldContent | None:
        return ticket.fields.get(self.name)


def fact_of(name: str) -> Callable[[Ticket], FieldContent | None] | None:
    """Return the function that gives a fact with one value, or None for any other name."""
    return _OwnField(name.removeprefix(OWN)) if name.startswith(OWN) else FACTS.get(name)


def fact_getter(name: str) -> Callable[[Ticket], object]:
    """Return the function that gives a fact that a condition reads: one value, or the tags."""
    getter = CONDITIONS.get(name) or fact_of(name)
    assert getter is not None, "a condition names only known facts"
    return getter


def question_of(
    conditions: Iterable["Condition"], by_value: Collection[str]
) -> Callable[[Ticket], Any]:
    """Return a function whose results are equal where all conditions have equal outcomes.

    The result is a key of caches. It holds the values of built-in facts and of the facts in
    *by_value*. For the policy's other fields, the tags and the assignee, which have unlimited
    values, it holds the outcome of each condition.
    """
    facts = {(name, wanted): None for when in conditions for name, wanted in when.every_wanted()}
    built_in = dict.fromkeys(name for name, _ in facts if name in _PATHS)
    values = attrgetter(*map(_PATHS.__getitem__, built_in)) if built_in else _no_facts
    others = [(name, wanted) for name, wanted in facts if name not in _PATHS]
    if not others:
        return values
    selected = dict.fromkeys(name for name, _ in others if name in by_value)
    outcomes = [(fact_getter(name), want) for name, want in others if name not in by_value]
    return _Question(values, tuple(map(fact_getter, selected)), tuple(outcomes))


@frozen
class _Question:
    """The result of `question_of`; unlike a closure it is pickled with its policy."""

    values: Callable[[Ticket], object]
    selected: tuple[Callable[[Ticket], object], ...]
    outcomes: tuple[tuple[Callable[[Ticket], object], Wanted], ...]

    def __call__(self, ticket: Ticket) -> tuple[object, ...]:
        return (
            self.values(ticket),
            *[getter(ticket) for getter in self.selected],
            *[getter(ticket) in wanted for getter, wanted in self.outcomes],
        )


def _no_facts(_: Ticket) -> None:
    return None


@frozen
class Condition(Value):
    """A condition on tickets: each fact is as wanted. Without facts it always holds.

    *facts* are what is wanted, by fact; the policy's own fields are named ``fields.NAME``.
    *dispute_kinds* are the kinds of disputes that a timer of disputes is for. The condition does
    not hold where *unless* does.
    """

    facts: Mapping[str, Wanted] = attrs.field(factory=dict)
    dispute_kinds: frozenset[str] = frozenset()
    unless: "Condition | None" = None
    _wanted: Mapping[str, Wanted] = attrs.field(init=False, eq=False, repr=False)
    _checks: tuple[tuple[Callable[[Ticket], object], Wanted], ...] = attrs.field(
        init=False, eq=False, repr=False
    )

    @_wanted.default
    def _read_amounts(self) -> Mapping[str, Wanted]:
        return {
            name: with_amounts(wanted) if name.startswith(OWN) else wanted
            for name, wanted in self.facts.items()
        }

    @_checks.default
    def _compile(self) -> tuple[tuple[Callable[[Ticket], object], Wanted], ...]:
        return tuple((fact_getter(name), wanted) for name, wanted in self._wanted.items())

    def __str__(self) -> str:
        """Write the condition in one line, such as `type refund, not answered`."""
        kinds = {"dispute_kind": self.dispute_kinds} if self.dispute_kinds else {}
        return ", ".join(in_words(*fact) for fact in {**self.facts, **kinds}.items())

    def holds(self, ticket: Ticket) -> bool:
        """Return whether the condition holds for a ticket as it is now."""
        for fact, wanted in self._checks:
            if fact(ticket) not in wanted:
                return False
        return self.unless is None or not self.unless.holds(ticket)

    def unmet(self, ticket: Ticket) -> str:
        """Return why the condition does not hold, such as ``if the priority is urgent``.

        Names each fact that is not as wanted. Empty if the condition holds.
        """
        failed = [
            as_clause(name, self.facts[name])
            for name, (fact, wanted) in zip(self.facts, self._checks, strict=True)
            if fact(ticket) not in wanted
        ]
        if failed:
            return f"if {' and '.join(failed)}"
        if self.unless is not None and self.unless.holds(ticket):
            clauses = (as_clause(*fact) for fact in self.unless.facts.items())
            return f"unless {' and '.join(clauses)}"
        return ""

    def allows(self, fact: str, values: Iterable[object]) -> bool:
        """Return whether the condition can hold for a ticket with one of these values."""
        wanted = self._wanted.get(fact)
        without = self.unless
        if without is not None and without._wanted.keys() == {fact}:
            excluded = without._wanted[fact]
            values = [value for value in values if value not in excluded]
        elif wanted is None:
            return True
        return any(wanted is None or value in wanted for value in values)

    def every_wanted(self) -> Iterator[tuple[str, Wanted]]:
        """Yield each fact that the condition reads, with the values that it wants."""
        yield from self._wanted.items()
        if self.unless is not None:
            yield from self.unless.every_wanted()

    @property
    def always_holds(self) -> bool:
        """Whether the condition holds for every ticket."""
        return not self.facts and self.unless is None


def exclude(table: Any) -> None:
    """Let the `when` of a table that is being made exclude its `unless`."""
    if table.unless is not None:
        object.__setattr__(table, "when", attrs.evolve(table.when, unless=table.unless))


@frozen
class WhenKind:
    """The kind of a `when`: a table of conditions."""

    keys: Mapping[str, Key]
    expected = "a table"

    def read(self, node: Node, reading: Reading) -> Condition:
        """Return the condition, partial if one of its values is wrong."""
        before = len(reading.problems)
        facts, unread = read_keys(node, self.keys, reading)
        own = facts.pop("fields", {})
        if isinstance(own, PartialMapping):
            unread.add("fields")
        else:
            facts |= {OWN + name: wanted for name, wanted in own.items()}
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
    kind=Matching(_NAMES, negatable=False),
    about='The kinds of disputes that the timer is for, if it counts from "dispute-opened".',
    example='"chargeback"',
    unset="no dispute",
    default=None,
)

WHEN: Final = WhenKind(CONDITION_KEYS)
TIMER_WHEN: Final = WhenKind({**CONDITION_KEYS, DISPUTE_KIND.name: DISPUTE_KIND})
