"""Tests of the content of an e-mail: layout, time, first and last sentences (C3)."""

from datetime import timedelta
from typing import Any, get_args

import attrs
import pytest

from support.stories.notifications import (
    ORDER,
    Notified,
    body,
    boise,
    clickbank,
    notify,
    opening,
    recipient_in,
    samples,
)
from ticketcore import commands as c
from ticketcore.policies import Language, NotificationKind, load_policy, parse_policy

ENGLISH = recipient_in("en")


def first(
    notified: tuple[Notified, ...], kind: NotificationKind, role: str = "customer"
) -> Notified:
    """Return the first notification of a kind to a role."""
    return next(
        one for one in notified if one.notification.kind == kind and one.notification.role == role
    )


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("form", ["plain", "html"])
def test_every_email_has_the_same_layout(language: Language, form: str) -> None:
    """C3: every e-mail has the same layout: reason, comments, link, ticket and order."""
    for sample in samples().values():
        text = body(sample.email_to(recipient_in(language)), form).replace("&#39;", "'")
        mark = "== {} ==" if form == "plain" else ">{}</h2>"
        latest, *others = (mark.format(heading) for heading in headings(language))
        parts = ["00123456789", latest, "https://shop.example/tickets/", *others]
        places = [text.index(part) for part in parts]
        assert sorted(places) == places
        assert text.rindex("two browsers") > places[-1]


def headings(language: Language) -> tuple[str, ...]:
    """Return the headings of an e-mail's sections in a language."""
    return {
        "en": ("Latest comments", "The ticket", "The order", "All comments"),
        "it": ("Commenti più recenti", "Il ticket", "L'ordine", "Tutti i commenti"),
        "hu": ("Legutóbbi hozzászólások", "A jegy", "A rendelés", "Minden hozzászólás"),
        "de": ("Neueste Kommentare", "Das Ticket", "Die Bestellung", "Alle Kommentare"),
    }[language]


def test_an_email_says_why_it_was_sent_and_to_whom() -> None:
    """An e-mail begins with its event and ends with the role of its recipient."""
    lines = body(first(clickbank(), "reply", "vendor").email_to(ENGLISH)).splitlines()

    assert "You answered on ticket 00123456789." == lines[0]
    assert "You receive this message as the vendor of this ticket." == lines[-2]


def test_an_email_shows_the_deadline_that_its_event_set() -> None:
    """An e-mail about an opening shows the deadline that is recorded after it."""
    text = body(first(clickbank(), "opened").email_to(ENGLISH))

    assert "Next: Refund on Tue, Jan 13, 2026 10:00" in text


def test_an_email_leaves_out_later_events() -> None:
    """An e-mail leaves out later events, so a week later it is rendered the same."""
    reply = first(clickbank(), "reply")
    at = reply.notification.event.at
    until_then = tuple(recorded for recorded in reply.history if recorded.event.at <= at)
    early = attrs.evolve(reply, history=until_then)

    assert until_then != reply.history
    assert early.email_to(ENGLISH).as_bytes() == reply.email_to(ENGLISH).as_bytes()


def test_a_customer_who_may_not_answer_by_email_reads_that() -> None:
    """O3: a customer who cannot answer by e-mail reads that they answer elsewhere."""
    office = notify(
        load_policy("office"),
        opening(None, order=None, category="servers", channel="portal"),
        c.Reply(at=boise(12, 11), by="support", text="Done?"),
    )
    reply = first(clickbank(), "reply")

    assert "answers by e-mail are not accepted" in body(office[0].email_to(ENGLISH))
    assert "answers by e-mail" not in body(reply.email_to(ENGLISH))


def test_an_email_contains_the_template_that_its_notification_includes() -> None:
    """C18: a warning tells the customer that the ticket can become a refund request."""
    warning = first(clickbank(), "inactivity-warning")

    assert "refund-is-possible" == warning.notification.include
    assert "refund request" in body(warning.email_to(ENGLISH))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "refund-is-possible"),
        ({"order": None}, None),
        ({"order": attrs.evolve(ORDER, invoiced_at=boise(12, 10) - timedelta(days=59))}, None),
        (
            {"order": attrs.evolve(ORDER, invoiced_at=boise(14, 10) - timedelta(days=60))},
            "refund-is-possible",
        ),
    ],
    ids=["in the window", "no order", "window passed", "last instant"],
)
def test_a_reminder_offers_a_refund_only_where_it_would_be_granted(
    changes: dict[str, Any], expected: str | None
) -> None:
    """C18, C14: a reminder offers no refund without an order, or after the window."""
    policy = load_policy("clickbank")
    warning = first(
        notify(policy, opening("technical", **changes), until=boise(14, 10)), "inactivity-warning"
    )
    granted = "refund request" in body(warning.email_to(ENGLISH))

    assert expected == warning.notification.include
    assert (expected is not None) == granted


def test_an_email_about_a_ticket_without_comments_and_order_says_so() -> None:
    """An e-mail about a ticket without comments or order says so in its sections."""
    policy = parse_policy(
        'extends = "webshippy"\nname = "without-texts"\n[opening]\nrequired = ["category"]\n'
    )
    facts = {
        "account": "shop-1",
        "category": "invoicing",
        "subcategory": "invoice",
        "text": "\n \n",
    }
    text = body(notify(policy, opening(None, order=None, **facts))[0].email_to(ENGLISH))

    assert 2 == text.count("There are no comments yet.")
    assert "This ticket is about no order." in text
    assert "Category: invoicing / invoice" in text
