"""What is new, what persists and since when, what was resolved: pure comparisons, no database.

A run is compared with the store's last complete run:

- A finding that stood then is *persisting* and keeps its first seen; any other is *new*.
- A finding that stood, is not found now and whose rule could judge everything (pass, not applicable, or a fail that
  names no gap) is *resolved*. A rule that is unknown, saw a part only, or did not run resolves nothing.
- An incomplete run settles nothing. What only it has seen is still new to the next complete run, though its first
  seen is remembered; what it found mended counts as resolved for itself, and persists when it is found again.
- A store that has no complete run yet is compared with its last run instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from agent.history.runs import RunRecord, SavedRun, State, StatedFinding
from checks.finding import Finding, Outcome, OutcomeKind


class Standing(StrEnum):
    """How a finding stands in the history between two runs."""

    OPEN = "open"
    """It stood at the last complete run, and no run since then found it mended."""
    FRESH = "fresh"
    """Only incomplete runs after the last complete one have seen it."""
    GONE = "gone"
    """It stood at the last complete run; an incomplete run since then found it mended."""
    CLOSED = "closed"
    """It was resolved; finding it again begins a new episode."""


class Known(NamedTuple):
    """What the history remembers of one fingerprint."""

    code: str
    first_seen: datetime
    standing: Standing


class Comparison(NamedTuple):
    """The run's findings with their states, the fingerprints it resolved, and how every one stands afterwards."""

    stated: tuple[StatedFinding, ...]
    resolved: tuple[str, ...]
    standings: Mapping[str, Known]


def compare(
    findings: Iterable[Finding],
    outcomes: Iterable[Outcome],
    now: datetime,
    known: Mapping[str, Known] | None = None,
    *,
    settles: bool = True,
) -> Comparison:
    """Compare a run with what is ``known`` by fingerprint; ``settles`` when later runs are to be compared with it."""
    before = known or {}
    after: dict[str, Known] = {}
    stated = []
    for finding in findings:
        state, first_seen = _found(before.get(finding.fingerprint), now)
        stated.append(StatedFinding(finding, state, first_seen))
        standing = Standing.OPEN if settles or state is State.PERSISTING else Standing.FRESH
        after[finding.fingerprint] = Known(finding.code, first_seen, standing)
    judged = judged_wholly(outcomes)
    resolved = []
    for fingerprint, entry in before.items():
        if fingerprint in after or entry.standing is Standing.CLOSED:
            continue
        if entry.code in judged:
            resolved.append(fingerprint)
            after[fingerprint] = entry._replace(standing=_mended(entry.standing, settles))
        elif settles and entry.standing is Standing.FRESH:
            after[fingerprint] = entry._replace(standing=Standing.OPEN)
    return Comparison(tuple(stated), tuple(resolved), after)


def without_history(record: RunRecord) -> SavedRun:
    """A run that nobody keeps: compared with nothing, so that all it found is new."""
    return SavedRun(record, compare(record.findings, record.outcomes, record.now).stated, compared_with=None)


def judged_wholly(outcomes: Iterable[Outcome]) -> frozenset[str]:
    """The codes whose rule saw everything: what they did not report is not there. A fail with a reason saw a part."""
    return frozenset(
        o.code
        for o in outcomes
        if o.kind in (OutcomeKind.PASS, OutcomeKind.NOT_APPLICABLE) or (o.kind is OutcomeKind.FAIL and o.reason is None)
    )


def _found(entry: Known | None, now: datetime) -> tuple[State, datetime]:
    if entry is None or entry.standing is Standing.CLOSED:
        return State.NEW, now
    if entry.standing is Standing.FRESH:
        return State.NEW, entry.first_seen
    return State.PERSISTING, entry.first_seen


def _mended(standing: Standing, settles: bool) -> Standing:
    return Standing.CLOSED if settles or standing is Standing.FRESH else Standing.GONE
