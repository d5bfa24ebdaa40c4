"""The page that says where things live."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "contributing" / "where-things-live.md").read_text(encoding="utf-8")
PATHS = re.findall(r"`([\w./-]+)`", PAGE.partition("## ")[2])


@pytest.mark.parametrize("path", PATHS)
def test_each_path_of_the_page_exists(path: str) -> None:
    """Each path is a file or folder of the package, or of the repository."""
    assert (ROOT / "src" / "ticketcore" / path).exists() or (ROOT / path).exists()
