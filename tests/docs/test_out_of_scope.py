"""The page on what the library leaves to the shop."""

from pathlib import Path

import pytest

from ticketcore.commands import COMMANDS

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "out-of-scope.md"


@pytest.mark.parametrize("word", ["download", "invoice", "receipt", "address"])
def test_the_page_names_what_is_the_shops_business(word: str) -> None:
    """C24: the docs name the shop's own business, and no command does it."""
    assert word in PAGE.read_text(encoding="utf-8").lower()
    assert [] == [name for name in COMMANDS if word in name]
