"""Find the people who see a ticket, and the tickets that a person sees (W5)."""

from collections.abc import Collection, Iterable, Mapping

from ticketcore._internal.arguments import typed, users_of
from ticketcore.inbox._summary import TicketSummary


@typed
def viewers(summary: TicketSummary, members: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Return every person on the customer's side who sees a ticket, each once (W5).

    These are the customer, all users of the customer's account, and the persons of its shares. The
    host passes *members*, the users of each account.
    """
    customer = () if summary.customer is None else (summary.customer,)
    users = users_of("viewers", members, summary.account)
    return tuple(dict.fromkeys((*customer, *users, *summary.shared_with)))


@typed
def visible_to(
    person: str, summaries: Iterable[TicketSummary], members: Mapping[str, Collection[str]]
) -> list[TicketSummary]:
    """Return the tickets that a person on the customer's side sees, in the given order (W5).

    The person sees a ticket if they are one of its `viewers`.
    """
    accounts = {each for each in members if person in users_of("visible_to", members, each)}
    return [summary for summary in summaries if sees(person, accounts, summary)]


def sees(person: str, accounts: Collection[str], summary: TicketSummary) -> bool:
    """Return whether a person who is a user of these accounts sees a ticket."""
    return (
        summary.account in accounts or summary.customer == person or person in summary.shared_with
    )
