"""Other readings of the rules: each is a small policy over a preset, and a scenario shows it.

C5 C6 C7 C12 C14 C15 C16 C21 K2 W3 A1 A3 A6 O1 O4: where a rule can be read in two ways, changing
the policy file alone gives the other.
"""

import re
from pathlib import Path

import pytest

from support.builders import LocalStory, order, preset
from ticketcore.decider import advise, check_profile
from ticketcore.events import Money
from ticketcore.policies import load_policy, parse_policy
from ticketcore.scenarios import parse_scenario, run_scenario

READINGS = Path(__file__).parents[2] / "examples" / "readings"
SCENARIOS = sorted(READINGS.glob("*.scenario.toml"))
POLICIES = sorted(set(READINGS.glob("*.toml")) - set(SCENARIOS))

# Shown by a function, not by a ticket's story: the two tests at the end.
FUNCTIONS = {"a03-at-or-below", "a06-the-whole-checklist"}
READ_IN_TWO_WAYS = {"A1", "A3", "A6", "C12", "C14", "C15", "C16", "C21", "C5", "C6", "C7"} | {
    "K2",
    "O1",
    "O4",
    "W3",
}


UNPAID = """
extends = "{}"
name = "unpaid"
[[timer]]
name = "refund"
remove = true
[[timer]]
name = "refund-at-once"
remove = true
"""


def name_of(path: Path) -> str:
    """The name of a reading: its file's, without endings."""
    return path.name.split(".")[0]


@pytest.mark.parametrize("path", SCENARIOS, ids=name_of)
def test_a_reading_makes_the_difference_that_it_names(path: Path) -> None:
    """What its scenario expects happens under the reading, and does not under the preset."""
    text = path.read_text(encoding="utf-8")
    policy = f"{name_of(path)}.toml"
    parent = load_policy(READINGS / policy).extends[0]

    assert () == run_scenario(parse_scenario(text, str(path))).failures
    under_the_preset = parse_scenario(text.replace(policy, parent), str(path))
    assert () != run_scenario(under_the_preset).failures


@pytest.mark.parametrize("path", POLICIES, ids=name_of)
def test_a_reading_says_what_it_reads_otherwise(path: Path) -> None:
    """A reading begins with the rule, its own reading and that of the preset."""
    lines = path.read_text(encoding="utf-8").splitlines()

    assert re.match(r"# [A-Z]\d+: ", lines[0])
    assert ["# This file: ", "# The preset: "] == [lines[1][:13], lines[2][:14]]
    assert lines[4].startswith("extends = ")
    assert name_of(path) == load_policy(path).name


def test_every_reading_has_its_scenario() -> None:
    """Each reading has a scenario, or a function of this file, that shows it."""
    assert {name_of(p) for p in POLICIES} == {name_of(p) for p in SCENARIOS} | FUNCTIONS


def test_every_rule_that_can_be_read_in_two_ways_has_another_reading() -> None:
    """No such rule is without a file that reads it otherwise."""
    heads = [path.read_text(encoding="utf-8").split(":")[0] for path in POLICIES]

    assert READ_IN_TWO_WAYS == {head.removeprefix("# ") for head in heads}


def test_turning_a_ticket_into_a_refund_is_judged_alike() -> None:
    """C14: where the window is judged when the refund is paid, so it is for a change of type; a
    type that nothing carries out is judged when it is asked for."""
    policy = load_policy(READINGS / "c14-checked-when-paid.toml")
    story = LocalStory(policy, "America/Boise").open("2026-03-02 09:00", order=order())
    late = ("change-type", "2026-03-03 04:00", "customer")
    assert "window-passed" == story.refused(*late, type="refund")[0]

    unpaid = UNPAID.format(READINGS / "c14-checked-when-paid.toml")
    story = LocalStory(parse_policy(unpaid), "America/Boise").open(
        "2026-03-02 09:00", order=order()
    )
    assert "refund" == story.do(*late, type="refund").ticket.type


def test_at_the_amount_itself_the_customer_is_refunded() -> None:
    """A3: at 20.00 the reading refunds and the preset does not; above, neither does."""
    reading, at_the_amount = load_policy(READINGS / "a03-at-or-below.toml"), Money(2000, "USD")
    for policy, amount, expected in [
        (reading, at_the_amount, "refund"),
        (preset("amazon-pay"), at_the_amount, "ask"),
        (reading, Money(2001, "USD"), "ask"),
    ]:
        story = LocalStory(policy, "UTC").open("2026-01-12 09:00", order=order(amount=amount))
        assert expected == advise(story.ticket, policy).action


def test_the_whole_checklist_asks_for_more() -> None:
    """A6: a profile that lacks nothing under the preset lacks two items under the reading."""
    full = dict.fromkeys(preset("amazon-pay").profile.items, True)

    assert () == check_profile(full, preset("amazon-pay"))
    assert 2 == len(check_profile(full, load_policy(READINGS / "a06-the-whole-checklist.toml")))
