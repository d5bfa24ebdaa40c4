"""A policy has the values of its file, and defaults for the keys that are left out."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs
import pytest

from ticketcore.calendar import BusinessCalendar, Holidays, Span
from ticketcore.events import Closed, DisputeOpened, Money, Opened
from ticketcore.policies import (
    Advice,
    CalendarDefinition,
    Category,
    ClosingRules,
    Condition,
    DisputeKind,
    Escalation,
    NotificationSettings,
    OpeningRules,
    Permission,
    Policy,
    Profile,
    RefundRules,
    Storefront,
    TicketType,
    TimerDefinition,
    parse_policy,
)
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


def read(text: str) -> Policy:
    """Return a small policy with these further tables."""
    return parse_policy(SMALL + text)


def opened(storefront: str | None = None, kind: str = "request") -> Ticket:
    """Return a new ticket of a vendor in New York."""
    zone = "America/New_York"
    return fold([Opened(at=AT, by="customer", type=kind, zone=zone, storefront=storefront)])


def test_defaults_of_a_timer() -> None:
    """A timer applies to every ticket, counts elapsed time, and fires at its due instant."""
    expected = TimerDefinition(
        name="t",
        rule=None,
        when=Condition(),
        since="opened",
        after=Span(1, "hour"),
        effect="warn",
    )
    (timer,) = read(TIMER).timers
    assert expected == timer
    assert timedelta(hours=1) == timer.elapsed


def test_every_key_of_a_timer() -> None:
    """Each key of a timer becomes an attribute of its definition."""
    policy = read(
        "[calendars.weekdays]\n"
        '[[timer]]\nname = "t"\nrule = "R1"\nwhen = { type = "request", waiting_for = "vendor" }\n'
        'from = "last-activity"\nactivity_by = ["vendor", "support"]\nafter = "1 working day"\n'
        'then = ["2 working hours", "1 day"]\ncalendar = "weekdays"\nboundary = "next-open"\n'
        'roll = "forward"\neffect = "close"\nfires = "after"\n'
    )
    expected = TimerDefinition(
        name="t",
        rule="R1",
        when=Condition({"type": frozenset({"request"}), "waiting_for": frozenset({"vendor"})}),
        since="last-activity",
        activity_by=("vendor", "support"),
        after=Span(1, "day", working=True),
        then=(Span(2, "hour", working=True), Span(1, "day")),
        calendar="weekdays",
        boundary="next-open",
        roll="forward",
        effect="close",
        fires="after",
    )
    assert (expected,) == policy.timers


@pytest.mark.parametrize(
    ("text", "fires"), [("", "after"), ('fires = "at"\n', "at"), ('fires = "after"\n', "after")]
)
def test_an_answer_at_the_due_instant_is_in_time(text: str, fires: str) -> None:
    """A breach fires after its due instant unless `fires` says otherwise."""
    policy = read(TIMER.replace("warn", "breach") + text)
    assert fires == policy.timers[0].fires


@pytest.mark.parametrize("more", ['then = ["1 working hour"]\n', 'roll = "forward"\n'])
def test_a_timer_with_further_spans_is_not_plain(more: str) -> None:
    """`elapsed` is None if further spans or a roll follow the first span."""
    policy = read(TIMER + more + 'calendar = "c"\n[calendars.c]\n')
    assert None is policy.timers[0].elapsed


def test_defaults_of_a_permission() -> None:
    """A permission holds for every ticket, requires nothing, and has no time limit."""
    assert (Permission(commands=("open",), by=("customer",), when=Condition()),) == read(
        ""
    ).permissions


@pytest.mark.parametrize("storefront", [None, "de", "online", "elsewhere"])
def test_a_calendar_depends_on_the_ticket(storefront: str | None) -> None:
    """The zone and country are those of the ticket's storefront, or else the vendor's zone."""
    policy = read('[calendars.shop]\nzone = "storefront"\ncountry = "storefront"\n')
    zones = {"de": "Europe/Berlin", "online": "Asia/Tokyo"}
    expected = BusinessCalendar(
        zone=zones.get(storefront or "", "America/New_York"),
        hours="mon-sun 00:00-24:00",
        holidays=Holidays(country="DE") if storefront == "de" else None,
    )
    assert expected == policy.calendar("shop", opened(storefront))


def test_every_key_of_a_calendar() -> None:
    """Hours by day, regional holidays, further holidays, and exceptions."""
    policy = read(
        '[calendars.office]\ncountry = "DE"\nsubdivision = "BE"\n'
        '[calendars.office.hours]\nmon-thu = "09:00-17:00"\nfri = "09:00-12:00"\n'
        '[calendars.office.holidays]\n"2026-12-24" = "Heiligabend"\n'
        '[calendars.office.exceptions]\n"2026-12-31" = "09:00-10:00"\n'
        '[calendars.plain]\nzone = "UTC"\nhours = "mon 09:00-10:00"\n'
        '[calendars.plain.holidays]\n"2026-12-24" = "Eve"\n'
    )
    office = BusinessCalendar(
        zone="America/New_York",
        hours="mon-thu 09:00-17:00; fri 09:00-12:00",
        holidays=Holidays(country="DE", subdivision="BE", add={date(2026, 12, 24): "Heiligabend"}),
        exceptions={"2026-12-31": "09:00-10:00"},
    )
    plain = BusinessCalendar(
        zone="UTC", hours="mon 09:00-10:00", holidays={date(2026, 12, 24): "Eve"}
    )
    assert office == policy.calendar("office", opened("de"))
    assert plain == policy.calendar("plain", opened())


def test_a_ticket_without_a_storefront_uses_the_vendors_zone() -> None:
    """The empty name counts as no storefront."""
    policy = read('[calendars.c]\nzone = "storefront"\n')
    for storefront in (None, ""):
        assert "America/New_York" == policy.calendar("c", opened(storefront)).zone.key


def test_a_calendar_is_built_once_for_a_zone_and_a_storefront() -> None:
    """Tickets with the same zone and storefront share a calendar and its tables."""
    policy = read('[calendars.shop]\ncountry = "storefront"\n')
    first, second = (policy.calendar("shop", opened("de")) for _ in range(2))
    assert first is second


def test_unknown_storefronts_share_one_calendar() -> None:
    """Unknown names are unlimited, so they must not fill the cache."""
    policy = read('[calendars.shop]\nzone = "storefront"\n')
    first, other, none = (
        policy.calendar("shop", opened(storefront)) for storefront in ("a", "b", None)
    )
    assert first is other is none


def test_without_a_calendar_time_counts_round_the_clock() -> None:
    """The zone is the ticket's."""
    expected = BusinessCalendar(zone="America/New_York", hours="mon-sun 00:00-24:00")
    assert expected == read("[calendars.c]\nzone = 'UTC'").calendar(None, opened("de"))


