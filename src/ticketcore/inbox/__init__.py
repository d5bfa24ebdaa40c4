"""What people are shown of tickets: lists, searches, conversations, service figures."""

from ticketcore.inbox._access import seen_by, viewers
from ticketcore.inbox._conversation import Entry, conversation, entry, worked_on
from ticketcore.inbox._duplicates import possible_duplicates
from ticketcore.inbox._inbox import Inbox
from ticketcore.inbox._query import Query
from ticketcore.inbox._summary import Row, follow

__all__ = [
    "Entry",
    "Inbox",
    "Query",
    "Row",
    "conversation",
    "entry",
    "follow",
    "possible_duplicates",
    "seen_by",
    "viewers",
    "worked_on",
]
