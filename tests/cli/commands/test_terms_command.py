"""`ticketcore policy terms` and `policy diff` show rules in sentences."""

from pathlib import Path

import pytest

from support.command_line import ticketcore
from ticketcore.policies import load_policy
from ticketcore.terms import policy_terms

MINE = 'extends = "service-desk"\nname = "mine"\n[[timer]]\nname = "resolved"\n'
TIMER = 'when = { solved = true }\nfrom = "last-activity"\nafter = "48 hours"\neffect = "close"\n'


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A policy that changes one timer of a preset."""
    file = tmp_path / "mine.toml"
    file.write_text(MINE + TIMER)
    return file


def test_terms_are_numbered_sentences_under_the_title() -> None:
    """Each sentence has its rule ids, and the parts have titles."""
    ran = ticketcore("policy", "terms", "office")

    assert 0 == ran.code
    assert ran.out.startswith("An office with opening hours\noffice 2020-01-01\n\nGeneral\n  1.  ")
    assert "\n\nDeadlines\n 20.  If work on the ticket has not begun: 0 working hours" in ran.out
    assert len(policy_terms(load_policy("office"))) == sum(
        line[:3].strip().isdigit() for line in ran.out.splitlines()
    )


def test_terms_have_the_title_of_their_language() -> None:
    """The title of the terms is translated by `[words]` of the policy."""
    out = ticketcore("policy", "terms", "office", "--language", "hu").out

    assert out.startswith("Egy iroda nyitvatartási idővel\n")
    assert "Határidők" in out


def test_a_difference_is_shown_before_and_after(mine: Path) -> None:
    """A difference is shown before and after, and the exit code is 1, as with `diff`."""
    ran = ticketcore("policy", "diff", "service-desk", mine)

    assert 1 == ran.code
    printed = " ".join(ran.out.split())
    sentence = (
        "If the latest reply claims to solve the problem: {} hours after the last activity, "
    )
    sentences = [f"{sentence.format(hours)}the ticket closes." for hours in (120, 48)]
    assert (
        f"Deadlines resolved - {sentences[0]} + {sentences[1]} 1 sentence of the terms differs"
        in printed
    )


def test_the_title_of_a_part_stands_above_all_its_rules() -> None:
    """The title of a part is printed once, above all its rules."""
    out = ticketcore("policy", "diff", "clickbank", "clickbank-24-7").out

    assert 1 == out.count("\nOther\n")
    assert out.index("\nOther\n") < out.index("\ntitle\n") < out.index("\nwords\n")


def test_keys_outside_the_terms_are_counted_apart(tmp_path: Path) -> None:
    """Changed keys outside the terms are counted, because no sentence shows them."""
    renamed = tmp_path / "renamed.toml"
    renamed.write_text('extends = "office"\nname = "mine"\neffective = 2026-01-01\n')
    titled = tmp_path / "titled.toml"
    titled.write_text(renamed.read_text() + 'title = "Ours"\n')

    both = ticketcore("policy", "diff", "clickbank", "clickbank-24-7").out
    assert both.endswith("\n2 sentences of the terms differ\n3 other keys differ\n")
    only = ticketcore("policy", "diff", renamed, titled).out
    assert only.endswith("\nThe terms are the same\n1 other key differs\n")


def test_versions_of_a_policy_are_told_apart(mine: Path, tmp_path: Path) -> None:
    """Two policies of one name are named with their versions."""
    later = tmp_path / "later.toml"
    later.write_text(
        mine.read_text().replace("48", "24").replace('"mine"', '"mine"\neffective = 2026-05-01')
    )
    ran = ticketcore("policy", "diff", mine, later, "--explore")

    assert "Under mine 2026-05-01 nothing more is refused compared with mine 2016-01-01." in (
        " ".join(ran.out.split())
    )


def test_equal_policies_have_no_difference() -> None:
    """Equal policies have no difference, and the exit code is 0."""
    ran = ticketcore("policy", "diff", "office", "office", "--explore")

    assert 0 == ran.code
    assert ran.out.endswith(
        "The terms are the same\n\n"
        "What they do\nBoth decide alike: no rule that decisions read is different.\n"
    )


def test_the_exploration_shows_what_the_difference_does(mine: Path) -> None:
    """The exploration shows what each difference does, with the shortest story."""
    ran = ticketcore(
        "policy", "diff", "service-desk", mine, "--explore", "--max-states", "8", "--stories"
    )

    assert 1 == ran.code
    assert "What they do  8 pairs of ticket states compared, stopped there\n" in ran.out
    assert "Under mine nothing comes later or is missing compared with service-desk.\n" in ran.out
    assert "compared with service-desk, except:\n  closed, type incident: earlier\n" in ran.out
    assert 'policy = "service-desk"\nuntil = ' in ran.out
    assert "  reply by customer, solution\n" in ran.out


def test_a_story_says_when_its_order_was_sold(tmp_path: Path) -> None:
    """A shorter window refuses an opening, and the story says how old its order is."""
    shorter = tmp_path / "shorter.toml"
    shorter.write_text(
        'extends = "webshop.toml"\nname = "shorter"\n'
        '[types.return]\norder = true\nwindows.customer = "14 days"\n'
    )
    webshop = tmp_path / "webshop.toml"
    webshop.write_text(
        'name = "webshop"\neffective = 2026-01-01\nzone = "UTC"\ndefault_handler = "vendor"\n'
        '[types.return]\norder = true\nwindows.customer = "30 days"\n'
        '[[permission]]\ncommands = ["open", "reply", "close"]\nby = ["customer", "vendor"]\n'
    )
    out = ticketcore("policy", "diff", webshop, shorter, "--explore").out

    assert (
        "  open by customer, type return: refused\n"
        "    Mon 2026-01-12 10:00  "
        "open by customer, type return, order sold Sat 2025-12-13 10:00\n"
        "    webshop               accepted\n"
        "    shorter               refused, window-passed\n"
    ) in out


def test_an_added_rule_has_one_side(tmp_path: Path, mine: Path) -> None:
    """A rule that only one policy has is shown on one side."""
    more = tmp_path / "more.toml"
    more.write_text(
        'extends = "mine.toml"\nname = "more"\n'
        '[[guarantee]]\nname = "g"\nnever = { event = "refunded" }\n'
    )
    out = ticketcore("policy", "diff", mine, more).out

    assert "Guarantees\ng\n  +  This must never happen: a refund.\n" in out


def test_long_names_of_rules_are_wrapped(mine: Path) -> None:
    """A permission with many commands and parties has a long name, which is wrapped."""
    lines = ticketcore("policy", "diff", "help-desk", mine, width=80).out.splitlines()

    assert any(line.startswith("add-note, set-field") for line in lines)
    assert 80 >= max(map(len, lines))
