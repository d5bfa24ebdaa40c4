"""The charts of a report."""

import re
import runpy
import sys
from pathlib import Path

import pytest

from support.histories.comparisons import SLOW, SLOW_FILE, record, stories
from ticketcore.comparison import (
    Change,
    ConfidenceInterval,
    Count,
    Point,
    Sweep,
    compare,
    outcomes,
)
from ticketcore.errors import ConfigurationError
from ticketcore.policies import parse_policy
from ticketcore.reports import _charts
from ticketcore.reports._charts import moves_chart, sweep_chart, timers_chart


def ticks(svg: str) -> list[str]:
    """Return the labels of the horizontal axis."""
    axis = re.search(r'aria-label="X-axis[^"]*"(.*?)aria-label="Y-axis', svg, re.DOTALL)
    assert axis is not None
    labels = re.findall(r">([\N{MINUS SIGN}\d.]+)</text>", axis[1])
    return [label.replace("\N{MINUS SIGN}", "-") for label in labels]


@pytest.mark.parametrize(
    ("days", "first", "last"),
    [
        ([-3.0, -3.0, -3.0], "-3.0", "0.0"),
        ([0.01, 0.5], "0.00", "0.50"),
        ([-4.0, 20.0], "-4", "20"),
        ([900.0, 2000.0], "0", "2,000"),
    ],
)
def test_a_histogram_shows_how_far_closings_move_from_zero(
    days: list[float], first: str, last: str
) -> None:
    """The axis of a histogram contains 0, also if all closings move by the same time."""
    labels = ticks(moves_chart(days).replace(",", ""))

    assert first in labels
    assert last.replace(",", "") in labels


@pytest.mark.parametrize(
    ("days", "bars"), [([-3.0] * 5, 1), ([-1.5, -1.25, 1.0, 1.1], 3), ([900.0, 2000.0], 2)]
)
def test_closings_that_move_alike_share_a_bar(days: list[float], bars: int) -> None:
    """A bar counts the closings that move by about the same time."""
    assert bars == moves_chart(days).count('aria-roledescription="bar"')


@pytest.mark.parametrize(("keys", "lines"), [(("after",), 1), (("after", "windows"), 0)])
def test_only_the_values_of_one_parameter_are_joined_by_a_line(
    keys: tuple[str, ...], lines: int
) -> None:
    """Values of several parameters have no one order, so no line joins their points."""
    none = Count(tickets=0, where="false")
    points = [
        Point(
            values=dict.fromkeys(keys, f"{days} days"),
            totals={
                "late": Change(
                    base=4,
                    other=days,
                    difference=days - 4,
                    interval=ConfidenceInterval(days - 5, days - 3),
                    more=none,
                    fewer=none,
                )
            },
            open_days=None,
            as_is=False,
            dominated=False,
        )
        for days in (1, 2, 3)
    ]
    sweep = Sweep(
        policy="",
        tickets=9,
        orders=9,
        broken=0,
        broken_examples=(),
        open_days=None,
        points=tuple(points),
        choice=None,
    )
    chart = sweep_chart(sweep, "late")

    assert lines == chart.count('aria-roledescription="line mark"')
    assert 3 == chart.count('aria-roledescription="point"')
    assert ">late</text>" in chart


def test_a_timer_that_a_policy_lacks_has_no_point_there(tmp_path: Path) -> None:
    """A timer of one policy alone is not drawn at 0 under the other."""
    more = parse_policy(
        f'{SLOW_FILE}[[timer]]\nname = "extra"\nfrom = "opened"\nafter = "1 hours"\n'
        'effect = "warn"\n'
    )
    record(tmp_path / "history.jsonl", list(stories(5, seed=1)))
    with outcomes(tmp_path / "history.jsonl", [SLOW, more], workers=1) as table:
        chart = timers_chart(compare(table))

    assert "extra 5 under other" in chart
    assert not re.search(r"extra \d+ times under base", chart)
    assert 2 * len(SLOW.timers) + 1 == chart.count('aria-roledescription="point"')


def test_charts_say_that_they_need_docstrings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without docstrings, as under ``python -OO``, an error says why there are no charts."""
    (tmp_path / "altair.py").write_text('raise AttributeError("Found no doc")', "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "altair")
    with pytest.raises(ConfigurationError, match="run Python without -OO"):
        runpy.run_path(_charts.__file__)
