"""Scenario files are found, run and checked."""

from pathlib import Path

import pytest

from support.stories.scenarios import CLOSED, LATE_CLOSE, REFUND, REFUSED
from ticketcore.scenarios import check_scenario, find_scenarios


def test_directories_are_searched_for_scenarios(tmp_path: Path) -> None:
    """All scenarios in a directory and below are found in order; other files are skipped."""
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "one.toml").write_text(REFUND)
    (tmp_path / "a.toml").write_text(REFUND)
    (tmp_path / "mine.toml").write_text('name = "mine"\nextends = "clickbank"')
    (tmp_path / "notes.txt").write_text(REFUND)
    assert [tmp_path / "a.toml", tmp_path / "b" / "one.toml"] == list(find_scenarios([tmp_path]))


def test_a_named_file_is_always_found(tmp_path: Path) -> None:
    """A file that is given by its name is yielded unread, so that its mistakes are reported."""
    assert [tmp_path / "mine.toml"] == list(find_scenarios([tmp_path / "mine.toml"]))


@pytest.mark.parametrize(
    ("text", "state", "expectations", "finding"),
    [
        (REFUND + LATE_CLOSE + REFUSED + CLOSED, "passed", 2, ""),
        (REFUND + CLOSED, "failed", 1, "status: closed; found: open"),
        (REFUND, "failed", 0, "the scenario checks nothing"),
        (REFUND + "[exect]", "broken", 0, 'unknown key; did you mean "expect"?'),
        (REFUND.replace("2026", "2199"), "broken", 0, "2100"),
    ],
)
def test_a_scenario_passes_fails_or_is_broken(
    tmp_path: Path, text: str, state: str, expectations: int, finding: str
) -> None:
    """A scenario fails if an expectation is not met, and also without any expectation."""
    file = tmp_path / "scenario.toml"
    file.write_text('name = "a story"\n' + text)
    result = check_scenario(file)
    assert (state, expectations) == (result.state, result.expectations)
    assert finding in "".join(result.findings)


GUARANTEED = """\
name = "mine"
extends = "clickbank"
[[guarantee]]
name = "no-silence"
rule = "G1"
always = { event = "closed", within = "1 hours", from = "opened" }
[[guarantee]]
name = "no-escalation"
never = { event = "escalated" }
"""


@pytest.mark.parametrize(
    ("expected", "expectations"), [("", 1), (CLOSED.replace("closed", "open"), 2)]
)
def test_a_scenario_that_breaks_a_guarantee_fails(
    tmp_path: Path, expected: str, expectations: int
) -> None:
    """A scenario that breaks a guarantee fails; a guarantee that holds is no expectation."""
    (tmp_path / "mine.toml").write_text(GUARANTEED)
    file = tmp_path / "scenario.toml"
    head = 'until = 2026-01-09T17:00:00-07:00\npolicy = "mine.toml"'
    file.write_text(REFUND.replace('policy = "clickbank"', head) + expected)
    result = check_scenario(file)

    assert ("failed", expectations) == (result.state, result.expectations)
    assert (
        'guarantee "no-silence" (G1) holds; found: closed is missing on '
        "Fri 2026-01-09 16:00 UTC-07:00, the last instant for it",
    ) == result.findings
