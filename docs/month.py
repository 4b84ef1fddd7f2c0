"""A make-believe month of three sample stores, for the picture of `shoplint serve`.

Each recording is moved by whole weeks to about the same day and judged once for every day before, with other figures
on it: nothing of it is measured.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from agent.capture.opening import open_capture
from agent.history.database import History
from agent.judging import Question, facts_of, judge_facts
from agent.live.shifting import shifted
from checks.facts import Facts
from checks.rule import all_rules
from extractors.models import Reading
from extractors.vocabulary import shipped

RECORDINGS = Path(__file__).parent.parent / "fixtures" / "recordings"
STORES = {"northwind": 0, "harbor": 36, "newstore": 20}
"""Recordings, and by how many weeks they are moved."""
DAYS = 28
SWAY = {
    "score": 0.05, "dispute_rate": -0.5, "return_rate": -0.2, "order_defect_rate": -0.4, "fulfilment_rate": 0.03,
    "on_time_rate": 0.05, "first_reply_12h_rate": 0.04, "positive_rate": -0.008, "refund_72h_rate": 0.06,
}  # fmt: skip
"""How much higher a figure was a month ago, as a share of what it is now."""
HIGHEST = {"score": 100.0}


def spend(path: Path, folder: Path) -> datetime:
    """Judge and save the month into a history file; the moment of its last run."""
    question = Question(list(all_rules().values()), shipped(), {})
    last = []
    with History(path) as history:
        for name, weeks in STORES.items():
            facts = _facts(_moved(RECORDINGS / name, weeks, folder / name), question)
            for day in range(DAYS, -1, -1):
                earlier = _earlier(facts, day)
                record = judge_facts(earlier, question, capture=name, started_at=earlier.captured_at, history=history)
                history.save(record)
            last.append(facts.captured_at)
    return max(last)


def _facts(folder: Path, question: Question) -> Facts:
    with open_capture(folder) as capture:
        return facts_of([capture], question)


def _moved(recording: Path, weeks: int, target: Path) -> Path:
    """A copy of a recording in which every date is so many weeks later."""
    shutil.copytree(recording, target)
    for path in (*target.rglob("*.html"), *target.rglob("*.json")):
        path.write_text(shifted(path.read_text("utf-8"), weeks), "utf-8")
    return target


def _earlier(facts: Facts, day: int) -> Facts:
    """The facts as they might have been some days before."""
    by = timedelta(days=day)
    return replace(
        facts,
        captured_at=facts.captured_at - by,
        finished_at=facts.finished_at - by,
        readings=tuple(_readings(facts, day, by)),
    )


def _readings(facts: Facts, day: int, by: timedelta) -> Iterator[Reading]:
    for reading in facts.readings:
        changed: dict[str, object] = {"captured_at": reading.captured_at - by} if reading.captured_at else {}
        if reading.data is not None and day:
            changed["data"] = reading.data.model_copy(update=_figures(vars(reading.data), day))
        yield reading.model_copy(update=changed)


def _figures(values: Mapping[str, object], day: int) -> dict[str, float]:
    found = {}
    for name, most in SWAY.items():
        value = values.get(name)
        if isinstance(value, int | float):
            wave = math.sin(day / 3.1 + len(name)) * 0.12
            moved = value * (1 + most * (day / DAYS + wave))
            found[name] = round(min(moved, HIGHEST.get(name, 1.0)), 4)
    return found
