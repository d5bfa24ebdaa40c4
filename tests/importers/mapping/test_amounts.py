"""Amounts of money in logs: signs for thousands, decimals and currencies."""

import pytest

from ticketcore.errors import MoneyError
from ticketcore.importers.mapping._amounts import amount_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1234.50 EUR", "1234.50 EUR"),
        ("1,234.50 EUR", "1234.50 EUR"),
        ("1.234,5 EUR", "1234.50 EUR"),
        ("1 234,50 EUR", "1234.50 EUR"),
        ("CHF 1'234.50", "1234.50 CHF"),
        ("€1,234,567 EUR", "1234567.00 EUR"),
        ("-12,50 € EUR", "-12.50 EUR"),
        ("$ 12 USD", "12.00 USD"),
        ("49.9900 USD", "49.99 USD"),
        ("1,234 JPY", "1234 JPY"),
        ("1234.00 JPY", "1234 JPY"),
        ("1.234 KWD", "1.234 KWD"),
        ("1,234.5 KWD", "1234.500 KWD"),
    ],
)
def test_an_amount_can_be_written_in_many_ways(text: str, expected: str) -> None:
    """An amount may be written with symbols, and without minor digits."""
    assert expected == str(amount_of(text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1.234 EUR", "the mark may be for thousands or decimals: write 2 decimals"),
        ("49,990 EUR", "the mark may be for thousands or decimals"),
        ("1,234 KWD", "the mark may be for thousands or decimals: write 3 decimals"),
        ("€12.00", 'expected one code of a currency; add it, as in "{Amount} EUR"'),
        ("12 EUR USD", "expected one code of a currency"),
        ("1,23,456.00 EUR", "write it like '49.00 USD'"),
        ("about 12 EUR", "write it like '49.00 USD'"),
        ("EUR", "write it like '49.00 USD'"),
        ("49.9901 USD", "with all minor digits"),
        (f"{'9' * 40} EUR", "with all minor digits"),
    ],
)
def test_an_amount_that_is_not_clear_is_refused(text: str, message: str) -> None:
    """An amount that is not clear is refused, and never rounded or guessed."""
    with pytest.raises(MoneyError) as caught:
        amount_of(text)

    assert message in str(caught.value)
