"""The second half of an audit: a saved capture, or an order export, becomes findings and outcomes.

The road is the same for every caller: pages are read one at a time, lists are reconciled over their pages, the rules
see the facts with the store's history, and the result is a record that the history can keep.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from agent import __version__
from agent.history.runs import Metric, RunRecord, StoreRef, new_run_id
from agent.memory import keeping
from agent.metrics import metrics_of
from agent.step import Progress, Step, rows_of
from checks.engine import Judgement, judge
from checks.facts import Facts
from checks.policy import Policy
from checks.rule import Rule
from extractors.lists import reconciled
from extractors.models import Reading, Store
from extractors.page import Page

if TYPE_CHECKING:
    from agent.capture.reader import Capture, CapturedPage
    from agent.history.database import History
    from extractors.vocabulary import Vocabulary

PERSON_NEEDED = frozenset({"AUD001", "AUD004", "AUD005", "AUD006"})
"""Findings of these rules mean that pages were missing: the run is not one to compare later runs with."""
REMEMBERED = timedelta(days=30)
"""How far back the rules are shown every figure, unless the window of trends is set to more; the weekly evaluations
need two weeks. From before that they see the last value of each."""
LONGEST = 3650
"""Days; more than any history holds."""


@dataclass(frozen=True)
class Question:
    """What is asked of a capture: the rules, the user's overrides, the clock (None: the capture's own time)."""

    rules: Sequence[Rule]
    vocabulary: Vocabulary
    overrides: dict[str, float]
    now: datetime | None = None
    premium: bool = False
    store: Store | None = None
    """The store as the configuration knows it; what the capture says itself comes first."""
    deeds: Mapping[str, int] = field(default_factory=dict)
    """What the live half did to get the capture, counted."""


def read_capture(capture: Capture, vocabulary: Vocabulary, progress: Progress | None = None) -> list[Reading]:
    """Every page of a capture, read one at a time; a page that was not reached keeps its error."""
    total, rows = len(capture.manifest.pages), 0
    readings = []
    with keeping() as settle:
        for entry, page in capture.read():
            step = Step(entry.kind, entry.place, total, rows=rows)
            if progress:
                progress(step)
            readings.append(_read(entry, page, vocabulary, _within(step, progress)))
            rows += rows_of(readings[-1])
            del page
            settle(cycles=entry.kind != "order_export")  # the rows of a sheet are plain values
        return reconciled(readings)


def _within(step: Step, progress: Progress | None) -> Callable[[int], None] | None:
    """What a page of very many rows is to call while it is read."""
    return (lambda rows: progress(step._replace(rows=step.rows + rows))) if progress else None


def _read(
    entry: CapturedPage, page: Page | None, vocabulary: Vocabulary, counted: Callable[[int], None] | None
) -> Reading:
    error = entry.error.message or entry.error.type if entry.error else None
    if page is not None and entry.kind == "order_export":
        from extractors.export import NotAnExport, read_export

        try:
            return read_export(page, vocabulary, counted)
        except NotAnExport as refused:
            error = str(refused)
    elif page is not None:
        from extractors.reading import read_page

        return read_page(page, vocabulary)
    return Reading(
        kind=entry.kind,
        view=entry.view,
        sequence=entry.sequence,
        url=entry.url,
        captured_at=entry.captured_at,
        verdict=None,
        error=error,
        mishap=entry.error.type if entry.error else None,
    )


def facts_of(captures: Iterable[Capture], question: Question, progress: Progress | None = None) -> Facts:
    """The facts of one store from a capture and, when there are any, order exports that belong to it."""
    captures = list(captures)
    first = captures[0]
    store = _store(first.store, question)
    readings = [reading for capture in captures for reading in read_capture(capture, question.vocabulary, progress)]
    return Facts(
        store=store,
        captured_at=min(c.captured_at for c in captures),
        finished_at=max(c.ended_at for c in captures),
        timezone=first.timezone,
        readings=tuple(readings),
    )


def _store(shown: Store, question: Question) -> Store:
    """The capture's store, completed by the configuration; premium when any of the two or the user says so."""
    known = question.store or Store()
    return Store(
        id=shown.id or known.id,
        name=shown.name or known.name,
        channel_id=shown.channel_id or known.channel_id,
        premium=shown.premium or known.premium or question.premium,
    )


def judge_facts(
    facts: Facts, question: Question, *, capture: str | None, started_at: datetime, history: History | None = None
) -> RunRecord:
    """Judge the facts, with what the history knows of the store, into a record that can be kept and shown."""
    now = question.now or facts.captured_at
    policy = Policy(day=now.astimezone(facts.timezone).date(), overrides=question.overrides)
    metrics = metrics_of(facts)
    if history is not None:
        window = timedelta(days=min(policy.threshold("trend_window").value or 0, LONGEST))
        facts = _remembering(facts, metrics, history, now - max(window, REMEMBERED))
    judgement = judge(facts, question.rules, policy, now)
    finished = datetime.now(UTC)
    return RunRecord(
        id=new_run_id(started_at),
        store=StoreRef(
            key=facts.store_key, id=facts.store.id, name=facts.store.name, channel_id=facts.store.channel_id
        ),
        started_at=started_at,
        finished_at=finished,
        now=now,
        tool=f"shoplint {__version__}",
        capture=capture,
        captured_at=facts.captured_at,
        complete=_is_whole(facts, judgement),
        selected=tuple(rule.code for rule in question.rules),
        outcomes=judgement.outcomes,
        findings=judgement.findings,
        metrics=metrics,
        overrides=question.overrides,
        deeds={**deeds_of(facts), **question.deeds},
    )


def deeds_of(facts: Facts) -> dict[str, int]:
    """How many pages were read, by what they turned out to be."""
    verdicts = Counter(reading.verdict.value if reading.verdict else "failed" for reading in facts.readings)
    return {f"pages.{verdict}": number for verdict, number in sorted(verdicts.items())}


def _is_whole(facts: Facts, judgement: Judgement) -> bool:
    """Whether there are pages, each of them itself, and every list whole, even when no AUD rule was selected.

    A page that the capture never tried to hold leaves its rules unknown, which resolve nothing; the figures of the
    pages that are there stand all the same.
    """
    return (
        bool(facts.readings)
        and all(reading.verdict is not None and reading.verdict.readable for reading in facts.readings)
        and not any(finding.code in PERSON_NEEDED for finding in judgement.findings)
    )


def _remembering(facts: Facts, metrics: Iterable[Metric], history: History, since: datetime) -> Facts:
    """The facts with the store's earlier figures and the times at which its findings were first reported.

    The figures are those of complete runs of the same store: nothing else may bend a trend.
    """
    names = [metric.name for metric in metrics if not isinstance(metric.value, str)]
    known = history.known(facts.store_key)
    return facts.remembering(
        history.figures(facts.store_key, names, since, last_before=True),
        {fingerprint: entry.first_seen for fingerprint, entry in known.items()},
    )
