"""The questions that the history is asked, each answered from an index."""

from __future__ import annotations

from agent.history.rows import HEAD

_TEXTS = ("message", "observed", "expected", "fix", "menu", "worse")

OCCURRENCES = f"""
SELECT o.state, o.first_seen, o.name, o.severity, o.fix_page, o.due_at, o.offsets,
       o.evidence_page, o.evidence_sequence, o.evidence_label, o.evidence_text, o.evidence_at,
       o.value, o.accepted, o.mute AS mute_id, q.reason AS mute_reason, q.until AS mute_until,
       q.offsets AS mute_offsets,
       f.fingerprint, f.code, f.subject_type, f.subject_id,
       l.name AS line_name, l.value AS line_value, l.unit AS line_unit, l.programme AS line_programme,
       l.source AS line_source, l.overridden AS line_overridden,
       {", ".join(f"{name}.zh AS {name}_zh, {name}.en AS {name}_en" for name in _TEXTS)}
FROM occurrences o
JOIN findings f ON f.id = o.finding
LEFT JOIN thresholds l ON l.id = o.threshold
LEFT JOIN mutes q ON q.id = o.mute
{" ".join(f"LEFT JOIN texts {name} ON {name}.id = o.{name}" for name in _TEXTS)}
"""
"""Findings with their words; a WHERE clause follows."""

OF_RUN = OCCURRENCES + "WHERE o.run = ? ORDER BY o.id"

LAST_FOUND = OCCURRENCES + "WHERE o.run = ? AND o.finding = ? AND o.state != 'resolved' ORDER BY o.id LIMIT 1"

OUTCOMES = """
SELECT o.code, o.outcome, t.zh AS reason_zh, t.en AS reason_en
FROM outcomes o LEFT JOIN texts t ON t.id = o.reason
WHERE o.run = ? ORDER BY o.position
"""

NOTICES = """
SELECT n.kind, t.zh, t.en FROM notices n JOIN texts t ON t.id = n.text WHERE n.run = ? ORDER BY n.position
"""

KNOWN = """
SELECT * FROM findings INDEXED BY idx_findings_store_standing
WHERE store = :store AND standing IN ('open', 'fresh', 'gone')
UNION
SELECT * FROM findings WHERE store = :store AND fingerprint IN (SELECT value FROM json_each(:fingerprints))
"""
"""What a new run of a store is compared with, and the rows of what it finds again. Nearly all findings of a long
history are closed; after an ANALYZE SQLite takes what is open for half of them and would read them all."""

METRIC = """
SELECT m.*, max(m.run) AS latest, r.id AS run_id, r.complete AS complete
FROM metrics m JOIN runs r ON r.seq = m.run
WHERE m.store = ? AND m.name = ? AND m.at >= ? AND r.complete >= ?
GROUP BY m.at ORDER BY m.at
"""
"""One row a moment: where a capture was judged again, its last run wins."""

FIGURES = """
SELECT m.name, m.value, m.at, r.id, max(m.run)
FROM json_each(:names) wanted
JOIN metrics m ON m.store = :store AND m.name = wanted.value AND m.at >= iif(:last_before, coalesce((
    SELECT b.at FROM metrics b JOIN runs c ON c.seq = b.run
    WHERE b.store = :store AND b.name = wanted.value AND b.at < :since AND c.complete = 1 ORDER BY b.at DESC LIMIT 1
), :since), :since)
JOIN runs r ON r.seq = m.run AND r.complete = 1
GROUP BY wanted.key, m.at ORDER BY wanted.key, m.at
"""
"""Several figures at once, in the order of the names; one row a moment, as in METRIC."""

HEADS = f"SELECT {', '.join(HEAD)} FROM runs ORDER BY seq DESC LIMIT :limit"

HEADS_OF_STORE = f"SELECT {', '.join(HEAD)} FROM runs WHERE store = :store ORDER BY seq DESC LIMIT :limit"

LAST_RUN = "SELECT * FROM runs ORDER BY seq DESC LIMIT 1"

LAST_RUN_OF_STORE = "SELECT * FROM runs WHERE store = :store ORDER BY seq DESC LIMIT 1"

RUNS_BY_ID = """
SELECT * FROM runs WHERE id >= :first AND id < :end AND (:store IS NULL OR store = :store) ORDER BY id LIMIT 4
"""

STORES = """
SELECT s.*, count(r.seq) AS runs, max(r.seq) AS latest, r.id AS last_id, r.now, r.offsets,
       (SELECT count(*) FROM findings f WHERE f.store = s.key AND f.standing IN ('open', 'fresh')) AS open
FROM stores s JOIN runs r ON r.store = s.key
GROUP BY s.key ORDER BY latest DESC
"""

METRIC_NAMES = """
SELECT DISTINCT m.name FROM metrics m JOIN runs r ON r.seq = m.run
WHERE m.store = ? AND m.value IS NOT NULL AND r.complete = 1 ORDER BY m.name
"""
