"""A notification can name roles that the policy declares, besides those that every desk has."""

from datetime import UTC, datetime

import pytest

from support.policies.policy_problems import HEAD, OPEN, problems
from ticketcore.commands import Open, SetField
from ticketcore.decider import decide
from ticketcore.events import Recorded
from ticketcore.notifications import Recipient, Sender, notifications, render
from ticketcore.policies import parse_policy
from ticketcore.ticket import fold

AT = datetime(2026, 1, 12, 9, tzinfo=UTC)
NOTIFY = '[[notification]]\nname = "new"\non = "opened"\nto = ["lead", "vendor"]\n'
POLICY = parse_policy(f"{HEAD}{OPEN}[roles.lead]\n{NOTIFY}")
EVENTS = decide(None, Open(at=AT, by="customer", type="request", zone="UTC"), POLICY)
RECORDED = tuple(Recorded("T", seq, event) for seq, event in enumerate(EVENTS, 1))


def test_a_role_receives_the_notification() -> None:
    """A role that the policy declares receives its notifications, as a part of support."""
    sent = notifications(RECORDED[0], fold(EVENTS), POLICY)

    assert [("lead", "support"), ("vendor", "vendor")] == [(one.role, one.party) for one in sent]


@pytest.mark.parametrize("language", ["en", "de", "it", "hu"])
def test_an_email_names_the_role(language: str) -> None:
    """An e-mail names the role for which the reader receives it."""
    lead = notifications(RECORDED[0], fold(EVENTS), POLICY)[0]
    reader = Recipient(addresses={"account": "lead@desk.example"}, locale=language)
    email = render(
        lead,
        RECORDED,
        POLICY,
        reader,
        sender=Sender(address="desk@desk.example"),
        link="https://desk.example/t/{ticket}",
    )

    assert "lead" in str(email.get_body(("plain",)))


def test_a_role_must_be_declared() -> None:
    """An undeclared role is refused, and the message lists the recipients that exist."""
    (found,) = problems(HEAD + OPEN + NOTIFY)

    assert found.endswith(
        'notification[0].to: no recipient "lead"; expected one of "account", "customer", '
        '"shared", "support", "vendor"'
    )


@pytest.mark.parametrize(
    ("language", "field", "value"),
    [
        ("it", "priorità", "urgente"),
        ("hu", "fontosság", "sürgős"),
        ("de", "Priorität", "dringend"),
    ],
)
def test_an_email_has_the_words_for_a_field_and_its_value(
    language: str, field: str, value: str
) -> None:
    """An e-mail has the policy's words for fields, their values and roles."""
    notify = '[[notification]]\nname = "raised"\non = "field-set"\nto = "lead"\n'
    policy = parse_policy(
        f'extends = "help-desk"\nname = "mine"\neffective = 2026-01-01\n{notify}'
    )
    opening = decide(None, Open(at=AT, by="customer"), policy)
    raised = SetField(at=AT, by="support", field="priority", value="urgent")
    events = (*opening, *decide(fold(opening), raised, policy))
    recorded = tuple(Recorded("T", seq, event) for seq, event in enumerate(events, 1))
    (sent,) = notifications(recorded[len(opening)], fold(events), policy)
    reader = Recipient(addresses={"account": "lead@desk.example"}, locale=language)
    sender = Sender(address="desk@desk.example")
    email = render(sent, recorded, policy, reader, sender=sender, link="https://desk.example/")
    text = email.get_body(("plain",))

    assert text is not None
    for word in (field, value, policy.words[language]["lead"]):
        assert word in text.get_content()
