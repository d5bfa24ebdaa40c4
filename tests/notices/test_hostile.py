"""What people write stays text: no header, no part, no element and no template comes of it."""

from collections import Counter
from email import message_from_bytes
from email import policy as email_policy
from email.message import EmailMessage
from functools import cache
from typing import Any

import attrs
import html5lib
import pytest

from hostile import HOSTILE
from notice_samples import ORDER, SENDER, Told, body, boise, opening, reader, told
from ticketcore import commands as c
from ticketcore.events import Shipment, Unit
from ticketcore.notices import Reader, fill
from ticketcore.notices._plain import one_line
from ticketcore.policies import TextModule, load_policy
from ticketcore.ticket import fold

CLICKBANK = load_policy("clickbank")


@cache
def letters(words: str, number: str = "00123456789") -> dict[str, EmailMessage]:
    """Letters in which these words stand wherever a person can put them."""
    order = attrs.evolve(
        ORDER,
        number=words,
        units=(Unit(id=words),),
        shipments=(Shipment(number=words, shipped_at=ORDER.sold_at),),
    )
    facts = {"order": order, "subject": words, "text": words, "customer": words, "who": words}
    found = told(
        CLICKBANK,
        opening("refund", reason=words, category=words, subcategory=words, **facts),
        c.Reply(at=boise(12, 11), by="vendor", who="bruno", text=words),
        c.ChangeType(at=boise(12, 12), by="customer", type="technical", text=words),
        until=boise(31, 0),
    )
    names = {words: words, "bruno": words}
    anna = reader("en", name=words)
    tried = [one for one in found[::2] if one.notice.about in ("opened", "replied", "warned")]
    return {one.notice.about: mail_of(one, number, anna, names) for one in tried}


def mail_of(one: Told, number: str, anna: Reader, names: dict[str, str]) -> EmailMessage:
    """The mail of a notice, of a ticket with this number, as it arrives."""
    there = attrs.evolve(one, notice=attrs.evolve(one.notice, ticket=number))
    sender = attrs.evolve(SENDER, name=anna.name)
    sent = there.to(anna, names=names, sender=sender).as_bytes(policy=email_policy.SMTP)
    received = message_from_bytes(sent, policy=email_policy.default)
    assert isinstance(received, EmailMessage)
    return received


def structure(mail: EmailMessage) -> tuple[Any, ...]:
    """Everything of a mail that is not somebody's words: headers, parts, elements, attributes."""
    tree = html5lib.parse(body(mail, "html"), namespaceHTMLElements=False)
    elements = Counter(
        (str(element.tag), *sorted((k, v) for k, v in element.attrib.items()))
        for element in tree.iter()
    )
    elements.pop(("br",), None)  # one for each line of a comment
    return (
        [name for name, _ in mail.items()],
        [p.get_content_type() for p in mail.walk()],
        elements,
    )


HARMLESS = letters("harmless")
RIGHT = {about: structure(mail) for about, mail in HARMLESS.items()}


@pytest.mark.parametrize("words", HOSTILE, ids=[str(i) for i in range(len(HOSTILE))])
def test_hostile_words_change_nothing_but_words(words: str) -> None:
    """The same headers, parts, elements and attributes as with harmless ones."""
    named = one_line(words) != ""  # what is nothing on a line has no row
    for about, mail in letters(words).items():
        if named:
            assert RIGHT[about] == structure(mail)
        assert ["anna@post.example"] == [a.addr_spec for a in mail["To"].addresses]
        assert ["tickets@shop.example"] == [a.addr_spec for a in mail["From"].addresses]
        assert mail["Bcc"] is None
        assert not mail.defects


@pytest.mark.parametrize("number", HOSTILE, ids=[str(i) for i in range(len(HOSTILE))])
def test_a_hostile_number_changes_nothing_but_words(number: str) -> None:
    """A ticket's number is text of the host, and stands in the subject and in the ids."""
    for about, mail in letters("harmless", number).items():
        if one_line(number):
            assert RIGHT[about] == structure(mail)
        assert mail["Message-ID"].isascii()
        assert mail["Message-ID"].endswith("@shop.example>")


@pytest.mark.parametrize("words", HOSTILE, ids=[str(i) for i in range(len(HOSTILE))])
def test_hostile_words_are_still_there_to_be_read(words: str) -> None:
    """As text, character by character, but for what cannot be written."""
    shown = [line.rstrip() for line in words.splitlines() if line.strip()]
    readable = [line for line in shown if line.isprintable()]
    mail = letters(words)["opened"]
    plain = [line.removeprefix("> ") for line in body(mail).splitlines() if line[:1] == ">"]
    tree = html5lib.parse(body(mail, "html"), namespaceHTMLElements=False)
    html = ["".join(p.itertext()) for p in tree.iter("p")]
    for line in readable:
        assert line in plain
        assert any(line in paragraph for paragraph in html)


@pytest.mark.parametrize("words", HOSTILE, ids=[str(i) for i in range(len(HOSTILE))])
def test_no_line_of_a_letter_is_somebodys_but_behind_a_mark(words: str) -> None:
    """In plain text, nobody's words can pass for a part of the letter."""
    harmless = [line[:2] for line in body(HARMLESS["opened"]).splitlines() if line[:1] != ">"]
    mail = letters(words)["opened"]
    found = [line[:2] for line in body(mail).splitlines() if line[:1] != ">"]
    if one_line(words):
        assert len(harmless) == len(found)


@pytest.mark.parametrize("words", HOSTILE, ids=[str(i) for i in range(len(HOSTILE))])
def test_hostile_fields_of_a_text_stay_on_their_line(words: str) -> None:
    """Filled into a prepared answer, too."""
    opened = told(CLICKBANK, opening("refund", subject=words))[0].history[0].event
    text = TextModule(name="x", language="en", text="before {subject} after\nlast")
    if one_line(words):
        said = fill(text, "1", fold((opened,)), CLICKBANK, reader("en"))
        assert [True, True] == [said.startswith("before "), said.endswith(" after\nlast")]
        assert 2 == len(said.splitlines())


def test_there_are_more_than_forty() -> None:
    """And each of them once."""
    assert 40 < len(set(HOSTILE)) == len(HOSTILE)
