"""Where the time of judging a capture goes: ``stages.py CAPTURE``. Prints two Markdown tables.

The stages are timed without a profiler. The functions come from a run under cProfile, which makes what is written in
Python look dearer than it is.
"""

import cProfile
import gc
import pstats
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

STARTED = time.perf_counter()

from agent.capture.opening import open_capture  # noqa: E402 (loading is the first stage)
from agent.history.database import History  # noqa: E402
from agent.judging import Question, facts_of, judge_facts  # noqa: E402
from agent.reports import Look, render  # noqa: E402
from checks.rule import all_rules  # noqa: E402
from extractors.markup import parse  # noqa: E402
from extractors.pages import page_kinds  # noqa: E402
from extractors.vocabulary import shipped  # noqa: E402

ROOT = Path(__file__).parents[2]
SHOWN = 15


class Stages:
    """Seconds by the name of the stage."""

    def __init__(self) -> None:
        self.took: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.took[name] = time.perf_counter() - started


def judged(path: Path, stages: Stages) -> None:
    """Judge a capture stage by stage, with a history that is thrown away."""
    question = Question(list(all_rules().values()), shipped(), {})
    with tempfile.TemporaryDirectory() as folder, open_capture(path) as capture:
        with stages.stage("reading the pages"):
            facts = facts_of([capture], question)
        with History(Path(folder) / "history.db") as history:
            with stages.stage("rules, with what the history knows"):
                record = judge_facts(facts, question, capture=None, started_at=datetime.now(UTC), history=history)
            with stages.stage("saving the run"):
                run = history.save(record)
        with stages.stage("the report"):
            render("table", run, Look("en", capture.timezone))


def markup_of(path: Path) -> float:
    """Seconds that taking the pages apart needs, without any meaning."""
    with open_capture(path) as capture:
        bodies = [page.body for _, page in capture.read() if page is not None and page.kind != "order_export"]
    gc.disable()
    started = time.perf_counter()
    for body in bodies:
        parse(body)
    return time.perf_counter() - started


def functions(path: Path) -> Iterator[str]:
    """The functions with the most time of their own."""
    profile = cProfile.Profile()
    profile.enable()
    judged(path, Stages())
    profile.disable()
    stats = pstats.Stats(profile)
    whole = stats.total_tt  # type: ignore[attr-defined]
    rows = stats.stats.items()  # type: ignore[attr-defined]
    for (file, _, name), (_, calls, own, _, _) in sorted(rows, key=lambda item: -item[1][2])[:SHOWN]:
        place = Path(file)
        shown = place.relative_to(ROOT) if place.is_relative_to(ROOT / "agent") or _is_ours(place) else place.name
        yield f"| `{name}` | {'' if file == '~' else shown} | {calls:,} | {own / whole:.1%} |"


def _is_ours(place: Path) -> bool:
    return any(place.is_relative_to(ROOT / package) for package in ("checks", "extractors"))


def main() -> None:
    path, stages = Path(sys.argv[1]), Stages()
    all_rules(), shipped(), page_kinds()
    stages.took["start: loading modules, rules, words"] = time.perf_counter() - STARTED
    judged(path, stages)
    whole = sum(stages.took.values())
    markup = markup_of(path)
    print("| stage | time | share |\n|---|--:|--:|")
    for name, seconds in stages.took.items():
        print(f"| {name} | {seconds * 1000:,.0f} ms | {seconds / whole:.0%} |")
    print(f"\nOf the reading, taking the markup apart is {markup * 1000:,.0f} ms.\n")
    print("| function | file | calls | own time |\n|---|---|--:|--:|")
    for line in functions(path):
        print(line)


main()
