"""The forms of a condition: values, excluded values, ranges and tags."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from support.policies.permissive_policy import at
from support.policies.policy_problems import HEAD, OPEN, problems
from support.policies.small_policies import opened, policy_of
from ticketcore import commands as c
from ticketcore.decider import decide_and_apply
from ticketcore.events import Money
from ticketcore.policies import Policy, Range
from ticketcore.policies.conditions._conditions import CONDITION_KEYS
from ticketcore.ticket import Ticket

FIELDS = """
[fields.priority]
choices = ["low", "normal", "high"]
[fields.cost]
type = "money"
[fields.weight]
type = "number"
[fields.flight]
type = "date"
[fields.delivered_at]
type = "instant"
[fields.known]
type = "yes-no"
[fields.name]
type = "text"
[tags]
values = ["vip", "outage", "old"]
"""
VALUES: dict[str, Any] = {
    "priority": "high",
    "cost": Money(4900, "EUR"),
    "weight": Decimal("2.50"),
    "flight": date(2026, 2, 28),
    "delivered_at": datetime(2026, 1, 9, 22, tzinfo=UTC),
    "known": True,
    "name": "49.00 EUR",
}


def timer(when: str, unless: str = "") -> str:
    """Return the lines of a timer with these conditions."""
    exception = f"unless = {{ {unless} }}\n" if unless else ""
    return (
        f'[[timer]]\nname = "t"\nwhen = {{ {when} }}\n{exception}'
        'from = "opened"\nafter = "1 hour"\neffect = "warn"\n'
    )


def ticket(*tags: str, **fields: Any) -> Ticket:
    """Return a ticket with these tags and values of fields."""
    return opened(policy_of(FIELDS), fields=fields, tags=tags)


def holds(when: str, ticket: Ticket, unless: str = "") -> bool:
    """Return whether a condition holds for a ticket."""
    policy = policy_of(FIELDS + timer(when, unless))
    return policy.timers[0].when.holds(ticket)


@pytest.mark.parametrize(
    "when",
    [
        'fields.priority = "high"',
        'fields.priority = ["normal", "high"]',
        'fields.priority = { not = "low" }',
        'fields.priority = { not = ["low", "normal"] }',
        'fields.cost = "49.00 EUR"',
        'fields.cost = ["5.00 EUR", "49.00 EUR"]',
        'fields.cost = { at_least = "49.00 EUR" }',
        'fields.cost = { below = "49.01 EUR" }',
        'fields.cost = { at_least = "5.00 EUR", below = "50.00 EUR" }',
        "fields.weight = 2.5",
        "fields.weight = { not = 2 }",
        "fields.weight = { at_least = 2, below = 2.51 }",
        "fields.flight = 2026-02-28",
        "fields.flight = { at_least = 2026-02-28, below = 2026-03-01 }",
        "fields.delivered_at = 2026-01-09T23:00:00+01:00",
        "fields.delivered_at = { below = 2026-01-09T22:00:01Z }",
        "fields.known = true",
        'fields.name = "49.00 EUR"',
        'fields = { priority = "high", known = true }',
        'fields.priority = "high", fields.known = true',
        'type = { not = "other" }',
        'status = { not = ["closed", "pending"] }',
        'waiting_for = { not = "customer" }',
    ],
)
def test_a_condition_holds(when: str) -> None:
    """A condition holds if the ticket's value is among its values."""
    assert holds(when, ticket(**VALUES))


@pytest.mark.parametrize(
    "when",
    [
        'fields.priority = "low"',
        'fields.priority = { not = "high" }',
        'fields.cost = "49.00 USD"',
        'fields.cost = { not = "49.00 EUR" }',
        'fields.cost = { at_least = "1.00 USD" }',
        'fields.cost = { at_least = "49.01 EUR" }',
        'fields.cost = { below = "49.00 EUR" }',
        "fields.weight = 3",
        "fields.weight = { at_least = 2.51 }",
        "fields.weight = { below = 2.5 }",
        "fields.flight = { below = 2026-02-28 }",
        "fields.delivered_at = { at_least = 2026-01-09T22:00:01Z }",
        "fields.known = false",
        'fields = { priority = "high", known = false }',
        'type = { not = "request" }',
    ],
)
def test_a_condition_does_not_hold(when: str) -> None:
    """A condition does not hold for a value that it excludes, or in another currency."""
    assert not holds(when, ticket(**VALUES))


def test_a_field_without_a_value_is_none_of_them() -> None:
    """A field without a value matches no value and no range."""
    empty = ticket()

    assert not holds('fields.priority = ["low", "normal", "high"]', empty)
    assert not holds("fields.weight = { below = 5 }", empty)
    assert not holds("fields.known = false", empty)
    assert holds('fields.priority = { not = "high" }', empty)


