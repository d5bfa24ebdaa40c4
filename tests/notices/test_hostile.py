"""What people write stays text: no header, no part, no element and no template comes of it."""

from collections import Counter
from email.message import EmailMessage
from typing import Any

import attrs
import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notification_samples import SENDER, body, opening, reader, samples, told
from support.hostile_text import CLICKBANK, HOSTILE, arrived, letters
from ticketcore.events import Opened
from ticketcore.notices import fill
from ticketcore.notices._plain import one_line
from ticketcore.policies import Template
from ticketcore.ticket import fold


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
    one = samples()["opened"]
    right = structure(arrived(one.to(reader("en"))))
    numbered = attrs.evolve(one, notice=attrs.evolve(one.notice, ticket=number))
    mail = arrived(numbered.to(reader("en")))
    if one_line(number):
        assert right == structure(mail)
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
    text = Template(name="x", language="en", text="before {subject} after\nlast")
    if one_line(words):
        said = fill(text, "1", fold((opened,)), CLICKBANK, reader("en"))
        assert [True, True] == [said.startswith("before "), said.endswith(" after\nlast")]
        assert 2 == len(said.splitlines())


SPECIAL = st.text(st.sampled_from('ab <>@,;:"()[]\\=?_.-\r\n\t\u202eéő🙈\ud800\x00\u2028\xa0'))


@settings(max_examples=60, deadline=None)
@given(SPECIAL | st.text(), SPECIAL | st.text(), SPECIAL | st.text())
def test_no_words_in_headers_make_headers(name: str, subject: str, number: str) -> None:
    """As sent and read again: the same headers, one address in each, the subject's words."""
    one = samples()["opened"]
    first = one.history[0].event
    assert isinstance(first, Opened)
    opened = attrs.evolve(first, subject=subject)
    history = (attrs.evolve(one.history[0], event=opened), *one.history[1:])
    notice = attrs.evolve(one.notice, ticket=number, event=opened)
    there = attrs.evolve(one, notice=notice, history=history)
    mail = there.to(reader("en", name=name), sender=attrs.evolve(SENDER, name=name))
    received = arrived(mail)
    assert mail.keys() == received.keys()
    # Python may lose a space where it folds between encoded words.
    assert "".join(mail["Subject"].split()) == "".join(received["Subject"].split())
    assert ["anna@post.example"] == [a.addr_spec for a in received["To"].addresses]
    assert ["tickets@shop.example"] == [a.addr_spec for a in received["From"].addresses]


def test_there_are_more_than_forty() -> None:
    """And each of them once."""
    assert 40 < len(set(HOSTILE)) == len(HOSTILE)
