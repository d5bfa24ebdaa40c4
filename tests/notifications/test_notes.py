"""Internal notes stay inside the desk: in e-mails and in conversations."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from support.policies.policy_problems import HEAD, OPEN
from ticketcore.events import NoteAdded, Opened, Recorded, Replied
from ticketcore.inbox import conversation
from ticketcore.notifications import Recipient, Sender, notifications, render
from ticketcore.policies import parse_policy
from ticketcore.ticket import fold

AT = datetime(2026, 1, 12, 9, tzinfo=UTC)
POLICY = parse_policy(
    f"""{HEAD}{OPEN}
[[notification]]
name = "answer"
on = "replied"
to = ["customer", "shared", "vendor"]
"""
)
BY: dict[str, Any] = {"by": "support", "actor": "ann"}
EVENTS = (
    Opened(at=AT, by="customer", type="request", zone="UTC", text="It broke."),
    NoteAdded(at=AT + timedelta(hours=1), **BY, text="Rings every day."),
    Replied(at=AT + timedelta(hours=2), **BY, text="We look into it."),
)
RECORDED = tuple(Recorded("T", seq, event) for seq, event in enumerate(EVENTS, 1))


@pytest.mark.parametrize(("role", "reads"), [("customer", False), ("vendor", True)])
def test_an_email_to_the_customer_has_no_note(role: str, reads: bool) -> None:
    """An e-mail to the customer contains no internal note; one to the desk does."""
    sent = notifications(RECORDED[-1], fold(EVENTS), POLICY)
    (notification,) = (one for one in sent if one.role == role)
    email = render(
        notification,
        RECORDED,
        POLICY,
        Recipient(addresses={"account": "a@shop.example"}),
        sender=Sender(address="desk@desk.example"),
        link="https://desk.example/t/{ticket}",
    )

    assert reads == ("Rings every day." in str(email.get_body(("plain",))))
    assert reads == ("Rings every day." in str(email.get_body(("html",))))


def test_a_conversation_has_notes_only_on_request() -> None:
    """A conversation has internal notes only if the host asks for them."""
    assert ["opened", "replied"] == [entry.event for entry in conversation(RECORDED)]
    assert ["It broke.", "Rings every day.", "We look into it."] == [
        entry.text for entry in conversation(RECORDED, notes=True)
    ]
