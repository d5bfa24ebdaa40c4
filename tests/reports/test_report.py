"""The report is one readable file, and shows the numbers of the comparison's JSON."""

import json
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import html5lib
import pytest

from support.histories.comparisons import FAST, FAST_FILE, SLOW, SLOW_FILE, record, stories
from ticketcore import events as e
from ticketcore.comparison import Comparison, Outcomes, Sweep, compare, outcomes, sweep, wording
from ticketcore.coverage import Coverage, measure_coverage
from ticketcore.errors import CalendarError
from ticketcore.events import write_histories
from ticketcore.policies import PolicyVersions
from ticketcore.reports import render_report, verdict

HOSTILE = '<script>alert("x")</script> & more'
PHONE = 320  # CSS pixels: the narrowest phones


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a history of eighty tickets with orders and money."""
    path = tmp_path_factory.mktemp("report") / "history.jsonl"
    record(path, list(stories(80, seed=1)))
    return path


@pytest.fixture(scope="module")
def table(history: Path) -> Iterator[Outcomes]:
    """Return the outcomes of the history under both policies."""
    with outcomes(history, [SLOW, FAST], workers=1) as made:
        yield made


@pytest.fixture(scope="module")
def comparison(table: Outcomes) -> Comparison:
    """Return the comparison of both policies."""
    return compare(table, by=["type", "order_number"])


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return the files of both policies."""
    folder = tmp_path_factory.mktemp("policies")
    slow, fast = folder / "slow.toml", folder / "fast.toml"
    slow.write_text(SLOW_FILE, "utf-8")
    fast.write_text(FAST_FILE, "utf-8")
    return slow, fast


@pytest.fixture(scope="module")
def swept(history: Path, sources: tuple[Path, Path]) -> Sweep:
    """Return a sweep of one parameter."""
    values = {"timer.silent.after": ["20 hours", "40 hours"]}
    goals = ("reopened", "refund_eur")
    return sweep(history, sources[0], values, goals=goals, workers=1)


@pytest.fixture(scope="module")
def covered(history: Path) -> list[Coverage]:
    """Return what the tickets use of both policies."""
    return [measure_coverage(policy, history=history, workers=1) for policy in (SLOW, FAST)]


@pytest.fixture(scope="module")
def page(
    history: Path,
    table: Outcomes,
    comparison: Comparison,
    swept: Sweep,
    covered: list[Coverage],
    sources: tuple[Path, Path],
) -> str:
    """Return the page of the report."""
    return render_report(
        history,
        table,
        comparison,
        zone="Europe/Berlin",
        sweep=swept,
        coverage=covered,
        sources=sources,
        commands=["ticketcore report history.jsonl slow fast -o report.html"],
    )


def parsed(page: str) -> Any:
    """Return the page as a browser reads it."""
    return html5lib.parse(page, namespaceHTMLElements=False)


def text_of(element: Any) -> str:
    """Return the text of an element, with single blanks."""
    return " ".join("".join(element.itertext()).split())


def test_the_file_needs_no_network_and_no_script(page: str) -> None:
    """The page loads nothing and runs no script: it refers only to its own parts."""
    tree = parsed(page)
    assert [] == tree.findall(".//script")
    assert [] == tree.findall(".//link")
    targets = [
        value
        for element in tree.iter()
        for name, value in element.attrib.items()
        if str(name).endswith(("href", "src", "action"))
    ]
    ids = {element.attrib["id"] for element in tree.iter() if "id" in element.attrib}
    assert targets
    assert all(target.startswith("#") and target[1:] in ids for target in targets)
    assert "url(" not in page
    assert "@import" not in page
    [policy] = [m for m in tree.iter("meta") if m.attrib.get("http-equiv")]
    assert policy.attrib["content"].startswith("default-src 'none'")


def test_every_chart_says_in_words_what_it_shows(page: str, comparison: Comparison) -> None:
    """Every chart has an alternative text, such as those of timers and workload."""
    charts = [s for s in parsed(page).iter() if s.tag.endswith("svg") and "role" in s.attrib]
    words = [chart.attrib["aria-label"] for chart in charts]
    assert 5 == len(words)
    moved = sum(comparison.closings[name].tickets for name in ("earlier", "later"))
    assert words[0].startswith(f"Histogram: {moved} closings move by")
    for timer in comparison.timers:
        assert timer.base is not None
        fired = timer.base.fired + timer.base.late
        assert f"{timer.timer} {fired} under base" in words[1]
    assert words[2].startswith("Heat map of deadlines due by weekday and hour: under base most,")
    assert words[3].startswith("Curve of reopened:")
    assert "with 20 hours" in words[3]
    assert re.search(r"Curve of refund_eur: [\d.,]+ EUR with 20 hours", words[4])


