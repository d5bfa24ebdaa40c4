"""A comparison as one HTML file, which needs no network and no script."""

import hashlib
import html
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import attrs
import jinja2

from ticketcore._internal.arguments import typed
from ticketcore.backtest import replay_tickets
from ticketcore.calendar import zone_of
from ticketcore.comparison import Comparison, Outcomes, Sweep, wording, workload
from ticketcore.coverage import Coverage
from ticketcore.events import local
from ticketcore.policies import Language, Policy, PolicyVersions
from ticketcore.reports import _charts
from ticketcore.reports._rules import coverage_by_kind, timer_sentences
from ticketcore.reports._verdict import verdict
from ticketcore.timeline import aligned_timelines

_TEMPLATES: Final = Path(__file__).parent / "templates"
_TOGETHER: Final = re.compile(
    r"(?<=\d) (?=%|\N{RIGHTWARDS ARROW}|[A-Z]{3}\b)"
    r"|(?<=[\N{RIGHTWARDS ARROW}:]) (?=[+-]?\d)|(?<=\bto) (?=[+-]?\d)"
)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d)?")


@attrs.frozen(kw_only=True)
class Tile:
    """A number with its remark, and the table that it belongs to."""

    number: str
    label: str
    remark: str
    target: str


@attrs.frozen(kw_only=True)
class Figure:
    """A chart as SVG, with a title and a caption."""

    title: str
    caption: str
    svg: str


@attrs.frozen(kw_only=True)
class Example:
    """A ticket side by side: rows of day, time, marks, party, text and rule.

    Days and times are local to *zone*.
    """

    ticket: str
    zone: str
    rows: tuple[tuple[str, str, str, str, str, str], ...]


@typed
def render_report(
    history: str | os.PathLike[str],
    outcomes: Outcomes,
    comparison: Comparison,
    *,
    zone: str = "UTC",
    language: Language = "en",
    sweep: Sweep | None = None,
    coverage: Sequence[Coverage] = (),
    sources: Sequence[str | Path] = (),
    commands: Sequence[str] = (),
) -> str:
    """Return a report on a comparison as HTML.

    *outcomes* and *comparison* are those of *history*. The hours of the workload are local to the
    IANA zone *zone*. In examples, fields, their values, tags and pauses have the policies' words
    in *language*. *sweep* adds its curves. *coverage*, measured on the same tickets under both
    policies, adds the parts of each that they use. *sources* are the names or paths of both
    policies; with them each rule has its file and line. *commands* are those that make the report
    again.

    Raises CalendarError for an unknown zone, OSError if the history is gone, PolicyError if a
    source cannot be read.
    """
    zone_of(zone)
    with Path(history).open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["count"] = "{:,}".format
    environment.filters["change"] = lambda change: _arrow(wording.change_words(change))
    environment.filters["money_title"] = wording.money_title
    environment.filters["money"] = lambda money: _arrow(wording.money_words(money))
    environment.filters["dates"] = _whole_dates
    return environment.get_template("report.html").render(
        comparison=comparison,
        money=wording.shown_money(comparison),
        verdict=verdict(comparison),
        tiles=list(_tiles(comparison)),
        figures=list(_figures(outcomes, comparison, zone, sweep)),
        counts=wording.DEADLINE_COUNTS,
        rules=timer_sentences(
            list(zip(("base", "other"), outcomes.policies, strict=False)), sources
        ),
        coverage=list(coverage_by_kind(("base", "other"), coverage, sources)),
        examples=list(_examples(history, outcomes, comparison.examples, language)),
        random_examples=list(_examples(history, outcomes, comparison.random_examples, language)),
        signed_amount=lambda m: wording.amount(m.amount.difference, m.currency, sign=True),
        history=Path(history).name,
        sha256=sha256,
        digests=list(zip(outcomes.labels, map(_digest, outcomes.policies), strict=True))[:2],
        commands=commands,
    )


def _arrow(text: str) -> str:
    """Return *text* with an arrow, and with its pairs and intervals unbroken."""
    return _unbroken(text.replace("->", "\N{RIGHTWARDS ARROW}"))


def _unbroken(text: str) -> str:
    """Return *text* with no-break spaces inside each pair, share, amount and end of a range."""
    return _TOGETHER.sub("\N{NO-BREAK SPACE}", text)


