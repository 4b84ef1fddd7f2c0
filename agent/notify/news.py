"""What of a run is worth telling: what is new, what grew worse, what is due soon, what was resolved. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

from agent.history.marks import mark_of, worsened
from agent.history.runs import SavedRun, State, StatedFinding
from agent.unattended import Event
from checks.finding import Finding, Severity
from checks.text import Text


@dataclass(frozen=True)
class News:
    """One finding that is to be told, and why; ``how`` says in which way it grew worse."""

    event: Event
    finding: Finding
    how: Text | None = None


def news_of(run: SavedRun, before: SavedRun | None = None, *, due_within: timedelta = timedelta(days=1)) -> list[News]:
    """The news of a run, each finding once; ``before`` is the run that it was compared with, when it is at hand."""
    earlier = {s.finding.fingerprint: s.finding for s in before.findings if s.counts} if before else {}
    found = [news for stated in run.findings if (news := _of(stated, run, before, earlier, due_within))]
    return sorted(found, key=_rank)


def _of(
    stated: StatedFinding,
    run: SavedRun,
    before: SavedRun | None,
    earlier: dict[str, Finding],
    due_within: timedelta,
) -> News | None:
    finding, now = stated.finding, run.record.now
    if stated.state is State.RESOLVED:
        return News("resolved", finding)
    if not stated.counts:
        return None
    if stated.worse is not None:
        return News("worse", finding, stated.worse)
    if stated.state is State.NEW:
        return News("new", finding)
    then = earlier.get(finding.fingerprint)
    if before is not None and then is not None:
        how = worsened(mark_of(then, before.record.now), finding, now)
        if how is not None:
            return News("worse", finding, how)
    if finding.due_at and finding.severity is not Severity.INFO and now < finding.due_at <= now + due_within:
        return News("due", finding)
    return None


def chosen(news: Iterable[News], events: Collection[str], min_severity: str) -> list[News]:
    """What one channel wants to hear: these events, from this severity on."""
    limit = Severity(min_severity).rank
    return [n for n in news if n.event in events and n.finding.severity.rank <= limit]


_ORDER = ("new", "worse", "due", "resolved")


def _rank(news: News) -> tuple[object, ...]:
    finding = news.finding
    due = finding.due_at.timestamp() if finding.due_at else float("inf")
    return (_ORDER.index(news.event), finding.severity.rank, finding.code, due, finding.subject.id)
