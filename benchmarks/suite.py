"""The benchmarks by name: each yields the lines of the table that it stands for."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import captures
from benchmarks.comparison import MIB, Comparison, Goal, in_turns
from benchmarks.data import Store
from benchmarks.process import Medians, Taken, inner, measured

PROGRAMS = Path(__file__).parent / "programs"
SHOPLINT = str(Path(sys.executable).with_name("shoplint"))
NOW = "2026-11-20T03:15:00-08:00"
MEMORY = 150 * MIB
TABS = 4


@dataclass(frozen=True)
class Sizes:
    """How much is measured, and how often."""

    orders: int
    many_orders: int
    export: int
    read: int
    one_list: int
    runs: int
    rounds: int
    starts: int
    kinds: str = ""
    """The page kinds of a live capture; empty: all."""
    delay_s: float = 1.0
    """How slow a slow backend is."""


FULL = Sizes(
    orders=10_000, many_orders=100_000, export=32_000, read=1_000, one_list=3_000, runs=1_800, rounds=7, starts=15
)
QUICK = Sizes(orders=500, many_orders=1_000, export=1_000, read=100, one_list=200, runs=30, rounds=3, starts=3,
              kinds="orders,health,rating,level", delay_s=0.2)  # fmt: skip
TINY = Sizes(orders=40, many_orders=60, export=50, read=20, one_list=20, runs=3, rounds=1, starts=1,
             kinds="orders,health", delay_s=0.1)  # fmt: skip
"""Only to prove that everything runs."""


@dataclass(frozen=True)
class Bench:
    """What a benchmark works with."""

    data: Store
    sizes: Sizes

    def judge(self, name: str, *captures: Path, options: tuple[str, ...] = ()) -> Callable[[], Taken]:
        """`shoplint judge` with a history of its own, which every round finds as the round before has left it."""
        home = self.data.scratch(name)
        command = [SHOPLINT, "judge", *map(str, captures), "--home", str(home), "--fail-on", "never", "-q", *options]
        return lambda: measured(command)

    def compare(
        self, name: str, subject: str, baseline: str, ours: Callable[[], Taken], least: Callable[[], Taken],
        goal: Goal | None = None, rounds: int | None = None, slow: int | None = None,
    ) -> Comparison:  # fmt: skip
        both = in_turns(ours, least, rounds or self.sizes.rounds, slow)
        return Comparison(name, subject, baseline, *both, goal or Goal())


def program(name: str, *arguments: object) -> list[str]:
    """The command line of one of the programs beside this file."""
    return [sys.executable, "-m", f"benchmarks.programs.{name}", *map(str, arguments)]


def judge_orders(bench: Bench) -> Iterator[Comparison]:
    """A capture of order lists, judged end to end with its history, against the cell texts of the same files."""
    yield _judged(bench, "orders", "orders", bench.sizes.orders)
    yield _judged(bench, "orders", "tracked_orders", bench.sizes.orders, ", list with a tracking column")


def judge_many_orders(bench: Bench) -> Iterator[Comparison]:
    """The same for the largest stores."""
    yield _judged(bench, "many", "orders", bench.sizes.many_orders)


def _judged(bench: Bench, name: str, kind: str, size: int, told: str = "") -> Comparison:
    folder = bench.data.get(kind, size)
    return bench.compare(
        name,
        f"`judge`, {size:,} orders{told}",
        "bare lxml streaming of the same files",
        bench.judge(f"judge-{kind}-{size}", folder),
        lambda: measured(program("lxml_cells", folder)),
        Goal(ratio=3, peak=MEMORY),
    )


def judge_store(bench: Bench) -> Iterator[Comparison]:
    """Order lists and the tracking list with every trace unfolded: the heaviest pages of a real capture."""
    size = bench.sizes.orders // 10
    folder = bench.data.get("whole_store", size)
    yield bench.compare(
        "tracking",
        f"`judge`, {size:,} orders with the traces of their parcels",
        "bare lxml streaming of the same files",
        bench.judge("judge-store", folder),
        lambda: measured(program("lxml_cells", folder)),
        Goal(peak=MEMORY),
    )


def judge_export(bench: Bench) -> Iterator[Comparison]:
    """The official order export."""
    size = bench.sizes.export
    file = bench.data.get("export", size) / "orders.xlsx"
    yield bench.compare(
        "export",
        f"`judge`, order export of {size:,} orders",
        "python-calamine alone",
        bench.judge("judge-export", file, options=("--now", NOW)),
        lambda: measured(program("calamine_rows", file)),
        Goal(ratio=2),
    )


def read_fields(bench: Bench) -> Iterator[Comparison]:
    """Reading the fields of an order, inside the process, against what a user would write: pages of 100 orders."""
    size = bench.sizes.read
    yield _read(bench, bench.data.get("orders", size), f"{size:,} orders on pages of 100", "lxml", 12)
    # No target: what makes html.parser slow is the length of a document, and these are short.
    yield _read(bench, bench.data.get("orders", size), f"{size:,} orders on pages of 100", "html.parser", None)


def read_one_list(bench: Bench) -> Iterator[Comparison]:
    """The same, with all orders of the list on one page."""
    size = bench.sizes.one_list
    folder = bench.data.get("one_list", size)
    yield _read(bench, folder, f"{size:,} orders on one page", "lxml", 12)
    yield _read(bench, folder, f"{size:,} orders on one page (one round of the baseline)", "html.parser", 60, slow=1)


def _read(
    bench: Bench, folder: Path, told: str, parser: str, times: float | None, slow: int | None = None
) -> Comparison:
    warm = bench.data.get("orders", 20)
    return bench.compare(
        "soup",
        f"reading {told}, without the start of the program",
        f"the same fields by BeautifulSoup `select_one` with {parser}",
        lambda: inner(program("shoplint_fields", warm, folder)),
        lambda: inner(program("soup_fields", warm, folder, parser)),
        Goal(ratio=times, faster=True),
        slow=slow,
    )


def start_up(bench: Bench) -> Iterator[Comparison]:
    """From the shell's prompt to the answer."""
    folder = bench.data.get("orders", 20)
    bare = [sys.executable, "-c", "import click"]
    for subject, ours, ratio in (
        ("`shoplint --help`", lambda: measured([SHOPLINT, "--help"]), 1.5),
        ("`judge`, 20 orders", bench.judge("judge-20", folder), 4.0),
    ):
        yield bench.compare(
            "start",
            subject,
            '`python -c "import click"`',
            ours,
            lambda: measured(bare),
            Goal(ratio=ratio),
            rounds=bench.sizes.starts,
        )


