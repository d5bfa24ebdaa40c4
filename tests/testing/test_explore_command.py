"""`ticketcore policy check --explore`."""

from pathlib import Path

from broken_policies import BROKEN
from cli_runs import ticketcore

BROKEN_TEXT, PROBLEM, _ = BROKEN["a warning comes after the closing"]


def test_a_good_policy_has_no_findings() -> None:
    """It says how many states it saw, and exits with 0."""
    ran = ticketcore("policy", "check", "--explore", "office")

    assert 0 == ran.code
    assert ran.out.splitlines()[-1].endswith(" states explored, no findings")


def test_each_finding_is_printed_as_a_scenario(tmp_path: Path) -> None:
    """The exit code is 1, and what is printed runs as it stands."""
    file = tmp_path / "wrong.toml"
    file.write_text(BROKEN_TEXT)
    ran = ticketcore("policy", "check", "--explore", file)
    story = tmp_path / "story.toml"
    story.write_text(ran.out[ran.out.index("# timer") : ran.out.rindex(f"{file}: ")])

    assert 1 == ran.code
    assert f"# {PROBLEM}: " in ran.out
    assert ran.out.endswith(" states explored, 1 finding\n")
    assert 0 == ticketcore("simulate", story).code


def test_a_file_that_does_not_load_counts_more(tmp_path: Path) -> None:
    """Broken input is 2, whatever was found beside it."""
    wrong, broken = tmp_path / "wrong.toml", tmp_path / "broken.toml"
    wrong.write_text(BROKEN_TEXT)
    broken.write_text("name = 1")

    assert 2 == ticketcore("policy", "check", "--explore", wrong, broken).code
