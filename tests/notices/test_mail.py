"""The letter: its one shape, its headers, its thread."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email import policy as email_policy
from email.message import EmailMessage
from typing import Any, get_args

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notification_samples import (
    NAMES,
    SENDER,
    Told,
    body,
    boise,
    clickbank,
    opening,
    reader,
    samples,
    told,
)
from support.strategies import EVENTS_OF_ALL_KINDS, histories
from ticketcore import commands as c
from ticketcore.errors import NoticeError
from ticketcore.events import Event, Opened, Recorded
from ticketcore.notices import Reader, Sender, notices, render
from ticketcore.policies import KINDS, Kind, Language, load_policy, parse_policy
from ticketcore.ticket import replay

LANGUAGES = get_args(Language)
EVERYTHING = parse_policy(
    'name = "all"\neffective = 2026-01-01\nany_type = true\n'
    '[[permission]]\ncommands = "open"\nby = "customer"\n'
    f'[[notification]]\nname = "all"\non = {sorted(KINDS)}\nto = "customer"\n'
)
ENGLISH = reader("en")


def only(found: tuple[Told, ...], kind: Kind, role: str = "customer") -> Told:
    """The first notice of a kind to somebody."""
    return next(t for t in found if t.notice.kind == kind and t.notice.to.role == role)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ["plain", "html"])
def test_every_letter_has_the_one_shape(language: Language, form: str) -> None:
    """C3: why, the latest comments, the link, the ticket, the order, and all comments last."""
    for sample in samples().values():
        said = body(sample.to(reader(language)), form).replace("&#39;", "'")
        mark = "== {} ==" if form == "plain" else ">{}</h2>"
        latest, *others = (mark.format(heading) for heading in headings(language))
        parts = ["00123456789", latest, "https://shop.example/tickets/", *others]
        places = [said.index(part) for part in parts]
        assert sorted(places) == places
        assert said.rindex("two browsers") > places[-1]


def headings(language: Language) -> tuple[str, ...]:
    """The parts of the shape, as each language calls them."""
    return {
        "en": ("Latest comments", "The ticket", "The order", "All comments"),
        "it": ("Commenti più recenti", "Il ticket", "L'ordine", "Tutti i commenti"),
        "hu": ("Legutóbbi hozzászólások", "A jegy", "A rendelés", "Minden hozzászólás"),
        "de": ("Neueste Kommentare", "Das Ticket", "Die Bestellung", "Alle Kommentare"),
    }[language]


def test_a_letter_says_why_it_was_sent_and_to_whom() -> None:
    """The first line and the last ones."""
    found = body(only(clickbank(), "reply", "vendor").to(ENGLISH)).splitlines()
    assert "The vendor answered on ticket 00123456789." == found[0]
    assert "You receive this message as the vendor of this ticket." == found[-2]


def test_a_letter_tells_the_deadline_that_its_event_set() -> None:
    """The plan is recorded after the opening, and the customer is told of both at once."""
    said = body(only(clickbank(), "opened").to(ENGLISH))
    assert "Next: Refund on Tue, Jan 13, 2026 10:00" in said


def test_a_letter_leaves_out_what_came_later() -> None:
    """Rendered a week late it is the same letter."""
    first = only(clickbank(), "reply")
    until = next(i for i, r in enumerate(first.history) if r.event.at > first.notice.event.at)
    early = attrs.evolve(first, history=first.history[:until])
    assert early.to(ENGLISH).as_bytes() == first.to(ENGLISH).as_bytes()
    assert "No use." not in body(first.to(ENGLISH))


def test_the_latest_comments_are_what_one_party_said_last() -> None:
    """Not the whole conversation, which stands below."""
    policy = load_policy("clickbank")
    replies = [c.Reply(at=boise(12, 11, i), by="vendor", text=f"part {i}") for i in (1, 2)]
    said = body(told(policy, opening("technical"), *replies)[-1].to(ENGLISH))
    latest = said.partition("Open the ticket")[0]
    assert ["> part 1", "> part 2"] == [x for x in latest.splitlines() if x.startswith(">")]


def test_a_letter_without_comments_and_order_says_so() -> None:
    """The shape stays; its parts say that there is nothing."""
    found = told(parse_policy(WITHOUT_TEXTS), bare_opening())
    said = body(found[0].to(ENGLISH))
    assert 2 == said.count("There are no comments yet.")
    assert "This ticket is about no order." in said
    assert "Category: invoicing / invoice" in said


WITHOUT_TEXTS = """
extends = "webshippy"
name = "without-texts"
[opening]
required = ["category"]
"""


def bare_opening() -> c.Open:
    """A ticket without an order and with nothing in its text that could be read."""
    facts = {"category": "invoicing", "subcategory": "invoice", "text": "\n \n"}
    return opening(None, order=None, **facts)


def test_a_customer_who_must_not_answer_by_mail_is_told_so() -> None:
    """O3: the customer answers in the support section, not by e-mail."""
    office = told(
        load_policy("office"),
        opening(None, order=None),
        c.Reply(at=boise(12, 11), by="support", text="Done?"),
    )
    assert "answers by e-mail are not accepted" in body(office[0].to(ENGLISH))
    assert "answers by e-mail" not in body(only(clickbank(), "reply").to(ENGLISH))


def test_a_closed_ticket_is_told_as_closed() -> None:
    """And one that support closed for good as that."""
    policy = parse_policy(
        'extends = "kaufland"\nname = "k"\n'
        '[[notification]]\nname = "closed"\non = "closed"\nto = "customer"\n'
    )
    facts = {"storefront": "de", "zone": None}
    for by, expected in (("vendor", "Status: closed\n"), ("support", "Status: closed for good")):
        closing = c.Close(at=boise(12, 11), by=by)  # type: ignore[arg-type]  # one of two
        found = told(policy, opening(None, **facts), closing)
        assert expected in body(found[0].to(ENGLISH))


def test_a_promise_that_the_policy_no_longer_explains_is_left_out() -> None:
    """A timer that was taken out of the file: what it would do is not known."""
    first = only(clickbank(), "opened")
    policy = parse_policy(
        'extends = "clickbank"\nname = "c"\n[[timer]]\nname = "refund"\nremove = true\n'
    )
    assert "Next: " not in body(attrs.evolve(first, policy=policy).to(ENGLISH))


def test_what_was_paid_back_and_what_is_disputed_is_told() -> None:
    """Amounts and disputes by what they are called."""
    kinds = samples()
    assert "$49.00 went back to the customer" in body(kinds["refund-confirmation"].to(ENGLISH))
    assert "Refunded: $49.00" in body(kinds["refund-confirmation"].to(ENGLISH))
    assert "declined the refund for ticket 00123456789: $49.00" in body(
        kinds["refund-failure"].to(ENGLISH)
    )
    assert "was opened: A-to-z claim A-77." in body(kinds["dispute"].to(ENGLISH))


def test_an_answer_to_a_dispute_is_not_in_the_conversation() -> None:
    """It went to whoever decides, not to the customer."""
    found = told(
        load_policy("amazon-pay"),
        opening(None),
        c.OpenDispute(at=boise(13, 9), by="customer", dispute="A-77", kind="claim"),
        c.AnswerDispute(at=boise(13, 10), by="vendor", dispute="A-77", text="He has it."),
        c.ResolveDispute(at=boise(14, 9), by="support", dispute="A-77", outcome="won"),
    )
    said = body(found[-1].to(ENGLISH))
    assert "decided for the vendor: A-to-z claim A-77." in said
    assert "He has it." not in said


def test_a_mail_client_keeps_a_ticket_together() -> None:
    """All letters of a ticket hang below one id and have one subject; each has its own id."""
    found = [one.to(ENGLISH) for one in clickbank()]
    assert 1 == len({mail["References"] for mail in found})
    assert 1 == len({mail["In-Reply-To"] for mail in found})
    assert {"The download stops half way [00123456789]"} == {mail["Subject"] for mail in found}
    assert len(found) == len({mail["Message-ID"] for mail in found})


def test_letters_of_two_tickets_are_two_threads() -> None:
    """The root is made from the ticket's number."""
    one = samples()["opened"]
    other = attrs.evolve(one, notice=attrs.evolve(one.notice, ticket="00123456788"))
    assert one.to(ENGLISH)["References"] != other.to(ENGLISH)["References"]


