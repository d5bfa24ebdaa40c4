"""Tests of conversations."""

from datetime import UTC, datetime

import pytest
from hypothesis import given

from support.strategies import histories
from ticketcore.events import (
    EVENTS,
    Assigned,
    Attachment,
    Breached,
    Cancelled,
    Classified,
    Closed,
    DisputeCorrected,
    DisputeOpened,
    DisputeResolved,
    Escalated,
    Event,
    FieldSet,
    Linked,
    Money,
    NoteAdded,
    Opened,
    Order,
    OrderCorrected,
    PolicyChanged,
    Recorded,
    Reference,
    Refunded,
    Replied,
    Reviewed,
    Scheduled,
    Shared,
    Shipment,
    ShipmentAdded,
    Split,
    TypeChanged,
    Unknown,
    Unshared,
    Warned,
)
from ticketcore.inbox import (
    ConversationEntry,
    conversation,
    conversation_entry,
    participants,
)
from ticketcore.policies import load_policy

AT = datetime(2026, 1, 12, 9, tzinfo=UTC)
ORDER = Order(number="M1", sold_at=AT, amount=Money(4900, "USD"))


def test_each_event_becomes_an_entry_in_order() -> None:
    """An entry has time, party, person and text of its event; `Scheduled` has none (C3, O6)."""
    events: list[Event] = [
        Opened(
            at=AT, by="customer", actor="anna", type="request", zone="UTC", subject="Lid", text="?"
        ),
        Scheduled(at=AT),
        Replied(at=AT, by="vendor", actor="vito", text="A moment.", interim=True),
        Breached(at=AT, timer="response"),
        Unknown(name="promoted", schema=3, at=AT),
    ]
    expected = (
        ConversationEntry(
            seq=1, at=AT, by="customer", actor="anna", event="opened", about="Lid", text="?"
        ),
        ConversationEntry(
            seq=3,
            at=AT,
            by="vendor",
            actor="vito",
            event="replied",
            text="A moment.",
            interim=True,
        ),
        ConversationEntry(seq=4, at=AT, by="system", event="breached", about="response"),
        ConversationEntry(seq=5, at=AT, by=None, event="promoted"),
    )

    assert expected == conversation(Recorded("7", i, e) for i, e in enumerate(events, 1))


@pytest.mark.parametrize("message", ["<1>", None])
def test_an_entry_shows_the_message_that_a_consent_rests_on(message: str | None) -> None:
    """C11: an entry has the message of the consent, or says that only the vendor reports it."""
    events: list[Event] = [
        Closed(at=AT, by="vendor", consent=True, consent_message=message),
        TypeChanged(at=AT, by="vendor", type="other", consent=True, consent_message=message),
        Closed(at=AT, by="customer"),
    ]
    entries = conversation(Recorded("7", i, event) for i, event in enumerate(events, 1))

    expected = [(True, message), (True, message), (False, None)]
    assert expected == [(entry.consent, entry.consent_message) for entry in entries]


@pytest.mark.parametrize(
    ("event", "about"),
    [
        (TypeChanged(at=AT, by="customer", type="refund"), "refund"),
        (Escalated(at=AT, by="vendor", reason="account"), "account"),
        (Assigned(at=AT, assignee="servers"), "servers"),
        (Shared(at=AT, by="customer", with_person="ben"), "ben"),
        (Unshared(at=AT, by="customer", with_person="ben"), "ben"),
        (Warned(at=AT, timer="silent"), "silent"),
        (Refunded(at=AT, amount=Money(4900, "USD")), "49.00 USD"),
        (Cancelled(at=AT, subscription=True), "subscription"),
        (Cancelled(at=AT, units=("u1", "u2")), "u1, u2"),
        (Closed(at=AT, by="support", kind="duplicate", duplicate_of="6"), "6"),
        (Closed(at=AT, by="customer", kind="withdrawn", reason="solved"), "solved"),
        (Reviewed(at=AT, by="support", abuse=True), "abuse"),
        (Reviewed(at=AT, by="support", abuse=False), "no abuse"),
        (Classified(at=AT, by="support", category="payroll"), "payroll"),
        (Classified(at=AT, by="support", reason="defective"), "defective"),
        (OrderCorrected(at=AT, by="support", order=ORDER), "M1"),
        (
            ShipmentAdded(at=AT, by="vendor", shipment=Shipment(number="S1", shipped_at=AT)),
            "S1",
        ),
        (Split(at=AT, by="support", into="8"), "8"),
        (Linked(at=AT, by="customer", target=Reference(kind="order", number="4711")), "4711"),
        (DisputeCorrected(at=AT, by="support", dispute="d"), "d"),
        (DisputeOpened(at=AT, by="customer", dispute="d", kind="claim"), "claim"),
        (DisputeResolved(at=AT, dispute="d", outcome="won"), "won"),
        (PolicyChanged(at=AT, by="support", policy="p", policy_version="v"), "p v"),
    ],
)
def test_an_entry_names_the_subject_of_its_event(event: Event, about: str) -> None:
    """The subject is a word or two from the event, such as the new type or the amount."""
    entry = conversation_entry(Recorded("7", 2, event))

    assert entry is not None
    assert about == entry.about


