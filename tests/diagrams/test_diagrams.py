"""DiagramState diagrams say who may do what, and what timers do when."""

from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from ticketcore.diagrams import Diagram, DiagramState, build_diagram, to_mermaid, to_svg
from ticketcore.diagrams._layout import Box, lay_out
from ticketcore.policies import Policy, load_policy, parse_policy, presets

DOCS = Path(__file__).parents[2] / "docs/generated/diagrams"

ELABORATE = """
name = "elaborate"
effective = 2026-01-01
default_handler = "vendor"
zone = "UTC"

[types.wish]
[types.complaint]

[calendars.shop]
zone = "UTC"
[calendars.shop.hours]
mon-fri = "09:00-17:00"
sat = "09:00-12:00"

[closing]
per_party = true
final_by = ["support"]
reply_reopens = ["customer", "vendor"]

[disputes.claim]
supersedes = []
[disputes.chargeback]
supersedes = ["claim"]

[[timer]]
name = "answer"
when = { type = "complaint", waiting_for = "vendor", answered = false, subcategory = ["a", "b"] }
from = "waiting-since"
after = "2 working hours"
calendar = "shop"
effect = "breach"

[[timer]]
name = "answer"
when = { type = "complaint", waiting_for = "vendor" }
from = "waiting-since"
after = "8 working hours"
calendar = "shop"
effect = "breach"

[[timer]]
name = "help"
when = { type = "complaint", waiting_for = "vendor", solved = true, has_grace_period = false }
from = "last-activity"
after = "3 days"
calendar = "shop"
roll = "forward"
effect = "escalate"

[[timer]]
name = "ask-again"
when = { type = "wish" }
from = "closed"
after = "30 days"
effect = "warn"

[[timer]]
name = "give-in"
when = { dispute_kind = "claim" }
from = "dispute-opened"
after = "7 days"
effect = "lose-dispute"

[[permission]]
commands = ["open", "reply", "close", "change-type", "request-info"]
by = ["customer", "vendor", "support"]

[[permission]]
commands = ["escalate", "hand-back"]
by = ["vendor", "support"]
channels = ["portal", "telephone"]

[[permission]]
commands = "reopen"
by = ["customer", "vendor"]
within = "14 days"
requires = "text"

[[permission]]
commands = ["open-dispute", "answer-dispute", "resolve-dispute"]
by = ["customer", "vendor"]

[[permission]]
commands = ["reschedule", "change-policy"]
by = "support"
"""
POLICIES = {
    **{name: load_policy(name) for name in presets()},
    "elaborate": parse_policy(ELABORATE),
}
POLICY = pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)


def ways(found: Diagram) -> dict[tuple[str, str], tuple[str, ...]]:
    """The words of each way, by the titles of its states."""
    titles = {state.id: state.title for state in found.states}
    return {(titles[t.source], titles[t.target]): t.lines for t in found.transitions}


def words(found: Diagram) -> list[str]:
    """Every line of a diagram."""
    inside = [line for state in found.states for line in state.lines]
    return [*found.lines, *inside, *(line for t in found.transitions for line in t.lines)]


@pytest.mark.parametrize("name", presets())
def test_the_diagrams_of_the_docs_are_current(name: str) -> None:
    """They are written by `ticketcore policy diagram`, with --svg and without."""
    found = build_diagram(load_policy(name))

    assert (DOCS / f"{name}.mmd").read_text(encoding="utf-8") == to_mermaid(found)
    assert (DOCS / f"{name}.svg").read_text(encoding="utf-8") == to_svg(found)


@POLICY
def test_every_timer_stands_in_the_diagram(policy: Policy) -> None:
    """With its span, and with the rule ids that it carries."""
    found = words(build_diagram(policy))
    missing = [
        rule.name
        for rule in policy.timers
        if not any(
            line.startswith(str(rule.after))
            and line.endswith(f"({rule.rule})" if rule.rule else "")
            for line in found
        )
    ]

    assert [] == missing


@POLICY
def test_every_permission_stands_in_the_diagram(policy: Policy) -> None:
    """Each command with each party that may ever give it, but for those that administer."""
    found = words(build_diagram(policy))
    missing = [
        (do, by)
        for allow in policy.permissions
        for do in allow.commands
        for by in allow.by
        if do not in ("reschedule", "change-policy")
        and not any(line.startswith(f"{do}: ") and by in line for line in found)
    ]

    assert [] == missing


