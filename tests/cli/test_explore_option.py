"""`ticketcore policy check --explore`."""

from pathlib import Path

from cli_runs import ticketcore
from support.broken_policies import BROKEN

FAULTY = BROKEN["a warning that comes after the closing"]


def test_a_good_policy_has_no_findings() -> None:
    """The last line says how many states were explored; the exit code is 0."""
    ran = ticketcore("policy", "check", "--explore", "office")

    assert 0 == ran.code
    assert ran.out.splitlines()[-1].endswith(" states explored, no findings")


def test_a_limit_that_is_reached_is_reported() -> None:
    """The line names the option that raises the limit."""
    ran = ticketcore("policy", "check", "--explore", "--max-states", "20", "clickbank")
    line = (
        "20 states explored, no findings; "
        "stopped at the limit and reported over-refunds only: raise --max-states for the rest"
    )

    assert (0, True) == (ran.code, f"clickbank: {line}\n" in ran.out)


def test_each_finding_is_printed_as_a_scenario(tmp_path: Path) -> None:
    """The scenario follows the number of findings and runs as it is; the exit code is 1."""
    file = tmp_path / "wrong.toml"
    file.write_text(FAULTY.text)
    ran = ticketcore("policy", "check", "--explore", file)
    story = tmp_path / "story.toml"
    summary, printed = ran.out.split("\n\n", 1)
    story.write_text(printed)

    assert 1 == ran.code
    assert printed.startswith(f"# {FAULTY.code}: ")
    assert summary.endswith(" states explored, 1 finding")
    assert 0 == ticketcore("simulate", story).code


def test_a_file_that_does_not_load_decides_the_exit_code(tmp_path: Path) -> None:
    """The exit code is 2 if a file is broken, whatever the exploration of another finds."""
    wrong, broken = tmp_path / "wrong.toml", tmp_path / "broken.toml"
    wrong.write_text(FAULTY.text)
    broken.write_text("name = 1")

    assert 2 == ticketcore("policy", "check", "--explore", wrong, broken).code
