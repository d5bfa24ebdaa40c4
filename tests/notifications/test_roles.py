"""Roles that a policy declares receive notifications, also from the levels of timers."""

from datetime import UTC, datetime, timedelta

import pytest

from support.policy_problems import HEAD, OPEN, problems
from ticketcore.commands import Open
from ticketcore.decider import advance, decide
from ticketcore.events import Recorded
from ticketcore.notifications import Recipient, Sender, notifications, render
from ticketcore.policies import parse_policy
from ticketcore.ticket import fold, replay

AT = datetime(2026, 1, 12, 9, tzinfo=UTC)
ROLES = "[roles.lead]\n[roles.manager]\n"
LEVELS = """
[[timer]]
name = "answer"
from = "opened"
after = "4 hours"
effect = "breach"
rule = "B1"
[[timer.level]]
name = "three-quarters"
used = "75 %"
notify = "lead"
rule = "B2"
[[notification]]
name = "late"
on = "breached"
to = ["lead", "manager", "support"]
"""
POLICY = parse_policy(HEAD + OPEN + ROLES + LEVELS + "")


def sent() -> list[tuple[str, str, str | None]]:
    """Return event, role and rule of each notification of a ticket that nobody answers."""
    opened = decide(None, Open(at=AT, by="customer", type="request", zone="UTC"), POLICY)
    events = opened + advance(fold(opened), POLICY, AT + timedelta(hours=5))
    return [
        (notification.event_name, notification.role, notification.rule)
        for seq, (after, event) in enumerate(replay(events), 1)
        for notification in notifications(Recorded("T", seq, event), after, POLICY)
    ]


def test_a_level_notifies_its_role() -> None:
    """A role of the policy receives what the file says; the host knows its address."""
    assert [
        ("warned", "lead", "B2"),
        ("breached", "lead", None),
        ("breached", "manager", None),
        ("breached", "support", None),
    ] == sent()


@pytest.mark.parametrize("language", ["en", "de", "it", "hu"])
def test_an_email_names_the_role(language: str) -> None:
    """The reader sees why they receive it."""
    opened = decide(None, Open(at=AT, by="customer", type="request", zone="UTC"), POLICY)
    events = opened + advance(fold(opened), POLICY, AT + timedelta(hours=3))
    recorded = tuple(Recorded("T", seq, event) for seq, event in enumerate(events, 1))
    warned = next(each for each in recorded if each.event.NAME == "warned")
    after = fold(events)
    (notification,) = notifications(warned, after, POLICY)
    reader = Recipient(addresses={"account": "lead@desk.example"}, locale=language)
    email = render(
        notification,
        recorded,
        POLICY,
        reader,
        sender=Sender(address="desk@desk.example"),
        link="https://desk.example/t/{ticket}",
    )

    assert "support" == notification.party
    assert "lead" in str(email.get_body(("plain",)))


def test_a_role_must_be_declared() -> None:
    """In notifications and in levels."""
    assert [
        'timer[0].level[0].notify: no recipient "lead"; expected one of "account", "customer", '
        '"shared", "support", "vendor"',
        'notification[0].to: no recipient "lead"; expected one of "account", "customer", '
        '"shared", "support", "vendor"',
    ] == [
        found.split(" ", 1)[1]
        for found in problems(HEAD + OPEN + LEVELS.replace('"manager", ', ""))
    ]
