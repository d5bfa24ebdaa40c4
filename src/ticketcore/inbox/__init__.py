"""What people are shown of tickets: lists, searches, conversations, service figures."""

from ticketcore.inbox._access import seen_by, viewers
from ticketcore.inbox._answers import Answer, Target, answers
from ticketcore.inbox._conversation import Entry, conversation, entry, worked_on
from ticketcore.inbox._duplicates import possible_duplicates
from ticketcore.inbox._figures import DEFINITIONS, Figures, Ratio, Spread
from ticketcore.inbox._groups import Grouping
from ticketcore.inbox._inbox import Inbox
from ticketcore.inbox._measure import measure
from ticketcore.inbox._query import Query
from ticketcore.inbox._records import record
from ticketcore.inbox._row import Row, follow

__all__ = [
    "DEFINITIONS",
    "Answer",
    "Entry",
    "Figures",
    "Grouping",
    "Inbox",
    "Query",
    "Ratio",
    "Row",
    "Spread",
    "Target",
    "answers",
    "conversation",
    "entry",
    "follow",
    "measure",
    "possible_duplicates",
    "record",
    "seen_by",
    "viewers",
    "worked_on",
]
