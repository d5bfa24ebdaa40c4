"""The scenario files under `examples/`, one folder per system: they pass and cover every rule.

C1 C5 C6 C7 C8 C9 C10 C11 C12 C13 C14 C15 C16 C17 C20 C21, K1 K2 K5 K6 K7 K8 K9 K12,
W1 W2 W3 W5 W6 W7, A1 A2 A3 A4 A5 and O1 O3 O4 O5 decide something, so each is in a scenario.
"""

import re
from pathlib import Path

import pytest

from ticketcore.scenarios import check_scenario, find_scenarios

EXAMPLES = Path(__file__).parents[2] / "examples"
SYSTEMS = ("amazon-pay", "clickbank", "kaufland", "office", "webshippy")
STORIES = [path for system in SYSTEMS for path in find_scenarios([EXAMPLES / system])]
DECIDING = set(re.findall(r"\b[CKWAO]\d+\b", __doc__ or ""))


@pytest.mark.parametrize("path", STORIES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_scenario_passes(path: Path) -> None:
    """Every expectation of a scenario is met, and each scenario has at least one."""
    verdict = check_scenario(path)

    assert ((), "passed") == (verdict.findings, verdict.state)
    assert verdict.expectations


@pytest.mark.parametrize("system", SYSTEMS)
def test_each_system_has_its_typical_scenarios(system: str) -> None:
    """Each system has at least eight scenarios, and at least one of them shows a refusal."""
    texts = [path.read_text(encoding="utf-8") for path in (EXAMPLES / system).glob("*.toml")]

    assert 8 <= len(texts)
    assert any("expect = { refused" in text for text in texts)


def test_every_rule_that_decides_something_is_in_a_scenario() -> None:
    """The comments of the scenarios quote the id of each such rule."""
    told = set()
    for path in STORIES:
        comments = re.findall(r"#.*", path.read_text(encoding="utf-8"))
        told |= set(re.findall(r"\b[CKWAO]\d+\b", "\n".join(comments)))

    assert set() == DECIDING - told
