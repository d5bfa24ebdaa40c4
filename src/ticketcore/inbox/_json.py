"""Summaries and entries of a conversation as JSON, for pages and other programs."""

from ticketcore._internal.strict_json import dump, load
from ticketcore.inbox._conversation import ConversationEntry
from ticketcore.inbox._summary import TicketSummary


def dump_summary(summary: TicketSummary) -> dict[str, object]:
    """Return a summary as JSON values, without fields that have their default."""
    return dump(summary)


def load_summary(source: object) -> TicketSummary:
    """Return the summary that `dump_summary` wrote. Raises CodecError with a mistake's path."""
    return load(TicketSummary, source)


def dump_entry(entry: ConversationEntry) -> dict[str, object]:
    """Return an entry of a conversation as JSON values, without fields that have their default."""
    return dump(entry)


def load_entry(source: object) -> ConversationEntry:
    """Return the entry that `dump_entry` wrote. Raises CodecError with a mistake's path."""
    return load(ConversationEntry, source)
