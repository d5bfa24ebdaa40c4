"""Draw an explanation as an SVG picture: one band of open and closed time, with dates below."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Final

import attrs

from ticketcore._internal.arguments import typed
from ticketcore._internal.frozen import Value, frozen
from ticketcore._internal.terminal import xml_text
from ticketcore.calendar.definition._closed_time import Reason, closed_words
from ticketcore.calendar.engine._instants import DAY
from ticketcore.calendar.engine._intervals import Interval
from ticketcore.calendar.engine._zones import from_local
from ticketcore.calendar.explanation._explanation import Explanation

WIDTH: Final = 960
MARGIN: Final = 24
TOP, BAND, TICKS = 58, 36, 26
ROW: Final = 18
LABEL: Final = 76  # the width of a date

COUNTED: Final = "#2a9d63"
COLOURS: Final[dict[Reason, str]] = {
    "outside hours": "#e9ecef",
    "weekday": "#cfd6dd",
    "holiday": "#f2b134",
    "half day": "#f7d488",
    "exception": "#b79ced",
    "closure": "#7f8fd1",
    "break": "#f4a6a0",
    "pause": "#e76f51",
    "other calendar": "#9fb8ad",
}


@typed
def explanation_to_svg(explanation: Explanation) -> str:
    """Draw open and closed time from start to due as an SVG picture, 960 units wide."""
    picture = _Picture(explanation)
    legend = list(picture.legend())
    height = TOP + BAND + TICKS + ROW * len(legend) + 16
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" '
        f'font-family="system-ui, sans-serif" font-size="12" fill="#343a40">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        *picture.band(),
        *picture.ticks(),
        *picture.marks(),
        *legend,
        "</svg>",
    ]
    return "\n".join(parts)


@frozen
class _Picture(Value):
    """The local days from the start to the due instant, spread over the width."""

    explanation: Explanation
    first: date = attrs.field(init=False)
    days: list[datetime] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        zone = self.explanation.zone
        low, high = sorted((self.explanation.start, self.explanation.due))
        first = low.astimezone(zone).date()
        count = (high.astimezone(zone).date() - first).days + 1
        midnights = [datetime.combine(first + DAY * n, time()) for n in range(count + 1)]
        object.__setattr__(self, "first", first)
        object.__setattr__(self, "days", [from_local(midnight, zone) for midnight in midnights])

    def x(self, instant: datetime) -> float:
        """Return the horizontal position of an instant."""
        part = (instant - self.days[0]) / (self.days[-1] - self.days[0])
        return MARGIN + part * (WIDTH - 2 * MARGIN)

    def band(self) -> Iterator[str]:
        """Yield the band: closed time by reason, and over it the time that counted."""
        yield self._box((self.days[0], self.days[-1]), "#f8f9fa", "before and after")
        for closed in self.explanation.skipped:
            yield self._box((closed.start, closed.end), COLOURS[closed.reason], closed.words())
        for interval in self.explanation.counted:
            yield self._box(interval, COUNTED, "counted")
        for day in self.explanation.dates:
            index = (day - self.first).days
            yield self._box((self.days[index], self.days[index + 1]), COUNTED, f"counted: {day}")

    def _box(self, interval: Interval, colour: str, title: str) -> str:
        left, right = map(self.x, interval)
        return (
            f'<rect x="{left:.1f}" y="{TOP}" width="{right - left:.1f}" height="{BAND}" '
            f'fill="{colour}"><title>{xml_text(title)}</title></rect>'
        )

    def ticks(self) -> Iterator[str]:
        """Yield a line and a date at midnights, as many as fit."""
        width = (WIDTH - 2 * MARGIN) / (len(self.days) - 1)
        step = next((n for n in (1, 2, 7, 14, 28) if n * width >= LABEL), len(self.days))
        for index in range(0, len(self.days) - 1, step):
            left, day = self.x(self.days[index]), self.first + index * DAY
            yield (
                f'<line x1="{left:.1f}" x2="{left:.1f}" y1="{TOP}" y2="{TOP + BAND + 6}" '
                f'stroke="#868e96" stroke-width="0.7"/>'
            )
            if left + LABEL <= WIDTH:
                yield f'<text x="{left + 3:.1f}" y="{TOP + BAND + 16}">{day:%a %d %b}</text>'

    def marks(self) -> Iterator[str]:
        """Yield the start and the due instant with their times."""
        start, due = self.explanation.start, self.explanation.due
        yield self._mark(start, "from", 18, "#343a40")
        yield self._mark(due, "due", 40, "#c92a2a")

    def _mark(self, instant: datetime, label: str, y: int, colour: str) -> str:
        x = self.x(instant)
        anchor, text_x = ("start", x + 5) if x < WIDTH / 2 else ("end", x - 5)
        local = instant.astimezone(self.explanation.zone)
        return (
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y - 10}" y2="{TOP + BAND}" '
            f'stroke="{colour}" stroke-width="2"/>'
            f'<text x="{text_x:.1f}" y="{y}" text-anchor="{anchor}" fill="{colour}">'
            f"{label} {local:%a %Y-%m-%d %H:%M %Z}</text>"
        )

    def legend(self) -> Iterator[str]:
        """Yield a row for each colour in the picture, with the names of its closed time."""
        rows = [(COUNTED, f"counted: {self.explanation.span}")]
        for reason, colour in COLOURS.items():
            found = [closed.name for closed in self.explanation.skipped if closed.reason == reason]
            if found:
                rows.append((colour, closed_words(reason, found)))
        for row, (colour, text) in enumerate(rows):
            y = TOP + BAND + TICKS + ROW * row + 12
            yield (
                f'<rect x="{MARGIN}" y="{y - 10}" width="12" height="12" fill="{colour}"/>'
                f'<text x="{MARGIN + 18}" y="{y}">{xml_text(text)}</text>'
            )