def ask_history(bench: Bench) -> Iterator[Comparison]:
    """Questions to five years of daily runs, inside the process, against the bare query."""
    file = bench.data.get("history", bench.sizes.runs) / "history.db"
    for question, told in (
        ("runs", "the last 20 runs"),
        ("metric", "one metric over all runs"),
        ("last run", "the last run with all its findings"),
        ("open findings", "the findings that stand open"),
        ("stores", "the stores with their last run"),
    ):
        rounds = bench.sizes.rounds * 3
        taken = measured(program("history_questions", file, question, rounds))
        answer = json.loads(taken.said.splitlines()[-1])
        ours, bare = (
            Medians.of([Taken(wall, cpu, taken.peak) for wall, cpu in answer[side]]) for side in ("ours", "bare")
        )
        subject = f"history of {bench.sizes.runs:,} runs: {told}"
        yield Comparison("history", subject, "the bare indexed SQL query", ours, bare, Goal(ratio=3))


def save_run(bench: Bench) -> Iterator[Comparison]:
    """Saving a run into a long history, against saving it into one that has just begun."""
    runs, scratch = bench.sizes.runs, bench.data.scratch("save")
    shutil.copy(bench.data.get("history", runs) / "history.db", scratch / "long.db")

    def saves(file: str) -> Medians:
        taken = measured(program("history_save", scratch / file, runs, bench.sizes.rounds))
        seconds = json.loads(taken.said.splitlines()[-1])["seconds"]
        return Medians.of([Taken(wall, cpu, taken.peak) for wall, cpu in seconds])

    subject = f"saving a run behind {runs:,} others"
    goal = Goal(ratio=1.5)
    yield Comparison("history", subject, "saving it into a new history", saves("long.db"), saves("short.db"), goal)


def capture_store(bench: Bench) -> Iterator[Comparison]:
    """A live capture from start to end, against a script that only opens and keeps the same pages."""
    with captures.backend(bench.data.scratch("capture"), bench.sizes.kinds) as store:
        yield bench.compare(
            "capture",
            "`capture` of a store, one page at a time",
            "a bare Playwright script that keeps the same pages",
            store.capture,
            store.bare,
            Goal(ratio=1.15),
        )


def capture_slowly(bench: Bench) -> Iterator[Comparison]:
    """Several tabs where each answer of the backend takes its time."""
    delay = bench.sizes.delay_s
    with captures.backend(bench.data.scratch("capture-slow"), bench.sizes.kinds, delay) as store:
        yield bench.compare(
            "tabs",
            f"`capture` with `tabs = {TABS}`, every answer after {delay:g} s",
            "`capture` with `tabs = 1`",
            lambda: store.capture(TABS),
            store.capture,
            Goal(ratio=1.5, faster=True),
        )


BENCHMARKS: dict[str, tuple[Callable[[Bench], Iterator[Comparison]], ...]] = {
    "orders": (judge_orders,),
    "many": (judge_many_orders,),
    "tracking": (judge_store,),
    "export": (judge_export,),
    "soup": (read_fields, read_one_list),
    "start": (start_up,),
    "history": (ask_history, save_run),
    "capture": (capture_store,),
    "tabs": (capture_slowly,),
}
"""Name on the command line -> what it runs."""
