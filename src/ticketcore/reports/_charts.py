"""The charts of a report, as SVG that takes its colours from the page.

Altair describes a chart, vl-convert draws it without a browser. The colours in the drawing are
replaced by variables of the page's style sheet, so that a chart is readable on light and on dark.
Base and other differ in hue, lightness and dash, so that they can be told apart without colour.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from math import floor
from typing import Any, Final

import vl_convert

from ticketcore.comparison import DAYS, Comparison, HourOfWeek, Sweep
from ticketcore.comparison.wording import currency_of, total
from ticketcore.errors import ConfigurationError

try:
    import altair as alt
except AttributeError as error:  # Altair copies docstrings while it is imported
    raise ConfigurationError(
        "charts need docstrings: run Python without -OO, and without PYTHONOPTIMIZE=2"
    ) from error

_VARIABLES: Final[Mapping[str, str]] = {
    "#101010": "var(--ink)",
    "#202020": "var(--muted)",
    "#303030": "var(--line)",
    "#404040": "var(--base)",
    "#505050": "var(--other)",
}
_INK, _MUTED, _LINE, BASE, OTHER = _VARIABLES
_WIDTH: Final = 340
_WHOLE: Final = alt.Axis(tickMinStep=1)  # for counts: a part of a ticket is no tick
_BINS: Final = 24
_STEPS: Final = (1 / 24, 1 / 8, 1 / 4, 1 / 2, 1, 2, 7, 14, 28)  # widths of bins, in days


def svg(chart: Any, alternative: str) -> str:
    """Return a chart as an SVG element with an alternative text."""
    styled = chart.configure(
        background="transparent",
        font="sans-serif",
        view=alt.ViewConfig(stroke=_LINE),
        axis=alt.AxisConfig(
            labelColor=_MUTED,
            titleColor=_INK,
            gridColor=_LINE,
            domainColor=_LINE,
            tickColor=_LINE,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            labelPadding=8,
        ),
        header=alt.HeaderConfig(labelColor=_INK, labelFontSize=12, title=None),
        legend=alt.LegendConfig(labelColor=_INK, titleColor=_INK, labelFontSize=12),
        text=alt.MarkConfig(color=_INK),
    )
    drawn = vl_convert.vegalite_to_svg(styled.to_dict())
    for color, variable in _VARIABLES.items():
        drawn = drawn.replace(color, variable)
    size = re.search(r'width="([\d.]+)" height="([\d.]+)"', drawn)
    assert size is not None, "vl-convert writes the size of a drawing"
    label = f'role="img" aria-label="{escape(alternative)}" style="max-width:{size[1]}px"'
    return drawn.replace(size[0], label, 1)


def _values(rows: Sequence[Mapping[str, object]]) -> Any:
    return alt.Data(values=rows)  # type: ignore[no-untyped-call]


def moves_chart(days: Sequence[float]) -> str:
    """Return the histogram of the moves of closings, in days."""
    low, high = min(days), max(days)
    first, last = min(low, 0.0), max(high, 0.0)  # the picture shows how far they move from 0
    widest = (last - first) / _BINS
    step = next((step for step in _STEPS if step >= widest), widest)
    counts = Counter(floor(move / step) for move in days)
    rows = [
        {"from": place * step, "to": (place + 1) * step, "tickets": count}
        for place, count in sorted(counts.items())
    ]
    domain = [floor(first / step) * step, (floor(last / step) + 1) * step]
    chart = (
        alt.Chart(_values(rows))
        .mark_bar(color=OTHER)
        .encode(
            x=alt.X(
                "from:Q",
                bin="binned",
                title="days later (negative: earlier)",
                scale=alt.Scale(domain=domain),
            ),
            x2="to:Q",
            y=alt.Y("tickets:Q", title="tickets", axis=_WHOLE),
        )
        .properties(width=_WIDTH, height=200)
    )
    closings = f"{len(days):,} closings move" if len(days) > 1 else "1 closing moves"
    words = f"Histogram: {closings} by {low:.1f} to {high:.1f} days."
    return svg(chart, words)


def timers_chart(comparison: Comparison) -> str:
    """Return how often each timer fires before and after, as a line between two points."""
    rows = []
    for timer in comparison.timers:
        for policy, counts in (("base", timer.base), ("other", timer.other)):
            if counts is not None:
                fired = counts.fired + counts.late
                rows.append({"timer": timer.timer, "policy": policy, "fired": fired})
    chart = alt.Chart(_values(rows)).encode(
        x=alt.X("fired:Q", title="deadlines that fire", axis=_WHOLE),
        y=alt.Y("timer:N", title=None, sort=None),
    )
    shapes = alt.Scale(domain=["base", "other"], range=["square", "circle"])
    colors = alt.Scale(domain=["base", "other"], range=[BASE, OTHER])
    points = chart.mark_point(filled=True, size=90, opacity=1).encode(
        shape=alt.Shape("policy:N", title=None, scale=shapes),
        color=alt.Color("policy:N", title=None, scale=colors),
    )
    lines = chart.mark_line(color=_MUTED).encode(detail="timer:N")
    drawn = (lines + points).properties(width=_WIDTH - 90, height=alt.Step(34))
    words = "; ".join(f"{row['timer']} {row['fired']:,} under {row['policy']}" for row in rows)
    return svg(drawn, f"Deadlines that fire, before and after: {words}.")


def workload_chart(hours: Mapping[str, Sequence[HourOfWeek]], zone: str) -> str:
    """Return a heat map of the deadlines due by weekday and hour, under both policies."""
    rows = [
        {"policy": policy, "day": DAYS[each.weekday], "hour": each.hour, "due": each.due}
        for policy, week in hours.items()
        for each in week
    ]
    chart = (
        alt.Chart(_values(rows))
        .mark_rect(color=OTHER)
        .encode(
            x=alt.X("hour:O", title=f"hour ({zone})", axis=alt.Axis(labelAngle=0, values=_HOURS)),
            y=alt.Y("day:N", title=None, sort=list(DAYS)),
            opacity=alt.Opacity(
                "due:Q",
                title="due",
                scale=alt.Scale(range=[0.04, 1]),
                legend=alt.Legend(tickMinStep=1),
            ),
            row=alt.Row("policy:N", header=alt.Header(orient="top")),
        )
        .properties(width=_WIDTH - 50, height=110)
    )
    fullest = {policy: max(week, key=lambda each: each.due) for policy, week in hours.items()}
    words = "; ".join(
        f"under {policy} most, {each.due:,}, on {DAYS[each.weekday]} at {each.hour:02}:00"
        for policy, each in fullest.items()
    )
    return svg(chart, f"Heat map of deadlines due by weekday and hour: {words}.")


_HOURS: Final = [0, 4, 8, 12, 16, 20]


def sweep_chart(sweep: Sweep, goal: str) -> str:
    """Return the curve of a goal over the values of a sweep, with intervals."""
    rows = []
    for point in sweep.points:
        change = point.totals[goal]
        rows.append(
            {
                "value": " · ".join(point.values.values()),
                "total": change.other,
                "low": change.base + change.interval.low,
                "high": change.base + change.interval.high,
            }
        )
    title = goal if currency_of(goal) is None else f"{goal}, in minor units"
    base = alt.Chart(_values(rows)).encode(
        x=alt.X("value:N", title=None, sort=None, axis=alt.Axis(labelAngle=-30))
    )
    line = base.mark_line(color=OTHER, strokeWidth=2).encode(y=alt.Y("total:Q", title=title))
    points = base.mark_point(color=OTHER, filled=True, size=60, opacity=1).encode(
        y=alt.Y("total:Q", title=title)
    )
    ranges = base.mark_rule(color=OTHER, strokeWidth=2).encode(y="low:Q", y2="high:Q")
    as_is = (
        alt.Chart(_values([{"base": sweep.points[0].totals[goal].base}]))
        .mark_rule(color=BASE, strokeDash=[5, 4], strokeWidth=2)
        .encode(y="base:Q")
    )
    curve = [line] if len(sweep.points[0].values) == 1 else []  # several keys have no one order
    chart = alt.layer(as_is, ranges, *curve, points).properties(width=_WIDTH, height=200)
    words = "; ".join(
        f"{total(goal, point.totals[goal].other)} with {' · '.join(point.values.values())}"
        for point in sweep.points
    )
    return svg(chart, f"Curve of {goal}: {words}. The dashed line is the policy as it is.")
