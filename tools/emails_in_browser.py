"""Show hostile emails in a real browser, and compare the pages with that of a harmless one.

    python tools/emails_in_browser.py /usr/bin/chromium

This is not a test of the suite, because not every machine has a browser. It fails if the page of
an email has other elements or attributes than the harmless one, or if it runs a script. A page
with a working script shows first that a script would be noticed.
"""

import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import html5lib

from support.hostile_text import HOSTILE, emails_with
from support.stories.notifications import body
from ticketcore.notifications._sanitizing import one_line

SPY = "<script>window.alert = () => { document.documentElement.lang = 'ran' }</script>"
OPTIONS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --virtual-time-budget=2000 --dump-dom"
).split()


def shown(browser: str, html: str) -> Counter[tuple[Any, ...]]:
    """Return the elements and attributes of the page in the browser, without line breaks."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "email.html"
        page.write_text(html.replace("<head>", "<head>" + SPY), encoding="utf-8")
        command = [browser, *OPTIONS, f"--user-data-dir={folder}/profile", page.as_uri()]
        done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    tree = html5lib.parse(done.stdout.decode(), namespaceHTMLElements=False)
    found: Counter[tuple[Any, ...]] = Counter(
        (e.tag, *sorted(e.attrib.items())) for e in tree.iter()
    )
    del found["br",]
    return found


def main(browser: str) -> int:
    """Return the number of emails whose page differs."""
    harmless = body(emails_with("harmless")["warned"], "html")
    right = shown(browser, harmless)
    broken = shown(browser, harmless.replace("harmless", "<script>alert(1)</script>"))
    assert ("html", ("lang", "ran")) in broken, "a script that runs is not seen"
    wrong = [
        words
        for words in filter(one_line, HOSTILE)  # text without visible characters gives no row
        if shown(browser, body(emails_with(words)["warned"], "html")) != right
    ]
    report = (f"{len(HOSTILE)} hostile emails, {len(wrong)} with a different page", *wrong)
    sys.stdout.write("\n".join(report) + "\n")
    return len(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
