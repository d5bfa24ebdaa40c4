"""Reading what a policy file knows: types, categories, disputes, amounts."""

from collections.abc import Iterable, Mapping
from typing import get_args

from ticketcore._toml import OldTable, nearest
from ticketcore.calendar import Span
from ticketcore.events import PARTIES, Billing, Money, Party
from ticketcore.policies._model import Advice, Category, ClosingRules, RefundRules, TicketType
from ticketcore.policies._read_spans import check_window

_EVIDENCE = ("order", "shipment", "reason", "text")


def read_types(section: OldTable) -> Mapping[str, TicketType]:
    """[types.NAME]."""
    types = {}
    for name in section.names():
        table = section.section(name)
        windows = table.section("windows")
        types[name] = TicketType(
            name=name,
            rule=table.text("rule", None),
            order=table.flag("order", False),
            billing=table.choices("billing", get_args(Billing), ()),
            billing_rule=table.text("billing_rule", None),
            windows={
                by: windows.parsed(by, Span.parse, example="60 days") for by in _parties(windows)
            },
            window_bound=table.choice(
                "window_bound", ("inclusive", "exclusive", "end-of-day"), "inclusive"
            ),
            window_checked=table.choice(
                "window_checked", ("on-request", "when-due"), "on-request"
            ),
            window_rule=table.text("window_rule", None),
        )
        for by, span in types[name].windows.items():
            check_window(windows, by, span)
        if types[name].windows and not types[name].order:
            table.problem("windows", "a window counts from the order: say order = true")
    return types


def _parties(table: OldTable) -> Iterable[Party]:
    return [by for by in PARTIES if table.has(by)]


def read_categories(section: OldTable) -> Mapping[str, Category]:
    """[categories.NAME]."""
    categories = {}
    for name in section.names():
        table = section.section(name)
        categories[name] = Category(
            name=name,
            subcategories=table.name_list("subcategories", ()),
            team=table.text("team", None),
            rule=table.text("rule", None),
        )
    return categories


def read_refunds(table: OldTable) -> RefundRules:
    """[refunds]."""
    return RefundRules(
        rule=table.text("rule", None),
        partial=table.flag("partial", False),
        max_refunds=table.integer("max_refunds", None, minimum=1),
        over_refund_percent=table.integer("over_refund_percent", 0, minimum=0, maximum=100),
        over_refund_max=_amounts(table, "over_refund_max"),
        requires_confirmation=table.flag("requires_confirmation", False),
    )


def _amounts(table: OldTable, key: str) -> dict[str, Money]:
    """Amounts by their currency: ["75.00 USD", "75.00 EUR"]."""
    amounts: dict[str, Money] = {}
    for text in table.texts(key, ()):
        try:
            money = Money.parse(text)
        except ValueError as error:
            table.problem(key, str(error))
            continue
        if money.minor < 0:
            table.problem(key, f'"{text}" is less than nothing')
        if money.currency in amounts:
            table.problem(key, f"two amounts in {money.currency}")
        amounts[money.currency] = money
    return amounts


def read_closing(table: OldTable) -> ClosingRules:
    """[closing]."""
    return ClosingRules(
        rule=table.text("rule", None),
        per_party=table.flag("per_party", False),
        final_by=table.choices("final_by", PARTIES, ()),
        reply_reopens=table.choices("reply_reopens", PARTIES, ()),
    )


def read_disputes(section: OldTable) -> Mapping[str, tuple[str, ...]]:
    """[disputes.KIND], with the kinds that one of it ends."""
    kinds = section.names()
    ends = {}
    for kind in kinds:
        table = section.section(kind)
        ends[kind] = table.name_list("supersedes", ())
        for other in ends[kind]:
            if other not in kinds:
                table.problem("supersedes", f'no dispute "{other}"; {nearest(other, kinds)}')
    return ends


def read_advice(table: OldTable) -> Advice:
    """[advice]."""
    return Advice(
        rule=table.text("rule", None),
        refund_below=_amounts(table, "refund_below"),
        ask_when_missing=table.choices("ask_when_missing", _EVIDENCE, ()),
    )


def read_profile(table: OldTable) -> Mapping[str, str]:
    """[profile.items]: what a vendor's profile must have, and how to say that it lacks."""
    items = table.section("items")
    return {key: items.text(key) for key in items.names()}
