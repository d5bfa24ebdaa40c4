from ticketcore.timeline._timeline import Entry, Timeline, rule_of
from ticketcore.timeline._words import local_time, plain

__all__ = ["Entry", "Timeline", "local_time", "plain", "rule_of"]
