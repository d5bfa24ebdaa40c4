"""The exploration proves guarantees, or finds the shortest story that breaks one."""

from pathlib import Path

import pytest

from ticketcore.guarantees import broken_guarantees
from ticketcore.policies import parse_policy
from ticketcore.scenarios import check_scenario
from ticketcore.testing import explore

HEAD = """\
name = "g"
effective = 2026-01-01
default_type = "question"
default_handler = "support"
zone = "UTC"
types = { question = {}, complaint = {} }
[[timer]]
name = "silent"
from = "last-activity"
after = "7 days"
effect = "close"
[[permission]]
commands = ["open", "reply", "reopen", "change-type"]
by = ["customer", "support"]
[[guarantee]]
name = "g"
"""
OPEN = '["open", "pending"]'


def always(event: str, within: str, since: str, when: str = f"status = {OPEN}") -> str:
    """Return an `always` as the file has it."""
    return (
        f'always = {{ event = "{event}", within = "{within}", from = "{since}", '
        f"when = {{ {when} }} }}"
    )


@pytest.mark.parametrize(
    "part",
    [
        'never = { event = "refunded" }',
        'never = { event = "reopened", when = { status = ["open", "pending"] } }',
        always("closed", "7 days", "last-activity"),
        always("closed", "8 days", "last-activity"),
        always(
            "replied", "1 day", "opened", 'status = "closed", type = "complaint", answered = true'
        ),
    ],
)
def test_a_guarantee_is_proved(part: str) -> None:
    """A guarantee that no story breaks is proved."""
    exploration = explore(parse_policy(HEAD + part))

    assert {"g": "holds"} == exploration.guarantees
    assert () == exploration.findings


@pytest.mark.parametrize(
    ("part", "commands"),
    [
        ('never = { event = "closed", by = "system" }', ["open"]),
        ('never = { event = "reopened", by = "customer" }', ["open", "reopen"]),
        (
            'never = { event = "replied", when = { type = "complaint", answered = true } }',
            ["open", "reply", "reply"],
        ),
        (always("closed", "6 days", "last-activity"), ["open"]),
        # Each reply just before the ticket would close keeps it open for another week.
        (always("closed", "20 days", "opened"), ["open", "reply", "reply"]),
        (always("closed", "27 days", "opened"), ["open", "reply", "reply", "reply"]),
        (always("reopened", "2 days", "closed", 'status = "closed"'), ["open"]),
        # The span is over long before the ticket becomes a complaint.
        (always("replied", "20 days", "opened", 'type = "complaint"'), ["open"]),
    ],
)
def test_the_shortest_story_that_breaks_a_guarantee_is_a_scenario(
    tmp_path: Path, part: str, commands: list[str]
) -> None:
    """The shortest story that breaks a guarantee is a scenario in which only it fails."""
    policy = parse_policy(HEAD + part)
    exploration = explore(policy)
    (finding,) = exploration.findings

    assert {"g": "broken"} == exploration.guarantees
    assert ("guarantee-broken", "g") == (finding.code, finding.subject)
    assert commands == [command.NAME for command in finding.story.commands]
    broken = list(broken_guarantees(finding.story.events(), policy, finding.story.until))
    assert [finding.message] == [str(violation) for violation in broken]
    (tmp_path / "policy.toml").write_text(HEAD + part)
    scenario = tmp_path / "story.toml"
    scenario.write_text(finding.scenario("policy.toml"))
    assert [f"{each.title} holds; found: {each.message}" for each in broken] == [
        *check_scenario(scenario).findings
    ]


def test_a_condition_that_holds_for_no_ticket_is_reported() -> None:
    """A guarantee whose condition holds for no ticket is reported."""
    exploration = explore(
        parse_policy(HEAD + always("closed", "1 day", "opened", 'subcategory = "x"'))
    )
    (finding,) = exploration.findings

    assert ("guarantee-never-applies", "g") == (finding.code, finding.subject)
    assert 'the condition of guarantee "g" holds for no ticket that was tried' == finding.message


def test_a_search_that_stops_early_proves_nothing() -> None:
    """A search that stops early proves nothing, but reports the violations that it found."""
    kept = parse_policy(HEAD + 'never = { event = "refunded" }')
    broken = parse_policy(HEAD + 'never = { event = "opened" }')

    assert {"g": "not proved"} == explore(kept, max_states=1).guarantees
    assert {"g": "broken"} == explore(broken, max_states=1).guarantees


FIELDS = HEAD.replace(
    '[[permission]]\ncommands = ["open", ',
    '[fields.priority]\nchoices = ["low", "high"]\ndefault = "low"\n'
    '[fields.weight]\ntype = "number"\n[fields.cost]\ntype = "money"\n'
    '[fields.day]\ntype = "date"\n'
    '[fields.note]\ntype = "text"\n[[permission]]\ncommands = ["set-field", "tag", "open", ',
)


@pytest.mark.parametrize(
    "condition",
    [
        'tags = "vip"',
        'fields.priority = "high"',
        'fields.priority = { not = "low" }',
        "fields.weight = { at_least = 20 }",
        "fields.weight = { at_least = -5, below = -1 }",
        'fields.cost = { at_least = "10.00 EUR", below = "20.00 EUR" }',
        "fields.day = { below = 1999-01-01 }",
        'fields.note = "z"',
    ],
)
def test_a_guarantee_about_fields_and_tags_is_not_proved_by_untried_values(
    condition: str,
) -> None:
    """A guarantee about fields and tags is checked with the values that conditions name."""
    never = f'never = {{ event = "closed", when = {{ {condition} }} }}'
    (finding,) = explore(parse_policy(FIELDS + never)).findings

    assert "guarantee-broken" == finding.code
    assert 2 == len(finding.story.commands)


