"""What a finding was like when it was muted or accepted, and whether it has become worse since: no database here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from checks.audit import DUST
from checks.finding import Finding, Severity
from checks.text import Text

_SEVERITY = {"error": "严重", "warning": "警告", "info": "提示"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding as it stood at ``at``, by the clock of that run's rules.

    ``value`` and ``line`` are in the threshold's unit, None where the rule gives no figure; ``ended`` says why a mute
    no longer holds for it.
    """

    fingerprint: str
    severity: Severity
    value: float | None
    line: float | None
    overdue: bool
    observed: Text
    at: datetime
    ended: Text | None = None


def mark_of(finding: Finding, now: datetime) -> Mark:
    """What to remember of a finding when it is muted or accepted."""
    return Mark(
        fingerprint=finding.fingerprint,
        severity=finding.severity,
        value=finding.value,
        line=finding.threshold.value if finding.threshold else None,
        overdue=_overdue(finding, now),
        observed=finding.observed,
        at=now,
    )


def worsened(mark: Mark, finding: Finding, now: datetime) -> Text | None:
    """How a finding is worse than it was: graver, further over its line, or overdue by now; None when it is not.

    A run whose clock is before the mark, as when an old capture is judged again, says nothing about what came after.
    """
    if now < mark.at:
        return None
    if finding.severity.rank < mark.severity.rank:
        zh, en = (_SEVERITY[s.value] for s in (mark.severity, finding.severity)), f"{mark.severity}"
        return Text("严重程度从“{}”升为“{}”".format(*zh), f"its severity rose from {en} to {finding.severity}")
    if _further(mark, finding.value):
        then, now_ = mark.observed, finding.observed
        return Text(f"数值从 {then.zh} 变为 {now_.zh}", f"its value went from {then.en} to {now_.en}")
    if not mark.overdue and _overdue(finding, now):
        return Text("时限已过", "its deadline has passed")
    return None


def _further(mark: Mark, value: float | None) -> bool:
    """Whether a figure lies further beyond the line, on the side on which it stood."""
    if value is None or mark.value is None or mark.line is None or abs(mark.value - mark.line) <= DUST:
        return False
    moved = value - mark.value
    return (moved if mark.value > mark.line else -moved) > DUST


def _overdue(finding: Finding, now: datetime) -> bool:
    return finding.due_at is not None and finding.due_at <= now
