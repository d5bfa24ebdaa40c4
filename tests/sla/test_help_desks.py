"""The policies in `examples/help-desks`, one for each help desk, and the preset `help-desk`."""

from pathlib import Path

import pytest

from support.clocks.cases import HELP_DESKS
from ticketcore.policies import load_policy
from ticketcore.scenarios import check_scenario, find_scenarios

START = "help-desk"
FOLDERS = sorted(path for path in HELP_DESKS.iterdir() if path.is_dir())
POLICIES = [path / f"{path.name}.toml" for path in FOLDERS if path.name != START]
SCENARIOS = list(find_scenarios([HELP_DESKS]))
SYSTEMS = {
    "chatwoot",
    "freshdesk",
    "frappe-helpdesk",
    "glpi",
    "jira-service-management",
    "osticket",
    "rt",
    "servicenow",
    "zammad",
    "zendesk",
    "znuny",
}


def test_each_help_desk_has_a_policy() -> None:
    """Each help desk has a policy file, and each file belongs to one."""
    assert SYSTEMS == {path.stem for path in POLICIES}


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_a_policy_loads_and_says_where_it_differs(path: Path) -> None:
    """The head of each file names its source, and lists what differs from the system."""
    head = path.read_text(encoding="utf-8").split("\nname = ")[0]

    assert path.stem == load_policy(path).name
    assert "\n# Source: " in head
    assert "\n# What differs from " in head


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_scenario_passes(path: Path) -> None:
    """Every scenario has expectations, and all of them are met."""
    result = check_scenario(path)

    assert ((), "passed") == (result.findings, result.state)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_each_policy_has_scenarios(folder: Path) -> None:
    """Each policy has at least two scenarios."""
    assert 2 <= len([path for path in SCENARIOS if path.parent == folder])


def test_the_preset_has_four_targets_and_two_closings() -> None:
    """The preset has four targets, and closes tickets that nobody answers."""
    names = {timer.name for timer in load_policy(START).timers}

    assert {"first-reply", "next-reply", "update", "resolution", "silence", "solved"} == names
