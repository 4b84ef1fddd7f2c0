"""Run the rules over the facts: findings, and one outcome for every rule, whatever happens in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from checks.audit import Audit, CannotTell, DoesNotApply
from checks.facts import Facts
from checks.finding import Finding, Outcome, OutcomeKind
from checks.policy import Policy
from checks.rule import Rule
from checks.text import Text


class Judgement(NamedTuple):
    """All findings, gravest and most urgent first, and the outcome of every selected rule."""

    findings: tuple[Finding, ...]
    outcomes: tuple[Outcome, ...]


def judge(facts: Facts, rules: Sequence[Rule], policy: Policy, now: datetime) -> Judgement:
    """Run every rule; one that raises is unknown with its error, and the others go on.

    The AUD rules come last, because they say what the others could not judge.
    """
    findings: list[Finding] = []
    outcomes: dict[str, Outcome] = {}
    others = tuple(r for r in rules if r.family != "AUD")
    for rule in (*others, *(r for r in rules if r.family == "AUD")):
        found, outcomes[rule.code] = _run(Audit(rule, facts, now, policy, others, outcomes))
        findings += found
    return Judgement(tuple(sorted(findings, key=_urgency)), tuple(outcomes[rule.code] for rule in rules))


def _run(audit: Audit) -> tuple[list[Finding], Outcome]:
    """One rule: what it found before it stopped counts, and why it stopped is its outcome."""
    code = audit.rule.code
    found: list[Finding] = []
    reason: Text | None = None
    kind = OutcomeKind.PASS
    if audit.rule.family == "AUD" and not audit.facts.readings:
        audit.gap(Text("采集中没有任何页面", "the capture holds no page at all"))
    try:
        for finding in audit.rule.check(audit):
            found.append(finding)
    except CannotTell as stop:
        kind, reason = OutcomeKind.UNKNOWN, stop.reason
    except DoesNotApply as stop:
        # "None of the subject" in a list that lacks rows says nothing about the rows that are missing.
        kind = OutcomeKind.UNKNOWN if audit.gaps else OutcomeKind.NOT_APPLICABLE
        reason = audit.gaps[0] if audit.gaps else stop.reason
    except Exception as error:  # a broken rule must not silence the others, nor pass
        kind = OutcomeKind.UNKNOWN
        reason = Text(
            f"规则执行出错：{type(error).__name__}: {error}", f"the rule itself failed: {type(error).__name__}: {error}"
        )
    if kind is OutcomeKind.PASS and audit.gaps:
        kind = OutcomeKind.UNKNOWN
    if audit.gaps and kind is OutcomeKind.UNKNOWN and reason is None:
        reason = audit.gaps[0]
    if found:
        kind = OutcomeKind.FAIL
        reason = reason or (audit.gaps[0] if audit.gaps else None)
    return found, Outcome(code, kind, reason)


def _urgency(finding: Finding) -> tuple[object, ...]:
    due = finding.due_at.timestamp() if finding.due_at else float("inf")
    return (finding.severity.rank, due, finding.code, finding.subject.id)
