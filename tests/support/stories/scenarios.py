"""Scenario texts that the tests put together."""

REFUND = """
policy = "clickbank"

[ticket]
id = "00123456789"
zone = "America/Boise"

[ticket.order]
number = "MZ8X2K"
sold_at = 2026-01-02T09:00:00-07:00
amount = "49.00 USD"

[[step]]
at = 2026-01-09T15:00:00-07:00
command = "open"
by = "customer"
type = "refund"
"""

LATE_CLOSE = """
[[step]]
at = 2026-01-12T16:00:00-07:00
command = "close"
by = "customer"
"""

REFUSED = 'expect = { refused = "ticket-closed" }\n'

CLOSED = """
[expect]
status = "closed"
"""
