"""Two policies are compared by their behaviour in the same stories."""

from datetime import timedelta
from pathlib import Path

import pytest

from ticketcore import commands as c
from ticketcore.policies import load_policy, parse_policy
from ticketcore.scenarios import check_scenario
from ticketcore.testing import PolicyComparison, compare_policies
from ticketcore.testing.exploring import _comparison

BASE = """\
name = "base"
effective = 2026-01-01
default_type = "question"
default_handler = "support"
zone = "UTC"
[types.question]
[[timer]]
name = "silent"
when = { waiting_for = "customer" }
from = "last-activity"
after = "7 days"
effect = "close"
[[permission]]
commands = ["open", "reply", "reopen"]
by = ["customer", "support"]
"""
WARN = (
    '[[timer]]\nname = "reminder"\nwhen = { waiting_for = "customer" }\n'
    'from = "last-activity"\nafter = "2 days"\neffect = "warn"\n'
)


def compared(base: str, other: str, **options: int) -> PolicyComparison:
    """Compare two policies that are written as text."""
    return compare_policies(parse_policy(base), parse_policy(other), **options)


def found(base: str, other: str) -> list[tuple[str, str, str, str, list[str]]]:
    """Return the differences, with the commands of the story."""
    return [
        (each.kind, each.subject, each.base, each.other, [x.NAME for x in each.story.commands])
        for each in compared(base, other).differences
    ]


@pytest.mark.parametrize("name", ["office", "service-desk", "webshippy"])
def test_a_policy_does_not_differ_from_itself(name: str) -> None:
    """Comparing a policy with itself finds no difference."""
    comparison = compare_policies(load_policy(name), load_policy(name))

    assert comparison.complete
    assert () == comparison.differences


def test_other_words_for_the_same_rules_do_not_differ() -> None:
    """Two policies with other names for the same rules do not differ."""
    other = BASE.replace('"silent"', '"inactivity"').replace(
        'commands = ["open", "reply", "reopen"]\nby = ["customer", "support"]',
        'commands = ["reopen", "open"]\nby = ["support", "customer"]\n'
        '[[permission]]\ncommands = "reply"\nby = ["support", "customer"]',
    )

    assert [] == found(BASE, other)


def test_an_event_that_comes_at_another_time_has_the_shortest_story() -> None:
    """A closing after five days instead of seven is found with its shortest story."""
    other = BASE.replace("7 days", "5 days")
    seven, five = "Mon 2026-01-19 10:00:01 UTC", "Sat 2026-01-17 10:00:01 UTC"
    story = ["open", "reply"]

    assert ("earlier", "closed, type question", seven, five, story) in found(BASE, other)
    assert ("later", "closed, type question", five, seven, story) in found(other, BASE)


def test_an_event_that_only_one_policy_brings_is_added_or_missing() -> None:
    """An event that only one policy causes is reported as added or missing."""
    at, story = "Wed 2026-01-14 10:00:01 UTC", ["open", "reply"]

    assert [("added", "warned, type question", "never", at, story)] == found(BASE, BASE + WARN)
    assert [("missing", "warned, type question", at, "never", story)] == found(BASE + WARN, BASE)


def test_a_second_event_of_a_kind_is_compared_with_the_second() -> None:
    """The second event of a kind is compared with the second one under the other policy."""
    second = WARN.replace("reminder", "again").replace("2 days", "3 days")
    differences = found(BASE + WARN, BASE + WARN + second)

    assert [("added", "warned, type question")] == [each[:2] for each in differences]


def test_a_command_that_one_policy_refuses_is_named_with_its_code() -> None:
    """A command that only one policy refuses is reported with the code of the refusal."""
    other = (
        BASE.replace(', "reopen"]', "]") + '[[permission]]\ncommands = "reopen"\nby = "support"\n'
    )
    story = ["open", "reply", "reopen"]
    refused = ("reopen by customer, type question", "accepted", "refused, not-permitted", story)
    allowed = ("reopen by customer, type question", "refused, not-permitted", "accepted", story)

    assert [("refused", *refused)] == found(BASE, other)
    assert [("allowed", *allowed)] == found(other, BASE)


