"""A small policy with two types and two storefronts, and a ticket under it."""

from datetime import UTC, datetime

from ticketcore.events import Opened
from ticketcore.policies import Policy, parse_policy
from ticketcore.ticket import Ticket, fold

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
SMALL = """
name = "small"
effective = 2026-01-01
[types.request]
[types.complaint]
[storefronts.de]
zone = "Europe/Berlin"
country = "DE"
[storefronts.online]
zone = "Asia/Tokyo"
[disputes.claim]
[[permission]]
commands = "open"
by = "customer"
"""
TIMER = '[[timer]]\nname = "t"\nfrom = "opened"\nafter = "1 hour"\neffect = "warn"\n'
ANY_TYPE = """
name = "shop"
effective = 2026-01-01
default_handler = "support"
zone = "UTC"
any_type = true
[[permission]]
commands = "open"
by = "customer"
"""
SILENT = """
[[timer]]
name = "silent"
from = "last-activity"
effect = "warn"
"""


def read(text: str) -> Policy:
    """Return the small policy with further lines."""
    return parse_policy(SMALL + text)


def opened(storefront: str | None = None, kind: str = "request") -> Ticket:
    """Return a ticket of a vendor in New York."""
    zone = "America/New_York"
    return fold([Opened(at=AT, by="customer", type=kind, zone=zone, storefront=storefront)])
