"""The page of history files says what a line is, and what can be wrong with a history."""

import re
from pathlib import Path

from ticketcore.errors import HistoryError
from ticketcore.events import from_line, to_line

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "histories.md").read_text(encoding="utf-8")


def test_every_problem_is_explained() -> None:
    """The codes in the table are those of HistoryError."""
    table = PAGE.partition("| problem | |")[2].partition("\n\n")[0]
    told = " ".join(re.findall(r"^\| (.*?) \|", table, re.MULTILINE))
    codes = re.findall(r"``([a-z0-9-]+)``", HistoryError.__doc__ or "")

    assert sorted(codes) == sorted(re.findall(r"`([a-z0-9-]+)`", told))


def test_the_line_is_one() -> None:
    """The line that the page shows is written as any other is today."""
    (line,) = re.findall(r"```json\n(.*)\n```", PAGE)

    assert line == to_line(from_line(line))
