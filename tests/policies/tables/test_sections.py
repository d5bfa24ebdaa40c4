"""The values of policy sections: permissions, caps of refunds, and words of closed sets."""

import pytest

from support.policies.shop_policy import SMALL, read
from ticketcore.events import Money
from ticketcore.policies import Condition, Permission, RefundRules, parse_policy


@pytest.mark.parametrize(
    ("minor", "currency", "cap"),
    [(10_000, "USD", 11_000), (1_009, "USD", 1_109), (100_000, "USD", 107_500), (100, "EUR", 100)],
)
def test_the_cap_of_refunds_is_a_share_of_the_payment(minor: int, currency: str, cap: int) -> None:
    """A4: the cap of refunds is a share of the payment, limited in each currency."""
    rules = RefundRules(over_refund_percent=10, over_refund_max={"USD": Money(7_500, "USD")})
    assert cap == rules.cap(Money(minor, currency))


@pytest.mark.parametrize("percent", [0, 100])
def test_the_surplus_is_0_to_100_percent(percent: int) -> None:
    """The surplus of refunds may be 0 to 100 percent, with both limits included."""
    refunds = read(f"[refunds]\nover_refund_percent = {percent}\n").refunds
    assert percent == refunds.over_refund_percent


@pytest.mark.parametrize("word", ["inclusive", "exclusive", "end-of-day"])
def test_each_bound_of_a_window_can_be_written(word: str) -> None:
    """Each bound of a window can be written in a file, including the default."""
    policy = read(f'[types.late]\norder = true\nwindow_bound = "{word}"\n')
    assert word == policy.types["late"].window_bound


@pytest.mark.parametrize("word", ["on-request", "when-due"])
def test_each_time_of_checking_a_window_can_be_written(word: str) -> None:
    """Each value of `window_checked` can be written in a file, including the default."""
    policy = read(f'[types.late]\norder = true\nwindow_checked = "{word}"\n')
    assert word == policy.types["late"].window_checked


@pytest.mark.parametrize("word", ["report", "refuse"])
def test_each_treatment_of_duplicates_can_be_written(word: str) -> None:
    """Each treatment of duplicates can be written in a file, including the default."""
    assert word == read(f'[opening]\npossible_duplicates = "{word}"\n').opening.possible_duplicates


@pytest.mark.parametrize("word", ["vendor", "support"])
def test_each_default_handler_can_be_written(word: str) -> None:
    """Each default handler can be written in a file, including the default."""
    assert word == parse_policy(f'default_handler = "{word}"' + SMALL).default_handler


def test_a_permission_has_no_conditions_requirements_or_end_by_default() -> None:
    """A permission without further keys applies to every ticket, without an end."""
    expected = Permission(commands=("open",), by=("customer",), when=Condition())

    assert (expected,) == read("").permissions
