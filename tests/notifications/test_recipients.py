"""Tests of recipients, senders and the choice of an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore.errors import NotificationError
from ticketcore.notifications import Recipient, Sender, address_of
from ticketcore.policies import load_policy

BOTH = Recipient(addresses={"account": "me@shop.example", "support": "help@shop.example"})
ONE = Recipient(addresses={"account": "me@shop.example"})
OTHER = Recipient(addresses={"support": "help@shop.example"})


def test_the_vendor_gets_email_at_the_support_address() -> None:
    """C4: e-mails to the vendor go to the support address."""
    assert "help@shop.example" == address_of(BOTH, "vendor", load_policy("clickbank"))


def test_a_vendor_without_a_support_address_gets_email_at_the_account_address() -> None:
    """C4: without a support address, e-mails go to the account address."""
    assert "me@shop.example" == address_of(ONE, "vendor", load_policy("clickbank"))


def test_the_customer_gets_email_at_the_address_on_file() -> None:
    """O2: answers and the closing are sent to the address on file."""
    assert "me@shop.example" == address_of(BOTH, "customer", load_policy("office"))


def test_a_missing_address_is_an_error() -> None:
    """A recipient without an address that the policy lists is an error."""
    with pytest.raises(
        NotificationError, match="add the account address of the customer"
    ) as caught:
        address_of(OTHER, "customer", load_policy("office"))
    assert ("address", "support") == (caught.value.what, caught.value.value)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "anna",
        "anna@",
        "@post.example",
        "anna@post.example\nBcc: all@post.example",
        "anna@post.example\r\nBcc: all@post.example",
        "anna@post.example, bela@post.example",
        "Anna <anna@post.example>",
        '"anna"@post.example',
        "anna@post example",
        "anna@-post.example",
        "anna@post..example",
        "anna@post.example\x00",
        "änna@post.example",
        "anna@pöst.example",
        "anna@post.example\n",
    ],
)
def test_an_invalid_address_is_refused(address: str) -> None:
    """An invalid address of a recipient or a sender is refused."""
    with pytest.raises(NotificationError, match="is not an e-mail address"):
        Recipient(addresses={"account": address})
    with pytest.raises(NotificationError, match="is not an e-mail address"):
        Sender(address=address)


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "\x00"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    """A recipient with an unknown zone is refused."""
    with pytest.raises(NotificationError, match="is not a time zone"):
        Recipient(zone=zone)


@given(st.text())
def test_a_name_is_one_line(name: str) -> None:
    """Names of recipients and senders have no line breaks."""
    assert len(Recipient(name=name).name.splitlines()) <= 1
    assert Recipient(name=name).name == Sender(address="a@b.example", name=name).name