def test_a_marketplace_has_the_states_of_its_seller() -> None:
    """K1, K6, K8: open, waiting for the customer or for support, closed, closed for good."""
    found = build_diagram(load_policy("kaufland"))
    open_, customer, support = (
        "open, vendor's turn",
        "waiting for the customer",
        "waiting for support",
    )

    assert ["", open_, support, customer, "closed", "closed for good"] == [
        state.title for state in found.states
    ]
    assert ("reply: vendor (K9)",) == ways(found)[open_, customer]
    assert ("escalate: vendor, with reason (K6)",) == ways(found)[open_, support]
    assert ("hand-back: support (K6)",) == ways(found)[support, open_]
    assert ("close: support (K8)",) == ways(found)["closed", "closed for good"]
    assert (
        "reply: support (K9)",
        "48 working hours (working-days) after the turn passed: overdue (K2)",
    ) == found.states[1].lines


def test_timers_that_end_a_ticket_are_ways_to_its_end() -> None:
    """C5, C7, C11: the refund's clocks, and who may close, in the order of the file."""
    found = ways(build_diagram(load_policy("clickbank")))["refund", "closed"]

    assert (
        "0 minutes after the type was set: refunded and closed, without the saving window (C13)",
        "5 working minutes (saving) after the type was set: refunded and closed,"
        " if requested by vendor, with the saving window (C7)",
        "24 working hours (saving) after the type was set: refunded and closed,"
        " if requested by customer or support, with the saving window (C5)",
        "close: customer or support (C11)",
        "close: vendor, if requested by customer or support, with consent (C11)",
        "close: vendor, otherwise (C7)",
    ) == found


def test_a_changed_type_passes_the_turn() -> None:
    """C12: to the vendor when the customer changes it, and the other way round."""
    found = ways(build_diagram(load_policy("clickbank")))
    changed = "the type is changed"

    assert () == found[changed, "refund"]
    assert ("by the customer",) == found[changed, "technical: open, vendor's turn"]
    assert ("by the vendor",) == found[changed, "technical: waiting for the customer"]


def test_once_support_was_called_in_the_turn_after_a_reopening_is_its_or_passes_from_it() -> None:
    """K8: closing a ticket does not hand it back to the seller."""
    found = ways(build_diagram(load_policy("kaufland")))
    once = "with text, once support was called in (K8)"

    assert (f"reopen: customer or vendor, {once}",) == found["closed", "waiting for support"]
    assert f"reopen: support, {once}" in found["closed", "waiting for the customer"]


def test_disputes_have_states_of_their_own() -> None:
    """A1, A2: answered or not, silence decides, and a chargeback ends a claim."""
    found = ways(build_diagram(load_policy("amazon-pay")))

    assert ("answer-dispute: vendor (A1)",) == found["claim", "dispute, answered"]
    assert (
        "resolve-dispute: support or system (A2)",
        "7 days after it was opened: decided for the customer (A1 A2)",
        "a chargeback is opened (A2)",
    ) == found["claim", "dispute, decided"]


def test_what_the_presets_lack_is_drawn_too() -> None:
    """Alternatives, conditions, channels, windows, rolled deadlines, reopening by a reply."""
    found = build_diagram(parse_policy(ELABORATE))
    at, open_ = ways(found), "complaint: open, vendor's turn"
    support = "complaint: waiting for support"

    assert (
        "escalate: vendor or support, by portal or telephone",
        "3 days, then the next opening of shop, after the last activity:"
        " support is called in, if solved, without the saving window",
    ) == tuple(sorted(at[open_, support], reverse=True))
    assert (
        "reopen: customer, with text, within 14 days",
        "reply: customer",
    ) == at["closed", open_]
    assert ("reopen: vendor, with text, within 14 days", "reply: vendor") == at[
        "closed", "complaint: waiting for the customer"
    ]
    assert "a chargeback is opened" in at["claim", "dispute, decided"]
    assert ("working time shop: mon-fri 09:00-17:00; sat 09:00-12:00",) == found.lines
    assert (
        "2 working hours (shop) after the turn passed: overdue,"
        " if subcategory a or b, if not answered",
        "8 working hours (shop) after the turn passed: overdue, otherwise",
    ) == next(s for s in found.states if s.title == open_).lines[1:]


