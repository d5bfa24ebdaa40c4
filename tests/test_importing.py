"""Count the work of the import that a user writes first; benchmarks/importing.py times it.

Each module is a file to find and read, each class costs attrs a tenth of a millisecond, and each
line that attrs or the library writes for a class is parsed and compiled.
"""

import subprocess
import sys

COUNTS = """
import linecache, sys
from ticketcore import decide, load_policy
written = {file: entry[2] for file, entry in linecache.cache.items() if " ticketcore." in file}
modules = [name for name in sys.modules if name.partition(".")[0] == "ticketcore"]
classes = [file for file in written if file.startswith("<attrs generated methods")]
print(len(modules), len(classes), sum(map(len, written.values())))
"""


def test_the_first_import_does_little_work() -> None:
    """A module that no decision needs is imported where it is used, not before."""
    done = subprocess.run(
        [sys.executable, "-c", COUNTS], capture_output=True, text=True, check=True
    )
    modules, classes, lines = map(int, done.stdout.split())

    assert 165 >= modules
    assert 190 >= classes
    assert 2300 >= lines
