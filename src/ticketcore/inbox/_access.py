"""Who sees a ticket, and which tickets somebody sees (W5)."""

from collections.abc import Collection, Iterable, Mapping

from ticketcore.inbox._summary import Row


def viewers(row: Row, members: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Everybody on the customer's side who sees a ticket, nobody twice.

    These are the customer, all users of the customer's account, and the persons that it is shared
    with; whoever it is no longer shared with is not among them. *members* names each account's
    users, as the host knows them today.
    """
    customer = () if row.customer is None else (row.customer,)
    users = members.get(row.account, ()) if row.account is not None else ()
    return tuple(dict.fromkeys((*customer, *users, *row.shared_with)))


def seen_by(person: str, rows: Iterable[Row], members: Mapping[str, Collection[str]]) -> list[Row]:
    """The tickets that a person on the customer's side sees: those with it among `viewers`."""
    accounts = {account for account, users in members.items() if person in users}
    return [
        row
        for row in rows
        if row.account in accounts or row.customer == person or person in row.shared_with
    ]
