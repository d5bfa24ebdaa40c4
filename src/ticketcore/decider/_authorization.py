"""The checks before every command: whether it can still be given, and by this party."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NoReturn, Protocol, assert_never

from ticketcore._internal.local_times import local_text
from ticketcore._internal.terminal import quoted
from ticketcore.commands import ChangeType, Close, Command, Open, Reply, SetField
from ticketcore.decider._windows import Window, window_of
from ticketcore.errors import RefusedError
from ticketcore.events import Money, Order, with_article
from ticketcore.policies import Permission, Policy, Requirement, anchor_words
from ticketcore.ticket import Ticket

# These commands are possible on a closed ticket, if the policy permits them.
_AFTER_CLOSING = frozenset(
    "reopen unmark-duplicate share unshare link request-review review"
    " correct-order add-shipment confirm-refund fail-refund"
    " open-dispute correct-dispute answer-dispute resolve-dispute"
    " reschedule change-policy set-field tag untag add-note".split()
)


class _WithRule(Protocol):
    """A table of the policy that can have rule ids."""

    @property
    def rule(self) -> str | None: ...


def refuse(command: Command, code: str, reason: str, rule: str | None = None) -> NoReturn:
    """Raise RefusedError for *command*."""
    raise RefusedError(code, reason, command=command, rule=rule)


def check_currency(command: Command, amount: Money, paid: str) -> None:
    """Refuse an *amount* in a currency other than the one in which the order was *paid*."""
    if amount.currency != paid:
        reason = f"the order was paid in {paid}, not {amount.currency}"
        refuse(command, "currency-differs", reason)


def check_currency_of_others(command: Command, order: Order, others: Iterable[Ticket]) -> None:
    """Refuse an order in another currency than that of the *others* about it."""
    currency = order.amount.currency
    for other in others:
        assert other.order is not None, "tickets of a ledger have an order"
        known = other.order.amount.currency
        if known != currency:
            reason = f"ticket {other.number} of the same order is in {known}, not {currency}"
            refuse(command, "currency-differs", reason)


def check_consent(ticket: Ticket, command: ChangeType | Close) -> None:
    """C11: refuse a consent that rests on a message that the customer did not write."""
    message = command.consent_message
    if message is not None and message not in ticket.customer_messages:
        reason = f"the customer wrote no message with the reference {quoted(message)}"
        refuse(command, "unknown-message", reason)


def check_other_ticket(ticket: Ticket, command: Command, number: str) -> None:
    """O4, O9, O10: refuse a command by which a ticket names itself."""
    if number == ticket.number:
        reason = f"{number} is the ticket itself: name another one"
        refuse(command, "same-ticket", reason)


def rules_of(tables: Iterable[_WithRule]) -> str | None:
    """Return the rule ids of several tables of the policy, each once."""
    ids = dict.fromkeys(each for table in tables for each in (table.rule or "").split())
    return " ".join(ids) or None


def check_allowed(ticket: Ticket, command: Command, policy: Policy) -> Permission:
    """Return the permission that allows *command*. Raises RefusedError if none does."""
    _check_open(ticket, command, policy)
    permission = authorize(ticket, command, policy)
    check_requirements(command, permission)
    return permission


def _check_open(ticket: Ticket, command: Command, policy: Policy) -> None:
    if ticket.final:  # K8: the ticket can only be read
        refuse(command, "ticket-final", "the ticket is permanently closed", policy.closing.rule)
    if ticket.closed_at is None or command.NAME in _AFTER_CLOSING:
        return
    if command.NAME == "close" and policy.closing.per_party and ticket.closed_kind == "closed":
        return
    if isinstance(command, Reply) and (
        command.automatic
        or ticket.duplicate_of is not None
        or command.by in policy.closing.reply_reopens
    ):
        return  # its handler refuses a reply to a duplicate, and names the other ticket
    by = " and ".join(map(with_article, ticket.closed_by))
    closed = local_text(ticket.closed_at, ticket.opened.zone)
    reason = f"the ticket was already closed by {by} on {closed}"
    refuse(command, "ticket-closed", reason, policy.closing.rule)


def authorize(ticket: Ticket, command: Command, policy: Policy) -> Permission:
    """Return the party's first permission for *command* whose condition holds, and that is open.

    Raises RefusedError if none does.
    """
    permissions = policy.allows(command.NAME, command.by)
    closed: list[tuple[Permission, Window]] = []
    for permission in permissions:
        if fits(permission, ticket, command):
            if permission.anchor is None:
                return permission
            window = window_of(permission, ticket, policy)
            if window is not None and window.is_open(command.at):
                return permission
            if window is not None:
                closed.append((permission, window))
    if closed:
        early = (each for each in closed if each[1].is_early(command.at))
        _refuse_in_time(ticket, command, *next(early, closed[0]))
    if permissions:
        many = len({permission.rule for permission in permissions}) > 1
        limits = (_limits(each, ticket, command, many=many) for each in permissions)
        reason = f'{with_article(command.by)} may use "{command.NAME}" only {", or ".join(limits)}'
        refuse(command, "not-permitted", reason, rules_of(permissions))
    parties = policy.parties(command.NAME)
    allowed = f"allowed: {', '.join(parties)}" if parties else f"under {policy.name} nobody may"
    reason = f'{with_article(command.by)} may not use "{command.NAME}"; {allowed}'
    granted = (each for party in parties for each in policy.allows(command.NAME, party))
    refuse(command, "not-permitted", reason, rules_of(granted))


def fits(permission: Permission, ticket: Ticket, command: Command) -> bool:
    """Return whether the condition of a permission holds, and it lists the fields to be set."""
    return permission.when.holds(ticket) and (
        not permission.fields or _fields_of(command) <= {*permission.fields}
    )


def _limits(permission: Permission, ticket: Ticket, command: Command, *, many: bool) -> str:
    """Return why a permission does not hold here; with its rule ids, if there are *many*."""
    limits = [condition] if (condition := permission.when.unmet(ticket)) else []
    if permission.fields and not _fields_of(command) <= {*permission.fields}:
        limits.append(f"for {', '.join(permission.fields)}")
    if not limits:  # a window is left, whose instant the ticket does not have
        limits.append(f"after {anchor_words(permission.anchor or '')}")
    rule = f" ({permission.rule})" if many and permission.rule else ""
    return f"{', '.join(limits)}{rule}"


def _refuse_in_time(
    ticket: Ticket, command: Command, permission: Permission, window: Window
) -> NoReturn:
    """Refuse a command that comes too early or too late."""
    may = f'{with_article(command.by)} may use "{command.NAME}" only'
    anchor = anchor_words(permission.anchor or "")
    if window.opens is not None and window.is_early(command.at):
        first = local_text(window.opens, ticket.opened.zone)
        reason = f"{may} {permission.after} after {anchor}, from {first} on"
        refuse(command, "too-early", reason, permission.rule)
    assert window.closes is not None, "a window that is not open is early or late"
    last = local_text(window.closes, ticket.opened.zone)
    reason = f"{may} within {permission.within} after {anchor}, until {last}"
    refuse(command, "window-passed", reason, permission.rule)


def _fields_of(command: Command) -> set[str]:
    """Return the names of the policy's fields that a command sets."""
    if isinstance(command, Open):
        return {*command.fields}
    assert isinstance(command, SetField), "no other command sets fields"
    return {command.field}


