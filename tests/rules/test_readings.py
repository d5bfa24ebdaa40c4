"""Other readings of the rules: each is a small policy that extends a preset, with a scenario.

C5 C6 C7 C11 C12 C13 C14 C15 C16 C18 C21 K2 K3 K5 K11 W3 W9 A1 A3 A4 A5 A6 O1 O4 O7 O8 O9 can be
read in two ways. A change of the policy file is enough for the other reading.
"""

import re
from pathlib import Path

import pytest

from support.builders import LocalStory, order, preset
from ticketcore.decider import advise, check_profile
from ticketcore.events import Money, Recorded, Warned
from ticketcore.notifications import notifications
from ticketcore.policies import load_policy, parse_policy
from ticketcore.scenarios import parse_scenario, run_scenario

READINGS = Path(__file__).parents[2] / "examples" / "readings"
SCENARIOS = sorted(READINGS.glob("*.scenario.toml"))
POLICIES = sorted(set(READINGS.glob("*.toml")) - set(SCENARIOS))

# These are about functions, not about tickets. The tests at the end check them.
FUNCTIONS = {"a03-at-or-below", "a06-telephone-too", "c18-every-reminder-offers-a-refund"}
AMBIGUOUS = set(
    (
        "C5 C6 C7 C11 C12 C13 C14 C15 C16 C18 C21 K2 K3 K5 K11 W3 W9 A1 A3 A4 A5 A6 O1 O4 O7 O8 O9"
    ).split()
)


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
    """Return the name of a reading: the name of its file, without endings."""
    return path.name.split(".")[0]


@pytest.mark.parametrize("path", SCENARIOS, ids=name_of)
def test_a_scenario_passes_under_the_reading_only(path: Path) -> None:
    """The scenario of a reading passes under its policy, and fails under the preset."""
    text = path.read_text(encoding="utf-8")
    policy = f"{name_of(path)}.toml"
    parent = load_policy(READINGS / policy).extends[0]

    assert () == run_scenario(parse_scenario(text, path.name, folder=READINGS)).failures
    with_preset = parse_scenario(text.replace(policy, parent), path.name, folder=READINGS)
    assert () != run_scenario(with_preset).failures


@pytest.mark.parametrize("path", POLICIES, ids=name_of)
def test_a_reading_begins_with_its_question(path: Path) -> None:
    """The first three lines hold the rule, the reading of this file and that of the preset."""
    lines = path.read_text(encoding="utf-8").splitlines()

    assert re.match(r"# [A-Z]\d+: ", lines[0])
    assert ["# This file: ", "# The preset: "] == [lines[1][:13], lines[2][:14]]
    assert lines[4].startswith("extends = ")
    assert name_of(path) == load_policy(path).name


@pytest.mark.parametrize("path", POLICIES, ids=name_of)
def test_a_timer_of_a_reading_is_met_by_the_same(path: Path) -> None:
    """A timer of a reading replaces that of the preset, and is met by the same events."""
    reading = load_policy(path)
    met_by = {timer.name: timer.met_by for timer in preset(reading.extends[0]).timers}

    assert met_by == {timer.name: timer.met_by for timer in reading.timers}


def test_every_reading_has_its_scenario() -> None:
    """Every reading has a scenario, or a test of a function in this module."""
    assert {name_of(p) for p in POLICIES} == {name_of(p) for p in SCENARIOS} | FUNCTIONS


def test_every_ambiguous_rule_has_another_reading() -> None:
    """Each rule that can be read in two ways has a file with the other reading."""
    heads = [path.read_text(encoding="utf-8").split(":")[0] for path in POLICIES]

    assert AMBIGUOUS == {head.removeprefix("# ") for head in heads}


def test_a_change_of_type_checks_the_window_when_due() -> None:
    """C14: if the window is checked when the refund is due, it is for a change of type too.

    Without a timer that carries the refund out, the window is checked at the request.
    """
    policy = load_policy(READINGS / "c14-checked-when-due.toml")
    story = LocalStory(policy, "America/Boise").open("2026-03-02 09:00", order=order())
    late = ("change-type", "2026-03-03 04:00", "customer")
    assert "window-passed" == story.refused(*late, type="refund")[0]

    unpaid = UNPAID.format("c14-checked-when-due.toml")
    story = LocalStory(parse_policy(unpaid, folder=READINGS), "America/Boise").open(
        "2026-03-02 09:00", order=order()
    )
    assert "refund" == story.do(*late, type="refund").ticket.type


def test_a_refund_is_advised_at_the_amount() -> None:
    """A3: at 20.00 the reading advises a refund and the preset does not; above, neither does."""
    reading, at_the_amount = load_policy(READINGS / "a03-at-or-below.toml"), Money(2000, "USD")
    for policy, amount, expected in [
        (reading, at_the_amount, "refund"),
        (preset("amazon-pay"), at_the_amount, "ask"),
        (reading, Money(2001, "USD"), "ask"),
    ]:
        story = LocalStory(policy, "UTC").open("2026-01-12 09:00", order=order(amount=amount))
        assert expected == advise(story.ticket, policy).action


def test_a_reminder_offers_a_refund_without_an_order() -> None:
    """C18: the reading offers a refund in every reminder, the preset only where it is possible."""
    for name, expected in (
        (READINGS / "c18-every-reminder-offers-a-refund.toml", "refund-is-possible"),
        ("clickbank", None),
    ):
        policy = load_policy(name)
        story = LocalStory(policy, "America/Boise").open("2026-01-12 09:00", customer="anna")
        story.until("2026-01-14 09:00")
        warned = next(event for event in story.events if isinstance(event, Warned))
        sent = notifications(Recorded("7", story.ticket.version, warned), story.ticket, policy)

        assert [expected] == [each.include for each in sent if each.role == "customer"]


def test_a_checklist_can_have_an_item_more() -> None:
    """A6: a profile that is complete for the preset lacks an item of the reading."""
    amazon = preset("amazon-pay")
    complete = dict.fromkeys(amazon.profile.items, True)

    assert () == check_profile(complete, amazon)
    assert ("a telephone number on the site",) == check_profile(
        complete, load_policy(READINGS / "a06-telephone-too.toml")
    )


def test_the_rules_without_another_file_say_why() -> None:
    """C8, C20, C24, K14: the docs say why no policy file reaches another reading."""
    page = (READINGS.parents[1] / "docs" / "reference" / "policies.md").read_text(encoding="utf-8")

    assert ["C8", "C20", "C24", "K14"] == re.findall(r"^- \*\*([CK]\d+)\*\*: ", page, re.MULTILINE)