def test_the_headers_say_what_the_letter_is() -> None:
    """Filters and other machines read them."""
    mail = samples()["inactivity-warning"].to(reader("it"), names={})
    assert "Shop <tickets@shop.example>" == mail["From"]
    assert "Anna Kovács <anna@post.example>" == str(mail["To"])
    assert "Wed, 14 Jan 2026 18:00:00 +0000" == mail["Date"]
    assert "auto-generated" == mail["Auto-Submitted"]
    assert "it" == mail["Content-Language"]
    assert "inactivity-warning" == mail["X-Ticket-Notice"]
    assert mail["Message-ID"].endswith(".inactivity-warning@shop.example>")


def test_a_letter_survives_being_sent() -> None:
    """As bytes with the line ends of SMTP, and read again, both forms say the same."""
    for sample in samples().values():
        mail = sample.to(reader("hu"))
        sent = mail.as_bytes(policy=email_policy.SMTP)
        received = message_from_bytes(sent, policy=email_policy.default)
        assert isinstance(received, EmailMessage)
        assert mail["Subject"] == received["Subject"]
        for form in ("plain", "html"):
            assert body(mail, form).splitlines() == body(received, form).splitlines()
        assert max(map(len, sent.splitlines())) < 998


@pytest.mark.parametrize(
    "link",
    ["", "javascript:alert(1)", "/tickets/1", "https://a b", 'https://a/"x', "https://a\nBcc: b"],
)
def test_what_is_no_link_is_refused(link: str) -> None:
    """The one thing in a letter that can be clicked."""
    with pytest.raises(NoticeError, match="the link"):
        samples()["opened"].to(ENGLISH, link=link)


