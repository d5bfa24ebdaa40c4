"""The page about Django runs in a process of its own: Django is configured once in a process."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "service" / "django.md").read_text(encoding="utf-8")


def test_the_page_runs() -> None:
    """The code blocks of the page on Django run as one program."""
    blocks = re.findall(r"(?ms)^```python\n(.*?)^```$", PAGE)
    program = "\n".join(blocks)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False
    )

    assert 3 == len(blocks)
    assert "" == done.stderr