@pytest.mark.parametrize(
    ("minor", "currency", "cap"),
    [(10_000, "USD", 11_000), (1_009, "USD", 1_109), (100_000, "USD", 107_500), (100, "EUR", 100)],
)
def test_a_refund_has_a_cap(minor: int, currency: str, cap: int) -> None:
    """A4: refunds may exceed the amount paid by a percentage, up to a sum per listed currency."""
    rules = RefundRules(over_refund_percent=10, over_refund_max={"USD": Money(7_500, "USD")})
    assert cap == rules.cap(Money(minor, currency))


@pytest.mark.parametrize("percent", [0, 100])
def test_the_percentage_includes_both_ends(percent: int) -> None:
    """0 and 100 are allowed."""
    refunds = read(f"[refunds]\nover_refund_percent = {percent}\n").refunds
    assert percent == refunds.over_refund_percent


def test_timers_carry_out_requests_of_their_types() -> None:
    """A timer refunds or cancels only on tickets whose type its condition allows."""
    refund = TIMER.replace("warn", "refund").replace('"t"', '"refund"')
    cancel = TIMER.replace("warn", "cancel").replace('"t"', '"cancel"')
    policy = read(TIMER + refund + 'when = { type = "request" }\n' + cancel)
    assert frozenset({"refund", "cancel"}) == policy.carries_out("request")
    assert frozenset({"cancel"}) == policy.carries_out("complaint")


def test_a_dispute_outlives_its_ticket() -> None:
    """A dispute timer applies to a closed ticket as well; other timers do not."""
    policy = read(
        '[[permission]]\ncommands = "open-dispute"\nby = "customer"\n'
        + TIMER
        + TIMER.replace('"t"', '"silence"')
        .replace('"opened"', '"dispute-opened"')
        .replace("warn", "lose-dispute")
        + 'when = { dispute_kind = "claim" }\n'
    )
    disputed = fold([DisputeOpened(at=AT, by="customer", dispute="d", kind="claim")], opened())
    closed = fold([Closed(at=AT, by="vendor")], disputed)
    assert [["t", "silence"], ["silence"]] == [
        [rule.name for rule in policy.timer_definitions(ticket)] for ticket in (disputed, closed)
    ]


def arguments(policy: Policy) -> dict[str, Any]:
    """Return the values that a policy was made of."""
    return {
        field.name: getattr(policy, field.name) for field in attrs.fields(Policy) if field.init
    }


def test_defaults_of_a_policy() -> None:
    """A policy with only the required keys has the defaults of its class."""
    policy = parse_policy(
        'name = "p"\neffective = 2026-01-01\n[types.t]\n'
        '[[permission]]\ncommands = "open"\nby = "vendor"\n'
    )
    expected = Policy(
        name="p",
        effective=date(2026, 1, 1),
        types={"t": TicketType(name="t")},
        permissions=(Permission(commands=("open",), by=("vendor",), when=Condition()),),
    )
    assert arguments(expected) == arguments(policy)


