"""Compose the content of an e-mail: all its texts, in the order of C3, without a layout."""

from collections.abc import Iterable, Mapping

import attrs

from ticketcore.events import Event, NoteAdded, Recorded
from ticketcore.ledger import Ledger, OrderState
from ticketcore.notifications._notifications import Notification
from ticketcore.notifications._phrases import Wording
from ticketcore.notifications._recipients import Recipient
from ticketcore.notifications._sanitizing import one_line, shorten
from ticketcore.notifications._sections import (
    Comment,
    Detail,
    comments,
    order_details,
    ticket_details,
)
from ticketcore.notifications._templates import fill_template, find_template
from ticketcore.notifications._why import claimed_consent, outcome, why_sent
from ticketcore.policies import Policy
from ticketcore.ticket import Ticket, fold

_LONGEST_SUBJECT = 100  # characters; a phone shows about 40


@attrs.frozen(kw_only=True)
class Email:
    """The content of an e-mail to one recipient. *phrases* are those of the recipient's language.

    *system* is the title of the policy. *why* holds the reason for the e-mail, what came of the
    order, and the template that the policy includes. *ticket* and *order* hold details, *history*
    all comments.
    """

    language: str
    phrases: Mapping[str, str]
    subject: str
    heading: str
    system: str
    why: tuple[str, ...]
    latest: tuple[Comment, ...]
    link: str
    ticket: tuple[Detail, ...]
    order: tuple[Detail, ...]
    history: tuple[Comment, ...]
    closing: tuple[str, ...]


def compose(
    notification: Notification,
    history: Iterable[Recorded],
    policy: Policy,
    recipient: Recipient,
    link: str,
    names: Mapping[str, str],
    ledger: Ledger | None,
) -> Email:
    """Return the content of the e-mail for a notification.

    Events after the instant of the notification are left out. All events of one command share an
    instant, so the details show the deadlines that the command set and the closing that it caused.
    The first sentence describes the ticket right after the event itself.
    """
    wording = Wording.of(policy, recipient.locale, recipient.zone)
    at = notification.event.at
    until_then = tuple(recorded for recorded in history if recorded.event.at <= at)
    after_event = fold(one.event for one in until_then if one.seq <= notification.seq)
    ticket = fold(recorded.event for recorded in until_then)
    state = OrderState(ticket, () if ledger is None else ledger.others(ticket))
    messages = (one for one in until_then if _may_read(notification, one.event))
    latest, all_comments = comments(messages, wording, names)
    return Email(
        language=wording.formats.language,
        phrases=wording.phrases,
        subject=_subject(notification, ticket, wording),
        heading=wording.phrases[f"kind.{notification.kind}"],
        system=wording.title(policy),
        why=(
            why_sent(notification, after_event, policy, wording, names),
            *claimed_consent(notification, until_then, wording),
            *outcome(notification, until_then, state, policy, wording),
            *_included(notification, ticket, policy, recipient),
        ),
        latest=latest,
        link=link,
        ticket=ticket_details(
            notification.ticket, ticket, policy, wording, names, notification.role
        ),
        order=order_details(state, wording),
        history=all_comments,
        closing=tuple(_closing(notification, policy, wording)),
    )


def _may_read(notification: Notification, event: Event) -> bool:
    """Return whether the recipient may read a message: the customer's side reads no notes."""
    return notification.party != "customer" or not isinstance(event, NoteAdded)


def _subject(notification: Notification, ticket: Ticket, wording: Wording) -> str:
    """Return a subject that begins with the kind of the e-mail, for filters (C22)."""
    opened = ticket.opened
    kind = wording.phrases[f"kind.{notification.kind}"]
    subject = one_line(opened.subject or "") or wording.name(opened.type)
    return f"{kind}: {shorten(subject, _LONGEST_SUBJECT)} [{one_line(notification.ticket)}]"


def _included(
    notification: Notification, ticket: Ticket, policy: Policy, recipient: Recipient
) -> tuple[str, ...]:
    """Return the template that the notification includes, filled in."""
    name = notification.include
    if name is None:
        return ()
    template = find_template(policy, name, recipient.locale, ticket.opened.storefront)
    return (fill_template(template, notification.ticket, ticket, policy, recipient),)


def _closing(notification: Notification, policy: Policy, wording: Wording) -> Iterable[str]:
    """Yield the last sentences: how not to answer, and why this recipient gets the e-mail."""
    permissions = policy.allows("reply", "customer")
    by_email = any(not p.channels or "email" in p.channels for p in permissions)
    if notification.role in ("customer", "account", "shared") and permissions and not by_email:
        yield wording.phrases["say.answer-online"]  # O3
    role = notification.role
    if role in policy.roles:
        yield wording.phrases["receives.role"].format_map({"role": wording.name(role)})
    else:
        yield wording.phrases[f"receives.{role}"]
