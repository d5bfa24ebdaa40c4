"""The cases, strategies and oracle beside this file are shared by the tests of the calendar."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
