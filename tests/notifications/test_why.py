"""Tests of the first sentence of an e-mail, one for each event."""

from datetime import UTC, datetime
from typing import Any, get_args

import attrs
import pytest

from support.stories.notifications import SENDER, body
from ticketcore import events as e
from ticketcore.events import Event, Money, Opened, Recorded
from ticketcore.notifications import Recipient, notifications, render
from ticketcore.notifications._phrases import phrases_in
from ticketcore.policies import NOTIFICATION_KINDS, Language, RecipientRole, parse_policy
from ticketcore.ticket import fold

AT = datetime(2026, 1, 12, 9, tzinfo=UTC)
SUPPORT = Recipient(addresses={"account": "a@b.example"})
POLICY = parse_policy(
    'name = "all"\neffective = 2026-01-01\nany_type = true\n'
    '[[permission]]\ncommands = "open"\nby = "customer"\n'
    f'[[notification]]\nname = "all"\non = {sorted(NOTIFICATION_KINDS)}\nto = "support"\n'
    '[[timer]]\nname = "silent"\nfrom = ["reopened", "last-activity"]\nafter = "9 days"\n'
    'effect = "close"\n'
)
BY: dict[str, Any] = {"at": AT, "by": "vendor"}
MONEY = Money.parse("20.00 USD")
ORDER = e.Order(number="M1", sold_at=AT, amount=MONEY)
BEFORE: tuple[Event, ...] = (
    Opened(at=AT, by="customer", type="refund", zone="UTC"),
    e.Refunded(at=AT, by="vendor", amount=MONEY, reference="R", awaits_confirmation=True),
    e.DisputeOpened(at=AT, by="customer", dispute="A-1", kind="claim"),
)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (BEFORE[0], "The customer opened ticket 7 (refund)."),
        (e.Replied(**BY), "The vendor answered on ticket 7."),
        (
            e.Replied(**BY, interim=True),
            "The vendor sent an interim notice on ticket 7; the answer is still to come.",
        ),
        (
            e.Replied(**BY, solution=True),
            "The vendor answered on ticket 7 and considers the matter settled.",
        ),
        (
            e.Replied(**BY, automatic=True),
            "The vendor sent an automatic message on ticket 7.",
        ),
        (e.Replied(**BY, text=" "), "The vendor sent a message without text on ticket 7."),
        (e.InfoRequested(**BY), "The vendor asked for more information on ticket 7."),
        (
            e.TypeChanged(**BY, type="technical"),
            "The vendor changed ticket 7. It was: refund. It is now: technical.",
        ),
        (e.Escalated(**BY), "The vendor called support in on ticket 7."),
        (e.HandedBack(**BY), "The vendor handed ticket 7 back."),
        (e.Acknowledged(at=AT), "Work on ticket 7 has begun."),
        (e.Assigned(at=AT, assignee="anna"), "Ticket 7 was given to Anna Kovács."),
        (e.Assigned(at=AT, assignee="finance"), "Ticket 7 was given to finance."),
        (e.Shared(**BY, with_person="anna"), "The vendor shared ticket 7 with Anna Kovács."),
        (e.Unshared(**BY, with_person="x"), "The vendor stopped sharing ticket 7 with x."),
        (
            e.Cancelled(at=AT, subscription=True),
            "The subscription of ticket 7 has ended. Nothing more will be billed.",
        ),
        (
            e.Cancelled(**BY, units=("u1", "u2")),
            "The vendor cancelled units of the order of ticket 7: u1, u2.",
        ),
        (e.Reopened(**BY), "The vendor reopened ticket 7."),
        (e.ReviewRequested(**BY), "The vendor asked for a review of ticket 7."),
        (
            e.Reviewed(at=AT, by="support", abuse=False),
            "The review of ticket 7 has ended: nothing was found to object to.",
        ),
        (
            e.Reviewed(at=AT, by="support", abuse=True),
            "The review of ticket 7 has ended: it was closed or changed without good reason.",
        ),
        (
            e.Classified(**BY, category="payroll"),
            "The vendor corrected the category or the reason of ticket 7.",
        ),
        (
            e.OrderCorrected(**BY, order=ORDER),
            "The vendor corrected the order details of ticket 7.",
        ),
        (
            e.ShipmentAdded(**BY, shipment=e.Shipment(number="S1", shipped_at=AT)),
            "The vendor added a shipment to ticket 7: S1, Mon, Jan 12, 2026 9:00 AM UTC.",
        ),
        (
            e.FieldSet(**BY, field="priority", kind="text", value="high"),
            "The vendor set priority of ticket 7 to: high.",
        ),
        (
            e.FieldSet(**BY, field="cost", kind="money", value="20.00 USD"),
            "The vendor set cost of ticket 7 to: $20.00.",
        ),
        (
            e.FieldSet(**BY, field="seen", kind="instant", value=e.format_instant(AT)),
            "The vendor set seen of ticket 7 to: Mon, Jan 12, 2026 9:00 AM UTC.",
        ),
        (
            e.FieldSet(**BY, field="born", kind="date", value="2000-02-03"),
            "The vendor set born of ticket 7 to: Thu, Feb 3, 2000.",
        ),
        (
            e.FieldSet(
                **BY, field="weight", kind="number", value="1234.50000000000000000000000001"
            ),
            "The vendor set weight of ticket 7 to: 1,234.50000000000000000000000001.",
        ),
        (
            e.FieldSet(**BY, field="gift", kind="yes-no", value="no"),
            "The vendor set gift of ticket 7 to: no.",
        ),
        (
            e.FieldSet(**BY, field="priority", kind="text"),
            "The vendor removed priority of ticket 7.",
        ),
        (e.Tagged(**BY, tag="vip"), "The vendor added a tag to ticket 7: vip."),
        (
            e.DeadlineSet(**BY, timer="deadline", due=AT),
            "The vendor set a deadline of ticket 7: Mon, Jan 12, 2026 9:00 AM UTC.",
        ),
        (
            e.Snoozed(**BY, until=AT),
            "The vendor put ticket 7 aside until Mon, Jan 12, 2026 9:00 AM UTC.",
        ),
        (e.Untagged(**BY, tag="vip"), "The vendor took a tag off ticket 7: vip."),
        (e.NoteAdded(**BY, text="angry"), "The vendor wrote a note on ticket 7."),
        (
            e.Split(**BY, into="8"),
            "The vendor moved a part of ticket 7 to a new ticket: 8.",
        ),
        (
            e.Linked(**BY, target=e.Reference(kind="ticket", number="5")),
            "The vendor added a reference to ticket 7: ticket 5.",
        ),
        (
            e.DuplicateUnmarked(**BY),
            "The vendor reopened ticket 7, because it is not a duplicate.",
        ),
        (e.Rescheduled(**BY), "The vendor had the deadlines of ticket 7 computed again."),
        (
            e.PolicyChanged(**BY, policy="p", policy_version="2"),
            "Ticket 7 goes by other rules from now on.",
        ),
        (e.Closed(at=AT, by="system"), "The system closed ticket 7."),
        (e.Closed(at=AT, by="system", timer="removed"), "The system closed ticket 7."),
        (
            e.Closed(at=AT, by="system", timer="silent"),
            "Ticket 7 was closed, because nothing had happened on it since Mon, Jan 12, 2026 "
            "9:00 AM UTC.",
        ),
        (e.Closed(at=AT, by="customer", kind="withdrawn"), "The customer withdrew ticket 7."),
        (
            e.Closed(at=AT, by="support", kind="duplicate", duplicate_of="6"),
            "You closed ticket 7 as a duplicate of 6.",
        ),
        (
            e.Warned(at=AT, timer="w"),
            "Nothing has happened on ticket 7 since Mon, Jan 12, 2026 9:00 AM UTC. An answer is "
            "awaited from: vendor. Please close the ticket if help is no longer needed.",
        ),
        (
            e.Breached(at=AT, timer="o"),
            "An answer on ticket 7 was due on Mon, Jan 12, 2026 9:00 AM UTC and has not come. "
            "It is awaited from: vendor.",
        ),
        (e.Refunded(at=AT, amount=MONEY), "$20.00 went back to the customer for ticket 7."),
        (
            e.RefundConfirmed(**BY, reference="R"),
            "The payment provider has carried out the refund for ticket 7: $20.00.",
        ),
        (
            e.RefundConfirmed(**BY, reference="lost"),
            "The payment provider has carried out the refund for ticket 7: lost.",
        ),
        (
            e.RefundFailed(**BY, reference="R"),
            "The payment provider declined the refund for ticket 7: $20.00. "
            "The money has not moved.",
        ),
        (BEFORE[2], "A dispute about the order of ticket 7 was opened: claim A-1."),
        (
            e.DisputeCorrected(**BY, dispute="A-1", deadline=AT),
            "The vendor corrected the dispute of ticket 7: claim A-1.",
        ),
        (
            e.DisputeAnswered(**BY, dispute="A-1"),
            "The vendor answered the dispute of ticket 7: claim A-1.",
        ),
        (
            e.DisputeResolved(at=AT, dispute="A-1", outcome="lost"),
            "The dispute of ticket 7 was decided for the customer: claim A-1.",
        ),
        (
            e.DisputeResolved(at=AT, dispute="A-1", outcome="won"),
            "The dispute of ticket 7 was decided for the vendor: claim A-1.",
        ),
        (
            e.DisputeResolved(at=AT, dispute="lost", outcome="superseded"),
            "The dispute of ticket 7 ended, since another took its place: lost.",
        ),
    ],
)
def test_an_email_begins_with_the_event_that_caused_it(event: Event, expected: str) -> None:
    """The first sentence names the party, the action and the ticket."""
    assert expected == first_line(*BEFORE, event)


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        ("yes-no", "yes", "ja"),
        ("yes-no", "no", "nein"),
        ("number", "2.5", "2,5"),
        ("date", "2000-02-03", "Do., 3. Feb. 2000"),
        ("money", "20.00 USD", "20,00 $"),
    ],
)
def test_the_value_of_a_field_is_written_in_the_language(
    kind: e.FieldKind, value: str, written: str
) -> None:
    """Numbers, dates, amounts, yes and no have the form of the reader's language."""
    event = e.FieldSet(**BY, field="fact", kind=kind, value=value)

    assert first_line(*BEFORE, event, locale="de").endswith(f"fact gesetzt auf: {written}.")


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("name", NOTIFICATION_KINDS)
def test_whoever_acted_is_addressed_directly(name: str, language: Language) -> None:
    """A reader who acted is addressed directly, by a phrase of its own."""
    phrases = phrases_in(language)
    addressed = {key for key in phrases if key.startswith(f"you.{name}")}
    for key in addressed:
        text = phrases[key]
        assert text != phrases[key.replace("you.", "why.")]
        assert "{actor}" not in text
        assert "{party}" not in text


