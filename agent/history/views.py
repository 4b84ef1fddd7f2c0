"""The history as readable tables: views that a person who asks in SQL starts from.

They are part of a migration that was released: to change one, a new migration drops it and makes it again. Columns are
named one by one, so that a column that joins or leaves a table harms none of them.
"""

from __future__ import annotations

RUN_SUMMARIES = """
SELECT r.id AS run, r.store, coalesce(r.store_name, s.name, r.store) AS store_name, r.now AS judged_as_of,
       r.finished_at, r.complete, r.error, r.warning, r.info, r.muted, r.accepted, r.new, r.persisting, r.resolved,
       r.rules_fail, r.rules_pass, r.rules_not_applicable, r.rules_unknown, r.compared_with, r.baseline, r.seq
FROM runs r LEFT JOIN stores s ON s.key = r.store
"""

FINDINGS_OF_RUNS = """
SELECT r.id AS run, r.store, f.code, o.severity, o.state, o.accepted, f.subject_type, f.subject_id,
       m.zh AS message_zh, m.en AS message_en, b.zh AS observed_zh, b.en AS observed_en,
       e.zh AS expected_zh, e.en AS expected_en, o.due_at, o.first_seen,
       o.evidence_page, o.evidence_label, o.evidence_text, f.fingerprint, o.name, r.seq
FROM occurrences o
JOIN findings f ON f.id = o.finding
JOIN runs r ON r.seq = o.run
LEFT JOIN texts m ON m.id = o.message
LEFT JOIN texts b ON b.id = o.observed
LEFT JOIN texts e ON e.id = o.expected
"""

OPEN_FINDINGS = """
SELECT f.store, f.code, o.severity, f.subject_type, f.subject_id, m.zh AS message_zh, m.en AS message_en,
       b.zh AS observed_zh, b.en AS observed_en, e.zh AS expected_zh, e.en AS expected_en,
       o.due_at, f.first_seen, f.last_seen, o.state = 'muted' AS muted, o.accepted, r.id AS last_run, f.fingerprint,
       o.name
FROM findings f
JOIN runs r ON r.seq = f.last_run
LEFT JOIN occurrences o ON o.id = (
    SELECT min(c.id) FROM occurrences c WHERE c.run = f.last_run AND c.finding = f.id AND c.state != 'resolved')
LEFT JOIN texts m ON m.id = o.message
LEFT JOIN texts b ON b.id = o.observed
LEFT JOIN texts e ON e.id = o.expected
WHERE f.standing IN ('open', 'fresh')
"""

RULE_OUTCOMES = """
SELECT r.id AS run, r.store, o.code, o.outcome, t.zh AS reason_zh, t.en AS reason_en, r.now AS judged_as_of,
       r.seq = (SELECT max(l.seq) FROM runs l WHERE l.store = r.store) AS latest
FROM outcomes o JOIN runs r ON r.seq = o.run LEFT JOIN texts t ON t.id = o.reason
"""

METRIC_VALUES = """
SELECT m.store, m.name, m.at, m.value, m.unit, m.exact, r.id AS run, r.complete
FROM metrics m JOIN runs r ON r.seq = m.run
WHERE m.value IS NOT NULL
"""

VIEWS = {
    "run_summaries": RUN_SUMMARIES,
    "findings_of_runs": FINDINGS_OF_RUNS,
    "open_findings": OPEN_FINDINGS,
    "rule_outcomes": RULE_OUTCOMES,
    "metric_values": METRIC_VALUES,
}
"""View -> what it selects."""