def test_the_page_shows_the_numbers_of_the_json(page: str, comparison: Comparison) -> None:
    """The page shows each number of the JSON that it has a place for."""
    values = json.loads(json.dumps(comparison.to_json()))
    tree = parsed(page)
    assert verdict(comparison) == text_of(tree.find(".//h1"))
    tiles = [text_of(tile) for tile in tree.findall(".//a[@class='tile']")]
    assert tiles[0].startswith(f"{values['changed']['tickets']} tickets change")
    for tile, name in zip(tiles[1:3], ("reopened", "late"), strict=True):
        change = values[name]
        assert tile.startswith(f"{change['difference']:+}")
        assert f"{change['base']} → {change['other']} (95 %: " in tile
        assert wording.signed(change["interval"]["low"]) in tile
    totals = [m for m in values["money"] if m["payer"] == "*"]
    money = [
        m for m in totals if m["amount"]["more"]["tickets"] or m["amount"]["fewer"]["tickets"]
    ]
    assert 0 < len(money) < len(totals)
    assert [
        wording.amount(m["amount"]["difference"], m["currency"], sign=True) for m in money
    ] == [" ".join(tile.split()[:2]) for tile in tiles[3:]]
    rows = [[text_of(cell) for cell in row] for row in tree.iter("tr")]
    for timer in comparison.timers:
        pairs = [
            f"{getattr(timer.base, name)} → {getattr(timer.other, name)}"
            for name in ("cycles", "met_in_time", "late", "fired", "cancelled", "reopened")
        ]
        assert any(row[:1] == [timer.timer] and row[2:] == pairs for row in rows)
    for each in values["assumptions"]:
        assert [str(each["changed"]["tickets"]), each["text"]] in rows
    for each in values["money"]:
        difference = each["amount"]["difference"]
        assert any(wording.amount(difference, each["currency"], sign=True) in row for row in rows)
    assert "60 more groups differ less." not in page
    assert "more groups differ less." in page


def test_each_timer_has_its_rule_and_place(page: str, sources: tuple[Path, Path]) -> None:
    """Each timer has its sentence with the place in its policy file."""
    rules = [text_of(row) for row in parsed(page).iter("tr") if row.attrib.get("class") == "rule"]
    slow, fast = sources
    lines = {
        path: [
            i
            for i, line in enumerate(path.read_text("utf-8").splitlines(), 1)
            if "[[timer" in line
        ]
        for path in sources
    }

    assert rules[0].endswith(f" base {slow}:{lines[slow][0]}")
    assert rules[1].endswith(f" other {fast}:{lines[fast][0]}")
    assert "96 hours" in rules[0]
    assert "48 hours" in rules[1]
    both = f" base {slow}:{lines[slow][-1]}, other {fast}:{lines[fast][-1]}"
    assert rules[-1].endswith(both)


def test_the_page_shows_what_no_ticket_uses(page: str, covered: list[Coverage]) -> None:
    """The page lists what no ticket uses, per policy and kind of part."""
    [section] = [
        each for each in parsed(page).iter("section") if each.attrib.get("id") == "coverage"
    ]
    rows = [[text_of(cell) for cell in row.iter("td")] for row in section.iter("tr")]
    used = [[part for part, use in each.uses.items() if use.tickets] for each in covered]

    for policy, parts, coverage in zip(("base", "other"), used, covered, strict=True):
        of_timers = [part for part in parts if part.kind == "timer"]
        of_all = [part for part in coverage.uses if part.kind == "timer"]
        [row] = [row for row in rows if row[:2] == [policy, "timer"]]
        assert f"{len(of_timers)} of {len(of_all)}" == row[2]
    unused = next(part for part, use in covered[0].uses.items() if not use.tickets)
    assert any(f"{unused.name} (" in row[3] for row in rows if row)


def test_examples_show_where_each_event_happens(page: str, comparison: Comparison) -> None:
    """Each event of an example is marked with letters for the record, base and other."""
    titles = [text_of(h) for h in parsed(page).findall(".//h3")]
    shown = (*comparison.examples, *comparison.random_examples)
    assert [f"Ticket {number}, times in UTC" for number in shown] == titles
    assert 10 == len(set(shown))
    assert "r b o" in page
    assert "· · o" in page


