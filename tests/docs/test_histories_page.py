"""The page on history files."""

import re
from pathlib import Path

from ticketcore.errors import HistoryError
from ticketcore.events import from_line, to_line

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "histories.md").read_text(encoding="utf-8")


def test_the_page_explains_every_problem() -> None:
    """The page explains every problem that the docstring of HistoryError lists."""
    table = PAGE.partition("| problem | meaning |")[2].partition("\n\n")[0]
    explained = " ".join(re.findall(r"^\| (.*?) \|", table, re.MULTILINE))
    codes = re.findall(r"``([a-z0-9-]+)``", HistoryError.__doc__ or "")

    assert sorted(codes) == sorted(re.findall(r"`([a-z0-9-]+)`", explained))


def test_the_line_on_the_page_has_the_stored_form() -> None:
    """The line on the page on histories has the stored form."""
    (line,) = re.findall(r"```json\n(.*)\n```", PAGE)

    assert line == to_line(from_line(line))
