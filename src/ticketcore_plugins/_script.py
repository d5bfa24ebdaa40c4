"""Start the command line. The script `ticketcore` loads this.

Importing the library takes most of the time of a short command. This module imports nothing of it
at first, so that Ctrl-C during that import ends the script without a traceback, too.
"""

import signal
import sys


def main() -> None:
    """Run the command line as `python -m ticketcore` does."""
    try:
        from ticketcore.__main__ import main as run
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    run()