def test_every_key_of_a_policy() -> None:
    """Each key of each table becomes an attribute."""
    policy = parse_policy("""
name = "p"
effective = 2026-01-01
title = "All of it"
default_handler = "support"
zone = "Europe/Rome"
any_type = true
default_type = "refund"
reasons = ["broken"]
dispute_rule = "R1"
[types.refund]
rule = "R2"
order = true
billing = "one-time"
billing_rule = "R3"
windows = { customer = "60 days", vendor = "90 days" }
window_bound = "end-of-day"
window_checked = "when-due"
window_rule = "R4"
[storefronts.it]
zone = "Europe/Rome"
country = "IT"
[opening]
rule = "R5"
required = ["order", "text"]
possible_duplicates = "refuse"
duplicates_rule = "R6"
[categories.bills]
rule = "R7"
team = "money"
subcategories = ["wrong", "late"]
[escalation]
rule = "R8"
reasons = ["no answer"]
[refunds]
rule = "R9"
partial = true
max_refunds = 1
over_refund_percent = 100
over_refund_max = ["75.00 USD", "75.00 EUR"]
requires_confirmation = true
[closing]
rule = "R10"
per_party = true
final_by = "vendor"
reply_reopens = ["customer"]
[disputes.claim]
[disputes.chargeback]
supersedes = "claim"
[advice]
rule = "R11"
refund_below = "20.00 USD"
ask_when_missing = "reason"
[profile]
rule = "R12"
items = { contact = "contact data" }
[calendars.night]
rule = "R13"
hours = "mon 22:00-06:00"
[notifications]
rule = "R14"
[[permission]]
commands = ["open", "reopen"]
by = ["customer", "vendor"]
when = { type = "refund" }
channels = ["web"]
rule = "R15"
[[permission]]
commands = "reopen"
by = "customer"
requires = "text"
within = "14 days"
""")
    expected = Policy(
        name="p",
        effective=date(2026, 1, 1),
        title="All of it",
        default_handler="support",
        zone="Europe/Rome",
        any_type=True,
        default_type="refund",
        reasons=("broken",),
        dispute_rule="R1",
        types={
            "refund": TicketType(
                name="refund",
                rule="R2",
                order=True,
                billing=("one-time",),
                billing_rule="R3",
                windows={"customer": Span(60, "day"), "vendor": Span(90, "day")},
                window_bound="end-of-day",
                window_checked="when-due",
                window_rule="R4",
            )
        },
        storefronts={"it": Storefront(name="it", zone="Europe/Rome", country="IT")},
        opening=OpeningRules(
            rule="R5",
            required=("order", "text"),
            possible_duplicates="refuse",
            duplicates_rule="R6",
        ),
        categories={
            "bills": Category(
                name="bills", subcategories=("wrong", "late"), team="money", rule="R7"
            )
        },
        escalation=Escalation(rule="R8", reasons=("no answer",)),
        refunds=RefundRules(
            rule="R9",
            partial=True,
            max_refunds=1,
            over_refund_percent=100,
            over_refund_max={"USD": Money(7_500, "USD"), "EUR": Money(7_500, "EUR")},
            requires_confirmation=True,
        ),
        closing=ClosingRules(
            rule="R10", per_party=True, final_by=("vendor",), reply_reopens=("customer",)
        ),
        dispute_kinds={
            "claim": DisputeKind(name="claim"),
            "chargeback": DisputeKind(name="chargeback", supersedes=("claim",)),
        },
        advice=Advice(
            rule="R11",
            refund_below={"USD": Money(2_000, "USD")},
            ask_when_missing=("reason",),
        ),
        profile=Profile(rule="R12", items={"contact": "contact data"}),
        calendars={"night": CalendarDefinition(name="night", hours="mon 22:00-06:00", rule="R13")},
        notification_settings=NotificationSettings(rule="R14"),
        permissions=(
            Permission(
                commands=("open", "reopen"),
                by=("customer", "vendor"),
                when=Condition({"type": frozenset({"refund"})}),
                channels=("web",),
                rule="R15",
            ),
            Permission(
                commands=("reopen",),
                by=("customer",),
                when=Condition(),
                requires=("text",),
                within=Span(14, "day"),
            ),
        ),
    )
    assert arguments(expected) == arguments(policy)


@pytest.mark.parametrize("word", ["inclusive", "exclusive", "end-of-day"])
def test_each_bound_of_a_window(word: str) -> None:
    """Each value is accepted, the default as well."""
    policy = read(f'[types.late]\norder = true\nwindow_bound = "{word}"\n')
    assert word == policy.types["late"].window_bound


@pytest.mark.parametrize("word", ["on-request", "when-due"])
def test_each_instant_at_which_a_window_is_checked(word: str) -> None:
    """Each value is accepted, the default as well."""
    policy = read(f'[types.late]\norder = true\nwindow_checked = "{word}"\n')
    assert word == policy.types["late"].window_checked


@pytest.mark.parametrize("word", ["report", "refuse"])
def test_each_answer_to_a_duplicate(word: str) -> None:
    """Each value is accepted, the default as well."""
    assert word == read(f'[opening]\npossible_duplicates = "{word}"\n').opening.possible_duplicates


@pytest.mark.parametrize("word", ["vendor", "support"])
def test_each_default_handler(word: str) -> None:
    """Each value is accepted, the default as well."""
    assert word == parse_policy(f'default_handler = "{word}"' + SMALL).default_handler
