"""Tests of what e-mails say about the order: refunded, subscription ended (C8, C9)."""

from typing import Any

import attrs

from support.stories.notifications import (
    ORDER,
    Notified,
    body,
    boise,
    clickbank,
    notify,
    opening,
    recipient_in,
)
from ticketcore import commands as c
from ticketcore.decider import advance_ticket, decide_and_apply
from ticketcore.ledger import Ledger
from ticketcore.policies import load_policy
from ticketcore.ticket import fold

ENGLISH = recipient_in("en")
CLICKBANK = load_policy("clickbank")
ENDED = "The subscription has ended. Nothing more will be billed."


def closing(notified: tuple[Notified, ...]) -> Notified:
    """Return the notification of the closing to the customer."""
    return next(
        one
        for one in notified
        if one.notification.kind == "closed" and one.notification.role == "customer"
    )


def paragraphs(notified: Notified, **changes: Any) -> list[str]:
    """Return the sentences of an e-mail before its first section."""
    text = body(notified.email_to(ENGLISH, **changes)).partition("\n== ")[0]
    return [line for line in text.splitlines() if line]


def test_the_email_about_a_carried_out_refund_says_what_was_paid() -> None:
    """C8: the e-mail about a refund by a timer has the amount and the end of the subscription."""
    expected = [
        "The request of ticket 00123456789 was carried out, and the ticket is closed.",
        "Refunded for the order so far: $49.00.",
        ENDED,
    ]
    assert expected == paragraphs(closing(clickbank()))


def test_the_refund_confirmation_says_that_the_subscription_ended() -> None:
    """C8: the confirmation of a refund says that the subscription ended, too."""
    refund = next(one for one in clickbank() if one.notification.kind == "refund-confirmation")

    assert ENDED == paragraphs(refund)[-1]
    assert "Billing: recurring, ended" in body(refund.email_to(ENGLISH))


def test_the_email_about_a_cancellation_says_that_nothing_more_is_billed() -> None:
    """C9: the e-mail about a cancellation says that nothing more is billed."""
    notified = notify(CLICKBANK, opening("cancellation"), until=boise(20, 0))
    expected = [
        "The request of ticket 00123456789 was carried out, and the ticket is closed.",
        ENDED,
    ]
    assert expected == paragraphs(closing(notified))


def test_the_email_about_a_closing_for_silence_gives_the_reason() -> None:
    """C15: the e-mail about a closing for silence gives that reason."""
    (sentence,) = paragraphs(closing(notify(CLICKBANK, opening("technical"), until=boise(20, 0))))

    assert sentence.startswith("Ticket 00123456789 was closed, because nothing had happened")


def test_a_refund_that_had_nothing_to_pay_is_not_called_paid() -> None:
    """C8: a refund that had nothing to pay is not called paid."""
    free = attrs.evolve(ORDER, invoice_amount=attrs.evolve(ORDER.amount, minor=0))
    notified = notify(CLICKBANK, opening("refund", order=free), until=boise(20, 0))

    assert paragraphs(closing(notified))[1:] == [
        "No money went back with this request, because nothing was left to refund.",
        ENDED,
    ]


def test_with_a_ledger_the_refund_of_another_ticket_is_told() -> None:
    """C8: with a ledger, an e-mail says what another ticket refunded."""
    first, _ = decide_and_apply(None, opening("refund", number="1"), CLICKBANK)
    first, _ = advance_ticket(first, CLICKBANK, boise(14, 0))
    notified = notify(
        CLICKBANK,
        opening("refund", number="2", at=boise(15, 10)),
        until=boise(20, 0),
        others={"1": first},
    )
    last = closing(notified)
    second = fold(one.event for one in last.history)
    ledger = Ledger.of({"1": first, "2": second})

    assert paragraphs(last, ledger=ledger)[1:] == [
        "Refunded for the order so far: $49.00.",
        "No money went back with this request, because nothing was left to refund.",
        ENDED,
    ]


def test_a_refund_that_awaits_confirmation_is_not_called_refunded() -> None:
    """C2: a refund that awaits confirmation is not called refunded."""
    notified = notify(
        load_policy("amazon-pay"),
        opening(None),
        c.Refund(at=boise(12, 11), by="vendor", reference="R-1"),
        c.Close(at=boise(12, 12), by="vendor"),
    )
    assert paragraphs(closing(notified))[1:] == [
        "A refund awaits confirmation by the payment provider: $1,249.00."
    ]
