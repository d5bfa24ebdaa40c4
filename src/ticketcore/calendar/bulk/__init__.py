"""Calendar operations on numpy arrays. Needs the extra `ticketcore[bulk]`."""

from ticketcore.calendar.bulk._bulk import Bulk

__all__ = ["Bulk"]
