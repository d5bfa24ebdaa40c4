"""The scenario files in `examples/`, one folder for each system: all pass, and no rule is missing.

C1 C5 C6 C7 C8 C9 C10 C11 C12 C13 C14 C15 C16 C17 C20 C21 C23, K1 K2 K3 K5 K6 K7 K8 K9 K12 K14, W1
W2 W3 W5 W6 W7 W8 W9, A1 A2 A3 A4 A5 and O1 O3 O4 O5 O7 O8 O9 O10 affect decisions or what a ticket
holds, so each is in a scenario. All other rules are about lists, emails, metrics and functions.
Rules that refuse a command are in a scenario with a refusal.
"""

import re
from pathlib import Path

import pytest

from ticketcore.scenarios import check_scenario, find_scenarios

EXAMPLES = Path(__file__).parents[2] / "examples"
SYSTEMS = ("amazon-pay", "clickbank", "kaufland", "office", "webshippy")
SCENARIOS = [path for system in SYSTEMS for path in find_scenarios([EXAMPLES / system])]
RULES = set(re.findall(r"\b[CKWAO]\d+\b", __doc__ or ""))
REFUSING = set("C9 C11 C14 K3 K5 K7 K8 K12 W1 W6 W9 A2 A4 O3 O4 O7 O8".split())


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_scenario_passes(path: Path) -> None:
    """Every scenario has expectations, and all of them are met."""
    result = check_scenario(path)

    assert ((), "passed") == (result.findings, result.state)
    assert result.expectations


@pytest.mark.parametrize("system", SYSTEMS)
def test_each_system_has_scenarios(system: str) -> None:
    """A system has eight scenarios or more, and at least one of them expects a refusal."""
    texts = [path.read_text(encoding="utf-8") for path in (EXAMPLES / system).glob("*.toml")]

    assert 8 <= len(texts)
    assert any("expect = { refused" in text for text in texts)


def test_every_rule_that_affects_decisions_is_in_a_scenario() -> None:
    """The scenarios name every rule that affects decisions."""
    assert set() == RULES - rules_in(SCENARIOS)


def test_every_rule_that_refuses_a_command_is_in_a_scenario_with_a_refusal() -> None:
    """Each rule that refuses a command is named by a scenario that expects a refusal."""
    refusing = [path for path in SCENARIOS if "refused = " in path.read_text(encoding="utf-8")]

    assert set() == REFUSING - rules_in(refusing)


def rules_in(paths: list[Path]) -> set[str]:
    """Return the rule ids in the comments of scenarios."""
    comments = [re.findall(r"#.*", path.read_text(encoding="utf-8")) for path in paths]
    return {rule for lines in comments for rule in re.findall(r"\b[CKWAO]\d+\b", "\n".join(lines))}
