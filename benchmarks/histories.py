"""A history of daily runs of one store, saved by the product itself, from a seed: most findings persist."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter

from agent.history.database import History
from agent.history.runs import Metric, RunRecord, StoreRef
from benchmarks.orders import ZONE
from checks.finding import Evidence, Finding, Fix, Outcome, OutcomeKind, Severity, Subject, Threshold, fingerprint
from checks.rule import all_rules
from checks.text import Text

STORE = StoreRef("1102345678", "1102345678", "Northwind Official Store", "244176")
FIRST = datetime(2021, 12, 16, 3, 15, tzinfo=ZONE)
FINDINGS = 420
"""Findings a run: with the outcomes of every rule 1,800 runs come to a million rows."""
METRICS = 40
LINE = Threshold("ship_by_lead", 24.0, "hours", "platform", "S0")
CHANGES = 0.05
"""The share of findings that are gone the next day, with others in their place."""


def write(file: Path, runs: int, seed: int) -> None:
    """Save so many runs; how long each took goes into ``saves.json`` beside the file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    took = []
    with History(file) as history:
        history.db.execute("PRAGMA synchronous = OFF")
        for record in records(runs, seed):
            started = perf_counter()
            history.save(record)
            took.append(perf_counter() - started)
        history.db.execute("ANALYZE")
    (file.parent / "saves.json").write_text(json.dumps(took), "utf-8")


def records(runs: int, seed: int, first: int = 0) -> Iterator[RunRecord]:
    """Runs day by day, from the day ``first`` on."""
    rng = random.Random(seed)
    codes = tuple(all_rules())
    failing = [code for code in codes if code.startswith("LOG")]
    subjects = rng.sample(range(10**14, 10**15), FINDINGS)
    for day in range(first, first + runs):
        for place in rng.sample(range(FINDINGS), int(FINDINGS * CHANGES)):
            subjects[place] = rng.randrange(10**14, 10**15)
        now = FIRST + timedelta(days=day)
        found = tuple(_finding(failing[n % len(failing)], f"8{subject:015}", now) for n, subject in enumerate(subjects))
        yield RunRecord(
            id=f"{now:%Y%m%dT%H%M%S}-{day:06x}",
            store=STORE,
            started_at=now,
            finished_at=now + timedelta(seconds=2),
            now=now,
            tool="benchmarks",
            capture=f"captures/{now:%Y-%m-%d}",
            captured_at=now,
            complete=True,
            selected=codes,
            outcomes=tuple(_outcome(code, code in failing) for code in codes),
            findings=found,
            metrics=tuple(Metric(f"health.figure_{n}", rng.random(), "ratio", now) for n in range(METRICS)),
        )


def _outcome(code: str, fails: bool) -> Outcome:
    return Outcome(code, OutcomeKind.FAIL if fails else OutcomeKind.PASS)


def _finding(code: str, order: str, now: datetime) -> Finding:
    about = Subject("order", order)
    return Finding(
        code=code,
        name=f"rule-{code.lower()}",
        severity=Severity.WARNING,
        subject=about,
        message=Text(f"订单 {order} 距发货期限不足 24 小时", f"Order {order} has less than 24 hours left to ship"),
        observed=Text("剩 3 小时", "3 h left"),
        expected=Text("不少于 24 小时", "at least 24 hours"),
        fix=Fix(Text("今天发货", "Ship today"), Text("订单管理 → 待发货", "Orders → to ship"), "orders"),
        fingerprint=fingerprint(STORE.key, code, about),
        threshold=LINE,
        evidence=Evidence("orders", 1, "剩余时间", "00天03:00:00", now),
        due_at=now + timedelta(hours=3),
    )
