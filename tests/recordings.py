"""The recorded stores as tests see them: every page with its truth, and how a reading is compared with a truth."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from agent.testing import comparison
from agent.testing.comparison import data_of, differences, without_unshipped
from extractors.export import read_export
from extractors.models import Reading, Store
from extractors.page import Page
from extractors.reading import read_page
from extractors.vocabulary import Vocabulary, shipped

__all__ = ["RECORDINGS", "Recorded", "data_of", "differences", "missing_problems", "recorded", "wrong"]

RECORDINGS = Path(__file__).parent.parent / "fixtures" / "recordings"

ONLY_ON_THE_SERVER = {("northwind", "level-1", "weeks"): [("rating_logistics", 4.611, 4.61)]}
"""Digits of a truth that its page does not show. The table of weekly evaluations prints two decimals, so 4.61 is all
that can be read; comparing with 4.611 would ask the extractor to guess."""


@dataclass(frozen=True)
class Recorded:
    """One recorded page, or an export, and all that is known of it."""

    recording: str
    key: str
    page: Page
    verdict: str
    also: tuple[str, ...] = ()
    truth: dict[str, Any] | None = None
    problems: tuple[dict[str, str], ...] = ()

    @property
    def name(self) -> str:
        return f"{self.recording}/{self.key}"

    def read(self, body: bytes | None = None, words: Vocabulary | None = None, **changes: Any) -> Reading:
        """The reading of this page, or of the same page with another body, address or kind."""
        page = replace(self.page, **({} if body is None else {"body": body}), **changes)
        if page.kind == "order_export":
            return read_export(page, words or shipped())
        return read_page(page, words or shipped())


def load(path: Path) -> Any:
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


@cache
def recorded() -> tuple[Recorded, ...]:
    """Every page of every recording in the folder, and every export with a truth beside it."""
    captures = sorted(RECORDINGS.glob("*/capture.json"))
    exports = sorted(path for path in RECORDINGS.rglob("*.xlsx") if path.with_suffix(".truth.json").exists())
    return (*(page for path in captures for page in _pages(path.parent)), *map(_export, exports))


def _pages(folder: Path) -> Iterator[Recorded]:
    capture, truth = load(folder / "capture.json"), folder / "truth"
    verdicts, also, problems = (load(truth / f"{name}.json") for name in ("verdicts", "verdicts_also", "problems"))
    for number, entry in enumerate(capture["pages"], 1):
        key = f"{entry['kind']}-{entry['sequence']}"
        if not entry["file"]:
            continue
        page = Page(
            kind=entry["kind"],
            body=(folder / entry["file"]).read_bytes(),
            captured_at=datetime.fromisoformat(entry["captured_at"]),
            timezone=ZoneInfo(capture["timezone"]),
            view=entry["view"],
            sequence=entry["sequence"],
            url=entry["url"],
            store=Store(**capture["store"]),
            responses=tuple(load(folder / r["file"]) for r in capture.get("responses", ()) if r["page"] == number),
        )
        yield Recorded(
            recording=folder.name,
            key=key,
            page=page,
            verdict=verdicts[key],
            also=tuple(also.get(key, ())),
            truth=_as_shown(folder.name, key, load(truth / f"{key}.json")),
            problems=tuple(problems.get(key, ())),
        )


def _as_shown(recording: str, key: str, truth: Any) -> Any:
    for name, digits in ((name, d) for (r, k, name), d in ONLY_ON_THE_SERVER.items() if (r, k) == (recording, key)):
        for metric, exact, printed in digits:
            for row in truth[name]:
                if row["metrics"].get(metric) == exact:
                    row["metrics"][metric] = printed
    return truth


def _export(path: Path) -> Recorded:
    truth = load(path.with_suffix(".truth.json"))
    page = Page(
        kind="order_export",
        body=path.read_bytes(),
        captured_at=datetime.fromisoformat(truth["now"]),
        timezone=ZoneInfo("America/Los_Angeles"),
    )
    return Recorded(path.parent.name, path.stem, page, "expected", truth=without_unshipped(truth["data"]))


def wrong(case: Recorded, reading: Reading) -> list[str]:
    """How a reading differs from what the recording demands: verdict, data, problems."""
    found = []
    if reading.verdict.value not in (case.verdict, *case.also):
        found.append(f"verdict: wanted {case.verdict}, got {reading.verdict.value}")
    return found + differences(case.truth, data_of(reading)) + missing_problems(case, reading)


def missing_problems(case: Recorded, reading: Reading) -> list[str]:
    """The demanded problems that a reading does not name."""
    return comparison.missing_problems(list(case.problems), reading)
