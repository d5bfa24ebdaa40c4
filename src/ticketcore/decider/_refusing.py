"""What stands before every command: is the ticket in a state for it, and may this party ask?"""

from typing import Any, NoReturn

from ticketcore.commands import Command, Reply
from ticketcore.errors import RefusedError
from ticketcore.policies import Permission, Policy
from ticketcore.ticket import Ticket

# What may still be asked of a closed ticket, where the policy permits it.
_AFTER_CLOSING = frozenset(
    "reopen share unshare request-review review open-dispute answer-dispute resolve-dispute"
    " confirm-refund fail-refund reschedule change-policy".split()
)


def refuse(command: Command, code: str, reason: str, rule: str | None = None) -> NoReturn:
    """Raise the refusal of a command. Nothing has happened."""
    raise RefusedError(code, reason, command=command, rule=rule)


def check_allowed(ticket: Ticket, command: Command, policy: Policy) -> Permission:
    """The permission under which a command is granted. Raises RefusedError."""
    _check_open(ticket, command, policy)
    permission = authorize(ticket, command, policy)
    check_requirements(command, permission)
    return permission


def _check_open(ticket: Ticket, command: Command, policy: Policy) -> None:
    if ticket.final:  # K8: nothing may follow but reading
        refuse(command, "ticket-final", "the ticket is closed for good", policy.closing.rule)
    if ticket.closed_at is None or command.NAME in _AFTER_CLOSING:
        return
    if command.NAME == "close" and policy.closing.per_party and ticket.closed_kind == "closed":
        return
    if isinstance(command, Reply) and command.by in policy.closing.reply_reopens:
        return
    by = " and ".join(ticket.closed_by)
    at = ticket.closed_at.isoformat()
    refuse(command, "ticket-closed", f"the ticket was already closed, by {by} at {at}")


def authorize(ticket: Ticket, command: Command, policy: Policy) -> Permission:
    """The first permission of the party for the command whose `when` holds."""
    permissions = policy.allows(command.NAME, command.by)
    for permission in permissions:
        if permission.when.holds(ticket):
            return permission
    if permissions:
        rule = permissions[0].rule
        refuse(
            command, "not-permitted", f"{command.by} may not {command.NAME} this ticket now", rule
        )
    others = ", ".join(policy.parties(command.NAME)) or "nobody"
    refuse(command, "not-permitted", f"{command.by} may not {command.NAME} a ticket: {others} may")


def check_requirements(command: Command, permission: Permission) -> None:
    """Refuse a command that lacks what its permission asks for."""
    asked: Any = command
    for need in permission.requires:
        match need:
            case "consent":  # C11: only with the customer's consent
                lacking = not asked.consent
            case "text":
                lacking = not (asked.text or "").strip()
            case _:
                lacking = not (asked.reason or "").strip()
        if lacking:
            reason = (
                f"{command.by} may {command.NAME} this ticket only with the {_REQUIREMENTS[need]}"
            )
            refuse(command, f"{need}-required", reason, permission.rule)
    if not permission.channels:
        return
    channel = getattr(command, "channel", None)
    if channel is not None and channel not in permission.channels:
        right = ", ".join(permission.channels)
        reason = f"a {command.NAME} by {channel} is not accepted: use {right}"
        refuse(command, "channel-not-allowed", reason, permission.rule)


_REQUIREMENTS = {"consent": "customer's consent", "text": "text", "reason": "reason"}
