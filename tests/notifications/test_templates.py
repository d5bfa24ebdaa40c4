"""Tests of prepared answers, filled with a ticket's fields (K10)."""

from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from support.stories.notifications import ORDER
from ticketcore.errors import NotificationError
from ticketcore.events import Money, Opened, Refunded
from ticketcore.notifications import Recipient, fill_template, find_template, templates_for
from ticketcore.policies import TEMPLATE_FIELDS, Policy, Template, load_policy, parse_policy
from ticketcore.ticket import Ticket, fold

AT = datetime(2026, 1, 12, 9, tzinfo=UTC)
BERLIN = Recipient(locale="de-DE", zone="Europe/Berlin")
KAUFLAND = load_policy("kaufland")


def ticket(**changes: Any) -> Ticket:
    """Return a ticket about a shipped order with a partial refund."""
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


def german(text: str) -> Template:
    """Return a German template for all storefronts."""
    return Template(name="x", language="de", text=text)


def test_a_template_is_filled_with_the_tickets_fields() -> None:
    """K10: dates are written in the form of the template's language."""
    template = find_template(KAUFLAND, "on-its-way", "de-DE", "de")
    expected = """\
Guten Tag,

Ihre Bestellung W-4711 vom Fr., 2. Jan. 2026 wurde am Sa., 3. Jan. 2026 versandt. \
Die Sendungsnummer lautet 1Z999.
Bitte warten Sie noch drei Werktage; kommt das Paket nicht an, melden Sie sich hier erneut."""
    assert expected == fill_template(template, "00123456789", ticket(), KAUFLAND, BERLIN)


def test_an_unconfirmed_refund_is_not_among_the_fields() -> None:
    """K10: a template does not tell of money that has not moved yet."""
    pending = Refunded(
        at=AT, by="vendor", amount=Money.parse("5.00 USD"), reference="r", awaits_confirmation=True
    )
    filled = fill_template(german("{refunded}"), "7", fold((pending,), ticket()), KAUFLAND, BERLIN)

    assert "20,00\xa0$" == filled


@pytest.mark.parametrize("storefront", KAUFLAND.storefronts)
def test_every_storefront_has_its_templates(storefront: str) -> None:
    """K10, K12: each storefront's templates can be filled, with no field left over."""
    offered = templates_for(KAUFLAND, storefront)
    about = ticket(storefront=storefront)
    assert "on-its-way" in {template.name for template in offered}
    for template in offered:
        answer = fill_template(template, "00123456789", about, KAUFLAND, BERLIN)
        assert "{" not in answer
        assert "None" not in answer


def test_every_field_can_be_filled() -> None:
    """A ticket can have every field that a policy may name."""
    everything = " ".join(f"{name}={{{name}}}" for name in TEMPLATE_FIELDS)
    answer = fill_template(german(everything), "0012", ticket(), KAUFLAND, BERLIN)
    assert (
        "ticket=0012 title=Händlertickets von Kaufland Global Marketplace type=Anfrage "
        "opened=Mo., 12. Jan. 2026 subject=Where is it? category=orders subcategory=status "
        "reason=nicht geliefert storefront=de order=W-4711 sold=Fr., 2. Jan. 2026 "
        "amount=1.249,00 $ refunded=20,00 $ units=u1, u2 shipment=1Z999 "
        "shipped=Sa., 3. Jan. 2026"
    ) == answer.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("field", [name for name, always in TEMPLATE_FIELDS.items() if always])
def test_every_ticket_has_some_fields(field: str) -> None:
    """A notification may include a template with these fields, because every ticket has them."""
    bare = fold((Opened(at=AT, by="customer", type="request", zone="UTC"),))
    assert "" != fill_template(german(f"{{{field}}}"), "0012", bare, KAUFLAND, BERLIN)


@pytest.mark.parametrize("field", [name for name, always in TEMPLATE_FIELDS.items() if not always])
def test_a_field_that_the_ticket_lacks_is_refused(field: str) -> None:
    """A template with a field that the ticket lacks is refused."""
    bare = fold((Opened(at=AT, by="customer", type="request", zone="UTC"),))
    with pytest.raises(NotificationError, match=f"the field '{field}' has no value"):
        fill_template(german(f"{{{field}}}"), "0012", bare, KAUFLAND, BERLIN)


def test_an_order_that_was_not_shipped_has_no_shipment() -> None:
    """The template of an order that was not shipped can use all fields but the shipment."""
    unshipped = ticket(order=attrs.evolve(ORDER, shipments=()))
    assert "W-4711" == fill_template(german("{order}"), "0012", unshipped, KAUFLAND, BERLIN)
    with pytest.raises(NotificationError, match="the field 'shipment'"):
        fill_template(german("{order} {shipment}"), "0012", unshipped, KAUFLAND, BERLIN)


def test_a_value_is_never_read_as_a_template() -> None:
    """A value with braces is never read as a template."""
    hostile = ticket(subject="{order} {{ 7*7 }}")

    assert "{order} {{ 7*7 }}" == fill_template(
        german("{subject}"), "0012", hostile, KAUFLAND, BERLIN
    )


def test_a_template_keeps_its_language_for_every_recipient() -> None:
    """Dates in a Polish template are Polish, even for a German recipient."""
    template = find_template(KAUFLAND, "on-its-way", "pl", "pl")

    assert "pt., 2 sty 2026" in fill_template(template, "0012", ticket(), KAUFLAND, BERLIN)


@pytest.fixture
def both() -> Policy:
    """Return a policy with a template for all storefronts, and one for a single storefront."""
    return parse_policy(
        'extends = "kaufland"\nname = "k"\n'
        '[[template]]\nname = "hello"\nlanguage = "de"\ntext = "Guten Tag"\n'
        '[[template]]\nname = "hello"\nlanguage = "de"\nstorefronts = "at"\ntext = "Grüß Gott"\n'
    )


def test_a_storefronts_own_template_takes_precedence(both: Policy) -> None:
    """A storefront's own template takes precedence, in any order of the file."""
    texts = {s: find_template(both, "hello", "de-AT", s).text for s in ("at", "de")}
    assert {"at": "Grüß Gott", "de": "Guten Tag"} == texts


def test_a_missing_template_is_refused(both: Policy) -> None:
    """A template is missing unless name, language and storefront match."""
    for name, locale, storefront in (("helo", "de", "at"), ("hello", "it", "at")):
        with pytest.raises(NotificationError, match="has no version in"):
            find_template(both, name, locale, storefront)
    with pytest.raises(NotificationError, match="has no version in de for all storefronts"):
        find_template(both, "on-its-way", "de")
