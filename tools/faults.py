"""Kill processes that use a store, on each database: `ticketcore.testing.store.crash_test`.

PYTHONPATH=tests python tools/faults.py --kills 200 --database sqlite
"""

import argparse
from functools import partial

from support.stores.databases import SYNC, new_place, open_place
from ticketcore.testing.store import crash_test


def main() -> None:
    """Run the faults on each database, or on one."""
    drivers = {driver.partition("+")[0]: driver for driver in SYNC}
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=200, help="processes to kill, by database")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--database", choices=drivers, help="all databases if left out")
    given = parser.parse_args()
    for driver in [drivers[given.database]] if given.database else SYNC:
        store = partial(open_place, *new_place(driver))
        sent = crash_test(store, kills=given.kills, seed=given.seed)
        print(f"{driver}: {given.kills} kills, {sent} commands: nothing lost, torn or doubled")


if __name__ == "__main__":
    main()
