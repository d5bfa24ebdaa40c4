"""The checks before every command: open or closed, permissions, requirements and channels."""

from typing import Any

import pytest

from support.policies.permissive_policy import POLICY, T0, after, at
from support.policies.small_policies import BASE, names, opened, policy_of, refusal
from ticketcore import commands as c
from ticketcore.decider import decide, decide_and_apply
from ticketcore.policies import Policy, parse_policy
from ticketcore.ticket import Ticket

_BASE = """
name = "narrow"
effective = 2026-01-01
zone = "UTC"
default_type = "request"
[types.request]
[[permission]]
commands = ["open", "reply", "refund", "cancel", "close", "escalate", "open-dispute"]
by = ["customer", "vendor", "support"]
[[permission]]
commands = "reopen"
by = "vendor"
requires = "text"
within = "2 days"
rule = "A2"
"""
CLOSE = c.Close(at=at(1), by="vendor")
PLAIN = parse_policy(_BASE)
FINAL = parse_policy(_BASE + '[closing]\nrule = "K8"\nfinal_by = ["vendor"]\n')
PER_PARTY = parse_policy(_BASE + "[closing]\nper_party = true\n")


def _ticket(policy: Policy, *commands: c.Command, **facts: Any) -> Ticket:
    ticket, _ = decide_and_apply(None, c.Open(at=T0, by="customer", **facts), policy)
    for command in commands:
        ticket, _ = decide_and_apply(ticket, command, policy)
    return ticket


def _message(ticket: Ticket, command: c.Command, policy: Policy) -> str:
    return str(refusal(ticket, command, policy))


def _opening_policy(text: str) -> Policy:
    """Return a policy in which only the customer acts, with further lines."""
    base = BASE[: BASE.index("[[permission]]")]
    first = '[[permission]]\ncommands = ["open", "reply", "acknowledge"]\nby = "customer"\n'
    return parse_policy(base + first + text)


def test_a_command_without_a_permission_is_refused() -> None:
    """A command without a permission is refused with the reason: a condition or the party."""
    policy = _opening_policy(
        '[[permission]]\ncommands = "close"\nby = "customer"\n'
        'when = { type = "other" }\nrule = "X1"\n'
    )
    ticket = opened(policy)

    conditional = refusal(ticket, c.Close(at=at(1), by="customer"), policy)
    assert ("not-permitted", "X1") == (conditional.code, conditional.rule)
    assert 'not-permitted: the customer may use "close" only if the type is other (X1)' == str(
        conditional
    )
    assert "allowed: customer" in refusal(ticket, c.Close(at=at(1), by="vendor"), policy).reason
    nobody = refusal(ticket, c.Escalate(at=at(1), by="vendor"), policy).reason
    assert nobody.endswith(f"under {policy.name} nobody may")


@pytest.mark.parametrize(
    ("permission", "limit"),
    [
        ('when = { fields.priority = "urgent" }', "if the priority is urgent"),
        ('when = { fields.priority = { not = "normal" } }', "if the priority is not normal"),
        (
            "when = { fields.weight = { at_least = 5, below = 9 }, acknowledged = true }",
            "if work has begun and the weight is at least 5 and below 9",
        ),
        (
            'when = { fields.weight = { below = 9 }, type = "request" }',
            "if the weight is below 9",
        ),
        ('when = { tags = ["vip", "old"] }', "if the tags contain old or vip"),
        ('when = { tags = { not = "new" } }', "if the tags do not contain new"),
        (
            'unless = { tags = "new", answered = false }',
            "unless the ticket was not answered and the tags contain new",
        ),
        ("when = { has_account = true }", "if the ticket has an account"),
        ('from = "closed"\nwithin = "7 days"', "after the closing"),
    ],
)
def test_a_refusal_names_the_condition_that_failed(permission: str, limit: str) -> None:
    """A refusal names the condition that failed in the words of the policy."""
    policy = _opening_policy(
        '[fields.priority]\nchoices = ["normal", "urgent"]\ndefault = "normal"\n'
        '[fields.weight]\ntype = "number"\n'
        f'[[permission]]\ncommands = "share"\nby = "vendor"\n{permission}\nrule = "S1"\n'
    )
    ticket = opened(policy, tags=("new",))

    assert f'not-permitted: the vendor may use "share" only {limit} (S1)' == _message(
        ticket, c.Share(at=at(1), by="vendor", with_person="p"), policy
    )


def test_a_refusal_names_the_rule_of_each_permission() -> None:
    """A refusal names the condition and the rule of each possible permission."""
    share = '[[permission]]\ncommands = "share"\nby = "vendor"\nwhen = {{ {} }}\n{}\n'
    policy = _opening_policy(
        share.format("acknowledged = true", 'rule = "S1"')
        + share.format('type = "other"', 'rule = "S2"')
        + share.format('tags = "vip"', "")
    )
    refused = refusal(opened(policy), c.Share(at=at(1), by="vendor", with_person="p"), policy)

    assert (
        'the vendor may use "share" only if work has begun (S1), or if the type is other (S2), '
        "or if the tags contain vip"
    ) == refused.reason
    assert "S1 S2" == refused.rule


