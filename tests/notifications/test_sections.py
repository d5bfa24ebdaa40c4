"""Tests of the sections of an e-mail: comments, the ticket, the order."""

import attrs
import pytest

from support.builders import PHOTO
from support.stories.notifications import (
    body,
    boise,
    clickbank,
    notify,
    opening,
    recipient_in,
    samples,
)
from ticketcore import commands as c
from ticketcore.events import Money, Party
from ticketcore.policies import load_policy, parse_policy

ENGLISH = recipient_in("en")
CLOSING = '[[notification]]\nname = "closed"\non = "closed"\nto = "customer"\n'


def test_the_latest_comments_are_the_last_ones_in_a_row_by_one_party() -> None:
    """The latest comments are the last ones in succession by one party."""
    replies = [c.Reply(at=boise(12, 11, i), by="vendor", text=f"part {i}") for i in (1, 2)]
    notified = notify(load_policy("clickbank"), opening("technical"), *replies)
    latest = body(notified[-1].email_to(ENGLISH)).partition("Open the ticket")[0]

    assert ["> part 1", "> part 2"] == [x for x in latest.splitlines() if x.startswith(">")]


def test_a_comment_names_its_attachments() -> None:
    """C3, K14: a message without text, but with a file, is the latest comment."""
    notified = notify(
        load_policy("clickbank"),
        opening("technical", attachments=(PHOTO,)),
        c.Reply(at=boise(12, 11), by="vendor", text="Please send the lid."),
        c.Reply(at=boise(12, 12), by="customer", attachments=(attrs.evolve(PHOTO, name="a\nb"),)),
    )
    latest, _, rest = body(notified[-1].email_to(ENGLISH)).partition("Open the ticket")

    assert ["> Attachment: a b"] == [x for x in latest.splitlines() if x.startswith(">")]
    assert ["> Attachment: kettle.jpg", "> Attachment: a b"] == [
        x for x in rest.splitlines() if "Attachment" in x
    ]


def test_money_is_refunded_only_after_its_confirmation() -> None:
    """C2, C3: the order's details do not say that money went back before it is confirmed."""
    notified = notify(
        load_policy("amazon-pay"),
        opening(None),
        c.Refund(at=boise(12, 11), by="vendor", reference="R-1", amount=Money(4900, "USD")),
        c.Reply(at=boise(12, 12), by="vendor", text="It is on its way."),
        c.ConfirmRefund(at=boise(12, 13), by="system", reference="R-1"),
        c.Refund(at=boise(12, 14), by="vendor", reference="R-2", amount=Money(100, "USD")),
        c.FailRefund(at=boise(12, 15), by="system", reference="R-2"),
        c.Refund(at=boise(12, 16), by="vendor", reference="R-3", amount=Money(200, "USD")),
        c.Reply(at=boise(12, 17), by="vendor", text="And two more."),
    )
    answers = [one for one in notified if one.notification.event_name == "replied"]

    assert [
        ["Refund awaiting confirmation: $49.00"],
        ["Refunded: $49.00", "Refund awaiting confirmation: $2.00"],
    ] == [
        [line for line in body(each.email_to(ENGLISH)).splitlines() if line.startswith("Refund")]
        for each in answers
    ]


def test_an_answer_to_a_dispute_is_not_a_comment() -> None:
    """An answer to a dispute is not shown as a comment to the customer."""
    notified = notify(
        load_policy("amazon-pay"),
        opening(None),
        c.OpenDispute(at=boise(13, 9), by="customer", dispute="A-77", kind="claim"),
        c.AnswerDispute(at=boise(13, 10), by="vendor", dispute="A-77", text="It was delivered."),
        c.ResolveDispute(at=boise(14, 9), by="support", dispute="A-77", outcome="won"),
    )
    text = body(notified[-1].email_to(ENGLISH))

    assert "decided in your favour: A-to-z claim A-77." in text
    assert "It was delivered." not in text


@pytest.mark.parametrize(
    ("commands", "expected"),
    [
        ((), "Status: open, your answer is awaited\n"),
        (("reply",), "Status: pending, an answer is awaited from: customer\n"),
        (("reply", "close"), "Status: closed\n"),
    ],
)
def test_the_status_is_shown_with_the_awaited_party(
    commands: tuple[str, ...], expected: str
) -> None:
    """K1: the status is shown with the awaited party: open, pending or closed."""
    policy = parse_policy(
        'extends = "clickbank"\nname = "c"\n'
        '[[notification]]\nname = "all"\non = ["opened", "replied", "closed"]\nto = "customer"\n'
    )
    by_name: dict[str, c.Command] = {
        "reply": c.Reply(at=boise(12, 11), by="vendor", text="Try again."),
        "close": c.Close(at=boise(12, 12), by="customer"),
    }
    notified = notify(policy, opening("technical"), *(by_name[name] for name in commands))

    assert expected in body(notified[-1].email_to(ENGLISH))


@pytest.mark.parametrize(
    ("words", "by", "expected"),
    [
        ("", "vendor", "Status: closed\n"),
        ("", "support", "Status: closed for good\n"),
        ('[words.en]\nclosed = "archived"\n', "vendor", "Status: archived\n"),
        ('[words.en]\nclosed = "archived"\n', "support", "Status: archived for good\n"),
    ],
)
def test_the_status_is_shown_in_the_policys_words(words: str, by: Party, expected: str) -> None:
    """K1, K8: a policy names the statuses; a ticket that support closed is closed for good."""
    policy = parse_policy(f'extends = "kaufland"\nname = "k"\n{CLOSING}{words}')
    closing = c.Close(at=boise(12, 11), by=by)
    notified = notify(policy, opening(None, storefront="de", zone=None), closing)

    assert expected in body(notified[0].email_to(ENGLISH))


def test_a_pending_ticket_at_kaufland_is_waiting() -> None:
    """K1: Kaufland calls the status `pending` "waiting"."""
    policy = parse_policy(
        'extends = "kaufland"\nname = "k"\n'
        '[[notification]]\nname = "reply"\non = "replied"\nto = "customer"\n'
    )
    reply = c.Reply(at=boise(12, 11), by="vendor", text="It is on its way.")
    (notified,) = notify(policy, opening(None, storefront="de", zone=None), reply)

    assert "Status: waiting, your answer is awaited" in body(notified.email_to(ENGLISH))


def test_a_timer_that_the_policy_lacks_is_left_out() -> None:
    """A pending timer that the policy lacks is left out of an e-mail."""
    opened = clickbank()[0]
    policy = parse_policy(
        'extends = "clickbank"\nname = "c"\n[[timer]]\nname = "refund"\nremove = true\n'
    )

    assert "Next: " in body(opened.email_to(ENGLISH))
    assert "Next: " not in body(attrs.evolve(opened, policy=policy).email_to(ENGLISH))


def test_refunds_and_disputes_are_shown_with_amount_and_kind() -> None:
    """Refunds are shown with their amounts, disputes with the policy's word for their kind."""
    texts = {kind: body(sample.email_to(ENGLISH)) for kind, sample in samples().items()}

    assert "You were refunded $49.00 for ticket" in texts["refund-confirmation"]
    assert "Refunded: $49.00" in texts["refund-confirmation"]
    assert "declined the refund for ticket 00123456789: $49.00" in texts["refund-failure"]
    assert "was opened: A-to-z claim A-77." in texts["dispute"]
