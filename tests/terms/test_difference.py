"""The difference between two policies in words."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import attrs

from ticketcore.calendar import Span
from ticketcore.policies import Policy, load_policy, parse_policy
from ticketcore.terms import ChangedTerm, policy_differences

BASE = """\
name = "mine"
effective = 2026-01-01
default_type = "question"
[types.question]
[[timer]]
name = "late"
from = "opened"
after = "2 days"
effect = "breach"
[[permission]]
commands = ["open", "reply"]
by = "customer"
"""

LANGUAGES = 'languages = ["en", "de"]\n'
WORDS = '[words.de]\ntitle = "Fragen"\n'


def changed(text: str, base: str = BASE) -> list[tuple[tuple[str, ...], str | None, str | None]]:
    """Return the keys and texts of the rules that differ."""
    differences = policy_differences(parse_policy(base), parse_policy(text))
    return [(each.key, each.before, each.after) for each in differences]


def test_a_policy_does_not_differ_from_itself() -> None:
    """A policy does not differ from itself, even under another name."""
    extending = parse_policy('extends = "kaufland"\nname = "mine"\n')

    assert () == policy_differences(load_policy("kaufland"), extending)


def test_a_changed_rule_is_shown_before_and_after() -> None:
    """A changed rule is shown before and after under the name of its timer."""
    assert [
        (
            ("timers", "late"),
            "2 days after the opening, the deadline counts as missed.",
            "3 days after the opening, the deadline counts as missed.",
        )
    ] == changed(BASE.replace("2 days", "3 days"))


def test_added_and_removed_rules_have_one_side() -> None:
    """A second timer of one name is a rule of its own."""
    more = BASE + '[[timer]]\nname = "late"\nfrom = "opened"\nafter = "1 day"\neffect = "breach"\n'
    more = more.replace(
        'from = "opened"\nafter = "2', 'when = { answered = false }\nfrom = "opened"\nafter = "2'
    )
    base = BASE.replace('from = "opened"', 'when = { answered = false }\nfrom = "opened"')
    sentence = "Otherwise: 1 day after the opening, the deadline counts as missed."

    assert [(("timers", "late"), None, sentence)] == changed(more, base)
    assert [(("timers", "late"), sentence, None)] == changed(base, more)


def test_permissions_are_matched_by_commands_and_parties() -> None:
    """Permissions are the same rule if they have the same commands and parties."""
    found = changed(BASE.replace('by = "customer"', 'by = "vendor"'))

    assert [
        ("permissions", "open", "reply", "customer"),
        ("permissions", "open", "reply", "vendor"),
    ] == [key for key, _, _ in found]


def test_each_section_comes_once() -> None:
    """Each section of a difference comes once, with the rules that only one policy has."""
    added = (
        '[[timer]]\nname = "silent"\nfrom = "opened"\nafter = "9 days"\neffect = "close"\n'
        '[[permission]]\ncommands = "close"\nby = "vendor"\n'
    )
    other = parse_policy(
        BASE.replace("2 days", "3 days").replace('"customer"', '"vendor"') + added
    )
    found = policy_differences(parse_policy(BASE), other)

    assert [
        ("Permissions", "customer"),
        ("Permissions", "vendor"),
        ("Permissions", "vendor"),
        ("Deadlines", "late"),
        ("Deadlines", "silent"),
    ] == [(each.section, each.key[-1]) for each in found]


def test_keys_without_a_rule_come_last() -> None:
    """Keys without a rule, such as templates and words, come last as in the file."""
    found = policy_differences(
        parse_policy(LANGUAGES + BASE),
        parse_policy(LANGUAGES + BASE.replace("2 days", "3 days") + WORDS),
        "de",
    )

    assert ["Fristen", "Sonstiges"] == [each.section for each in found]
    assert (
        ChangedTerm(
            section="Sonstiges",
            key=("other", "words"),
            before="words: ",
            after="words: de title Fragen",
        )
        == found[-1]
    )


def test_only_the_words_that_differ_are_shown() -> None:
    """Equal entries of both policies are left out; a word that one lacks is shown."""
    words = '[words.de]\ntitle = "Fragen"\nquestion = "Frage"\n[words.en]\ntitle = "Questions"\n'
    other = words.replace("Fragen", "Bitten").replace('question = "Frage"\n', "")
    *_, found = policy_differences(
        parse_policy(LANGUAGES + BASE + words), parse_policy(LANGUAGES + BASE + other), "de"
    )

    assert "words: de title Fragen, question Frage" == found.before
    assert "words: de title Bitten" == found.after


def test_the_order_of_the_policies_only_swaps_the_sides() -> None:
    """The difference of B and A is that of A and B reversed."""

    def sides(base: Policy, other: Policy) -> set[tuple[object, ...]]:
        return {(e.key, e.before, e.after) for e in policy_differences(base, other, "en")}

    base, other = load_policy("clickbank"), load_policy("kaufland")

    assert sides(base, other) == {(key, a, b) for key, b, a in sides(other, base)}


def single_changes(value: Any) -> Iterator[Any]:
    """Yield a value with one number, date, span, flag or entry changed, anywhere inside it."""
    match value:
        case bool():
            yield not value
        case int() | float():
            yield type(value)(value * 2 + 1)
        case date():
            yield value + timedelta(days=1)
        case Span():
            yield attrs.evolve(value, amount=value.amount + 1)
        case tuple():
            for i, each in enumerate(value):
                yield from ((*value[:i], new, *value[i + 1 :]) for new in single_changes(each))
            yield from (value[:i] + value[i + 1 :] for i in range(len(value)) if len(value) > 1)
        case Mapping():
            for name, each in value.items():
                yield from ({**value, name: new} for new in single_changes(each))
            yield from ({k: value[k] for k in value if k != name} for name in value)
        case _ if attrs.has(type(value)):
            for field in attrs.fields(type(value)):
                if field.init:
                    for new in single_changes(getattr(value, field.name)):
                        yield attrs.evolve(value, **{field.alias: new})
        case _:
            return  # names and texts stay


def test_policies_that_decide_otherwise_differ_in_words() -> None:
    """Changing any number, date, span, flag or list of a policy changes its terms."""
    policy = load_policy(Path(__file__).parent / "rare.toml")
    changed: list[Policy] = [*single_changes(policy)]
    decide_otherwise = [each for each in changed if each.digest != policy.digest]
    silent = [each for each in decide_otherwise if not policy_differences(policy, each)]

    assert 150 < len(decide_otherwise)
    assert [] == silent


def test_files_of_one_name_with_other_closures_differ(tmp_path: Path) -> None:
    """A calendar's file is named with its digest, so that other closures are a difference."""
    timer = '[[timer]]\nname = "soon"\nfrom = "opened"\nafter = "1 working day"\n'
    timer += 'calendar = "shop"\neffect = "warn"\n[calendars.shop]\nics = "days.ics"\n'
    policies = []
    for day in ("20260302", "20260303"):
        folder = tmp_path / day
        folder.mkdir()
        event = f"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:{day}\r\nSUMMARY:stocktaking\r\nEND:VEVENT"
        (folder / "days.ics").write_text(
            f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{event}\r\nEND:VCALENDAR\r\n", encoding="utf-8"
        )
        (folder / "mine.toml").write_text(BASE + timer, encoding="utf-8")
        policies.append(load_policy(folder / "mine.toml"))
    base, other = policies
    (change,) = policy_differences(base, other)
    digest = base.calendars["shop"].ics[0].digest

    assert ("calendars", "shop") == change.key
    assert f"closed as in the file days.ics with digest {digest}" in str(change.before)
