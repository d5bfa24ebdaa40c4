"""`ticketcore policy new` writes a policy to begin with."""

from pathlib import Path

import pytest

from support.command_line import ticketcore, usage_error
from ticketcore.cli.commands.policy._new import Like
from ticketcore.policies import starters


def test_every_starter_can_be_chosen() -> None:
    """The option --like of `policy new` offers every starter policy."""
    assert [*starters()] == [like.value for like in Like]


def test_both_files_are_written_and_the_next_commands_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`policy new` writes both files, and prints the commands to run next."""
    monkeypatch.chdir(tmp_path)
    ran = ticketcore("policy", "new", "my-desk", "--like", "refunds")

    assert 0 == ran.code
    assert (
        "wrote my-desk.toml\nwrote my-desk.scenario.toml\n\n"
        "ticketcore policy check --explore my-desk.toml\nticketcore test my-desk.scenario.toml\n"
    ) == ran.out
    for line in ran.out.splitlines()[-2:]:
        assert 0 == ticketcore(*line.split()[1:]).code


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """If one of the files exists, neither file is written."""
    scenario = tmp_path / "my-desk.scenario.toml"
    scenario.write_text("mine")
    ran = ticketcore("policy", "new", "my-desk", "--like", "office", "--folder", tmp_path)

    assert 2 == ran.code
    assert "exists: choose another name or folder" in usage_error(ran)
    assert [scenario] == [*tmp_path.iterdir()]
    assert "mine" == scenario.read_text()


def test_a_wrong_name_is_refused(tmp_path: Path) -> None:
    """A wrong policy name is refused, and no file is written."""
    ran = ticketcore("policy", "new", "My Desk", "--like", "office", "--folder", tmp_path)

    assert 2 == ran.code
    assert "My Desk: not a name" in ran.err
    assert [] == [*tmp_path.iterdir()]
