"""How people are reached, and what is no address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore.errors import NoticeError
from ticketcore.notifications import Reader, Sender, address_of
from ticketcore.policies import load_policy

BOTH = Reader(addresses={"account": "me@shop.example", "support": "help@shop.example"})
ONE = Reader(addresses={"account": "me@shop.example"})
OTHER = Reader(addresses={"support": "help@shop.example"})


def test_a_vendor_is_told_at_his_support_address() -> None:
    """C4: the vendor's e-mails go to the support address."""
    assert "help@shop.example" == address_of(BOTH, "vendor", load_policy("clickbank"))


def test_a_vendor_without_a_support_address_is_told_at_the_accounts() -> None:
    """C4: or, without one, to the account address."""
    assert "me@shop.example" == address_of(ONE, "vendor", load_policy("clickbank"))


def test_a_customer_is_told_at_the_address_on_file() -> None:
    """O2: answers and the closing are notified to the address on file."""
    assert "me@shop.example" == address_of(BOTH, "customer", load_policy("office"))


def test_somebody_without_the_address_is_not_told_elsewhere() -> None:
    """The office's customer has an address on file, or none."""
    with pytest.raises(NoticeError, match="the customer is reached at account") as caught:
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
def test_what_is_no_address_is_refused(address: str) -> None:
    """Of one that reads and of one that sends: a header is never built from it."""
    with pytest.raises(NoticeError, match="is no e-mail address"):
        Reader(addresses={"account": address})
    with pytest.raises(NoticeError, match="is no e-mail address"):
        Sender(address=address)


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "\x00"])
def test_what_is_no_zone_is_refused(zone: str) -> None:
    """A wrong zone would tell everybody wrong times."""
    with pytest.raises(NoticeError, match="is no IANA time zone"):
        Reader(zone=zone)


@given(st.text())
def test_a_name_is_one_line(name: str) -> None:
    """Whatever a person calls himself."""
    assert len(Reader(name=name).name.splitlines()) <= 1
    assert Reader(name=name).name == Sender(address="a@b.example", name=name).name
