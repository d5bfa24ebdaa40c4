"""`ticketcore policy check --explore`."""

from pathlib import Path

from cli_runs import ticketcore
from support.broken_policies import BROKEN

BROKEN_TEXT, PROBLEM, _ = BROKEN["a warning comes after the closing"]


def test_a_good_policy_has_no_findings() -> None:
    """It says how many states it saw, and exits with 0."""
    ran = ticketcore("policy", "check", "--explore", "office")

    assert 0 == ran.code
    assert ran.out.splitlines()[-1].endswith(" states explored, no findings")


def test_a_bound_that_is_met_is_told() -> None:
    """What never happens is not known then."""
    ran = ticketcore("policy", "check", "--explore", "--bound", "20", "clickbank")

    told = "20 states explored, no findings; there are more, so what never happens is not known"
    assert (0, True) == (ran.code, f"clickbank: {told}: --bound\n" in ran.out)


def test_each_finding_is_printed_as_a_scenario(tmp_path: Path) -> None:
    """It comes after how many there are, and runs as it stands; the exit code is 1."""
    file = tmp_path / "wrong.toml"
    file.write_text(BROKEN_TEXT)
    ran = ticketcore("policy", "check", "--explore", file)
    story = tmp_path / "story.toml"
    summary, printed = ran.out.split("\n\n", 1)
    story.write_text(printed)

    assert 1 == ran.code
    assert printed.startswith(f"# {PROBLEM}: ")
    assert summary.endswith(" states explored, 1 finding")
    assert 0 == ticketcore("simulate", story).code


def test_a_file_that_does_not_load_counts_more(tmp_path: Path) -> None:
    """Broken input is 2, whatever was found beside it."""
    wrong, broken = tmp_path / "wrong.toml", tmp_path / "broken.toml"
    wrong.write_text(BROKEN_TEXT)
    broken.write_text("name = 1")

    assert 2 == ticketcore("policy", "check", "--explore", wrong, broken).code
