from ticketcore.notifications._notifications import Notice, Recipient, notices
from ticketcore.notifications._recipients import Reader, Sender, address_of
from ticketcore.notifications._rendering import render
from ticketcore.notifications._templates import fill, text_for, texts

__all__ = [
    "Notice",
    "Reader",
    "Recipient",
    "Sender",
    "address_of",
    "fill",
    "notices",
    "render",
    "text_for",
    "texts",
]
