"""A notice as an e-mail, which a host sends as it is."""

import re
from collections.abc import Iterable, Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from hashlib import sha256
from types import MappingProxyType

from ticketcore.errors import NoticeError
from ticketcore.events import Recorded
from ticketcore.notifications._email import compose
from ticketcore.notifications._layouts import as_html, as_text
from ticketcore.notifications._notifications import Notice
from ticketcore.notifications._recipients import Reader, Sender, address_of
from ticketcore.notifications._sanitizing import header, mailbox_name
from ticketcore.policies import Policy

_LINK = re.compile(r"https?://[^\s<>\"\x00-\x1f\x7f-\x9f]+")
_NOBODY: Mapping[str, str] = MappingProxyType({})


def render(
    notice: Notice,
    history: Iterable[Recorded],
    policy: Policy,
    reader: Reader,
    *,
    sender: Sender,
    link: str,
    names: Mapping[str, str] = _NOBODY,
) -> EmailMessage:
    """The e-mail of a notice, as plain text and as HTML, in the one shape of C3.

    *history* holds the ticket's events, from its opening to that of the notice at least; *link*
    leads to the ticket, *names* are of persons by their ids. The letter shows the ticket as it
    was once all had happened that happened at the event's instant, so it is the same whenever it
    is rendered, byte for byte: it reads no clock, and its date is the event's.

    Needs the extra `notices`. Raises NoticeError for an address that is not there, a link that is
    none, and a language that notices are not written in.
    """
    if not _LINK.fullmatch(link):
        raise NoticeError("link", link, "does not begin with https:// or is not one word")
    letter = compose(notice, history, policy, reader, link, names)
    message = EmailMessage()
    message["From"] = _mailbox(sender.name, sender.address)
    message["To"] = _mailbox(reader.name, address_of(reader, notice.to.role, policy))
    message["Subject"] = header(letter.subject)
    message["Date"] = notice.event.at
    _thread(message, notice, sender.domain)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no vacation notice answers it
    message["X-Ticket-Notice"] = notice.kind
    message.set_content(as_text(letter), cte="quoted-printable")
    message.add_alternative(as_html(letter), subtype="html", cte="quoted-printable")
    message["Content-Language"] = letter.language
    # Quoted-printable never holds "=_", so nobody can write a boundary into a comment.
    message.set_boundary(f"=_{_digest(*notice.identity)}")
    return message


def _thread(message: EmailMessage, notice: Notice, domain: str) -> None:
    """Ids from the notice's identity, below one that stands for the ticket and is never sent.

    Whichever letters of a ticket somebody gets, his mail client keeps them together by it.
    """
    root = f"<{_digest(notice.ticket)}@{domain}>"
    identity = _digest(*notice.identity)
    message["Message-ID"] = f"<{identity}.{notice.seq}.{notice.kind}@{domain}>"
    message["In-Reply-To"] = root
    message["References"] = root


def _mailbox(name: str, address: str) -> Address:
    username, _, domain = address.rpartition("@")
    return Address(mailbox_name(name), username, domain)


def _digest(*parts: str | int) -> str:
    """A text's fingerprint: an id of a host may hold what a header must not."""
    return sha256(repr(parts).encode()).hexdigest()[:24]