def check_requirements(command: Command, permission: Permission) -> None:
    """Refuse a command that lacks what its permission requires, or came by a wrong channel."""
    for requirement in permission.requires:
        if not _has(command, requirement):
            lacking = _LACKING[requirement]
            reason = f'{with_article(command.by)} may use "{command.NAME}" only with {lacking}'
            refuse(command, f"{requirement}-required", reason, permission.rule)
    if not permission.channels:
        return
    channel = getattr(command, "channel", None)
    if channel is not None and channel not in permission.channels:
        accepted = ", ".join(permission.channels)
        reason = f'"{command.NAME}" by {channel} is not accepted: use {accepted}'
        refuse(command, "channel-not-allowed", reason, permission.rule)


_LACKING: Final[Mapping[Requirement, str]] = {
    "consent": "the customer's consent",
    "consent-message": 'a "consent_message" in which the customer agrees',
    "text": "a text",
    "reason": "a reason",
}


def _has(command: Any, requirement: Requirement) -> bool:
    match requirement:
        case "consent":  # C11: only with the customer's consent
            return bool(command.consent)
        case "consent-message":
            return bool(command.consent) and command.consent_message is not None
        case "text":  # K14: a message may consist of attachments
            return bool((command.text or "").strip() or getattr(command, "attachments", ()))
        case "reason":
            return bool((command.reason or "").strip())
        case _:
            assert_never(requirement)
