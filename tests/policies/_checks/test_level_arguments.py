"""Checks of what levels name: fields and their values, tags and roles."""

import pytest

from support.policies.policy_problems import HEAD, OPEN, TIMER, problems

DECLARED = """
[fields.team]
choices = ["first", "second"]
[tags]
values = ["late"]
[roles.lead]
"""


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ('effect = "set-field"', 'fields: missing; effect = "set-field" needs it'),
        ('effect = "tag"', 'tags: missing; effect = "tag" needs it'),
        ('tags = "late"', 'tags: only works with effect = "tag": remove it'),
        (
            'effect = "set-field"\nfields = { teem = "second" }',
            'fields.teem: no field "teem"; did you mean "team"?',
        ),
        (
            'effect = "set-field"\nfields = { team = "third" }',
            'fields.team: expected "first" or "second", found the text "third"',
        ),
        ('effect = "tag"\ntags = "loud"', 'tags: no tag "loud"; expected "late"'),
        ('notify = "leed"', 'notify: no role "leed"; did you mean "lead"?'),
        (
            'notify = "customer"',
            'notify: "customer" is a party, not one of [roles]; a [[notification]] with '
            'to = "customer" tells them',
        ),
    ],
)
def test_a_level_must_name_what_the_file_declares(lines: str, expected: str) -> None:
    """A name that the file does not declare is reported with the nearest one that it does."""
    level = f'[[timer.level]]\nname = "half"\nused = "50 %"\n{lines}\n'
    (problem,) = problems(HEAD + OPEN + DECLARED + TIMER + level)

    assert f"timer[0].level[0].{expected}" == problem.split(": ", 1)[1]
