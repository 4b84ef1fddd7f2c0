"""What to do now: the findings of a run as tasks, by deadline and then by what is at stake.

Findings of one rule that ask for the same step are one task. What is only worth knowing, muted, accepted by the
baseline or resolved is no task.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.history.runs import StatedFinding
from checks.finding import Finding, Severity

STAKES = ("AUD", "LIC", "RSP", "LOG", "HLT", "RTG", "LVL", "MDL", "PRM")
"""The families by what is at stake: what could not be audited hides the rest, a licence closes the shop, buyers and
parcels turn into disputes within days; figures, levels and badges follow from these."""


@dataclass(frozen=True, slots=True)
class Task:
    """One step for a person: the findings of one rule that it settles, the most urgent first."""

    findings: tuple[StatedFinding, ...]

    @property
    def first(self) -> Finding:
        return self.findings[0].finding

    @property
    def due_at(self) -> datetime | None:
        """The nearest deadline."""
        return self.first.due_at

    @property
    def severity(self) -> Severity:
        return min((s.finding.severity for s in self.findings), key=lambda severity: severity.rank)


def tasks(findings: Iterable[StatedFinding], now: datetime, within: timedelta | None = None) -> list[Task]:
    """The tasks in the order in which to do them; with ``within`` only what is due until then or overdue."""
    open_ = [s for s in findings if s.counts and s.finding.severity is not Severity.INFO]
    if within is not None:
        open_ = [s for s in open_ if s.finding.due_at is not None and s.finding.due_at <= now + within]
    same: dict[tuple[object, ...], list[StatedFinding]] = {}
    for stated in sorted(open_, key=_urgency):
        found = stated.finding
        same.setdefault((found.code, found.fix.text, found.fix.page), []).append(stated)
    return sorted((Task(tuple(members)) for members in same.values()), key=_place)


def _urgency(stated: StatedFinding) -> tuple[object, ...]:
    found = stated.finding
    return (_due(found), found.severity.rank, found.subject.id)


def _place(task: Task) -> tuple[object, ...]:
    family = task.first.code[:3]
    stake = STAKES.index(family) if family in STAKES else len(STAKES)
    return (_due(task.first), task.severity.rank, stake, -len(task.findings), task.first.code, task.first.subject.id)


def _due(found: Finding) -> float:
    return found.due_at.timestamp() if found.due_at else float("inf")
