"""The rules as data: what `rules` and `explain` tell, and what the documentation is made from."""

from __future__ import annotations

from typing import Any

from checks.finding import Threshold
from checks.policy import Policy
from checks.rule import Rule
from checks.text import Language


def rule_as_dict(rule: Rule, language: Language, policy: Policy | None = None) -> dict[str, Any]:
    """One rule as plain data; with a policy also the lines in force."""
    found: dict[str, Any] = {
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
        "thresholds": list(rule.thresholds),
    }
    if policy is not None:
        found["thresholds"] = [line_as_dict(policy.threshold(name)) for name in rule.thresholds]
    return found


def line_as_dict(line: Threshold) -> dict[str, Any]:
    """One threshold in force."""
    return {
        "name": line.name,
        "value": line.value,
        "unit": line.unit,
        "programme": line.programme,
        "source": line.source,
        "overridden": line.overridden,
    }
