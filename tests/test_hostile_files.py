"""No hostile file takes more than two seconds or 256 MB, or raises an error of another library."""

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

from hostile_files import hostile_files

TOOLS = Path(__file__).parents[1] / "tools"
EVERY = 9


def test_every_reader_has_many_hostile_files() -> None:
    """Each reader is tried with many hostile files, more than 200 in total."""
    readers = Counter(file.reader for file in hostile_files())

    assert 200 < readers.total()
    assert 18 <= min(readers[name] for name in ("policy", "scenario", "history", "ics", "command"))


def test_hostile_files_cost_little() -> None:
    """Reading a hostile file takes little time and memory; `make hostile` reads all of them."""
    command = [sys.executable, str(TOOLS / "hostile.py"), "--every", str(EVERY)]
    # Measuring coverage takes as much time as the reading, and is not limited.
    untraced = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=untraced)

    assert 0 == ran.returncode, ran.stdout + ran.stderr
    assert re.match(r"\d{2} files, 0 faults", ran.stdout)