def _whole_dates(text: str) -> str:
    """Return *text* as HTML, escaped, in which no line break cuts an instant or an amount."""
    return _DATE.sub(r"<time>\g<0></time>", html.escape(_unbroken(text)))


def _digest(policy: Policy | PolicyVersions) -> str:
    return ", ".join(version.digest for version in policy.versions)


def _tiles(comparison: Comparison) -> Iterator[Tile]:
    total = comparison.tickets
    changed = comparison.changed.tickets
    yield Tile(
        number=f"{changed:,}",
        label="tickets change",
        remark=wording.share(changed, total),
        target="changes",
    )
    for change, label, target in (
        (comparison.reopened, "closings reopened by people", "timers"),
        (comparison.late, "breached deadlines", "timers"),
        (comparison.not_opened, "refused openings", "changes"),
    ):
        if change is comparison.not_opened and not change.difference:
            continue
        yield Tile(
            number=wording.signed(change.difference),
            label=label,
            remark=_arrow(wording.change_words(change)),
            target=target,
        )
    totals = [money for money in comparison.money if money.payer == "*"]
    differing = [m for m in totals if m.amount.more.tickets or m.amount.fewer.tickets]
    if not differing:
        remark = "the same under both" if totals else "none moves"
        yield Tile(number="none", label="difference in money", remark=remark, target="money")
    for money in differing:
        yield Tile(
            number=wording.amount(money.amount.difference, money.currency, sign=True),
            label=wording.MONEY_KINDS[money.kind],
            remark=_arrow(wording.money_words(money)),
            target="money",
        )


def _figures(
    outcomes: Outcomes, comparison: Comparison, zone: str, sweep: Sweep | None
) -> Iterator[Figure]:
    moves = outcomes.query("SELECT moved / 86400 FROM outcomes WHERE moved <> 0")
    if moves:
        yield Figure(
            title="By how much closings move",
            caption=f"Tickets that close at another time: {len(moves):,}.",
            svg=_charts.moves_chart([move for (move,) in moves]),
        )
    counts = [count for timer in comparison.timers for count in (timer.base, timer.other)]
    if any(count is not None and count.fired + count.late for count in counts):
        yield Figure(
            title="Each timer, before and after",
            caption="Deadlines that fire under base and under other.",
            svg=_charts.timers_chart(comparison),
        )
    hours = {name: workload(outcomes, zone, policy=name) for name in outcomes.names[:2]}
    if any(hour.due for week in hours.values() for hour in week):
        yield Figure(
            title="Work due by weekday and hour",
            caption="All deadlines, met or not, in the hour in which they are due.",
            svg=_charts.workload_chart(hours, zone),
        )
    if sweep is not None:
        for goal in sweep.points[0].totals:
            if not any(p.totals[goal].base or p.totals[goal].other for p in sweep.points):
                continue  # a line at 0 shows nothing
            yield Figure(
                title=f"{goal.capitalize()}, by {' and '.join(sweep.points[0].values)}",
                caption="With 95 % intervals against the policy as it is, the dashed line.",
                svg=_charts.sweep_chart(sweep, goal),
            )


def _examples(
    history: str | os.PathLike[str],
    outcomes: Outcomes,
    tickets: Sequence[str],
    language: Language,
) -> Iterator[Example]:
    policies = outcomes.policies[:2]
    for ticket, replays in replay_tickets(history, tickets, policies).items():
        events = replays[0].history.events
        opened = events[0]
        zone = zone_of(getattr(opened, "zone", "UTC"))
        rows = []
        for entry, where in aligned_timelines(
            zone.key,
            (events, None),
            *((replay.events, replay.policy) for replay in replays),
            language=language,
        ):
            there = local(entry.at, zone)
            marks = " ".join(
                mark if here else "·" for mark, here in zip("rbo", where, strict=True)
            )
            rows.append(
                (
                    f"{there:%a %Y-%m-%d}",
                    f"{there:%H:%M}",
                    marks,
                    entry.actor,
                    entry.text,
                    entry.rule,
                )
            )
        yield Example(ticket=ticket, zone=zone.key, rows=tuple(rows))
