"""A small shop whose history the commands of the workbench read."""

import pytest

from support.histories.comparisons import FAST_FILE, SLOW_FILE, Desk, record, stories


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Forty tickets, and two policies that differ in their spans."""
    folder = tmp_path_factory.mktemp("desk")
    made = Desk(folder / "history.jsonl", folder / "slow.toml", folder / "fast.toml")
    made.slow.write_text(SLOW_FILE, "utf-8")
    made.fast.write_text(FAST_FILE, "utf-8")
    record(made.history, list(stories(40, seed=3)))
    return made