@pytest.mark.parametrize(
    ("event", "role", "person", "expected"),
    [
        (e.Replied(at=AT, by="vendor", actor="bruno"), "vendor", None, "You answered"),
        (e.Replied(at=AT, by="vendor"), "customer", "anna", "The vendor answered"),
        (e.Replied(at=AT, by="customer", actor="anna"), "customer", "anna", "You answered"),
        (e.Replied(at=AT, by="customer", actor="bela"), "account", "bela", "You answered"),
        (e.Replied(at=AT, by="customer", actor="bela"), "customer", "anna", "The customer"),
        (e.Replied(at=AT, by="customer"), "account", "bela", "The customer answered"),
        (e.Replied(at=AT, by="support", actor="anna"), "customer", "anna", "Support answered"),
        (e.Refunded(at=AT, amount=MONEY), "customer", "anna", "You were refunded $20.00"),
        (e.Refunded(at=AT, amount=MONEY), "vendor", None, "$20.00 went back to the customer"),
        (e.Breached(at=AT, timer="o"), "vendor", None, "Your answer on ticket 7 was due"),
        (e.Warned(at=AT, timer="w"), "vendor", None, "Nothing has happened"),
        (
            e.DisputeResolved(at=AT, dispute="A-1", outcome="won"),
            "vendor",
            None,
            "The dispute of ticket 7 was decided in your favour",
        ),
        (
            e.DisputeResolved(at=AT, dispute="A-1", outcome="lost"),
            "customer",
            "anna",
            "The dispute of ticket 7 was decided in your favour",
        ),
    ],
)
def test_the_reader_is_addressed_directly(
    event: Event, role: RecipientRole, person: str | None, expected: str
) -> None:
    """A reader who acted, owes the answer or gets the money is "you"; a colleague is not."""
    events = (BEFORE[0], BEFORE[2], event)
    recorded = tuple(Recorded("7", i, x) for i, x in enumerate(events, 1))
    about = attrs.evolve(
        notifications(recorded[-1], fold(events), POLICY)[0], role=role, person=person
    )
    email = render(about, recorded, POLICY, SUPPORT, sender=SENDER, link="https://a.example")

    assert " ".join(body(email).split()).startswith(expected)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            e.Warned(at=AT, timer="w"),
            "Nothing has happened on the closed ticket 7 since Mon, Jan 12, 2026 9:00 AM UTC.",
        ),
        (
            e.Breached(at=AT, timer="o"),
            "An answer on ticket 7 was due on Mon, Jan 12, 2026 9:00 AM UTC and did not come "
            "before the ticket was closed.",
        ),
    ],
)
def test_an_email_about_a_closed_ticket_awaits_no_answer(event: Event, expected: str) -> None:
    """A closed ticket waits for nobody, so the sentence names no party."""
    assert expected == first_line(*BEFORE, e.Closed(**BY), event)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            e.Warned(at=AT, timer="silent"),
            "Nothing has happened on ticket 7 since Mon, Jan 12, 2026 9:00 AM UTC.",
        ),
        (
            e.Breached(at=AT, timer="silent"),
            "A deadline of ticket 7 passed on Mon, Jan 12, 2026 9:00 AM UTC.",
        ),
    ],
)
def test_an_email_about_a_deadline_of_the_desk_awaits_no_answer(
    event: Event, expected: str
) -> None:
    """The ticket waits for the customer, who owes nothing by this deadline."""
    assert expected == first_line(*BEFORE, e.InfoRequested(**BY), event)


def first_line(*events: Event, locale: str = "en") -> str:
    """Return the first line of the e-mail about the last event, with plain spaces."""
    reader = attrs.evolve(SUPPORT, locale=locale)
    recorded = tuple(Recorded("7", i, x) for i, x in enumerate(events, 1))
    (notification,) = notifications(recorded[-1], fold(events), POLICY)
    names = {"anna": "Anna Kovács"}
    link = "https://a.example"
    email = render(notification, recorded, POLICY, reader, sender=SENDER, link=link, names=names)
    return " ".join(body(email).splitlines()[0].split())
