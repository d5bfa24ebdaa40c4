from pathlib import Path

import pytest

from support.scenario_texts import CLOSED, LATE_CLOSE, REFUND, REFUSED
from ticketcore.scenarios import check_scenario, find_scenarios


def test_scenarios_are_found_below_a_directory(tmp_path: Path) -> None:
    """In directories all scenarios are found, in order, and policies are left alone."""
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "one.toml").write_text(REFUND)
    (tmp_path / "a.toml").write_text(REFUND)
    (tmp_path / "mine.toml").write_text('name = "mine"\nextends = "clickbank"')
    (tmp_path / "notes.txt").write_text(REFUND)
    assert [tmp_path / "a.toml", tmp_path / "b" / "one.toml"] == list(find_scenarios([tmp_path]))


def test_a_file_that_is_named_is_played_whatever_it_is(tmp_path: Path) -> None:
    """Who names a file means it, so that its mistakes are told."""
    assert [tmp_path / "mine.toml"] == list(find_scenarios([tmp_path / "mine.toml"]))


@pytest.mark.parametrize(
    ("text", "state", "checks", "finding"),
    [
        (REFUND + LATE_CLOSE + REFUSED + CLOSED, "passed", 2, ""),
        (REFUND + CLOSED, "failed", 1, "status: closed; found: open"),
        (REFUND, "failed", 0, "nothing is expected"),
        (REFUND + "[exect]", "broken", 0, 'unknown key; did you mean "expect"?'),
        (REFUND.replace("2026", "2199"), "broken", 0, "2100"),
    ],
)
def test_a_scenario_is_judged(
    tmp_path: Path, text: str, state: str, checks: int, finding: str
) -> None:
    """It passes when all is met; fails when not, or when nothing is expected; or is broken."""
    file = tmp_path / "scenario.toml"
    file.write_text('name = "a story"\n' + text)
    verdict = check_scenario(file)
    assert (state, checks) == (verdict.state, verdict.expectations)
    assert finding in "".join(verdict.findings)
