"""The tables of keys in the docs follow from the declarations of the keys."""

from pathlib import Path

import pytest

from key_tables import PAGES, rewritten


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_tables_are_present(page: Path) -> None:
    """Each table of keys in the docs is what `make docs` writes."""
    text = page.read_text(encoding="utf-8")

    assert "<!-- keys: " in text
    assert rewritten(text) == text