@pytest.mark.parametrize(
    ("exception", "proof"),
    [
        ('tags = "vip"', "holds"),
        ('fields.priority = "high"', "broken"),
    ],
)
def test_an_exception_limits_a_guarantee(exception: str, proof: str) -> None:
    """An exception limits a guarantee to the other tickets."""
    policy = FIELDS.replace('effect = "close"', 'effect = "close"\nunless = { tags = "vip" }')
    part = (
        'always = { event = "closed", within = "7 days", from = "last-activity", '
        f"when = {{ status = {OPEN} }}, unless = {{ {exception} }} }}"
    )

    assert {"g": proof} == explore(parse_policy(policy + part)).guarantees


REMEMBERS = """\
name = "remembers"
effective = 2026-01-01
default_type = "question"
default_handler = "support"
zone = "UTC"
types = { question = {} }
[fields.priority]
choices = ["low", "high"]
default = "high"
[[permission]]
commands = "open"
by = "customer"
[[permission]]
commands = ["set-field", "close", "reopen"]
by = "support"
"""
REPLY = '[[permission]]\ncommands = "reply"\nby = "support"\n'
LATER = REPLY + 'from = "reopened"\nwithin = "9 years"\n'
CHASE = """\
[[timer]]
name = "chase"
when = { fields.priority = "high" }
after = "1 hour"
effect = "tag"
tags = "chased"
"""
NEVER = """\
[[guarantee]]
name = "g"
never = { event = "EVENT", when = { WHEN } }
"""
ANSWERED = NEVER.replace("EVENT", "tagged").replace("WHEN", "answered = true")
MET = 'met_by = { event = "replied", by = "handler" }\n'
LEVEL = """\
[[timer]]
name = "end"
from = "opened"
after = "8 hours"
effect = "escalate"
[[timer.level]]
name = "half"
used = "50 %"
effect = "set-field"
fields = { priority = "low" }
"""


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        (
            REPLY + CHASE + 'from = "opened"\n' + MET + ANSWERED,
            ["open", "set-field", "reply", "set-field"],
        ),
        (
            LATER
            + CHASE
            + 'from = "opened"\nmet_by = "closed"\nafter_reopening = "stays-ended"\n'
            + ANSWERED,
            ["open", "set-field", "close", "reopen", "reply", "set-field"],
        ),
        (
            LEVEL
            + NEVER.replace("EVENT", "escalated").replace("WHEN", 'fields.priority = "high"'),
            ["open", "set-field"],
        ),
    ],
)
def test_the_search_remembers_what_timers_did(text: str, commands: list[str]) -> None:
    """A timer that was met or passed, and a level that acted, make another state.

    One that never ran can still start, so a guarantee can be broken there and not here.
    """
    exploration = explore(parse_policy(REMEMBERS + text))

    assert {"g": "broken"} == exploration.guarantees
    (finding,) = (each for each in exploration.findings if each.code == "guarantee-broken")
    assert commands == [each.NAME for each in finding.story.commands]


WINDOWS = """\
name = "windows"
effective = 2026-01-01
default_type = "question"
zone = "UTC"
types = { question = {} }
[[permission]]
commands = ["open", "reply"]
by = "customer"
[[permission]]
commands = "close"
by = "vendor"
"""


@pytest.mark.parametrize(
    ("permission", "event"),
    [
        (
            'commands = "escalate"\nby = "customer"\nfrom = "waiting-since"\nafter = "3 days"\n',
            "escalated",
        ),
        (
            'commands = "withdraw"\nby = "customer"\nfrom = "opened"\nwithin = "1 day"\n'
            'requires = "reason"\n[[permission]]\ncommands = "withdraw"\nby = "customer"\n',
            "closed",
        ),
        (
            'commands = "escalate"\nby = "customer"\nfrom = "opened"\nafter = "3 days"\n'
            'within = "9 days"\n[[timer]]\nname = "t"\nfrom = "opened"\nafter = "2 days"\n'
            'effect = "warn"\n',
            "escalated",
        ),
    ],
)
def test_a_permission_is_tried_when_its_window_opens_and_closes(
    permission: str, event: str
) -> None:
    """The search waits for windows of permissions, so that no permission counts as unused."""
    never = NEVER.replace("EVENT", event).replace("WHEN", 'status = ["open", "pending"]')
    exploration = explore(parse_policy(f"{WINDOWS}[[permission]]\n{permission}{never}"))

    assert ["guarantee-broken"] == [finding.code for finding in exploration.findings]


@pytest.mark.parametrize(
    ("opener", "story"),
    [("customer", ["open", "close"]), ("vendor", ["open", "reply", "close"])],
)
def test_a_closing_on_a_message_of_the_customer_is_tried(opener: str, story: list[str]) -> None:
    """C11: the search names a message of the customer, the opening or a reply."""
    head, _, _ = WINDOWS.partition("[[permission]]")
    policy = (
        f'{head}[[permission]]\ncommands = "open"\nby = "{opener}"\n'
        '[[permission]]\ncommands = "reply"\nby = "customer"\n'
        '[[permission]]\ncommands = "close"\nby = "vendor"\nrequires = "consent-message"\n'
    )
    never = NEVER.replace("EVENT", "closed").replace("WHEN", 'status = ["open", "pending"]')
    (finding,) = explore(parse_policy(policy + never)).findings

    assert "guarantee-broken" == finding.code
    assert story == [command.NAME for command in finding.story.commands]
