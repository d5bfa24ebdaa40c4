from ticketcore.timeline._aligned import aligned_timelines
from ticketcore.timeline._commands import command_of, permission_of
from ticketcore.timeline._timeline import TimelineBuilder, TimelineEntry, timer_label
from ticketcore.timeline._words import local_time, single_line

__all__ = [
    "TimelineBuilder",
    "TimelineEntry",
    "aligned_timelines",
    "command_of",
    "local_time",
    "permission_of",
    "single_line",
    "timer_label",
]
