"""Notifications as JSON, for the queue of a mailer."""

from typing import Any

from ticketcore._internal.strict_json import dump, load
from ticketcore.notifications._notifications import Notification


def dump_notification(notification: Notification) -> dict[str, Any]:
    """Return a notification as JSON values, without fields that have their default."""
    return dump(notification)


def load_notification(source: object) -> Notification:
    """Return the notification that `dump_notification` wrote.

    Raises CodecError with the path of a mistake.
    """
    return load(Notification, source)
