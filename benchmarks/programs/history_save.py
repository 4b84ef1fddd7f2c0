"""Saves runs into a history: ``history_save.py DATABASE FIRST-DAY ROUNDS``. Prints, last, the seconds of each save."""

import json
import sys
import time
from pathlib import Path

from agent.history.database import History
from benchmarks.histories import records


def main() -> None:
    path, first, rounds = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    took = []
    with History(path) as history:
        # The first run of another seed resolves nearly all that stood before, as no day does; it is not counted.
        for record in records(rounds + 1, seed=first, first=first):
            started, spent = time.perf_counter(), time.process_time()
            history.save(record)
            took.append((time.perf_counter() - started, time.process_time() - spent))
    print(json.dumps({"seconds": took[1:]}))


main()