def test_a_type_that_only_one_policy_has_is_compared_by_its_opening() -> None:
    """A type that only one policy has is compared by its opening."""
    other = BASE.replace("[types.question]", "[types.question]\n[types.refund]")

    assert {
        ("allowed", f"open by {by}, type refund", "refused, unknown-type", "accepted")
        for by in ("customer", "support")
    } == {each[:4] for each in found(BASE, other)}


@pytest.mark.parametrize(
    ("longer", "shorter", "late"),
    [
        ('windows.customer = "60 days"', 'windows.customer = "30 days"', timedelta(days=60)),
        (
            'windows.customer = "3 months"',
            'windows.customer = "3 months"\nwindow_bound = "exclusive"',
            timedelta(days=92),
        ),
        (
            'windows.customer = "48 hours"\nwindow_bound = "end-of-day"',
            'windows.customer = "48 hours"',
            timedelta(hours=48, minutes=1),
        ),
    ],
)
def test_windows_after_the_sale_are_compared_at_their_ends(
    longer: str, shorter: str, late: timedelta
) -> None:
    """An opening that only one window allows is found: another length, or another last moment."""
    policies = [
        BASE.replace("[types.question]", f"[types.question]\norder = true\n{window}")
        for window in (longer, shorter)
    ]
    [difference] = compared(*policies).differences
    [opening] = difference.story.commands
    assert isinstance(opening, c.Open)
    assert opening.order is not None

    assert ("refused", "open by customer, type question") == (difference.kind, difference.subject)
    assert ("accepted", "refused, window-passed") == (difference.base, difference.other)
    assert late == opening.at - opening.order.sold_at


def test_equal_windows_are_not_tried() -> None:
    """Openings about old orders are tried only where the windows differ."""
    order = BASE.replace("[types.question]", "[types.question]\norder = true")
    windows = order.replace("order = true", 'order = true\nwindows.customer = "9 days"')

    assert compared(order, order + WARN).pairs == compared(windows, windows + WARN).pairs


WINDOW = '[[permission]]\ncommands = "{}"\nby = "customer"\nfrom = "opened"\n{}\n'
AGE = '[[timer]]\nname = "age"\nfrom = "opened"\nafter = "4 days"\neffect = "warn"\n'
CLOSES = '[closing]\nreply_reopens = "customer"\n'


@pytest.mark.parametrize(
    ("base", "other", "difference"),
    [
        (
            WINDOW.format("withdraw", 'after = "3 days"'),
            WINDOW.format("withdraw", 'after = "5 days"'),
            ("withdraw", "refused, too-early", ["open", "withdraw"], timedelta(days=3)),
        ),
        (
            WINDOW.format("withdraw", 'within = "5 days"'),
            WINDOW.format("withdraw", 'within = "3 days"'),
            (
                "withdraw",
                "refused, window-passed",
                ["open", "withdraw"],
                timedelta(days=3, seconds=1),
            ),
        ),
        (
            AGE + WINDOW.format("withdraw", 'after = "9 days"'),
            AGE + WINDOW.format("withdraw", 'after = "10 days"'),
            ("withdraw", "refused, too-early", ["open", "withdraw"], timedelta(days=9)),
        ),
        (
            f'{CLOSES}reply_reopens_within = "14 days"\n',
            f'{CLOSES}reply_reopens_within = "2 days"\n',
            (
                "reply",
                "refused, window-passed",
                ["open", "reply", "reply"],
                timedelta(days=9, seconds=2),
            ),
        ),
        (
            CLOSES,
            f'{CLOSES}reply_reopens_within = "30 days"\n',
            (
                "reply",
                "refused, window-passed",
                ["open", "reply", "reply"],
                timedelta(days=37, seconds=2),
            ),
        ),
    ],
)
def test_windows_after_the_opening_are_compared_at_their_ends(
    base: str, other: str, difference: tuple[str, str, list[str], timedelta]
) -> None:
    """A command that only one window allows is found, whether it opens or closes later.

    The story holds up: the base accepts its last command, and the other policy does not.
    """
    policies = parse_policy(BASE + base), parse_policy(BASE + other)
    command, refused, story, after = difference
    found = [
        each
        for each in compare_policies(*policies).differences
        if each.subject == f"{command} by customer, type question"
    ]
    mirrored = compare_policies(*reversed(policies)).differences

    assert [("refused", "accepted", refused)] == [(x.kind, x.base, x.other) for x in found]
    [shortest] = found
    commands = shortest.story.commands
    assert (story, after) == (
        [each.NAME for each in commands],
        commands[-1].at - commands[0].at,
    )
    assert ("allowed", shortest.subject, refused) in [
        (each.kind, each.subject, each.base) for each in mirrored
    ]


