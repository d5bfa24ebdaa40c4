"""Read models for people: lists of tickets, searches and conversations."""

from ticketcore.inbox._access import viewers, visible_to
from ticketcore.inbox._conversation import (
    ConversationEntry,
    conversation,
    conversation_entry,
    dump_entry,
    load_entry,
    participants,
)
from ticketcore.inbox._inbox import (
    Inbox,
    Position,
    Query,
    Sort,
    duplicates_query,
    possible_duplicates,
)
from ticketcore.inbox._summary import (
    TicketSummary,
    dump_summary,
    load_summary,
    project,
    summary_of,
)

__all__ = [
    "ConversationEntry",
    "Inbox",
    "Position",
    "Query",
    "Sort",
    "TicketSummary",
    "conversation",
    "conversation_entry",
    "dump_entry",
    "dump_summary",
    "duplicates_query",
    "load_entry",
    "load_summary",
    "participants",
    "possible_duplicates",
    "project",
    "summary_of",
    "viewers",
    "visible_to",
]
