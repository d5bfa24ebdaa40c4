"""Open reports of comparisons in a real browser, and measure them as a reader sees them.

    python tools/report_in_browser.py /usr/bin/chromium [FOLDER]

This is not a test of the suite, because not every machine has a browser. It fails if a page is
wider than the window, at the widths of phones and desktops, if a text has too little contrast, or
if a chart has no size. With a FOLDER it leaves a picture of each page there, to be looked at.
"""

import html
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from support.histories.comparisons import FAST, FAST_FILE, SLOW, SLOW_FILE, record, stories
from ticketcore.comparison import compare, outcomes
from ticketcore.coverage import measure_coverage
from ticketcore.reports import render_report

WIDTHS = (360, 390, 768, 1280)
SCHEMES = {"light": 1, "dark": 0}
OPTIONS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars"
    " --disable-background-networking --virtual-time-budget=2000"
).split()
POLICY = '<meta http-equiv="Content-Security-Policy"[^>]*>'
# Luminance and contrast as the WCAG define them.
MEASURE = """<script>addEventListener('load', () => {
  const light = c => {
    const [r, g, b] = c.match(/[\\d.]+/g).map(Number)
      .map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const behind = e => {
    const c = getComputedStyle(e).backgroundColor
    return c === 'rgba(0, 0, 0, 0)' ? behind(e.parentElement) : c
  }
  const poor = []
  for (const e of document.querySelectorAll('body *')) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())
    if (!own || ['SCRIPT', 'STYLE'].includes(e.tagName)) continue
    const style = getComputedStyle(e)
    const color = e.closest('svg') ? style.fill : style.color
    const [a, b] = [light(color), light(behind(e.closest('svg') ? e.closest('figure') : e))]
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    if (ratio < 4.5) poor.push(e.tagName + ' ' + e.textContent.slice(0, 30) + ' ' + ratio)
  }
  const seen = {
    wide: document.documentElement.scrollWidth - innerWidth,
    poor,
    width: innerWidth,
    charts: document.querySelectorAll('svg[role=img]').length,
    flat: [...document.querySelectorAll('svg[role=img]')]
      .filter(e => e.getBoundingClientRect().height < 50).length,
  }
  parent.document.documentElement.lang = JSON.stringify(seen)
})</script>"""


def report(folder: Path) -> str:
    """Return the report on two hundred invented tickets with orders and money."""
    history = folder / "history.jsonl"
    record(history, list(stories(200, seed=1)))
    sources = folder / "slow.toml", folder / "fast.toml"
    for source, text in zip(sources, (SLOW_FILE, FAST_FILE), strict=True):
        source.write_text(text, encoding="utf-8")
    policies = [SLOW, FAST]
    with outcomes(history, policies, workers=1) as table:
        return render_report(
            history,
            table,
            compare(table, by=["type", "category"]),
            coverage=[measure_coverage(each, history=history, workers=1) for each in policies],
            sources=sources,
        )


def browse(browser: str, page: Path, width: int, scheme: int, *options: str) -> str:
    """Open a page in a window of a width, and return what the browser prints."""
    command = [
        browser,
        *OPTIONS,
        f"--window-size={width},900",
        f"--blink-settings=preferredColorScheme={scheme}",
        f"--user-data-dir={page.parent}/profile",
        *options,
        page.as_uri(),
    ]
    done = subprocess.run(command, capture_output=True, check=True, timeout=120)
    return done.stdout.decode()


def measured(browser: str, page: Path, width: int, scheme: int) -> Any:
    """Return what the page looks like in a frame; a window cannot be narrower than 500."""
    frame = page.with_name("frame.html")
    inside = html.escape(page.read_text(encoding="utf-8"))
    frame.write_text(f'<iframe width="{width}" height="900" srcdoc="{inside}">', encoding="utf-8")
    shown = browse(browser, frame, width + 100, scheme, "--dump-dom")
    found = re.search(r'<html lang="([^"]*)"', shown)
    assert found is not None, "the browser shows no page"
    return json.loads(html.unescape(found[1]))


def main(browser: str, pictures: str | None = None) -> int:
    """Return the number of measurements that are wrong."""
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        made = report(Path(folder))
        page, spied = Path(folder) / "report.html", Path(folder) / "spied.html"
        page.write_text(made, encoding="utf-8")
        without_policy = re.sub(POLICY, lambda _: MEASURE, made)
        assert without_policy != made, "the page forbids scripts"
        spied.write_text(without_policy, encoding="utf-8")
        for width in WIDTHS:
            for name, scheme in SCHEMES.items():
                seen = measured(browser, spied, width, scheme)
                wrong += bool(seen["wide"] > 0 or seen["poor"] or seen["flat"])
                sys.stdout.write(f"{width} px, {name}: {seen}\n")
                if pictures is not None:
                    picture = Path(pictures) / f"report-{width}-{name}.png"
                    size = f"--window-size={width},4000"
                    browse(browser, page, width, scheme, size, f"--screenshot={picture}")
    return wrong


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) > 0)
