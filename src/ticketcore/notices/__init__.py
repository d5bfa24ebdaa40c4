from ticketcore.notices._mail import render
from ticketcore.notices._notices import Notice, Recipient, notices
from ticketcore.notices._readers import Reader, Sender, address_of
from ticketcore.notices._texts import fill, text_for, texts

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
