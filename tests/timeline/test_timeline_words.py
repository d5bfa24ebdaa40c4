"""Events in plain words."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest

from ticketcore import events as e
from ticketcore.errors import InstantError
from ticketcore.events import EVENTS, Event, Money, Party
from ticketcore.ticket import fold
from ticketcore.timeline import local_time
from ticketcore.timeline._words import describe, shortened

AT = datetime(2026, 1, 9, 22, tzinfo=UTC)
BOISE = ZoneInfo("America/Boise")
TICKET = fold([e.Opened(at=AT, by="customer", type="refund", zone="America/Boise")])
PARTY: dict[str, Any] = {"at": AT, "by": "vendor"}
ORDER = e.Order(number="M1", sold_at=AT, amount=Money(4900, "USD"))
SHIPMENT = e.Shipment(number="S1", shipped_at=AT)
EARLIER = e.Reference(kind="ticket", number="5")


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (e.Replied(**PARTY, text="look\n here"), "answered: look here"),
        (e.Replied(**PARTY, interim=True), "sent an interim notice"),
        (e.Replied(**PARTY, interim=True, text=" "), "sent an empty message"),
        (e.Replied(**PARTY, solution=True), "answered, the matter is settled"),
        (
            e.TypeChanged(**PARTY, type="technical", consent=True),
            "changed the type from refund to technical, and said that the customer agreed",
        ),
        (
            e.TypeChanged(**PARTY, type="technical", consent=True, consent_message="<1>"),
            "changed the type from refund to technical, the customer agreed in message <1>",
        ),
        (e.Escalated(**PARTY, reason="account"), "called in support: account"),
        (e.Rescheduled(**PARTY), "had all deadlines computed again"),
        (e.HandedBack(**PARTY), "handed the ticket back"),
        (e.Acknowledged(**PARTY), "acknowledged the ticket"),
        (e.InfoRequested(**PARTY, text="which?"), "asked the customer for information: which?"),
        (e.Assigned(**PARTY, assignee="team"), "assigned the ticket to team"),
        (e.Shared(**PARTY, with_person="p-1"), "shared the ticket with p-1"),
        (e.Unshared(**PARTY, with_person="p-1"), "stopped sharing the ticket with p-1"),
        (
            e.Refunded(**PARTY, amount=Money(500, "USD"), units=("u1",), awaits_confirmation=True),
            "refunded 5.00 USD for u1, not confirmed yet",
        ),
        (e.RefundConfirmed(**PARTY, reference="r1"), "confirmed the refund r1"),
        (e.RefundFailed(**PARTY, reference="r1", reason="no"), "declined the refund r1: no"),
        (e.Cancelled(**PARTY, subscription=True), "ended the subscription"),
        (e.Cancelled(**PARTY, units=("u1", "u2")), "cancelled u1, u2"),
        (e.Closed(**PARTY, final=True), "closed the ticket for good"),
        (
            e.Closed(**PARTY, consent=True),
            "closed the ticket, and said that the customer agreed",
        ),
        (e.Closed(**PARTY, kind="withdrawn", reason="done"), "withdrew the ticket: done"),
        (
            e.Closed(**PARTY, kind="duplicate", duplicate_of="7"),
            "closed the ticket as a duplicate of 7",
        ),
        (
            e.Classified(**PARTY, category="orders", reason="defective"),
            "classified the ticket: orders, defective",
        ),
        (e.FieldSet(**PARTY, field="team", kind="text", value="second"), "set team to second"),
        (
            e.FieldSet(**PARTY, field="seen", kind="instant", value="2026-01-09T22:00:00.000000Z"),
            "set seen to Fri 2026-01-09 15:00",
        ),
        (e.FieldSet(**PARTY, field="team", kind="text"), "removed the value of team"),
        (e.Tagged(**PARTY, tag="vip"), "added the tag vip"),
        (e.Untagged(**PARTY, tag="vip"), "removed the tag vip"),
        (e.NoteAdded(**PARTY, text="angry"), "wrote a note: angry"),
        (e.OrderCorrected(**PARTY, order=ORDER), "corrected the order: M1 (49.00 USD)"),
        (
            e.OrderCorrected(**PARTY, order=attrs.evolve(ORDER, invoice_amount=Money(900, "USD"))),
            "corrected the order: M1 (9.00 USD)",
        ),
        (e.ShipmentAdded(**PARTY, shipment=SHIPMENT), "added the shipment S1"),
        (
            e.DuplicateUnmarked(**PARTY, text="sorry"),
            "opened the ticket again: it is not a duplicate: sorry",
        ),
        (e.Split(**PARTY, into="8"), "split the ticket: a part continues in 8"),
        (
            e.Split(**PARTY, into="8", messages=("m2", "m3")),
            "split the ticket: a part continues in 8, with m2, m3",
        ),
        (e.Linked(**PARTY, target=EARLIER), "added a reference to ticket 5"),
        (e.Replied(**PARTY, automatic=True, text="away"), "sent an automatic message: away"),
        (e.Reopened(**PARTY), "reopened the ticket"),
        (e.ReviewRequested(**PARTY), "asked for a review"),
        (
            e.Reviewed(**PARTY, abuse=True),
            "reviewed the ticket and found abuse: the vendor loses the grace period",
        ),
        (e.Reviewed(**PARTY, abuse=False), "reviewed the ticket and found no abuse"),
        (
            e.DisputeOpened(**PARTY, dispute="d1", kind="claim", deadline=AT),
            "opened the claim d1, answer due Fri 2026-01-09 15:00",
        ),
        (e.DisputeOpened(**PARTY, dispute="d1", kind="claim"), "opened the claim d1"),
        (
            e.DisputeOpened(
                **PARTY, dispute="d1", kind="claim", amount=Money(500, "USD"), reason="broken"
            ),
            "opened the claim d1, 5.00 USD: broken",
        ),
        (
            e.DisputeCorrected(**PARTY, dispute="d1", deadline=AT, amount=Money(500, "USD")),
            "corrected the dispute d1, answer due Fri 2026-01-09 15:00, 5.00 USD",
        ),
        (e.DisputeCorrected(**PARTY, dispute="d1"), "corrected the dispute d1"),
        (e.DisputeAnswered(**PARTY, dispute="d1"), "answered the dispute d1"),
        (
            e.DisputeResolved(**PARTY, dispute="d1", outcome="lost"),
            "resolved the dispute d1: lost",
        ),
        (
            e.DisputeResolved(**PARTY, dispute="d1", outcome="superseded"),
            "ended the dispute d1: another one superseded it",
        ),
        (
            e.PolicyChanged(**PARTY, policy="p", policy_version="1"),
            "moved the ticket to the policy p 1",
        ),
        (
            e.Unknown(name="sung", schema=1, at=AT),
            "unknown event sung",
        ),
    ],
)
def test_an_event_is_described_in_plain_words(event: Event, text: str) -> None:
    """The description names what happened, and the facts that matter, on one line."""
    assert text == shortened(describe(event, TICKET, BOISE))


@pytest.mark.parametrize(
    ("event", "awaited", "text"),
    [
        (e.Warned, "vendor", "sent a reminder: the vendor has not answered yet"),
        (e.Warned, None, "sent a reminder"),
        (e.Breached, "vendor", "breached: still waiting for the vendor"),
        (e.Breached, None, "breached: the deadline passed"),
    ],
)
def test_a_reminder_names_the_party_whose_answer_it_is_about(
    event: type[e.Warned | e.Breached], awaited: Party | None, text: str
) -> None:
    """Without such a party, as on a closed ticket, it names none."""
    assert text == describe(event(at=AT, timer="w"), TICKET, BOISE, awaited)


def test_an_opening_lists_its_facts() -> None:
    """An opening lists its order, its latest invoice and its category."""
    order = e.Order(
        number="M1", sold_at=AT, amount=Money(4900, "USD"), invoice_amount=Money(900, "USD")
    )
    opened = attrs.evolve(TICKET.opened, order=order, category="login", subject="No access")

    assert "opened a ticket: refund, order M1 (9.00 USD), login, No access" == describe(
        opened, TICKET, BOISE
    )


def test_an_opening_lists_its_fields_as_later_changes_do() -> None:
    """An instant is local time, in an opening as in a later change of the field."""
    field = e.FieldValue(kind="instant", value="2026-01-09T22:00:00.000000Z")
    opened = attrs.evolve(TICKET.opened, fields={"delivered_at": field})

    assert "opened a ticket: refund, delivered_at Fri 2026-01-09 15:00" == describe(
        opened, TICKET, BOISE
    )


def test_an_event_without_words_is_described_by_its_name() -> None:
    """A `Scheduled` has no words, since a timeline lists its timers; its name is used."""
    assert "scheduled" == describe(e.Scheduled(at=AT), TICKET, BOISE)


def test_events_without_words_of_their_own() -> None:
    """Every known event but `Scheduled` has words of its own."""
    by_name = {
        name
        for name, event_type in EVENTS.items()
        if describe(_example(event_type), TICKET, BOISE) == name
    }

    assert {"scheduled"} == by_name


def _example(event_type: type[Event]) -> Event:
    """Return an event of a type, with any values in the fields that it requires."""
    values: dict[str, Any] = {
        "amount": Money(1, "USD"), "outcome": "won", "abuse": True, "by": "vendor", "at": AT,
        "order": ORDER, "shipment": SHIPMENT, "target": EARLIER, "kind": "text",
        "due": AT, "until": AT,
    }  # fmt: skip
    fields = [field for field in attrs.fields(event_type) if field.default is attrs.NOTHING]
    return event_type(**{field.name: values.get(field.name, "x") for field in fields})


def test_text_from_outside_is_escaped_and_cut() -> None:
    """Control characters are escaped, and a description has at most 200 characters."""
    reply = e.Replied(**PARTY, text="\x1b[2J" + "x" * 500)
    text = shortened(describe(reply, TICKET, BOISE))

    assert r"answered: \x1b[2J" == text[:17]
    assert (200, "…") == (len(text), text[-1])


def test_times_have_seconds_only_if_needed() -> None:
    """A local time has seconds and microseconds if the instant has any."""
    utc = ZoneInfo("UTC")
    assert "Fri 2026-01-09 22:00" == local_time(AT, utc)
    assert "Fri 2026-01-09 22:00:07" == local_time(AT + timedelta(seconds=7), utc)
    assert "Fri 2026-01-09 22:00:00.000001" == local_time(AT + timedelta(microseconds=1), utc)


def test_an_instant_without_a_local_date_is_refused() -> None:
    """An instant without a local date, at the end of the year 9999, is refused in words."""
    with pytest.raises(InstantError, match="has no date in Europe/Berlin"):
        local_time(datetime.max.replace(tzinfo=UTC), ZoneInfo("Europe/Berlin"))
