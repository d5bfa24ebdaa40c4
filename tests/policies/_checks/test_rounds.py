"""Timers that set each other off for ever."""

from datetime import UTC, datetime, timedelta

import pytest

from ticketcore.commands import Open
from ticketcore.decider import advance_ticket, decide_and_apply
from ticketcore.errors import PolicyError
from ticketcore.policies import parse_policy
from ticketcore.policies._checks import _policy

HEAD = (
    'name = "desk"\neffective = 2026-01-01\nzone = "UTC"\ndefault_type = "question"\n'
    "[types.question]\n[types.incident]\n[fields.team]\n"
    'choices = ["first", "second", "third"]\ndefault = "first"\n[fields.state]\n'
    'choices = ["new", "asked"]\nwaiting_for = { new = "vendor", asked = "customer" }\n'
    '[[permission]]\ncommands = ["open", "reply"]\nby = ["customer", "vendor"]\n'
)
DAY = timedelta(days=1)


def to_team(team: str, to: str, *, start: str = "applied", name: str | None = None) -> str:
    """Return a timer that moves tickets of one team to another after a day."""
    return (
        f'[[timer]]\nname = "{name or team}"\nfrom = "{start}"\nafter = "1 day"\n'
        f'when = {{ fields.team = "{team}" }}\neffect = "set-field"\n'
        f'fields = {{ team = "{to}" }}\n'
    )


def waits(party: str, state: str, after: str = "1 day") -> str:
    """Return a timer that sets the state after a wait for a party."""
    return (
        f'[[timer]]\nname = "{party}"\nfrom = "waiting-since"\nafter = "{after}"\n'
        f'when = {{ waiting_for = "{party}" }}\neffect = "set-field"\n'
        f'fields = {{ state = "{state}" }}\n'
    )


def level(table: str) -> str:
    """Return a timer with a level that does something halfway."""
    return (
        '[[timer]]\nname = "help"\nfrom = "waiting-since"\nafter = "4 hours"\neffect = "breach"\n'
        f'[[timer.level]]\nname = "half"\nused = "50 %"\n{table}\n'
    )


ENDLESS = {
    "a team hands over to another, and back": (
        to_team("first", "second") + to_team("second", "first"),
        '"first" and "second" set each other off for ever: fields.team becomes ',
    ),
    "three teams in turn": (
        to_team("first", "second") + to_team("second", "third") + to_team("third", "first"),
        "set each other off for ever: fields.team becomes ",
    ),
    "a wait for one party after another": (
        waits("vendor", "asked") + waits("customer", "new"),
        '"vendor" and "customer" set each other off for ever: waiting_for becomes ',
    ),
    "a level and a timer": (
        level('when = { waiting_for = "vendor" }\neffect = "escalate"\nto = "support"')
        + waits("support", "new"),
        '"help, half" and "support" set each other off for ever: waiting_for becomes ',
    ),
    "types in turn": (
        level('effect = "change-type"\ntype = "incident"').replace(
            '"waiting-since"', '"applied"\nwhen = { type = "question" }'
        )
        + level('effect = "change-type"\ntype = "question"')
        .replace('"waiting-since"', '"applied"\nwhen = { type = "incident" }')
        .replace('"help"', '"back"'),
        '"help, half" and "back, half" set each other off for ever: type becomes ',
    ),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_an_endless_round_is_reported(name: str) -> None:
    """Timers that set each other off for ever are reported with their names and values."""
    text, message = ENDLESS[name]
    with pytest.raises(PolicyError) as caught:
        parse_policy(HEAD + text)
    (problem,) = caught.value.problems

    assert message in problem.message
    assert problem.path.endswith(".effect")
    assert problem.line > HEAD.count("\n")


@pytest.mark.parametrize("name", ENDLESS)
def test_the_engine_agrees(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under a policy that the check refuses, timers fire every month although nobody acts."""
    monkeypatch.setattr(_policy, "_CHECKS", ())
    policy = parse_policy(HEAD + ENDLESS[name][0])
    opened = datetime(2026, 1, 5, tzinfo=UTC)
    ticket, _ = decide_and_apply(None, Open(at=opened, by="customer"), policy)
    for month in range(1, 5):
        ticket, events = advance_ticket(ticket, policy, opened + month * 30 * DAY)

        assert events


def test_a_timer_that_sets_itself_off_at_once_is_reported() -> None:
    """The escalation begins a wait for support, for which the timer is due at once."""
    timer = (
        '[[timer]]\nname = "e"\nfrom = "waiting-since"\nafter = "0 hours"\neffect = "escalate"\n'
    )
    with pytest.raises(PolicyError, match="1 problem") as caught:
        parse_policy(HEAD + timer)

    assert ["sets itself off again at the same instant, since it changes waiting_for"] == [
        problem.message for problem in caught.value.problems
    ]


@pytest.mark.parametrize(
    "text",
    [
        to_team("first", "second") + to_team("second", "third"),
        to_team("first", "second") + to_team("second", "first", start="opened"),
        waits("vendor", "asked"),
        waits("vendor", "asked", "0 hours"),
        level('when = { waiting_for = "vendor" }\neffect = "escalate"\nto = "support"'),
        level('effect = "escalate"\nto = "support"'),
        level('effect = "tag"\ntags = "late"'),
    ],
)
def test_what_comes_to_an_end_is_no_mistake(text: str) -> None:
    """A policy is accepted if its timers set each other off only a limited number of times."""
    parse_policy(HEAD + text)
