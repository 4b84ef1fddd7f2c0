"""The shapes that enter and leave the history: a run as it was judged, and as it was saved.

All are frozen. A run that is read again equals the run that was saved, times with their own offsets included.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from checks.finding import Finding, Outcome, OutcomeKind, Severity
from checks.text import Text

MetricValue = float | str | Decimal | None
"""A figure, an exact amount, or a word such as the name of a medal; None means "looked for and not there"."""


class State(StrEnum):
    """How a finding stands against the store's last complete run."""

    NEW = "new"
    PERSISTING = "persisting"
    RESOLVED = "resolved"
    MUTED = "muted"


class StoreRef(NamedTuple):
    """A store; ``key`` is what identifies it from run to run, the others are as the capture told them."""

    key: str
    id: str | None = None
    name: str | None = None
    channel_id: str | None = None


class Metric(NamedTuple):
    """One figure of a page: ``name`` is ``kind.field``, ``at`` the moment for which it holds.

    Numbers come back as float, Decimal (money, with its currency as the unit) as the same Decimal.
    """

    name: str
    value: MetricValue
    unit: str | None
    at: datetime


class RunRecord(NamedTuple):
    """A run as it was judged. ``now`` is the clock that the rules saw; all times are aware.

    ``complete`` says that every page which the selected rules need was readable: only such a run becomes the one that
    later runs are compared with. ``selected`` names the codes of the rules that ran.
    """

    id: str
    store: StoreRef
    started_at: datetime
    finished_at: datetime
    now: datetime
    tool: str
    capture: str | None
    captured_at: datetime | None
    complete: bool
    selected: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    findings: tuple[Finding, ...] = ()
    metrics: tuple[Metric, ...] = ()
    overrides: Mapping[str, float] = MappingProxyType({})
    deeds: Mapping[str, int] = MappingProxyType({})
    """What the run did, counted: ``pages.<verdict>`` and ``pages.failed``; of a live run also ``requests`` that left
    the browser, ``writes`` among them, and those ``blocked`` before they could."""


class MutedBy(NamedTuple):
    """The mute that silenced a finding: its number, the reason given and when it ends."""

    id: int
    reason: str
    until: datetime


class StatedFinding(NamedTuple):
    """A finding with its state; ``first_seen`` is when the present episode began, by the clock of that run's rules.

    ``accepted`` says that the baseline of the run holds it as it is; ``worse`` how it is worse than it was when it was
    muted or accepted, so that it counts after all.
    """

    finding: Finding
    state: State
    first_seen: datetime
    mute: MutedBy | None = None
    accepted: bool = False
    worse: Text | None = None

    @property
    def counts(self) -> bool:
        """Whether it stands and has a part in the summary and the exit code."""
        return self.state not in (State.RESOLVED, State.MUTED) and not self.accepted


class NoticeKind(StrEnum):
    """What a run has to say about the user's mutes."""

    EXPIRED = "mute_expired"
    ENDED = "mute_ended"
    UNUSED = "mute_unused"
    UNMATCHED = "mute_unmatched"


class Notice(NamedTuple):
    """A remark of a run that is no finding of the store."""

    kind: NoticeKind
    text: Text


class Summary(NamedTuple):
    """The counts of a run. A resolved or muted finding has no part in ``error``, ``warning`` and ``info``; one that the
    baseline holds is counted as ``accepted`` and nowhere else."""

    error: int = 0
    warning: int = 0
    info: int = 0
    muted: int = 0
    new: int = 0
    persisting: int = 0
    resolved: int = 0
    accepted: int = 0
    rules_fail: int = 0
    rules_pass: int = 0
    rules_not_applicable: int = 0
    rules_unknown: int = 0

    @property
    def rules(self) -> dict[str, int]:
        """How many rules came out in each way, by the outcome's name."""
        return {kind.value: getattr(self, f"rules_{kind.value}") for kind in OutcomeKind}


class SavedRun(NamedTuple):
    """A run with the states of its findings: the standing ones in the run's order, then those resolved.

    ``compared_with`` is the id of the run that the states refer to, ``baseline`` that of the run whose findings were
    accepted; None when there was none, or none was asked for.
    """

    record: RunRecord
    findings: tuple[StatedFinding, ...]
    compared_with: str | None
    baseline: str | None = None
    notices: tuple[Notice, ...] = ()

    @property
    def summary(self) -> Summary:
        return summarise(self.findings, self.record.outcomes)


class RunHead(NamedTuple):
    """A run without its findings, for lists."""

    id: str
    store: StoreRef
    started_at: datetime
    finished_at: datetime
    now: datetime
    tool: str
    capture: str | None
    captured_at: datetime | None
    complete: bool
    selected: tuple[str, ...]
    overrides: Mapping[str, float]
    compared_with: str | None
    summary: Summary


class MetricSeen(NamedTuple):
    """One value of a metric over time, and the run that read it."""

    metric: Metric
    run: str
    complete: bool


class StoreHead(NamedTuple):
    """A store of the history: its last run, how many there are, and how many findings stand open."""

    store: StoreRef
    runs: int
    last_run: str
    last_now: datetime
    open: int


def new_run_id(started_at: datetime) -> str:
    """An id for a run: its start in UTC, so that ids sort by time, and six random characters."""
    return f"{started_at.astimezone(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


def summarise(findings: Iterable[StatedFinding], outcomes: Iterable[Outcome]) -> Summary:
    """The counts of a run from its findings and outcomes."""
    findings = tuple(findings)
    states = Counter(str(f.state) for f in findings if not f.accepted)
    severities = Counter(str(f.finding.severity) for f in findings if f.counts)
    kinds = Counter(str(o.kind) for o in outcomes)
    return Summary(
        **{name.value: severities[name.value] for name in Severity},
        **{name.value: states[name.value] for name in State},
        accepted=sum(f.accepted for f in findings),
        **{f"rules_{name.value}": kinds[name.value] for name in OutcomeKind},
    )
