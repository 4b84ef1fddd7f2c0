"""Old evidence leaves the history: the findings of old runs with all their words. Runs, outcomes and metrics stay.

What stands today keeps the words of the run that last found it, however old that is, and so does each store's last
run, and its last complete one. What is removed is removed whole: no sentence is left that no finding speaks any more.
Without this the words of every buyer's order ever found fault with would be kept for good.
"""

from __future__ import annotations

from datetime import datetime

from agent.history import rows
from agent.history.connection import Connection

DUE = """
SELECT seq FROM runs
WHERE pruned_at IS NULL AND started_at < ?
AND seq NOT IN (SELECT max(seq) FROM runs GROUP BY store UNION SELECT max(seq) FROM runs WHERE complete GROUP BY store)
"""

OCCURRENCES = """
DELETE FROM occurrences WHERE run = ? AND NOT EXISTS (
    SELECT 1 FROM findings f
    WHERE f.id = occurrences.finding AND f.last_run = occurrences.run AND f.standing IN ('open', 'fresh', 'gone'))
"""

TEXTS = """
DELETE FROM texts WHERE id NOT IN (
    SELECT message FROM occurrences UNION SELECT observed FROM occurrences UNION SELECT expected FROM occurrences
    UNION SELECT fix FROM occurrences UNION SELECT menu FROM occurrences WHERE menu IS NOT NULL
    UNION SELECT worse FROM occurrences WHERE worse IS NOT NULL
    UNION SELECT reason FROM outcomes WHERE reason IS NOT NULL UNION SELECT text FROM notices WHERE text IS NOT NULL)
"""

THRESHOLDS = """
DELETE FROM thresholds WHERE id NOT IN (SELECT threshold FROM occurrences WHERE threshold IS NOT NULL)
"""


def prune(connection: Connection, before: datetime, now: datetime) -> int:
    """Remove the evidence of the runs that started before a moment; how many runs were pruned. One write transaction.

    The search for words that are left over looks at all findings that are kept, of which there are no more than the
    time of retention holds; nothing is searched when no run is due.
    """
    due = [row["seq"] for row in connection.query(DUE, [rows.utc(before)])]
    if due:
        connection.raw.executemany(OCCURRENCES, [[seq] for seq in due])
        connection.raw.executemany("UPDATE runs SET pruned_at = ? WHERE seq = ?", [[rows.utc(now), seq] for seq in due])
        connection.execute(TEXTS)
        connection.execute(THRESHOLDS)
    return len(due)
