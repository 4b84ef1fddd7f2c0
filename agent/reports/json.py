"""The report for programs: one JSON object, its form a part of the public contract."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from agent.history.runs import SavedRun, StatedFinding
from agent.reports import Look
from checks.finding import Evidence, Outcome, Threshold

FORMAT = 1


def render(run: SavedRun, look: Look) -> str:
    return json.dumps(as_dict(run, look), ensure_ascii=False, indent=2)


def as_dict(run: SavedRun, look: Look) -> dict[str, Any]:
    """The run as plain data; every key is always there, null means there is nothing."""
    record, summary = run.record, run.summary
    return {
        "format": FORMAT,
        "run": {
            "id": record.id,
            "store": {
                "id": record.store.id,
                "name": record.store.name,
                "channel_id": record.store.channel_id,
            },
            "started_at": _time(record.started_at),
            "finished_at": _time(record.finished_at),
            "now": _time(record.now),
            "tool": record.tool,
            "capture": record.capture,
            "captured_at": _time(record.captured_at),
            "complete": record.complete,
            "compared_with": run.compared_with,
            "baseline": run.baseline,
            "overrides": dict(record.overrides),
            "notices": [{"kind": notice.kind.value, "text": notice.text.to(look.language)} for notice in run.notices],
        },
        "summary": {
            **{
                name: getattr(summary, name)
                for name in ("error", "warning", "info", "muted", "new", "persisting", "resolved", "accepted")
            },
            "rules": summary.rules,
        },
        "outcomes": [_outcome(outcome, look) for outcome in record.outcomes],
        "findings": [_finding(stated, look) for stated in run.findings],
    }


def _outcome(outcome: Outcome, look: Look) -> dict[str, Any]:
    return {
        "code": outcome.code,
        "outcome": outcome.kind.value,
        "reason": outcome.reason.to(look.language) if outcome.reason else None,
    }


def _finding(stated: StatedFinding, look: Look) -> dict[str, Any]:
    found, language = stated.finding, look.language
    return {
        "code": found.code,
        "name": found.name,
        "severity": found.severity.value,
        "fingerprint": found.fingerprint,
        "subject": {"type": found.subject.type, "id": found.subject.id},
        "message": found.message.to(language),
        "observed": found.observed.to(language),
        "value": found.value,
        "expected": found.expected.to(language),
        "threshold": _threshold(found.threshold),
        "evidence": _evidence(found.evidence),
        "fix": {
            "text": found.fix.text.to(language),
            "menu": found.fix.menu.to(language) if found.fix.menu else None,
            "url": look.links.get(found.fix.page) if found.fix.page else None,
        },
        "due_at": _time(found.due_at),
        "state": stated.state.value,
        "first_seen": _time(stated.first_seen),
        "accepted": stated.accepted,
        "worse": stated.worse.to(language) if stated.worse else None,
        "mute": _mute(stated),
    }


def _mute(stated: StatedFinding) -> dict[str, Any] | None:
    mute = stated.mute
    return None if mute is None else {"id": mute.id, "reason": mute.reason, "until": _time(mute.until)}


def _threshold(line: Threshold | None) -> dict[str, Any] | None:
    if line is None:
        return None
    return {
        "value": line.value,
        "unit": line.unit,
        "programme": line.programme,
        "source": line.source,
        "overridden": line.overridden,
    }


def _evidence(seen: Evidence | None) -> dict[str, Any] | None:
    if seen is None:
        return None
    return {
        "page": seen.page,
        "sequence": seen.sequence,
        "label": seen.label,
        "text": seen.text,
        "captured_at": _time(seen.captured_at),
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
