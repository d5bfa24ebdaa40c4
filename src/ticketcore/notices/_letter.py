"""A letter before it is set: everything that it says, as text, in the order of C3."""

from collections.abc import Iterable, Mapping

import attrs

from ticketcore.events import Recorded
from ticketcore.notices._comments import Comment, comments
from ticketcore.notices._details import Row, order_rows, ticket_rows
from ticketcore.notices._notices import Notice
from ticketcore.notices._plain import one_line, shortened
from ticketcore.notices._readers import Reader
from ticketcore.notices._texts import fill, text_for
from ticketcore.notices._why import why
from ticketcore.notices._wording import Wording
from ticketcore.policies import Policy
from ticketcore.ticket import Ticket, fold

_LONGEST_SUBJECT = 100  # characters, of which a phone shows the first 40


@attrs.frozen(kw_only=True)
class Letter:
    """What a notice says to one reader. *phrases* are the fixed ones of his language."""

    language: str
    phrases: Mapping[str, str]
    subject: str
    heading: str
    system: str
    why: tuple[str, ...]
    latest: tuple[Comment, ...]
    link: str
    ticket: tuple[Row, ...]
    order: tuple[Row, ...]
    history: tuple[Comment, ...]
    closing: tuple[str, ...]


def compose(
    notice: Notice,
    history: Iterable[Recorded],
    policy: Policy,
    reader: Reader,
    link: str,
    names: Mapping[str, str],
) -> Letter:
    """Everything that the letter of a notice says. What came after its instant is left out."""
    wording = Wording.of(policy, reader.locale, reader.zone)
    known = tuple(recorded for recorded in history if recorded.event.at <= notice.event.at)
    after = fold(recorded.event for recorded in known if recorded.seq <= notice.seq)
    # A command's events share an instant: what is planned, and what closed, follows the notice's.
    ticket = fold(recorded.event for recorded in known)
    latest, every = comments(known, wording, names)
    return Letter(
        language=wording.formats.language,
        phrases=wording.phrases,
        subject=_subject(notice, ticket, wording),
        heading=wording.phrases[f"kind.{notice.kind}"],
        system=one_line(policy.title or policy.name),
        why=(why(notice, after, wording, names), *_added(notice, ticket, policy, reader)),
        latest=latest,
        link=link,
        ticket=ticket_rows(notice.ticket, ticket, policy, wording, names),
        order=order_rows(ticket, wording),
        history=every,
        closing=tuple(_closing(notice, policy, wording)),
    )


def _subject(notice: Notice, ticket: Ticket, wording: Wording) -> str:
    """One subject for all of a ticket's letters: some mail clients keep them together by it."""
    opened = ticket.opened
    about = one_line(opened.subject or "") or wording.name(opened.type)
    return f"{shortened(about, _LONGEST_SUBJECT)} [{one_line(notice.ticket)}]"


def _added(notice: Notice, ticket: Ticket, policy: Policy, reader: Reader) -> tuple[str, ...]:
    if notice.include is None:
        return ()
    text = text_for(policy, notice.include, reader.locale, ticket.opened.storefront)
    return (fill(text, notice.ticket, ticket, policy, reader),)


def _closing(notice: Notice, policy: Policy, wording: Wording) -> Iterable[str]:
    allowed = policy.allows("reply", "customer")
    by_mail = any(not allow.channels or "email" in allow.channels for allow in allowed)
    if notice.to.role in ("customer", "account", "shared") and allowed and not by_mail:
        yield wording.phrases["say.answer-online"]  # O3
    yield wording.phrases[f"receives.{notice.to.role}"]