def test_a_language_without_phrases_is_refused() -> None:
    """Rather than told in another."""
    with pytest.raises(NoticeError, match="the language 'fr'"):
        samples()["opened"].to(attrs.evolve(ENGLISH, locale="fr-FR"))


@settings(max_examples=30, deadline=None)
@given(language=st.sampled_from(LANGUAGES), history=histories())
def test_every_history_can_be_told(
    language: Language, history: tuple[str, tuple[Event, ...]]
) -> None:
    """Whatever happened, in whatever order, and whatever is written in it."""
    ticket, events = history
    nobody = Reader(addresses={"account": "a@b.example"}, locale=language)
    recorded = tuple(Recorded(ticket, i, event) for i, event in enumerate(events, 1))
    for one, (after, _) in zip(recorded, replay(events), strict=True):
        for notice in notices(one, after, EVERYTHING):
            once, again = (
                render(
                    notice, recorded, EVERYTHING, nobody, sender=SENDER, link="https://a.example/1"
                ).as_bytes()
                for _ in range(2)
            )
            assert once == again


@settings(deadline=None)
@given(language=st.sampled_from(LANGUAGES), event=EVENTS_OF_ALL_KINDS)
def test_every_event_can_be_told(language: Language, event: Event) -> None:
    """Each in its own sentence, on a ticket that knows nothing of it."""
    at = datetime(2026, 1, 12, tzinfo=UTC)
    events = (
        Opened(at=at, by="customer", type="request", zone="UTC"),
        attrs.evolve(event, at=at + timedelta(hours=1)),
    )
    nobody = Reader(addresses={"account": "a@b.example"}, locale=language)
    recorded = tuple(Recorded("T", i, e) for i, e in enumerate(events, 1))
    after = list(replay(events))[-1][0]
    sender = Sender(address="a@b.example")
    for notice in notices(recorded[-1], after, EVERYTHING):
        given_: dict[str, Any] = {"sender": sender, "link": "https://a.example/1", "names": NAMES}
        said = body(render(notice, recorded, EVERYTHING, nobody, **given_))
        assert said.splitlines()[0].strip()