def test_a_refusal_names_a_rule_that_all_permissions_have_once() -> None:
    """A refusal names the rule of all permissions once, at its end (W9)."""
    share = '[[permission]]\ncommands = "share"\nby = "vendor"\nrule = "S1"\nwhen = {{ {} }}\n'
    policy = _opening_policy(share.format("acknowledged = true") + share.format('tags = "vip"'))
    refused = refusal(opened(policy), c.Share(at=at(1), by="vendor", with_person="p"), policy)

    assert (
        'not-permitted: the vendor may use "share" only if work has begun, '
        "or if the tags contain vip (S1)"
    ) == str(refused)


def test_a_refusal_names_the_fields_of_a_permission() -> None:
    """A refusal names the fields that the permission allows the party to set."""
    policy = _opening_policy(
        '[fields.team]\ntype = "text"\n[fields.weight]\ntype = "number"\n'
        '[[permission]]\ncommands = "set-field"\nby = "vendor"\nfields = "weight"\n'
    )
    command = c.SetField(at=at(1), by="vendor", field="team", value="a")

    assert (
        'the vendor may use "set-field" only for weight'
        == refusal(opened(policy), command, policy).reason
    )


def test_a_final_ticket_accepts_no_command() -> None:
    """K8: a final ticket refuses every command with the rule of its closing."""
    ticket = _ticket(FINAL, CLOSE)

    assert "ticket-final: the ticket is permanently closed (K8)" == _message(
        ticket, c.Reply(at=at(2), by="customer"), FINAL
    )


def test_a_closed_ticket_names_the_parties_that_closed_it() -> None:
    """A command to a closed ticket is refused with the instant of the first closing."""
    ticket = _ticket(PER_PARTY, CLOSE, c.Close(at=at(2), by="customer"))

    assert (
        "ticket-closed: the ticket was already closed by the vendor and the customer on"
        " Mon 2026-01-05 10:00 UTC+00:00"
    ) == _message(ticket, c.Reply(at=at(3), by="vendor"), PER_PARTY)


def test_a_reply_to_a_closed_ticket_is_refused() -> None:
    """A reply to a closed ticket is refused with the party that closed it."""
    ticket = after(CLOSE)

    assert (
        "ticket-closed: the ticket was already closed by the vendor on"
        " Mon 2026-01-05 10:00 UTC+00:00"
    ) == str(refusal(ticket, c.Reply(at=at(2), by="vendor"), POLICY))


def test_a_reply_may_reopen_a_closed_ticket() -> None:
    """A reply reopens a closed ticket if the policy lists the replying party."""
    policy = policy_of('[closing]\nreply_reopens = ["customer"]\n')
    closed = decide_and_apply(opened(policy), c.Close(at=at(1), by="support"), policy)[0]

    assert ["Reopened", "Replied"] == names(
        decide(closed, c.Reply(at=at(2), by="customer"), policy)
    )
    assert "ticket-closed" == refusal(closed, c.Reply(at=at(2), by="vendor"), policy).code


def test_a_command_may_be_limited_to_channels() -> None:
    """A permission may limit a command to channels; one without a channel is not checked."""
    policy = parse_policy(
        _BASE.replace('by = ["customer', 'channels = ["portal"]\nby = ["customer')
    )
    ticket = _ticket(policy)

    assert decide(ticket, CLOSE, policy)
    assert decide(ticket, c.Reply(at=at(1), by="vendor"), policy)
    assert 'channel-not-allowed: "reply" by fax is not accepted: use portal' == _message(
        ticket, c.Reply(at=at(1), by="vendor", channel="fax"), policy
    )


@pytest.mark.parametrize(
    ("requirement", "command", "message"),
    [
        (
            "consent",
            CLOSE,
            'consent-required: the vendor may use "close" only with the customer\'s consent',
        ),
        (
            "consent-message",
            c.Close(at=at(1), by="vendor", consent=True),
            'consent-message-required: the vendor may use "close" only with a '
            '"consent_message" in which the customer agrees',
        ),
        ("text", CLOSE, 'text-required: the vendor may use "close" only with a text'),
        (
            "reason",
            c.Withdraw(at=at(1), by="vendor"),
            'reason-required: the vendor may use "withdraw" only with a reason',
        ),
    ],
)
def test_a_permission_may_require_more(requirement: str, command: c.Command, message: str) -> None:
    """C11: a permission that requires consent refuses a command without it."""
    text = BASE[: BASE.index("[[permission]]")]
    text += '[[permission]]\ncommands = "open"\nby = "customer"\n[[permission]]\n'
    text += (
        f'commands = "{command.NAME}"\nby = "vendor"\nrequires = "{requirement}"\nrule = "R1"\n'
    )
    policy = parse_policy(text)

    assert f"{message} (R1)" == str(refusal(opened(policy), command, policy))


def test_a_permission_depends_on_fields_and_tags() -> None:
    """A permission may depend on a range of amounts, and exclude a tag."""
    policy = parse_policy(
        _BASE
        + '[fields.cost]\ntype = "money"\n'
        + '[[permission]]\ncommands = "withdraw"\nby = "customer"\n'
        + 'when = { fields.cost = { below = "50.00 USD" } }\nunless = { tags = "vip" }\n'
    )
    withdraw = c.Withdraw(at=at(1), by="customer", reason="no")
    cheap, dear = {"cost": "49.99 USD"}, {"cost": "50.00 USD"}

    assert "closed" == _ticket(policy, withdraw, fields=cheap).status
    for facts in ({"fields": dear}, {"fields": cheap, "tags": ("vip",)}, {}):
        refused = refusal(_ticket(policy, **facts), withdraw, policy)
        assert "not-permitted" == refused.code