@POLICY
def test_nothing_is_drawn_on_top_of_anything(policy: Policy) -> None:
    """Boxes lie apart, inside the picture, and ways run from top to bottom of a layer."""
    layout = lay_out(build_diagram(policy))
    overlapping = [
        (one.lines, other.lines)
        for one, other in combinations(layout.boxes, 2)
        if abs(one.x - other.x) * 2 < one.width + other.width - 1e-6
        and abs(one.y - other.y) * 2 < one.height + other.height - 1e-6
    ]

    assert [] == overlapping
    assert all(_inside(box, layout.width, layout.height) for box in layout.boxes)


def _inside(box: Box, width: float, height: float) -> bool:
    across = box.width / 2 <= box.x <= width - box.width / 2
    return across and box.height / 2 <= box.y <= height - box.height / 2


@POLICY
def test_a_picture_shows_every_word(policy: Policy) -> None:
    """The SVG is well-formed, and its texts together are the diagram's."""
    found = build_diagram(policy)
    texts = [text.text or "" for text in ET.fromstring(to_svg(found)).findall(".//{*}text")]
    drawn = " ".join(" ".join(texts).split())

    assert [] == [line for line in (found.title, *words(found)) if line not in drawn]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ('country = "DE"\nsubdivision = "BY"', ", without the holidays of DE-BY"),
        ('country = "storefront"', ", without the holidays of the storefront"),
        ('holidays = { 2026-12-24 = "eve" }', ", without 2026-12-24 eve"),
        ('exceptions = { 2026-12-31 = "9:00-12:00" }', "; 2026-12-31 9:00-12:00"),
    ],
)
def test_a_calendar_is_told_in_full(said: str, shown: str) -> None:
    """Whose holidays, which dates besides, and which with hours of their own."""
    named = "[calendars.shop]\n"
    text = ELABORATE.replace(named, f"{named}{said}\n", 1)
    found = build_diagram(parse_policy(text + '[storefronts.de]\nzone = "Europe/Berlin"\n'))

    assert (f"working time shop: mon-fri 09:00-17:00; sat 09:00-12:00{shown}",) == found.lines


def test_a_small_policy_is_a_small_diagram() -> None:
    """Opened, closed, and nothing beside it."""
    small = """
        name = "small"
        effective = 2026-01-01
        any_type = true
        [[permission]]
        commands = ["open", "close"]
        by = "customer"
    """

    assert (
        '---\ntitle: "small, 2026-01-01"\n---\nstateDiagram-v2\n'
        '    state "open" as s1\n    state "closed" as s2\n'
        "    [*] --> s1: open: customer\n    s1 --> s2: close: customer\n"
    ) == to_mermaid(build_diagram(parse_policy(small)))


def test_where_one_closes_for_all_a_closing_is_not_made_final_later() -> None:
    """K8 the other way: without closers each for itself, only open tickets close for good."""
    text = ELABORATE.replace("per_party = true", "per_party = false")
    found = ways(build_diagram(parse_policy(text)))

    assert ("complaint: waiting for the customer", "closed for good") in found
    assert ("closed", "closed for good") not in found


def test_hostile_names_stay_text() -> None:
    """Markup, quotes, semicolons and line ends in a policy are no syntax of a picture."""
    name = '<script>alert(1)</script>"; x --> y\n%% #35; [*]'
    state = DiagramState(id="s1", title=name, role="open", rank=1, lines=(name,))
    hostile = Diagram(title=name, states=(state,), transitions=(), lines=(name,))
    (script,) = [line for line in to_mermaid(hostile).splitlines() if " as s1" in line]

    assert [] == ET.fromstring(to_svg(hostile)).findall(".//{*}script")
    assert 8 == len(to_mermaid(hostile).splitlines())
    assert 2 == script.count('"')
    assert not set("<>;#%[]") & set(script.replace("<br/>", ""))


def test_what_no_xml_can_hold_is_no_part_of_a_picture() -> None:
    """Control characters and lone surrogates are replaced, so that every reader opens it."""
    name = "\x1b[31m\ud800\x00"
    state = DiagramState(id="s1", title=name, role="open", rank=1, lines=(name,))
    hostile = Diagram(title=name, states=(state,), transitions=(), lines=("\x07",))
    picture = to_svg(hostile)

    assert ET.fromstring(picture.encode()) is not None
    assert "\N{REPLACEMENT CHARACTER}[31m" in picture
