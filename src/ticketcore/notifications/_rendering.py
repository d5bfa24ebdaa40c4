"""Render a notification as an e-mail message that the host sends unchanged."""

import re
from collections.abc import Iterable, Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from types import MappingProxyType

from ticketcore.errors import NotificationError
from ticketcore.events import Recorded
from ticketcore.ledger import Ledger
from ticketcore.notifications._email import compose
from ticketcore.notifications._layouts import as_html, as_text
from ticketcore.notifications._notifications import Notification, digest
from ticketcore.notifications._recipients import Recipient, Sender, address_of
from ticketcore.notifications._sanitizing import header, mailbox_name
from ticketcore.policies import Policy

_LINK = re.compile(r"https?://[^\s<>\"\x00-\x1f\x7f-\x9f]+")
_NO_NAMES: Mapping[str, str] = MappingProxyType({})


def render(
    notification: Notification,
    history: Iterable[Recorded],
    policy: Policy,
    recipient: Recipient,
    *,
    sender: Sender,
    link: str,
    names: Mapping[str, str] = _NO_NAMES,
    ledger: Ledger | None = None,
) -> EmailMessage:
    """Return the e-mail of a notification, as plain text and as HTML, in the layout of C3.

    *history* holds the ticket's events, from the opening to the event of the notification at
    least. *link* leads to the ticket. *names* are names of persons by their ids. *ledger* has all
    tickets of the order as of the event; without it, the e-mail knows only what this ticket
    refunded.

    The e-mail shows the ticket at the instant of the event, and its date is that instant. It reads
    no clock, so rendering it again later gives the same bytes.

    Needs the extra `notifications`. Raises NotificationError for a missing address, an invalid
    link, an unknown locale, a language without phrases, and for an included template that is
    missing or that names a field without a value.
    """
    if not _LINK.fullmatch(link):
        why = "is not a link: give one that begins with https:// and has no spaces"
        raise NotificationError("link", link, why)
    email = compose(notification, history, policy, recipient, link, names, ledger)
    message = EmailMessage()
    message["From"] = _mailbox(sender.name, sender.address)
    message["To"] = _mailbox(recipient.name, address_of(recipient, notification.role, policy))
    message["Subject"] = header(email.subject)
    message["Date"] = notification.event.at
    _add_thread(message, notification, sender.domain)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office reply
    message["X-Ticket-Notification"] = notification.kind
    message.set_content(as_text(email), cte="quoted-printable")
    message.add_alternative(as_html(email), subtype="html", cte="quoted-printable")
    message["Content-Language"] = email.language
    # Quoted-printable text cannot contain "=_", so no comment can contain the boundary.
    message.set_boundary(f"=_{notification.identity}")
    return message


def _add_thread(message: EmailMessage, notification: Notification, domain: str) -> None:
    """Add the message ids, so that mail clients show all e-mails of a ticket as one thread.

    Every e-mail answers one id that stands for the ticket. No e-mail with that id is ever sent, so
    the thread does not depend on which e-mails a recipient has received.
    """
    root = f"<{digest(notification.ticket)}@{domain}>"
    message["Message-ID"] = (
        f"<{notification.identity}.{notification.seq}.{notification.kind}@{domain}>"
    )
    message["In-Reply-To"] = root
    message["References"] = root


def _mailbox(name: str, address: str) -> Address:
    username, _, domain = address.rpartition("@")
    return Address(mailbox_name(name), username, domain)
