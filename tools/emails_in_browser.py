"""Show emails with hostile text in a real browser, and compare them with a harmless email.

    python tools/emails_in_browser.py /usr/bin/chromium

Not a test of the suite, since not every machine has a browser. Fails if one letter becomes
another page than a harmless one, or runs a script; a page that does run one shows that it would
be seen.
"""

import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import html5lib

from support.hostile_text import HOSTILE, emails_with
from support.notification_stories import body
from ticketcore.notifications._sanitizing import one_line

SPY = "<script>window.alert = () => { document.documentElement.lang = 'ran' }</script>"
OPTIONS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --virtual-time-budget=2000 --dump-dom"
).split()


def shown(browser: str, html: str) -> Counter[tuple[Any, ...]]:
    """The elements and attributes of the page that a browser makes of it, line breaks apart."""
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
    """How many letters deviate."""
    harmless = body(emails_with("harmless")["warned"], "html")
    right = shown(browser, harmless)
    broken = shown(browser, harmless.replace("harmless", "<script>alert(1)</script>"))
    assert ("html", ("lang", "ran")) in broken, "a script that runs is not seen"
    wrong = [
        words
        for words in filter(one_line, HOSTILE)  # what is nothing on a line has no row
        if shown(browser, body(emails_with(words)["warned"], "html")) != right
    ]
    said = (f"{len(HOSTILE)} hostile letters, {len(wrong)} of them another page", *wrong)
    sys.stdout.write("\n".join(said) + "\n")
    return len(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
