"""Runs to save, made of literals; and what the child processes of the fault tests do."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

from agent.errors import HistoryError
from agent.history.database import History
from agent.history.runs import Metric, RunRecord, StoreRef
from checks.finding import Evidence, Finding, Fix, Outcome, OutcomeKind, Severity, Subject, Threshold, fingerprint
from checks.text import Text

PACIFIC = timezone(timedelta(hours=-8))
SHANGHAI = timezone(timedelta(hours=8))
DAY_0 = datetime(2026, 11, 20, 3, 15, tzinfo=PACIFIC)
LINE = Threshold("days_left", 85, "days", "one_diamond", "S0", overridden=True)
FAIL, PASS = OutcomeKind.FAIL, OutcomeKind.PASS
NOT_APPLICABLE, UNKNOWN = OutcomeKind.NOT_APPLICABLE, OutcomeKind.UNKNOWN


def day(number: int) -> datetime:
    return DAY_0 + timedelta(days=number)


def words(name: str) -> Text:
    return Text(f"{name}：未同步", f"{name}: not synced")


def finding(subject: str = "1", code: str = "LOG001", *, store: str = "northwind", **changes: Any) -> Finding:
    about = Subject("order", subject)
    values: dict[str, Any] = {
        "code": code,
        "name": "tracking-not-synced",
        "severity": Severity.ERROR,
        "subject": about,
        "message": words(f"order {subject}"),
        "observed": words("observed"),
        "expected": words("expected"),
        "fix": Fix(words("fix"), words("menu"), "orders"),
        "fingerprint": fingerprint(store, code, about),
        "threshold": LINE,
        "evidence": Evidence("orders", 1, "物流单号", "未同步", day(0)),
        "due_at": datetime(2026, 11, 21, 12, 0, tzinfo=SHANGHAI),
    }
    return Finding(**(values | changes))


def figure(value: float | None, **changes: Any) -> Finding:
    """Finding A with a figure against the line of 85, without a clock."""
    return finding("A", value=value, **({"due_at": None} | changes))


def bare(subject: str = "1", code: str = "LOG002") -> Finding:
    """A finding without any of the parts that may be missing."""
    fix = Fix(words("fix"), None, None)
    return finding(subject, code, threshold=None, evidence=None, due_at=None, fix=fix, severity=Severity.INFO)


def run(
    number: int,
    findings: Iterable[Finding] = (),
    *,
    store: str = "northwind",
    outcomes: dict[str, OutcomeKind] | None = None,
    gaps: dict[str, Text] | None = None,
    **changes: Any,
) -> RunRecord:
    """The run of one day. Rules that found something fail, LOG001 passes when it found nothing, unless told otherwise;
    ``gaps`` are the reasons of outcomes by code."""
    found = tuple(findings)
    kinds = {"LOG001": PASS} | {f.code: FAIL for f in found} | (outcomes or {})
    gaps = gaps or {}
    values: dict[str, Any] = {
        "id": f"{store}-{number:04}",
        "store": StoreRef(store, "1102345678", "Northwind Official Store", "244176"),
        "started_at": datetime(2026, 11, 20, tzinfo=UTC) + timedelta(days=number),
        "finished_at": datetime(2026, 11, 20, 0, 0, 1, 250_000, tzinfo=UTC) + timedelta(days=number),
        "now": day(number),
        "tool": "shoplint 0.1.0",
        "capture": "captures/北风",
        "captured_at": day(number),
        "complete": True,
        "selected": tuple(kinds),
        "outcomes": tuple(Outcome(code, kind, gaps.get(code)) for code, kind in kinds.items()),
        "findings": found,
        "metrics": (Metric("health.score", 88.5, "points", day(number)),),
        "overrides": {"RSP014": 0.9},
        "deeds": {"pages.expected": 3, "pages.failed": 1},
    }
    return RunRecord(**(values | changes))


def many(number: int, count: int = 200) -> RunRecord:
    """A run with enough in it to be interrupted."""
    return run(number, [finding(str(n), message=words(f"day {number} order {n}")) for n in range(count)])


def metrics(number: int) -> tuple[Metric, ...]:
    at = day(number)
    return (
        Metric("rating.sales_30d", Decimal("5000.10"), "USD", at),
        Metric("medal.current", "gold", None, at),
        Metric("health.dispute_rate", None, "ratio", at),
        Metric("health.score", 90.0 + number, "points", at),
    )


# --- child processes ---------------------------------------------------------------------------------------------


def save_and_die(path: str, record: RunRecord, statement: int | None) -> None:
    """Open the history, save, and be killed at the given SQL statement; without one, after the save."""
    real, done = sqlite3.connect, 0

    def at(_: str) -> None:
        nonlocal done
        done += 1
        if done == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    def connect(*args: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = real(*args, **options)
        connection.set_trace_callback(at)
        return connection

    sqlite3.connect = connect  # type: ignore[assignment]
    History(path).save(record)
    os.kill(os.getpid(), signal.SIGKILL)


def save_many(path: str, store: str, first: int, count: int) -> None:
    """One of several programs that write the same file."""
    for number in range(first, first + count):
        with History(path, busy_s=30) as history:
            history.save(run(number, [finding(str(number)), finding("shared")], store=store))


def save_into_limit(path: str, limit: int, answer: Any) -> None:
    """Save while no file of this process may grow beyond the limit; answers with the error's sentence."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        with History(path) as history:
            history.save(many(1, 1000))
    except HistoryError as error:
        answer.put((type(error).__name__, str(error)))
    else:
        answer.put(("", f"nothing failed in {Path(path).name}"))
