"""Questions to a history beside the bare SQL of the same rows: ``history_questions.py DATABASE QUESTION ROUNDS``.

Both run in turns in this one process. Prints, last, the seconds of each round, ours and those of the bare query.
"""

import json
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path

from agent.history import queries
from agent.history.database import History
from benchmarks.histories import STORE

METRIC = "health.figure_7"
Ask = Callable[[], object]


def questions(history: History, bare: sqlite3.Connection) -> dict[str, tuple[Ask, Ask]]:
    """Question -> how the history answers it, and the bare indexed query for the same rows."""

    def sql(query: str, *params: object) -> Ask:
        return lambda: bare.execute(query, params).fetchall()

    last = bare.execute("SELECT max(seq) FROM runs WHERE store = ?", [STORE.key]).fetchone()[0]
    return {
        "runs": (
            lambda: history.runs(STORE.key, 20),
            sql("SELECT * FROM runs WHERE store = ? ORDER BY seq DESC LIMIT 20", STORE.key),
        ),
        "metric": (
            lambda: history.metric(STORE.key, METRIC),
            sql(
                "SELECT m.at, m.value, m.exact, m.unit, r.id, r.complete FROM metrics m JOIN runs r ON r.seq = m.run "
                "WHERE m.store = ? AND m.name = ? ORDER BY m.at",
                STORE.key,
                METRIC,
            ),
        ),
        "last run": (
            lambda: history.run("last", STORE.key),
            sql(queries.OF_RUN, last),
        ),
        "open findings": (
            lambda: history.known(STORE.key),
            sql("SELECT * FROM findings WHERE store = ? AND standing IN ('open', 'fresh', 'gone')", STORE.key),
        ),
        "stores": (
            history.stores,
            sql(
                "SELECT s.*, count(*), max(r.seq), r.id, r.now, (SELECT count(*) FROM findings f "
                "WHERE f.store = s.key AND f.standing IN ('open', 'fresh')) "
                "FROM stores s JOIN runs r ON r.store = s.key GROUP BY s.key"
            ),
        ),
    }


def timed(ask: Ask) -> tuple[float, float]:
    """Seconds on the clock and of the processor."""
    started, spent = time.perf_counter(), time.process_time()
    ask()
    return time.perf_counter() - started, time.process_time() - spent


def main() -> None:
    path, question, rounds = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    bare = sqlite3.connect(path)
    with History(path, create=False) as history:
        ours, least = questions(history, bare)[question]
        ours(), least()  # what the first one of all has to fetch from the disk is nobody's merit
        pairs = [(timed(ours), timed(least)) for _ in range(rounds)]
    print(json.dumps({"ours": [a for a, _ in pairs], "bare": [b for _, b in pairs]}))


main()
