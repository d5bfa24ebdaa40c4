"""Tests of the sentence of e-mails about a consent of the customer (C11)."""

import pytest

from support.stories.notifications import Notified, body, boise, notify, opening, recipient_in
from ticketcore import commands as c
from ticketcore.events import Closed, Opened, Recorded
from ticketcore.notifications import notifications
from ticketcore.policies import Language, load_policy
from ticketcore.ticket import fold

CLICKBANK = load_policy("clickbank")
NAMED = c.Close(at=boise(12, 12), by="vendor", consent=True, consent_message="m-2")
UNNAMED = c.ChangeType(at=boise(12, 12), by="vendor", type="technical", consent=True)


def second_sentence(command: c.Command, role: str, language: Language = "en") -> str:
    """Return the sentence after the reason for the e-mail about a command on a refund ticket."""
    agreed = c.Reply(at=boise(12, 11), by="customer", text="Close it.", reference="m-2")
    sent = notify(CLICKBANK, opening("refund"), agreed, command)
    return _second(next(one for one in reversed(sent) if one.notification.role == role), language)


def _second(notified: Notified, language: Language) -> str:
    text = body(notified.email_to(recipient_in(language))).partition("\n== ")[0]
    return next(iter([line for line in text.splitlines() if line][1:]), "")


@pytest.mark.parametrize(
    ("command", "role", "expected"),
    [
        (
            NAMED,
            "customer",
            "Your consent was given as the reason, with your message of "
            "Mon, Jan 12, 2026 11:00\u202fAM\xa0MST.",
        ),
        (
            NAMED,
            "vendor",
            "The customer's consent was given as the reason, with their message of "
            "Mon, Jan 12, 2026 11:00\u202fAM\xa0MST.",
        ),
        (
            UNNAMED,
            "customer",
            "Your consent was given as the reason; no message of yours was named.",
        ),
        (
            UNNAMED,
            "vendor",
            "The customer's consent was given as the reason; no message of theirs was named.",
        ),
    ],
)
def test_the_email_says_that_the_customer_is_said_to_have_agreed(
    command: c.Command, role: str, expected: str
) -> None:
    """C11: both learn of a claimed consent, and in which message it was given, if in one."""
    assert expected == second_sentence(command, role)


def test_the_customers_own_closing_mentions_no_consent() -> None:
    """C11: a consent that customers state themselves is not mentioned."""
    own = c.Close(at=boise(12, 12), by="customer", consent=True)

    assert "" == second_sentence(own, "customer")


def test_a_message_that_the_history_lacks_is_named_by_its_reference() -> None:
    """C11: a consent in a history from elsewhere may name a message that is not there."""
    first = Opened(at=boise(12, 10), by="customer", type="technical", zone="UTC", policy=None)
    closed = Closed(at=boise(12, 11), by="vendor", consent=True, consent_message="<gone@x>")
    history = (Recorded("7", 1, first), Recorded("7", 2, closed))
    told, _ = notifications(history[1], fold((first, closed)), CLICKBANK)

    expected = "Your consent was given as the reason, with your message of <gone@x>."
    assert expected == _second(Notified(told, history, CLICKBANK), "en")