def test_tags() -> None:
    """A condition on tags holds if the ticket has one of them, or none of the excluded ones."""
    assert holds('tags = "vip"', ticket("old", "vip"))
    assert holds('tags = ["vip", "outage"]', ticket("vip"))
    assert not holds('tags = "vip"', ticket("old"))
    assert holds('tags = { not = "vip" }', ticket("old"))
    assert not holds('tags = { not = ["vip", "outage"] }', ticket("outage"))


def test_an_exception() -> None:
    """`unless` excludes the tickets for which all of its facts hold."""
    unless = 'fields.priority = "low", tags = "old"'

    assert holds('type = "request"', ticket(priority="low"), unless)
    assert not holds('type = "request"', ticket("old", priority="low"), unless)
    assert not holds('type = "other"', ticket(), unless)


CHANGING: Policy = policy_of(
    FIELDS
    + timer('fields.name = "Ada"')
    + timer("fields.weight = { at_least = 5 }").replace('"t"', '"heavy"')
    + timer('fields.priority = "high"', 'tags = "vip"').replace('"t"', '"urgent"')
)


def test_timers_follow_the_fields() -> None:
    """Timers follow the fields: they are pending while their condition holds."""
    changes: tuple[tuple[c.Command, list[str]], ...] = (
        (c.SetField(at=at(0.1), by="support", field="name", value="Ada"), ["t"]),
        (c.SetField(at=at(0.2), by="support", field="weight", value="5"), ["t", "heavy"]),
        (c.SetField(at=at(0.3), by="support", field="name", value="Eve"), ["heavy"]),
        (
            c.SetField(at=at(0.4), by="support", field="priority", value="high"),
            ["heavy", "urgent"],
        ),
        (c.Tag(at=at(0.5), by="support", tag="vip"), ["heavy"]),
        (c.SetField(at=at(0.6), by="support", field="weight"), []),
        (c.Untag(at=at(0.7), by="support", tag="vip"), ["urgent"]),
    )
    now = opened(CHANGING)
    for command, pending in changes:
        now, _ = decide_and_apply(now, command, CHANGING)
        assert pending == [timer.name for timer in now.timers]


def test_the_cache_of_timers_does_not_grow_with_texts() -> None:
    """The cache of timers stays small: texts and numbers count by the outcome of conditions."""
    policy = policy_of(FIELDS + timer('fields.name = "Ada"') + timer("fields.weight = 5"))
    for number in range(50):
        policy.timer_definitions(ticket(name=f"name {number}", weight=str(number)))

    assert 2 == len(policy._clocks)


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ('fields.priority = ["low", "high"]', "priority high or low"),
        ('fields.priority = { not = "low" }', "priority not low"),
        ("fields.known = true", "known"),
        ("fields.known = false", "not known"),
        ("fields.weight = { at_least = 2 }", "weight at least 2"),
        ("fields.weight = { below = 2.5 }", "weight below 2.5"),
        (
            'fields.cost = { at_least = "5.00 EUR", below = "9.00 EUR" }',
            "cost at least 5.00 EUR and below 9.00 EUR",
        ),
        ('tags = "vip"', "tag vip"),
        ('tags = { not = ["vip", "old"] }', "no tag old or vip"),
        ('type = "request", fields.weight = 5', "type request, weight 5"),
        ("has_account = false", "has no account"),
        ("has_grace_period = true", "has grace period"),
        (
            "fields.delivered_at = { at_least = 2026-01-09T23:00:00+01:00 }",
            "delivered_at at least 2026-01-09T22:00Z",
        ),
    ],
)
def test_a_condition_in_words(when: str, words: str) -> None:
    """A condition in words reads the same in diagrams, `policy show` and reports."""
    assert words == str(policy_of(FIELDS + timer(when)).timers[0].when)


@pytest.mark.parametrize(
    ("when", "unless", "words"),
    [
        ('fields.priority = "high"', "", "if the priority is high"),
        ('fields.priority = ["low", "high"]', "", "if the priority is high or low"),
        ('fields.priority = { not = "normal" }', "", "if the priority is not normal"),
        ('fields.name = "Ann"', "", "if the name is Ann"),
        (
            "fields.delivered_at = 2026-02-01T00:00:00Z",
            "",
            "if the delivered_at is 2026-02-01T00:00Z",
        ),
        (
            "fields.weight = { at_least = 5, below = 9 }",
            "",
            "if the weight is at least 5 and below 9",
        ),
        ("fields.known = true", "", "if the known is true"),
        ('waiting_for = "customer"', "", "if the party that has to answer is customer"),
        ('tags = "vip"', "", "if the tags contain vip"),
        ('tags = { not = "old" }', "", "if the tags do not contain old"),
        ("answered = true", "", "if the ticket was answered"),
        ("answered = true", "acknowledged = true", "if the ticket was answered"),
        (
            'acknowledged = true, fields.priority = "low"',
            "",
            "if work has begun and the priority is low",
        ),
        ('type = "request"', "answered = false", "unless the ticket was not answered"),
        ("answered = false", 'tags = "vip"', ""),
    ],
)
def test_a_condition_says_why_it_does_not_hold(when: str, unless: str, words: str) -> None:
    """A condition that does not hold names the facts that are not as wanted, in a clause."""
    condition = policy_of(FIELDS + timer(when, unless)).timers[0].when
    asked = ticket("old", priority="normal", weight=Decimal(2), known=False)

    assert words == condition.unmet(asked)
    assert condition.holds(asked) == (not words)


