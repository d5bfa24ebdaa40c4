"""Prepared answers, filled with a ticket's fields (K10)."""

from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from notification_samples import ORDER
from ticketcore.errors import NoticeError
from ticketcore.events import Money, Opened, Refunded
from ticketcore.notices import Reader, fill, text_for, texts
from ticketcore.policies import TEXT_FIELDS, Policy, Template, load_policy, parse_policy
from ticketcore.ticket import Ticket, fold

AT = datetime(2026, 1, 12, 9, tzinfo=UTC)
BERLIN = Reader(locale="de-DE", zone="Europe/Berlin")
KAUFLAND = load_policy("kaufland")


def ticket(**changes: Any) -> Ticket:
    """A ticket about an order that was sent, of which something was paid back."""
    facts: dict[str, Any] = {
        "at": AT,
        "by": "customer",
        "type": "request",
        "zone": "Europe/Berlin",
        "storefront": "de",
        "order": ORDER,
        "units": ("u1", "u2"),
        "reason": "not-delivered",
        "subject": "Where is it?",
        "category": "orders",
        "subcategory": "status",
    }
    refunded = Refunded(at=AT, by="vendor", amount=Money.parse("20.00 USD"))
    return fold((Opened(**(facts | changes)), refunded))


def text(said: str) -> Template:
    """A text in German for everywhere."""
    return Template(name="x", language="de", text=said)


def test_a_prepared_answer_is_filled_with_the_tickets_fields() -> None:
    """In its own language, with dates as that language writes them."""
    module = text_for(KAUFLAND, "on-its-way", "de-DE", "de")
    expected = """\
Guten Tag,

Ihre Bestellung W-4711 vom Fr., 2. Jan. 2026 wurde am Sa., 3. Jan. 2026 versandt. \
Die Sendungsnummer lautet 1Z999.
Bitte warten Sie noch drei Werktage; kommt das Paket nicht an, melden Sie sich hier erneut."""
    assert expected == fill(module, "00123456789", ticket(), KAUFLAND, BERLIN)


@pytest.mark.parametrize("storefront", KAUFLAND.storefronts)
def test_every_storefront_has_its_answers(storefront: str) -> None:
    """K10, K12: each storefront's text modules can be filled, with nothing left open."""
    offered = texts(KAUFLAND, storefront)
    assert "on-its-way" in {module.name for module in offered}
    for module in offered:
        said = fill(module, "00123456789", ticket(storefront=storefront), KAUFLAND, BERLIN)
        assert "{" not in said
        assert "None" not in said


def test_every_field_can_be_filled() -> None:
    """Those that a policy may name are those that a ticket has."""
    everything = " ".join(f"{name}={{{name}}}" for name in TEXT_FIELDS)
    said = fill(text(everything), "0012", ticket(), KAUFLAND, BERLIN)
    assert (
        "ticket=0012 title=Kaufland Global Marketplace seller tickets type=Anfrage "
        "opened=Mo., 12. Jan. 2026 subject=Where is it? category=orders subcategory=status "
        "reason=nicht geliefert storefront=de order=W-4711 sold=Fr., 2. Jan. 2026 "
        "amount=1.249,00 $ refunded=20,00 $ units=u1, u2 shipment=1Z999 "
        "shipped=Sa., 3. Jan. 2026"
    ) == said.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("field", [name for name, always in TEXT_FIELDS.items() if always])
def test_some_fields_every_ticket_has(field: str) -> None:
    """Which is why a notice may add a text that names them."""
    bare = fold((Opened(at=AT, by="customer", type="request", zone="UTC"),))
    assert "" != fill(text(f"{{{field}}}"), "0012", bare, KAUFLAND, BERLIN)


@pytest.mark.parametrize("field", [name for name, always in TEXT_FIELDS.items() if not always])
def test_a_field_that_the_ticket_lacks_is_refused(field: str) -> None:
    """Nobody reads of the shipment of what was not sent."""
    bare = fold((Opened(at=AT, by="customer", type="request", zone="UTC"),))
    with pytest.raises(NoticeError, match=f"the field '{field}' has no value"):
        fill(text(f"{{{field}}}"), "0012", bare, KAUFLAND, BERLIN)


def test_an_order_that_was_not_sent_has_no_shipment() -> None:
    """Its other fields it has."""
    unsent = ticket(order=attrs.evolve(ORDER, shipments=()))
    assert "W-4711" == fill(text("{order}"), "0012", unsent, KAUFLAND, BERLIN)
    with pytest.raises(NoticeError, match="the field 'shipment'"):
        fill(text("{order} {shipment}"), "0012", unsent, KAUFLAND, BERLIN)


def test_a_value_is_never_read_for_fields() -> None:
    """A customer's words are only ever values."""
    said = fill(text("{subject}"), "0012", ticket(subject="{order} {{ 7*7 }}"), KAUFLAND, BERLIN)
    assert "{order} {{ 7*7 }}" == said


def test_a_reader_of_another_language_gets_the_texts_own() -> None:
    """A Polish text writes its dates the Polish way, whoever reads it."""
    module = text_for(KAUFLAND, "on-its-way", "pl", "pl")
    assert "pt., 2 sty 2026" in fill(module, "0012", ticket(), KAUFLAND, BERLIN)


@pytest.fixture
def both() -> Policy:
    """A policy with a text for all storefronts, and one for a storefront of its own."""
    return parse_policy(
        'extends = "kaufland"\nname = "k"\n'
        '[[template]]\nname = "hello"\nlanguage = "de"\ntext = "Guten Tag"\n'
        '[[template]]\nname = "hello"\nlanguage = "de"\nstorefronts = "at"\ntext = "Grüß Gott"\n'
    )


def test_a_storefronts_own_text_comes_before_one_for_all(both: Policy) -> None:
    """In whatever order the file has them."""
    found = {s: text_for(both, "hello", "de-AT", s).text for s in ("at", "de")}
    assert {"at": "Grüß Gott", "de": "Guten Tag"} == found


def test_a_text_that_is_not_there_is_refused(both: Policy) -> None:
    """By its name, its language, or its storefront."""
    for name, locale, storefront in (("helo", "de", "at"), ("hello", "it", "at")):
        with pytest.raises(NoticeError, match="is not there"):
            text_for(both, name, locale, storefront)
    with pytest.raises(NoticeError, match="is not there in de for all"):
        text_for(both, "on-its-way", "de")