def test_no_line_break_cuts_an_instant(page: str, comparison: Comparison) -> None:
    """Every date of the verdict and of the examples is an element that does not wrap."""
    rows = parsed(page).findall(".//table[@class='timeline']/tbody/tr")
    whole = [text_of(time) for row in rows for time in row.findall(".//time")]

    assert whole == re.findall(
        r"\d{4}-\d\d-\d\d(?: \d\d:\d\d)?",
        " ".join(
            " ".join(text_of(cell) for cell in row if cell.get("data-label") != "time")
            for row in rows
        ),
    )
    assert 2 == len(parsed(page).findall(".//h1/time"))
    assert "time { white-space: nowrap; }" in page


def test_the_page_says_how_to_reproduce_it(page: str, history: Path) -> None:
    """The page shows the commands, the history's checksum, and the digests of the policies."""
    import hashlib

    text = text_of(parsed(page))
    assert "ticketcore report history.jsonl slow fast -o report.html" in text
    assert f"sha256 {hashlib.sha256(history.read_bytes()).hexdigest()}" in text
    assert f"slow 2026-01-01{SLOW.digest}" in text


def _colors(page: str) -> Iterator[dict[str, str]]:
    """Yield the colours of each scheme: light, dark and print."""
    colors: dict[str, str] = {}
    for block in re.findall(r":root \{(.*?)\}", page, re.DOTALL):
        colors |= dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block))
        yield dict(colors)


def _luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, as the WCAG define it."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_enough_on_light_dark_and_paper(page: str) -> None:
    """Text and charts have a contrast of 4.5 on light, dark and paper (WCAG 2, AA)."""
    schemes = list(_colors(page))
    assert 3 == len(schemes)
    for colors in schemes:
        for name, behind in product(("ink", "muted", "base", "other"), ("paper", "soft")):
            assert 4.5 <= contrast(colors[name], colors[behind]), (name, behind)


def test_every_colour_is_one_of_a_scheme(page: str) -> None:
    """Every colour of the page is one of a scheme, also in charts and for marks."""
    style = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)[0]
    rules = re.sub(r":root \{.*?\}", "", style, flags=re.DOTALL)
    names = next(_colors(page))
    painted = re.findall(r"(?:color|background|fill|stroke)(?:=\"|: ?)([^;\"}]+)", rules + page)

    assert [] == re.findall(r"#[0-9a-f]{3,8}\b(?=[;\" ])|rgba?\(|hsla?\(", rules)
    for color in {each.strip() for each in painted}:
        name = re.fullmatch(r"var\(--(\w+)\)", color)
        assert color in ("none", "inherit", "transparent", "currentColor") or (
            name and name[1] in names
        ), color


def test_base_and_other_can_be_told_apart_without_colour(page: str) -> None:
    """The points of base and other have different shapes, and the line of the base is dashed."""
    svgs = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    points = re.findall(r'<path[^>]*aria-roledescription="point"[^>]*>', svgs[1])
    shapes = {re.sub(r"[\d.-]+", "n", str(re.findall(r' d="([^"]*)"', p))) for p in points}
    assert 2 == len(shapes)
    assert "stroke-dasharray" in svgs[3]


def test_no_part_is_wider_than_a_phone(page: str) -> None:
    """No part of the page is wider than a phone: charts shrink, and long words break."""
    style = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)[0]
    fixed = re.findall(r"(?<!max-)(?:min-)?width: ?(\d+)px", style)
    assert all(int(width) <= PHONE for width in fixed)
    for minimum in re.findall(r"minmax\(([^)]*\)?)", style):
        assert re.match(r"min\(.*100%", minimum)
    assert "figure svg { display: block; width: 100%; height: auto; }" in style
    assert "overflow-wrap: anywhere" in style
    narrow = style.partition("@media screen and (max-width: 48rem)")[2]
    assert "tr, td { display: block; }" in narrow
    labels = [cell.attrib.get("data-label") for cell in parsed(page).iter("td")]
    assert all(labels)
    assert 'width="device-width' not in page
    assert "width=device-width, initial-scale=1" in page
    for svg in re.findall(r'<svg[^>]*role="img"[^>]*>', page):
        assert "viewBox=" in svg
        assert not re.search(r'\swidth="', svg)


def test_text_of_tickets_is_text(tmp_path: Path) -> None:
    """Text from tickets becomes no markup in the page."""
    path = tmp_path / "history.jsonl"
    at = SLOW_AT
    opened = e.Opened(
        at=at, by="customer", type="question", zone="UTC", category=HOSTILE, text=HOSTILE
    )
    write_histories(path, [("T<b>1", [opened])])
    with outcomes(path, [SLOW, FAST], workers=1) as table:
        page = render_report(path, table, compare(table, by=["category"]))
    tree = parsed(page)
    assert [] == tree.findall(".//script")
    assert [] == tree.findall(".//b")
    assert HOSTILE in text_of(tree)


