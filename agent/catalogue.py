"""The rules as data: what `rules` and `explain` tell, and what the documentation is made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from checks.finding import Outcome
from checks.policy import Policy
from checks.rule import Rule
from checks.text import Language

if TYPE_CHECKING:
    from agent.history.database import History


@dataclass(frozen=True, slots=True)
class LastOutcome:
    """How a rule came out in the last run of a store that checked it; ``findings`` counts what stood then."""

    run: str
    store: str
    now: datetime
    outcome: Outcome
    findings: int


def last_outcome(history: History, store: str, code: str) -> LastOutcome | None:
    """The newest outcome of a rule for a store, by its key; None when no run of it checked the rule."""
    head = next((run for run in history.runs(store) if code in run.selected), None)
    if head is None:
        return None
    run = history.run(head.id, store)
    found = next((outcome for outcome in run.record.outcomes if outcome.code == code), None)
    if found is None:
        return None
    standing = sum(finding.code == code for finding in run.record.findings)
    return LastOutcome(head.id, head.store.name or head.store.key, head.now, found, standing)


def rule_as_dict(rule: Rule, language: Language, policy: Policy) -> dict[str, Any]:
    """One rule as plain data, with the lines in force."""
    return {
        "code": rule.code,
        "name": rule.name,
        "family": rule.family,
        "severity": rule.severity.value,
        "sources": list(rule.sources),
        "title": rule.title.to(language),
        "why": rule.why.to(language),
        "fix": rule.fix.to(language),
        "menu": rule.menu.to(language) if rule.menu else None,
        "needs": list(rule.needs),
        "thresholds": [line_as_dict(name, policy) for name in rule.thresholds],
    }


def line_as_dict(name: str, policy: Policy) -> dict[str, Any]:
    """One threshold in force, and since when it holds."""
    line = policy.threshold(name)
    return {
        "name": line.name,
        "value": line.value,
        "unit": line.unit,
        "programme": line.programme,
        "source": line.source,
        "effective": policy.version(name).effective.isoformat(),
        "overridden": line.overridden,
    }


def last_as_dict(last: LastOutcome, language: Language) -> dict[str, Any]:
    """A rule's last outcome as plain data."""
    return {
        "run": last.run,
        "store": last.store,
        "now": last.now.isoformat(),
        "outcome": last.outcome.kind.value,
        "reason": last.outcome.reason.to(language) if last.outcome.reason else None,
        "findings": last.findings,
    }
