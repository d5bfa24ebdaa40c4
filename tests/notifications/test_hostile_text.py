"""Text that people write never becomes a header, a part, an HTML element or a template."""

from collections import Counter
from email.message import EmailMessage
from typing import Any

import attrs
import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.hostile_text import CLICKBANK, HOSTILE, emails_with, received
from support.stories.notifications import (
    SENDER,
    body,
    notify,
    opening,
    recipient_in,
    samples,
)
from support.strategies import TEXTS
from ticketcore.events import Opened
from ticketcore.notifications import fill_template
from ticketcore.notifications._sanitizing import one_line
from ticketcore.policies import Template
from ticketcore.ticket import fold


def structure(email: EmailMessage) -> tuple[Any, ...]:
    """Return everything in an e-mail but its text: headers, parts, elements and attributes."""
    tree = html5lib.parse(body(email, "html"), namespaceHTMLElements=False)
    elements = Counter(
        (str(element.tag), *sorted((k, v) for k, v in element.attrib.items()))
        for element in tree.iter()
    )
    elements.pop(("br",), None)  # one for each line of a comment
    return (
        [name for name, _ in email.items()],
        [p.get_content_type() for p in email.walk()],
        elements,
    )


HARMLESS = emails_with("harmless")
EXPECTED = {event: structure(email) for event, email in HARMLESS.items()}


@pytest.mark.parametrize("text", HOSTILE, ids=[str(i) for i in range(len(HOSTILE))])
def test_hostile_text_changes_nothing_but_text(text: str) -> None:
    """Headers, parts, elements and attributes are the same as with harmless text."""
    visible = one_line(text) != ""  # a detail without visible text is left out
    for event, email in emails_with(text).items():
        if visible:
            assert EXPECTED[event] == structure(email)
        assert ["anna@post.example"] == [a.addr_spec for a in email["To"].addresses]
        assert ["tickets@shop.example"] == [a.addr_spec for a in email["From"].addresses]
        assert email["Bcc"] is None
        assert not email.defects


@pytest.mark.parametrize("number", HOSTILE, ids=[str(i) for i in range(len(HOSTILE))])
def test_a_hostile_ticket_number_changes_nothing_but_text(number: str) -> None:
    """A ticket number is any text of the host; subject and message ids contain it."""
    one = samples()["opened"]
    expected = structure(received(one.email_to(recipient_in("en"))))
    numbered = attrs.evolve(one, notification=attrs.evolve(one.notification, ticket=number))
    email = received(numbered.email_to(recipient_in("en")))
    if one_line(number):
        assert expected == structure(email)
    assert email["Message-ID"].isascii()
    assert email["Message-ID"].endswith("@shop.example>")


@pytest.mark.parametrize("text", HOSTILE, ids=[str(i) for i in range(len(HOSTILE))])
def test_hostile_text_stays_readable(text: str) -> None:
    """Every printable line is in the plain text and in the HTML, character by character."""
    written = [line.rstrip() for line in text.splitlines() if line.strip()]
    printable = [line for line in written if line.isprintable()]
    email = emails_with(text)["opened"]
    plain = [line.removeprefix("> ") for line in body(email).splitlines() if line[:1] == ">"]
    tree = html5lib.parse(body(email, "html"), namespaceHTMLElements=False)
    html = ["".join(p.itertext()) for p in tree.iter("p")]
    for line in printable:
        assert line in plain
        assert any(line in paragraph for paragraph in html)


@pytest.mark.parametrize("text", HOSTILE, ids=[str(i) for i in range(len(HOSTILE))])
def test_no_line_of_plain_text_begins_with_text_of_a_person(text: str) -> None:
    """No line of an e-mail begins with text of a person, so nobody can imitate a part."""
    harmless = [line[:2] for line in body(HARMLESS["opened"]).splitlines() if line[:1] != ">"]
    email = emails_with(text)["opened"]
    hostile = [line[:2] for line in body(email).splitlines() if line[:1] != ">"]
    if one_line(text):
        assert len(harmless) == len(hostile)


@pytest.mark.parametrize("text", HOSTILE, ids=[str(i) for i in range(len(HOSTILE))])
def test_hostile_fields_of_a_template_stay_on_their_line(text: str) -> None:
    """A value in a prepared answer cannot add a line to it."""
    opened = notify(CLICKBANK, opening("refund", subject=text))[0].history[0].event
    template = Template(name="x", language="en", text="before {subject} after\nlast")
    if one_line(text):
        answer = fill_template(template, "1", fold((opened,)), CLICKBANK, recipient_in("en"))
        assert [True, True] == [answer.startswith("before "), answer.endswith(" after\nlast")]
        assert 2 == len(answer.splitlines())


SPECIAL = st.text(st.sampled_from('ab <>@,;:"()[]\\=?_.-\r\n\t\u202eéő🙈\x01\u2028\xa0'))


@settings(max_examples=60, deadline=None)
@given(SPECIAL | TEXTS, SPECIAL | TEXTS, SPECIAL | TEXTS)
def test_no_text_in_a_header_adds_a_header(name: str, subject: str, number: str) -> None:
    """Text in a header adds no header, and the headers are the same after sending."""
    one = samples()["opened"]
    first = one.history[0].event
    assert isinstance(first, Opened)
    opened = attrs.evolve(first, subject=subject)
    history = (attrs.evolve(one.history[0], event=opened), *one.history[1:])
    notification = attrs.evolve(one.notification, ticket=number, event=opened)
    changed = attrs.evolve(one, notification=notification, history=history)
    sender = attrs.evolve(SENDER, name=name)
    sent = changed.email_to(recipient_in("en", name=name), sender=sender)
    arrived = received(sent)
    assert sent.keys() == arrived.keys()
    # Python may lose a space where it folds a line between encoded words.
    assert "".join(sent["Subject"].split()) == "".join(arrived["Subject"].split())
    assert ["anna@post.example"] == [a.addr_spec for a in arrived["To"].addresses]
    assert ["tickets@shop.example"] == [a.addr_spec for a in arrived["From"].addresses]


def test_there_are_more_than_forty_hostile_texts() -> None:
    """There are more than forty different hostile texts."""
    assert 40 < len(set(HOSTILE)) == len(HOSTILE)
