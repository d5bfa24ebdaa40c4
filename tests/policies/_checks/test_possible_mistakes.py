"""Possible mistakes of valid policies."""

from pathlib import Path

import pytest

from ticketcore.policies import load_policy, parse_policy, possible_mistakes, presets

EXAMPLES = Path(__file__).parents[3] / "examples"
HEAD = (
    'name = "desk"\neffective = 2026-01-01\nzone = "UTC"\ndefault_type = "question"\n'
    '[types.question]\n[types.incident]\n[fields.state]\nchoices = ["open", "held"]\n'
    '[fields.team]\nchoices = ["first", "second"]\n'
    '[[permission]]\ncommands = ["open", "reply", "tag"]\nby = ["customer", "vendor"]\n'
    '[[permission]]\ncommands = "set-field"\nfields = "state"\nby = "vendor"\n'
)
TIMER = (
    '[[timer]]\nname = "solution"\nfrom = "opened"\nmet_by = "replied"\nafter = "1 day"\n'
    'effect = "breach"\n'
)

PLAIN = TIMER.replace('met_by = "replied"\n', "")


def permission(command: str) -> str:
    """Return the permission of the vendor for a further command."""
    return f'[[permission]]\ncommands = "{command}"\nby = "vendor"\n'


@pytest.mark.parametrize(
    ("more", "fact"),
    [
        ('when = { fields.state = "open" }\n', "fields.state"),
        ('unless = { fields.state = "held" }\n', "fields.state"),
        ('when = { tags = "vip" }\n' + permission("untag"), "tags"),
        ('when = { type = "incident" }\n' + permission("change-type"), "type"),
        ('when = { category = "bikes" }\n' + permission("classify"), "category"),
        ('when = { assigned_to = "second" }\n' + permission("assign"), "assigned_to"),
    ],
)
def test_a_timer_that_ends_and_comes_back_is_named(more: str, fact: str) -> None:
    """A count that ends with a value and goes on from its old start may not be meant."""
    (mistake,) = possible_mistakes(parse_policy(HEAD + TIMER + more))

    assert ("timer", 0) == mistake.path
    assert (
        f'timer "solution" ends while {fact} has another value, and goes on from "opened" as if'
        " it had not ended: to leave that time out, name the values under [pauses]; with"
        ' from = "applied" a new count begins'
    ) == mistake.message


def test_each_timer_is_named_once() -> None:
    """Each timer that may not be meant is named once, whatever the timers before it are."""
    meant = TIMER.replace('"solution"', '"meant"').replace("opened", "waiting-since")
    doubtful = TIMER + 'when = { fields.state = "open", type = "incident" }\n'
    more = permission("change-type") + meant + doubtful + doubtful.replace("solution", "answer")

    assert [("timer", 1), ("timer", 2)] == [
        mistake.path for mistake in possible_mistakes(parse_policy(HEAD + more))
    ]


@pytest.mark.parametrize(
    "condition",
    ['waiting_for = "vendor"', 'status = "open"', "solved = false", 'fields.state = "open"'],
)
def test_a_breach_that_nothing_meets_is_named_too(condition: str) -> None:
    """A breach that ends with an answer, and comes back from the opening, may not be meant."""
    text = HEAD + PLAIN + f"when = {{ {condition} }}\n"
    (mistake,) = possible_mistakes(parse_policy(text))

    assert f"ends while {condition.partition(' = ')[0]} has another value" in mistake.message


@pytest.mark.parametrize(
    "timer",
    [
        TIMER,
        TIMER + 'when = { fields.team = "second" }\n',  # which nobody may set
        TIMER + 'when = { tags = "vip" }\n',  # which nobody may take off
        TIMER + "when = { answered = false }\n",  # which does not come back
        TIMER.replace("opened", "applied") + 'when = { fields.state = "open" }\n',
        TIMER.replace("opened", "waiting-since") + 'when = { fields.state = "open" }\n',
        TIMER.replace("opened", "type-set")
        + 'when = { type = "incident" }\n'
        + permission("change-type"),
        PLAIN.replace("breach", "warn") + 'when = { fields.state = "open" }\n',
        PLAIN + 'when = { status = ["open", "pending"] }\n',
        TIMER + 'when = { fields.state = "open" }\n' + TIMER,  # another timer takes over
    ],
)
def test_other_timers_are_not_named(timer: str) -> None:
    """A timer that cannot come back, or that counts anew, is no possible mistake."""
    assert () == possible_mistakes(parse_policy(HEAD + timer))


@pytest.mark.parametrize(
    ("more", "unrecorded"),
    [
        ("[refunds]\nrequires_confirmation = true\n", "whether a pending refund succeeded"),
        ("[disputes.claim]\n", "what a bank reports about disputes"),
        (
            "[refunds]\nrequires_confirmation = true\n[disputes.claim]\n",
            "whether a pending refund succeeded or what a bank reports about disputes",
        ),
    ],
)
def test_a_final_closing_before_news_of_money_is_named(more: str, unrecorded: str) -> None:
    """K8: after a final closing nobody can record what becomes of the order's money."""
    closing = '[closing]\nfinal_by = "support"\n'
    (mistake,) = possible_mistakes(parse_policy(HEAD + closing + more))

    assert ("closing", "final_by") == mistake.path
    assert (
        f"after a final closing every command is refused, so nobody can record {unrecorded}"
    ) == mistake.message
    assert () == possible_mistakes(parse_policy(HEAD + closing))
    assert () == possible_mistakes(parse_policy(HEAD + more))


def test_no_preset_and_no_example_has_one() -> None:
    """No preset and no policy of a help desk has a possible mistake."""
    desks = [folder / f"{folder.name}.toml" for folder in (EXAMPLES / "help-desks").iterdir()]
    files: list[str | Path] = [*presets(), *(path for path in desks if path.exists())]

    assert len(files) > 18
    assert {} == {
        str(file): found for file in files if (found := possible_mistakes(load_policy(file)))
    }