def test_what_follows_a_command_in_its_window_is_compared() -> None:
    """Equal windows are waited for too, since what happens after them may differ."""
    timer = (
        '[[timer]]\nname = "appeal"\nwhen = {{ handler = "vendor" }}\nfrom = "last-activity"\n'
        'after = "{} days"\neffect = "warn"\n'
    )
    base, other = (
        BASE.replace("support", "vendor").replace('"open", ', '"open", "close", ')
        + WINDOW.format("escalate", 'after = "3 days"').replace("customer", "vendor")
        + timer.format(days).replace('"vendor"', '"support"')
        for days in (1, 2)
    )

    assert ["warned"] == [each[1].partition(",")[0] for each in found(base, other)]


def test_differences_of_both_directions_are_the_same_with_sides_swapped() -> None:
    """Comparing B with A gives the differences of A and B with the sides exchanged."""
    base, other = load_policy("office"), load_policy("webshippy")
    mirrored = {"allowed": "refused", "refused": "allowed"}

    def sides(first: PolicyComparison) -> set[tuple[str, str]]:
        return {(each.kind, each.subject) for each in first.differences}

    there, back = compare_policies(base, other), compare_policies(other, base)
    assert sides(there)
    assert sides(back) == {(mirrored[kind], subject) for kind, subject in sides(there)}


def test_a_story_is_a_scenario_for_the_base(tmp_path: Path) -> None:
    """The story of a difference is a scenario that passes under the base."""
    (difference,) = compared(BASE + WARN, BASE).differences
    (tmp_path / "base.toml").write_text(BASE + WARN)
    story = tmp_path / "story.toml"
    story.write_text(difference.scenario("base.toml"))

    assert "passed" == check_scenario(story).state
    assert "warned" in [event.NAME for event in difference.story.events()]
    assert str(difference).startswith("warned, type question: Wed 2026-01-14 10:00:01 UTC, under")


def test_the_search_tries_a_limited_number_of_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that reaches its limit of commands is incomplete."""
    monkeypatch.setattr(_comparison, "MAX_EXPLORED_COMMANDS", 2)
    comparison = compared(BASE, BASE + WARN)

    assert not comparison.complete


def test_timers_that_fire_after_their_instant_are_compared() -> None:
    """A breach comes just after its due instant; what differs beside it is found."""
    late = (
        '[[timer]]\nname = "late"\nwhen = { waiting_for = "support" }\n'
        'from = "waiting-since"\nafter = "1 day"\neffect = "breach"\n'
    )
    other = BASE.replace("7 days", "8 days") + late
    subjects = [difference.subject for difference in compared(BASE + late, other).differences]

    assert "closed, type question" in subjects


def test_policies_that_decide_alike_are_the_same_at_once() -> None:
    """Policies that differ in notifications only have nothing to compare, however large."""
    told = '[[notification]]\nname = "told"\non = "replied"\nto = "customer"\n'

    assert PolicyComparison(differences=(), pairs=0, complete=True) == compared(BASE, BASE + told)


def test_the_search_stops_at_its_limit() -> None:
    """A search that stops early says so, and how many pairs it compared."""
    comparison = compared(BASE, BASE.replace("7 days", "8 days"), max_states=2)

    assert (2, False) == (comparison.pairs, comparison.complete)
    with pytest.raises(ValueError, match="max_states is 0"):
        compared(BASE, BASE, max_states=0)


def test_policies_are_named_or_given() -> None:
    """A preset's name stands for its policy, as everywhere in the test kit."""
    base, other = load_policy("clickbank"), load_policy("clickbank-24-7")
    named = compare_policies("clickbank", "clickbank-24-7", max_states=5)
    given = compare_policies(base, other, max_states=5)

    assert named.pairs == given.pairs > 0
    assert [*map(str, named.differences)] == [*map(str, given.differences)]
