"""Tests of the e-mail message: headers, threads, and what cannot be rendered."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.hostile_text import received
from support.stories.notifications import NAMES, SENDER, body, clickbank, recipient_in, samples
from support.strategies import EVENTS_OF_ALL_KINDS, histories
from ticketcore.errors import NotificationError
from ticketcore.events import Event, Opened, Recorded
from ticketcore.notifications import Recipient, notifications, render
from ticketcore.policies import NOTIFICATION_KINDS, Language, parse_policy
from ticketcore.ticket import fold_each

LANGUAGES = get_args(Language)
INTERNAL = {"note-added"}
EVERYTHING = parse_policy(
    'name = "all"\neffective = 2026-01-01\nany_type = true\n'
    '[[permission]]\ncommands = "open"\nby = "customer"\n'
    f'[[notification]]\nname = "all"\non = {sorted(NOTIFICATION_KINDS.keys() - INTERNAL)}\n'
    'to = "customer"\n'
)
ENGLISH = recipient_in("en")
LINK = "https://a.example/1"


def test_the_headers_describe_the_email() -> None:
    """The headers of an e-mail describe it for filters and mail servers."""
    email = samples()["inactivity-warning"].email_to(recipient_in("it"), names={})

    assert "Shop <tickets@shop.example>" == email["From"]
    assert "Anna Kovács <anna@post.example>" == str(email["To"])
    assert "Wed, 14 Jan 2026 18:00:00 +0000" == email["Date"]
    assert "auto-generated" == email["Auto-Submitted"]
    assert "it" == email["Content-Language"]
    assert "inactivity-warning" == email["X-Ticket-Notification"]
    assert email["Message-ID"].endswith(".inactivity-warning@shop.example>")


def test_all_emails_of_a_ticket_form_one_thread() -> None:
    """All emails answer one common id, but each has its own."""
    emails = [one.email_to(ENGLISH) for one in clickbank()]

    assert 1 == len({email["References"] for email in emails})
    assert 1 == len({email["In-Reply-To"] for email in emails})
    assert len(emails) == len({email["Message-ID"] for email in emails})


def test_the_subject_begins_with_the_kind_and_ends_with_the_number() -> None:
    """C22: a subject begins with the kind of the e-mail and ends with the ticket's number."""
    subject = samples()["refund-confirmation"].email_to(ENGLISH)["Subject"]

    assert "Refund confirmation: The download stops half way [00123456789]" == subject


def test_emails_of_two_tickets_form_two_threads() -> None:
    """The id that all e-mails of a ticket answer depends on the ticket's number."""
    one = samples()["opened"]
    other = attrs.evolve(one, notification=attrs.evolve(one.notification, ticket="00123456788"))

    assert one.email_to(ENGLISH)["References"] != other.email_to(ENGLISH)["References"]


def test_an_email_is_the_same_after_it_was_sent() -> None:
    """The text and the HTML of an e-mail survive the line ends and line lengths of SMTP."""
    for sample in samples().values():
        email = sample.email_to(recipient_in("hu"))
        arrived = received(email)
        assert email["Subject"] == arrived["Subject"]
        for form in ("plain", "html"):
            assert body(email, form).splitlines() == body(arrived, form).splitlines()
        assert max(map(len, email.as_bytes().splitlines())) < 998


@pytest.mark.parametrize(
    "link",
    ["", "javascript:alert(1)", "/tickets/1", "https://a b", 'https://a/"x', "https://a\nBcc: b"],
)
def test_an_invalid_link_is_refused(link: str) -> None:
    """An invalid link is refused, because people click it."""
    with pytest.raises(NotificationError, match="is not a link"):
        samples()["opened"].email_to(ENGLISH, link=link)


def test_a_recipient_without_phrases_in_their_language_is_refused() -> None:
    """A recipient without phrases in their language is refused."""
    with pytest.raises(NotificationError, match="the language 'fr' is not supported"):
        samples()["opened"].email_to(attrs.evolve(ENGLISH, locale="fr-FR"))


@settings(max_examples=30, deadline=None)
@given(language=st.sampled_from(LANGUAGES), history=histories())
def test_every_history_can_be_rendered(
    language: Language, history: tuple[str, tuple[Event, ...]]
) -> None:
    """Any order of events with any text gives e-mails, and rendering again the same bytes."""
    ticket, events = history
    customer = Recipient(addresses={"account": "a@b.example"}, locale=language)
    recorded = tuple(Recorded(ticket, i, event) for i, event in enumerate(events, 1))
    for one, (after, _) in zip(recorded, fold_each(events), strict=True):
        for notification in notifications(one, after, EVERYTHING):
            first, second = (
                render(
                    notification, recorded, EVERYTHING, customer, sender=SENDER, link=LINK
                ).as_bytes()
                for _ in range(2)
            )
            assert first == second


@settings(deadline=None)
@given(language=st.sampled_from(LANGUAGES), event=EVENTS_OF_ALL_KINDS)
def test_every_event_has_a_first_sentence(language: Language, event: Event) -> None:
    """Every event has a first sentence, even with refunds unknown to its ticket."""
    at = datetime(2026, 1, 12, tzinfo=UTC)
    events = (
        Opened(at=at, by="customer", type="request", zone="UTC"),
        attrs.evolve(event, at=at + timedelta(hours=1)),
    )
    customer = Recipient(addresses={"account": "a@b.example"}, locale=language)
    recorded = tuple(Recorded("T", i, e) for i, e in enumerate(events, 1))
    after = list(fold_each(events))[-1][0]
    for notification in notifications(recorded[-1], after, EVERYTHING):
        email = render(
            notification, recorded, EVERYTHING, customer, sender=SENDER, link=LINK, names=NAMES
        )
        assert body(email).splitlines()[0].strip()
