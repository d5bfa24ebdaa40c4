"""Texts that try to break an e-mail, and e-mails that contain them."""

from email import message_from_bytes
from email import policy as email_policy
from email.message import EmailMessage
from functools import cache

import attrs

from support.stories.notifications import (
    ORDER,
    SENDER,
    boise,
    notify,
    opening,
    recipient_in,
)
from ticketcore import commands as c
from ticketcore._internal.terminal import has_visible
from ticketcore.events import Shipment, Unit
from ticketcore.policies import load_policy

CLICKBANK = load_policy("clickbank")

_WRITTEN = (
    # headers
    "x\nBcc: all@post.example",
    "x\r\nBcc: all@post.example",
    "x\rBcc: all@post.example",
    "x\n\nA body of my own",
    "x\r\n\r\n<html><body>mine</body></html>",
    "x\x0bBcc: all@post.example",
    "x\x0cBcc: all@post.example",
    "x\x85Bcc: all@post.example",
    "x\u2028Bcc: all@post.example",
    "x\u2029Bcc: all@post.example",
    "=?utf-8?q?x=0ABcc:_all@post.example?=",
    "=?utf-8?b?eApCY2M6IGFsbEBwb3N0LmV4YW1wbGU=?=",
    "\nContent-Type: text/html\n\n<script>alert(1)</script>",
    "X-Ticket-Notification: closed",
    "Anna <anna@post.example>, all@post.example",
    "all@post.example, <all@post.example> " + "y" * 120,
    "</p><img src=x onerror=alert(1)> {{ 7*7 }} \u202eevil\u202c " + "y" * 120,
    '"Anna" <anna@post.example>;',
    # parts
    "--=_0123456789abcdef01234567\nContent-Type: text/html\n\n<b>mine</b>",
    "--=_0123456789abcdef01234567--",
    ".\r\nMAIL FROM:<all@post.example>\r\n",
    "From all@post.example Mon Jan 12 10:00:00 2026",
    "=3Cscript=3Ealert(1)=3C/script=3E",
    # markup
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</p></div></body></html><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<!-- a comment that does not end",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "<style>*{display:none}</style>",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href='javascript:alert(1)'>the ticket</a>",
    "<form action=https://evil.example><input name=password>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    '" style="position:fixed',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)",
    "<scr\x01ipt>alert(1)</scr\x01ipt>",
    "<plaintext>",
    "<textarea>",
    "<table><tr><td>",
    "\ufeff<script>alert(1)</script>",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    # templates
    "{{ 7 * 7 }}",
    "{{ email.phrases }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{% for x in range(10**9) %}x{% endfor %}",
    "{% include 'email.html.jinja' %}",
    "{% raw %}",
    "{# a comment that does not end",
    "#} }} %}",
    "{ticket}",
    "{ticket.__class__}",
    "{0}",
    "{",
    "}",
    "%s %(ticket)s %n",
    "${7*7} #{7*7} <%= 7*7 %>",
    "$(touch /tmp/x) `id`",
    # writing directions and odd Unicode
    "\u202eelpmaxe.live\u202c",
    "\u2066\u2067\u2068",
    "a\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301",
    "\x01\x1b[31m\x7f",
    "\ufffe\uffff",
    "== The ticket ==\nStatus: closed",
    "> quoted\n>> twice\n-- \nSupport",
    "x" * 20_000,
    "🙈" * 500,
    " ",
)

# Commands refuse a text that nobody can see.
HOSTILE = tuple(text if has_visible(text) else f"{text}x" for text in _WRITTEN)
"""More than forty texts. Tests put each one in every place where a person can write."""


@cache
def emails_with(text: str) -> dict[str, EmailMessage]:
    """Return e-mails with *text* in every field of a person, by the name of their event."""
    order = attrs.evolve(
        ORDER,
        number=text,
        units=(Unit(id=text),),
        shipments=(Shipment(number=text, shipped_at=ORDER.sold_at),),
    )
    facts = {"order": order, "subject": text, "text": text, "customer": text, "actor": text}
    notified = notify(
        CLICKBANK,
        opening("refund", reason=text, category=text, subcategory=text, **facts),
        c.Reply(at=boise(12, 11), by="vendor", actor="bruno", text=text),
        c.ChangeType(at=boise(12, 12), by="customer", type="technical", text=text),
        until=boise(31, 0),
    )
    names = {text: text, "bruno": text}
    anna = recipient_in("en", name=text)
    sender = attrs.evolve(SENDER, name=text)
    return {
        one.notification.event_name: received(one.email_to(anna, names=names, sender=sender))
        for one in notified
        if one.notification.role == "customer"
        and one.notification.event_name in ("opened", "warned")
    }


def received(email: EmailMessage) -> EmailMessage:
    """Return an e-mail as it is read after it was sent."""
    sent = email.as_bytes(policy=email_policy.SMTP)
    message = message_from_bytes(sent, policy=email_policy.default)
    assert isinstance(message, EmailMessage)
    return message
