"""The terms of a policy: every rule as a plain sentence."""

import re
from pathlib import Path
from typing import get_args

import pytest

from ticketcore.policies import Language, load_policy, parse_policy, presets
from ticketcore.terms import policy_terms

HERE = Path(__file__).parent
HEAD = 'name = "mine"\neffective = 2026-01-01\ndefault_type = "question"\nzone = "UTC"\n'
PERMISSION = '[[permission]]\ncommands = "open"\nby = "customer"\n'


def test_every_rule_is_a_sentence() -> None:
    """A policy that sets nearly every key has a sentence for each, in the order of reading."""
    terms = policy_terms(load_policy(HERE / "rare.toml"))
    expected = (HERE / "rare.txt").read_text(encoding="utf-8")

    assert expected.splitlines() == [term.text for term in terms]


def test_a_term_names_its_section_its_entry_and_its_rules() -> None:
    """A term names its section, its key and its rules, so that programs can find it."""
    terms = {term.key: term for term in policy_terms(load_policy("clickbank"))}
    refund = terms["types", "refund"]

    assert ("Types of tickets", "C1 C14") == (refund.section, refund.rule)
    assert refund.text.endswith(" (C1 C14)")


@pytest.mark.parametrize("name", presets())
def test_every_language_says_the_same_rules(name: str) -> None:
    """The terms of a language have the same keys, rule ids and numbers as all others."""
    policy = load_policy(name)
    found = [
        [
            (term.key, term.rule, sorted(re.findall(r"\d+", term.text)))
            for term in policy_terms(policy, language)
        ]
        for language in get_args(Language)
    ]

    assert [found[0]] * len(found) == found


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("name", presets())
def test_sentences_begin_with_a_capital_and_have_no_gaps(name: str, language: Language) -> None:
    """Sentences begin with a capital and have no gaps, so that they can go into a contract."""
    for term in policy_terms(load_policy(name), language):
        assert term.text[0] in "“„«" or term.text[0].isupper() or term.text[0].isdigit()
        assert re.search(r"[.] ?(\([\w ]+\))?$", term.text)
        assert not re.search(r"  |\{[a-z]", term.text)


def test_the_policys_own_words_are_used() -> None:
    """Names of the file, parties and statuses are written with the words of `[words]`."""
    words = (
        '[words.en]\nquestion = "general question"\ncustomer = "the guest"\npending = "waiting"\n'
    )
    permission = PERMISSION + 'when = { status = "pending" }\n'
    texts = [
        term.text
        for term in policy_terms(
            parse_policy(HEAD + 'languages = "en"\n[types.question]\n' + permission + words)
        )
    ]

    assert "“general question” is a type of ticket." in texts
    assert "If the ticket is waiting: the guest may open a ticket." in texts


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ('after_by = "fields.size"', "the field “size”"),
        ('calendar = { big = "desk" }\ncalendar_by = "fields.size"', "the field “size”"),
        ('after_by = "category"', "“category”"),
    ],
)
def test_the_terms_say_which_tickets_have_no_deadline(lines: str, expected: str) -> None:
    """A fact that a ticket can lack selects the deadline."""
    assert [f"A ticket without a value of {expected} does not have this deadline."] == (
        _without_value(lines, "")
    )


@pytest.mark.parametrize(
    ("lines", "more"),
    [
        ('after_by = "fields.size"', '[opening]\nrequired = "fields.size"\n'),
        ('after_by = "fields.size"\nwhen = { fields.size = "big" }', ""),
        ('after_by = "fields.team"', ""),
        ('after_by = "type"', ""),
    ],
)
def test_the_terms_say_nothing_of_a_value_that_no_ticket_lacks(lines: str, more: str) -> None:
    """The opening needs the value, the condition asks for it, or there is a default."""
    assert [] == _without_value(lines, more)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            'after = "2 working hours"',
            "2 working hours (desk) after the opening, the deadline counts as missed.",
        ),
        (
            'after = "1 day"\nroll = "forward"',
            "1 day after the opening, or, if that is in closed time, at the next opening, the "
            "deadline counts as missed. Its calendar is “desk”.",
        ),
        (
            'after = "1 day"\nout_of_hours = "2 hours"',
            "1 day after the opening, the deadline counts as missed. Its calendar is “desk”. If "
            "the count starts in closed time, the deadline is another 2 hours later.",
        ),
        (
            'after_by = "type"\nafter = { big = "1 day" }\nroll = "day-end"',
            "1 day (“big”) after the opening, at the end of that working day, the deadline counts "
            "as missed. The word in brackets is the value of “type”. Its calendar is “desk”.",
        ),
    ],
)
def test_a_calendar_stands_beside_working_time_only(lines: str, expected: str) -> None:
    """Days and hours that do not count in a calendar are not written as if they did."""
    assert expected == _timer_text(f'{lines}\ncalendar = "desk"')


def _without_value(lines: str, more: str) -> list[str]:
    """Return the sentences about a missing value in the terms of a policy with one timer."""
    after = '{ big = "2 hours" }' if "after_by" in lines else '"2 working hours"'
    sentences = _timer_text(f"after = {after}\n{lines}", more).split(". ")
    return [f"{each.rstrip('.')}." for each in sentences if "without a value" in each]


def _timer_text(lines: str, more: str = "") -> str:
    """Return the term of a timer with these keys."""
    text = (
        'name = "mine"\neffective = 2026-01-01\nzone = "UTC"\n[types.big]\n[categories.big]\n'
        '[calendars.desk]\nhours = "mon-fri 09:00-17:00"\n[fields.size]\nchoices = "big"\n'
        f'[fields.team]\nchoices = "big"\ndefault = "big"\n{PERMISSION}[[timer]]\nname = "t"\n'
        f'from = "opened"\neffect = "breach"\n{lines}\n{more}'
    )
    (timer,) = (
        term.text for term in policy_terms(parse_policy(text)) if term.section == "Deadlines"
    )
    return timer