SLOW_AT = next(iter(next(iter(stories(1, seed=1))).tickets.values()))[0].at


def test_policies_that_do_the_same_have_no_charts_of_moves(history: Path, tmp_path: Path) -> None:
    """Two policies that do the same have no charts of moves and no examples."""
    versions = PolicyVersions.of(SLOW)
    with outcomes(history, [versions, SLOW], workers=1) as table:
        comparison = compare(table)
        page = render_report(history, table, comparison)
    assert "Nothing changes on any of the 80 tickets." == verdict(comparison)
    assert "By how much closings move" not in page
    assert "Look at these" not in page
    assert "drawn at random" not in page
    assert "used by no ticket" not in page
    assert page.count(SLOW.digest) == 2


def test_orders_are_counted_where_they_have_several_tickets(
    page: str, comparison: Comparison
) -> None:
    """The page counts orders only if one of them has several tickets."""
    assert comparison.orders < comparison.tickets
    extent = f"{comparison.tickets} tickets of {comparison.orders} orders, 2026-"
    assert extent in text_of(parsed(page))


def test_an_empty_history_has_no_charts(tmp_path: Path) -> None:
    """A report on an empty history has no charts; a line that names no ticket is broken."""
    path = tmp_path / "history.jsonl"
    path.write_text("?\n", "utf-8")
    with outcomes(path, [SLOW, FAST], workers=1) as table:
        page = render_report(path, table, compare(table))
    assert "0 tickets, replayed under both; 1 broken ticket left out." in (text_of(parsed(page)))
    assert "Work due by weekday and hour" not in page
    assert "No money moves under either policy." in page


@pytest.mark.parametrize(
    ("number", "sentence", "counted"),
    [
        (0, "No ticket was replayed, so there is nothing to compare.", "0 tickets, replayed"),
        (1, "Nothing changes on the ticket.", "1 ticket, 2026-"),
    ],
)
def test_a_report_on_few_tickets_counts_in_whole_tickets(
    tmp_path: Path, number: int, sentence: str, counted: str
) -> None:
    """A report on no ticket says so and draws no timer; one ticket is not "tickets"."""
    path = tmp_path / "history.jsonl"
    record(path, list(stories(number, seed=1)))
    with outcomes(path, [SLOW, SLOW], workers=1) as table:
        page = text_of(parsed(render_report(path, table, compare(table))))
    assert sentence in page
    assert counted in page
    assert (number > 0) == ("Each timer, before and after" in page)


def test_an_unknown_zone_is_an_error(
    history: Path, table: Outcomes, comparison: Comparison
) -> None:
    """An unknown zone raises an error before anything else is done."""
    with pytest.raises(CalendarError):
        render_report(history, table, comparison, zone="Mars/Base")


def test_policies_without_timers_have_no_chart_of_timers(history: Path) -> None:
    """A report on policies without timers has no chart of timers."""
    from ticketcore.policies import parse_policy

    bare = parse_policy(
        'name = "bare"\neffective = 2026-01-01\nzone = "UTC"\ndefault_type = "request"\n'
        "[types.request]\n[types.question]\n"
        '[[permission]]\ncommands = ["open", "reply", "close"]\n'
        'by = ["customer", "vendor", "support"]\n'
    )
    with outcomes(history, [bare, bare], workers=1) as table:
        page = render_report(history, table, compare(table))
    assert "Each timer, before and after" not in page


def test_a_goal_that_is_never_counted_has_no_curve(
    history: Path, table: Outcomes, comparison: Comparison, sources: tuple[Path, Path]
) -> None:
    """A goal of a sweep that is 0 with every value has no chart: its line would show nothing."""
    values = {"timer.silent.after": ["20 hours", "40 hours"]}
    goals = ("reopened", "not_opened")
    swept = sweep(history, sources[0], values, goals=goals, workers=1)
    tree = parsed(render_report(history, table, comparison, sweep=swept))
    titles = [text_of(figure.find("h2")) for figure in tree.findall(".//figure")]

    assert ["Reopened, by timer.silent.after"] == [t for t in titles if ", by timer" in t]


def test_the_head_says_which_policy_is_the_base(page: str, comparison: Comparison) -> None:
    """Charts and tables say base and other; the head of the page says which policies these are."""
    head = text_of(parsed(page).find(".//header"))

    assert head.startswith(f"base: {comparison.base} → other: {comparison.other} ")
