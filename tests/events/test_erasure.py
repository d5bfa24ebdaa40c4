"""Erasing a person from events changes the person's fields, and nothing that decisions read."""

from datetime import UTC, datetime
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.strategies import EVENTS_OF_ALL_KINDS, histories
from ticketcore.events import (
    ERASED,
    EVENTS,
    PERSON_FIELDS,
    WORD_FIELDS,
    Assigned,
    Attachment,
    Event,
    FieldSet,
    FieldValue,
    Linked,
    Money,
    Opened,
    Order,
    Reference,
    Replied,
    Shared,
    Unknown,
    dump_event,
    mentions,
    redact,
)
from ticketcore.ledger import wakes
from ticketcore.ticket import fold

AT = datetime(2026, 1, 5, tzinfo=UTC)
ORDER = Order(number="B-7", sold_at=AT, amount=Money(5000, "USD"))
FILE = Attachment(name="anna.png", media_type="image/png", size=4, digest="sha:1", location="/a")

IMPERSONAL = frozenset(
    """account at by category channel command_id deadline default_handler derived dispute
    duplicate_of expected final has_grace_period id into invoice kind message messages name number
    of outcome policy policy_digest policy_version possible_duplicates reason reference schema
    storefront subcategory supersedes timer timers to type units vendor waiting_for zone abuse
    amount awaits_confirmation consent consent_message interim solution automatic order order_at
    answers references shipment subscription target body fields tags tag field value personal
    cause cycle due ended level level_at pause paused passed by_hand until""".split()
)


@pytest.mark.parametrize("name", EVENTS)
def test_each_field_is_personal_or_not(name: str) -> None:
    """Each field of an event is declared as personal or not, so a new field needs a decision."""
    fields = {field.name for field in attrs.fields(EVENTS[name])}

    assert set() == fields - IMPERSONAL - {*PERSON_FIELDS} - {*WORD_FIELDS}


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            Opened(
                at=AT,
                by="customer",
                actor="anna",
                customer="anna",
                type="x",
                zone="UTC",
                order=ORDER,
                subject="Hello",
                text="I am Anna.",
            ),
            {
                "actor": "p-1",
                "customer": "p-1",
                "subject": ERASED,
                "text": ERASED,
                "order": attrs.evolve(ORDER, number="o-1"),
            },
        ),
        (
            Replied(at=AT, by="customer", actor="anna", attachments=(FILE,)),
            {
                "actor": "p-1",
                "attachments": (attrs.evolve(FILE, name=ERASED, digest="", location=""),),
            },
        ),
        (Shared(at=AT, by="customer", with_person="anna"), {"with_person": "p-1"}),
        (Assigned(at=AT, assignee="anna"), {"assignee": "p-1"}),
        (Assigned(at=AT, assignee="ben"), {}),
        (
            Linked(at=AT, by="vendor", target=Reference(kind="order", number="B-7")),
            {"target": Reference(kind="order", number="o-1")},
        ),
        (Linked(at=AT, by="vendor", target=Reference(kind="ticket", number="B-7")), {}),
        (Unknown(name="promoted", schema=1, at=AT, body='{"actor":"anna"}'), {}),
    ],
)
def test_personal_fields_are_replaced(event: Event, expected: dict[str, Any]) -> None:
    """Ids become the pseudonym, words and file names a mark, and order numbers new ones."""
    redacted = redact(event, "anna", "p-1", words=True, orders={"B-7": "o-1"})

    assert attrs.evolve(event, **expected) == redacted


def test_personal_fields_lose_their_values() -> None:
    """Fields that the policy declares as personal lose their values; the others stay."""
    phone = FieldValue(kind="text", value="777", personal=True)
    team = FieldValue(kind="text", value="night")
    opened = Opened(
        at=AT, by="customer", type="x", zone="UTC", fields={"phone": phone, "team": team}
    )
    later = FieldSet(at=AT, field="phone", kind="text", value="778", personal=True)
    redacted = [
        redact(event, "anna", "p-1", words=False, fields=True) for event in (opened, later)
    ]

    assert [
        attrs.evolve(opened, fields={"team": team}),
        attrs.evolve(later, value=None),
    ] == redacted
    assert opened == redact(opened, "anna", "p-1", words=False)


def test_words_of_others_stay_and_are_found() -> None:
    """A name in the words of others stays and is reported, since only people can judge it."""
    reply = Replied(at=AT, by="vendor", actor="sara", text="Dear ANNA, susanna wrote.")
    redacted = redact(reply, "anna", "p-1", words=False)

    assert reply == redacted
    assert ("text",) == mentions(redacted, ["anna"])
    assert () == mentions(redacted, ["ann", ""])
    assert () == mentions(redacted, [])


def test_names_are_found_in_lists_and_in_unknown_events() -> None:
    """Names are found in lists and in unknown events, with the path to the text."""
    sent = Replied(at=AT, by="vendor", attachments=(attrs.evolve(FILE, name="for anna.pdf"),))
    unknown = Unknown(name="shop.called", schema=1, at=AT, body='{"with":{"person":"Anna"}}')

    assert ("attachments[0].name",) == mentions(sent, ["Anna"])
    assert ("with.person",) == mentions(unknown, ["anna"])


@given(EVENTS_OF_ALL_KINDS, st.booleans())
def test_nothing_but_personal_fields_changes(event: Event, words: bool) -> None:
    """In every event, erasure changes nothing but personal fields, and the result can be read."""
    person = getattr(event, "actor", None) or "anna"
    redacted = redact(event, person, "p-1", words=words)
    (name, schema, before), after = dump_event(event), dump_event(redacted)
    changed = {key for key in {*before, *after[2]} if before.get(key) != after[2].get(key)}

    assert (name, schema, event.at) == (after[0], after[1], redacted.at)
    assert changed <= {*PERSON_FIELDS, *(WORD_FIELDS if words else ())}


@given(histories())
def test_timers_and_decisions_stay(history: tuple[str, tuple[Event, ...]]) -> None:
    """After an erasure the ticket has the same timers and decisions."""
    events = history[1]
    person = events[0].actor or "anna"
    before = fold(events)
    after = fold(redact(event, person, "p-1", words=True) for event in events)
    kept = (
        "timers",
        "type",
        "status",
        "waiting_for",
        "refunds",
        "disputes",
        "closed_by",
    )

    assert [getattr(before, name) for name in kept] == [getattr(after, name) for name in kept]
    assert wakes(before) == wakes(after)