def test_an_entry_has_the_attachments_of_its_message() -> None:
    """K14: the conversation shows what was sent with an opening or a reply."""
    photo = Attachment(
        name="lid.jpg", media_type="image/jpeg", size=4096, digest="sha256:9f", location="files/1"
    )
    events: list[Event] = [
        Opened(at=AT, by="customer", type="request", zone="UTC", attachments=(photo,)),
        Replied(at=AT, by="vendor", attachments=(photo, photo)),
        Replied(at=AT, by="customer", automatic=True),
    ]
    entries = conversation(Recorded("7", i, e) for i, e in enumerate(events, 1))

    assert [(1, False), (2, False), (0, True)] == [
        (len(entry.attachments), entry.automatic) for entry in entries
    ]


def test_participants_are_listed_once_each() -> None:
    """A participant is a person with their party, in the order of their first actions (O6)."""
    events: list[Event] = [
        Opened(at=AT, by="customer", actor="anna", type="request", zone="UTC"),
        Replied(at=AT, by="support", actor="sara"),
        Assigned(at=AT, by="support", actor="sara", assignee="servers"),
        Warned(at=AT, timer="silent"),
        Unknown(name="promoted", schema=3, at=AT),
        Replied(at=AT, by="support", actor="sandro"),
    ]
    entries = conversation(Recorded("7", i, e) for i, e in enumerate(events, 1))
    expected = (("customer", "anna"), ("support", "sara"), ("support", "sandro"))

    assert expected == participants(entries)


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        (
            "replied",
            '{"actor":"vito","by":"vendor","mood":"glad","text":"It is sent."}',
            ("vendor", "vito", "It is sent."),
        ),
        ("replied", '{"actor":7,"by":"courier","text":["a"]}', (None, None, None)),
        ("whispered", '{"actor":"vito","by":"vendor","text":"?"}', (None, None, None)),
    ],
)
def test_a_message_with_an_unknown_key_is_shown(
    name: str, body: str, expected: tuple[str | None, ...]
) -> None:
    """O6: a known event with an unknown key has its text; one with an unknown name has none."""
    unknown = Unknown(name=name, schema=1, at=AT, body=body)
    (entry,) = conversation([Recorded("7", 1, unknown)])

    assert (name, *expected) == (entry.event, entry.by, entry.actor, entry.text)


def test_a_note_with_an_unknown_key_is_shown_to_those_who_ask_for_notes() -> None:
    """O6: a note of a later version stays internal."""
    note = Unknown(name="note-added", schema=1, at=AT, body='{"by":"support","text":"!","x":1}')

    assert () == conversation([Recorded("7", 1, note)])
    assert ["!"] == [entry.text for entry in conversation([Recorded("7", 1, note)], notes=True)]


@given(histories())
def test_every_event_but_scheduled_has_an_entry(history: tuple[str, tuple[Event, ...]]) -> None:
    """In any history, each event has one entry under its stored name."""
    _, events = history
    names = {cls: name for name, cls in EVENTS.items()}
    expected = [
        (seq, event.name if isinstance(event, Unknown) else names[type(event)])
        for seq, event in enumerate(events, 1)
        if not isinstance(event, Scheduled)
    ]
    entries = conversation((Recorded("7", i, e) for i, e in enumerate(events, 1)), notes=True)

    assert expected == [(entry.seq, entry.event) for entry in entries]


def test_subjects_have_the_words_of_a_language() -> None:
    """The subjects of a conversation are in the language of the reader."""
    events = [
        Opened(at=AT, by="customer", type="question", zone="UTC"),
        FieldSet(at=AT, by="support", field="priority", kind="text", value="high"),
    ]
    words = load_policy("help-desk").words["de"]
    entries = conversation((Recorded("7", i, e) for i, e in enumerate(events, 1)), words=words)

    assert "Priorität: hoch" == entries[1].about


def test_who_only_wrote_notes_takes_part_in_a_conversation_with_notes() -> None:
    """O6: everybody who worked on the ticket is listed; readers without notes see other names."""
    history = [
        Recorded("7", 1, Opened(at=AT, by="customer", actor="anna", type="request", zone="UTC")),
        Recorded("7", 2, NoteAdded(at=AT, by="support", actor="nina", text="Called the bank.")),
    ]

    assert (("customer", "anna"),) == participants(conversation(history))
    assert ("support", "nina") in participants(conversation(history, notes=True))
