"""One recording with what must come out of it: a capture and its ``truth``, or an export and its truth beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from agent.testing.comparison import data_of, differences, missing_problems, without_unshipped
from agent.testing.demands import Demands
from extractors.models import Reading
from extractors.vocabulary import Vocabulary

VERDICT, PROBLEMS = "verdict", "problems"


@dataclass(frozen=True)
class Expected:
    key: str
    verdicts: tuple[str, ...]
    data: dict[str, Any] | None
    problems: list[dict[str, str]]

    @property
    def parts(self) -> list[str]:
        """The tests of this page: its verdict, each field of its truth, the problems that must be named."""
        return [VERDICT, *(self.data or ()), *([PROBLEMS] if self.problems else ())]


@dataclass(frozen=True)
class Recording:
    """A recorded capture or export; ``vocabulary`` is what its pages are read by."""

    path: Path
    vocabulary: Vocabulary

    @property
    def is_export(self) -> bool:
        return self.path.suffix == ".xlsx"

    @cached_property
    def expected(self) -> dict[str, Expected]:
        """Page -> what it must give; FileNotFoundError and ValueError when the truth cannot be read."""
        if self.is_export:
            data = without_unshipped(self._export_truth["data"])
            return {"order_export-1": Expected("order_export-1", ("expected",), data, [])}
        verdicts, also, problems = (self._truth(name, {}) for name in ("verdicts", "verdicts_also", "problems"))
        return {
            key: Expected(key, (verdict, *also.get(key, ())), self._truth(key, None), problems.get(key, []))
            for key, verdict in verdicts.items()
        }

    @cached_property
    def demands(self) -> Demands | None:
        """The findings that must be there; None when the recording says nothing of findings."""
        if self.is_export:
            found = self._export_truth
        else:
            found = {name: self._truth(name, []) for name in ("findings", "optional", "absent")}
            if not (self.path.parent / "truth" / "findings.json").is_file():
                return None
        if "findings" not in found:
            return None
        return Demands(found["findings"], found.get("optional", []), found.get("absent", []))

    @cached_property
    def readings(self) -> dict[str, Reading]:
        """What is read from the pages, each by its kind and sequence."""
        from agent.judging import read_capture

        with self._capture() as capture:
            return {f"{r.kind}-{r.sequence}": r for r in read_capture(capture, self.vocabulary)}

    def differences(self, key: str, part: str) -> list[str]:
        """How one part of one page differs from what it must be, one line each."""
        expected, reading = self.expected[key], self.readings.get(key)
        if reading is None:
            return [f"the capture has no page {key}"]
        verdict = reading.verdict.value if reading.verdict else f"no page ({reading.error})"
        if part == VERDICT:
            return [] if verdict in expected.verdicts else [f"wanted {' or '.join(expected.verdicts)}, got {verdict}"]
        if part == PROBLEMS:
            return missing_problems(expected.problems, reading)
        data = data_of(reading)
        if data is None:
            return [f"the page was not read: its verdict is {verdict}"]
        return differences((expected.data or {})[part], data.get(part), part)

    def finding_differences(self) -> list[str]:
        """How the findings differ from those that must be there."""
        from agent.judging import Question, facts_of, judge_facts
        from checks.rule import all_rules

        assert self.demands is not None
        rules = list(all_rules().values())
        question = Question(rules, self.vocabulary, {}, now=self._now, premium="--premium" in self._arguments)
        with self._capture() as capture:
            facts = facts_of([capture], question)
        record = judge_facts(facts, question, capture=None, started_at=facts.captured_at)
        return self.demands.differences(record.findings)

    def _capture(self) -> Any:
        from agent.capture.opening import open_capture

        return open_capture(self.path, now=self._now if self.is_export else None)

    @property
    def _now(self) -> datetime | None:
        run = self._export_truth if self.is_export else self._truth("run", {})
        return datetime.fromisoformat(run["now"]) if "now" in run else None

    @property
    def _arguments(self) -> list[str]:
        found: list[str] = [] if self.is_export else self._truth("run", {}).get("args", [])
        return found

    @cached_property
    def _export_truth(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.path.with_suffix(".truth.json").read_text("utf-8"))
        return found

    def _truth(self, name: str, default: Any) -> Any:
        path = self.path.parent / "truth" / f"{name}.json"
        return json.loads(path.read_text("utf-8")) if path.is_file() else default