@pytest.mark.parametrize(
    ("when", "path", "message"),
    [
        (
            'fields.priorty = "low"',
            "when.fields.priorty",
            'no field "priorty"; did you mean "priority"?',
        ),
        (
            'fields.priority = "lo"',
            "when.fields.priority",
            'expected "low", "normal" or "high", found the text "lo"',
        ),
        (
            'fields.priority = { not = "lo" }',
            "when.fields.priority",
            'expected "low", "normal" or "high", found the text "lo"',
        ),
        (
            "fields.cost = 49",
            "when.fields.cost",
            'expected an amount such as "49.00 USD", found the integer 49',
        ),
        (
            "fields.flight = { at_least = 5 }",
            "when.fields.flight",
            'expected a date such as "2026-01-31", found the integer 5',
        ),
        (
            'fields.name = { below = "5.00 EUR" }',
            "when.fields.name",
            "a range has numbers, amounts, dates or instants, but name is text",
        ),
        (
            'fields.cost = { below = "5" }',
            "when.fields.cost.below",
            "'5' is not an amount of money: write it like '49.00 USD', with all minor digits",
        ),
        (
            "fields.weight = { below = true }",
            "when.fields.weight.below",
            "a range has numbers, amounts, dates or instants",
        ),
        (
            "fields.weight = { above = 5 }",
            "when.fields.weight.above",
            'unknown key; expected one of "at_least", "below", "not"',
        ),
        (
            "fields.weight = {}",
            "when.fields.weight",
            "an empty table has no effect: write a value, not, at_least or below",
        ),
        (
            "fields.weight = { at_least = 5, below = 5 }",
            "when.fields.weight",
            "fields.weight = { at_least = 5, below = 5 } can never hold here: no value is left",
        ),
        (
            "fields.weight = []",
            "when.fields.weight",
            "an empty list never applies: name a value",
        ),
        ('tags = "vp"', "when.tags", 'no tags "vp"; did you mean "vip"?'),
        ('type = { no = "other" }', "when.type.no", 'unknown key; did you mean "not"?'),
        (
            'type = { not = ["request", "other"] }',
            "when.type",
            'type = { not = ["other", "request"] } can never hold here: no value is left',
        ),
        ("fields = 5", "when.fields", "expected a table, found the integer 5"),
        (
            'handler = { not = ["customer", "vendor", "support", "system"] }',
            "when.handler",
            'handler = { not = ["customer", "support", "system", "vendor"] } can never hold here: '
            "no value is left",
        ),
    ],
)
def test_mistakes(when: str, path: str, message: str) -> None:
    """Each mistake in a condition is reported at its place, with the right form."""
    text = HEAD + OPEN.replace("complaint", "other") + FIELDS + timer(when)
    (found,) = problems(text)

    assert f"timer[0].{path}: {message}" == found.split(" ", 1)[1]


def test_an_exception_that_excludes_all() -> None:
    """An exception that excludes all tickets is a mistake."""
    text = HEAD + OPEN + FIELDS

    assert ["timer[0].unless: excludes every ticket for which `when` holds"] == [
        found.split(" ", 1)[1]
        for found in problems(text + timer('tags = "vip", type = "request"', 'tags = "vip"'))
    ]
    assert ['timer[0].unless.tags: no tags "vp"; did you mean "vip"?'] == [
        found.split(" ", 1)[1]
        for found in problems(text + timer('type = "request"', 'tags = "vp"'))
    ]


def test_a_range_of_one_kind_has_no_other_value() -> None:
    """A range of one kind holds for no value of another kind."""
    assert "12" not in Range(at_least=Decimal(5))
    assert None not in Range(below=Decimal(5))


def test_a_condition_allows_values_that_its_exception_leaves() -> None:
    """An exception about one fact excludes its values; an exception about two facts may not."""
    when = policy_of(timer('type = "request"', 'type = "other"')).timers[0].when
    several = policy_of(FIELDS + timer('type = "request"', 'type = "request", tags = "vip"'))

    assert when.allows("type", ("request", "other"))
    assert not when.allows("type", ("other",))
    assert when.allows("status", ("closed",))
    assert several.timers[0].when.allows("type", ("request",))


def test_kinds_name_what_they_expect() -> None:
    """Each kind describes its values as the message about a missing key does."""
    assert "a name, or an array" == CONDITION_KEYS["type"].kind.expected
    assert "a tag, or an array" == CONDITION_KEYS["tags"].kind.expected
