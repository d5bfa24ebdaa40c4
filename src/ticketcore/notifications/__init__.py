"""Notifications about tickets: who receives one, and its text as an e-mail. The host sends it."""

from ticketcore.notifications._notifications import (
    Notification,
    dump_notification,
    is_overtaken,
    load_notification,
    notifications,
)
from ticketcore.notifications._phrases import status_word
from ticketcore.notifications._recipients import Recipient, Sender, address_of
from ticketcore.notifications._rendering import render
from ticketcore.notifications._templates import fill_template, find_template, templates_for

__all__ = [
    "Notification",
    "Recipient",
    "Sender",
    "address_of",
    "dump_notification",
    "fill_template",
    "find_template",
    "is_overtaken",
    "load_notification",
    "notifications",
    "render",
    "status_word",
    "templates_for",
]
