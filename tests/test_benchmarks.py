"""The benchmarks run, and what they measure on reads right. How long anything takes is no test."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from agent.capture.opening import open_capture
from agent.judging import read_capture
from benchmarks import exports, histories, orders
from benchmarks.__main__ import main
from benchmarks.comparison import Comparison, Goal, in_turns
from benchmarks.data import Store
from benchmarks.process import CannotRun, Medians, Taken, measured
from benchmarks.report import BEGIN, END, documented, markdown
from benchmarks.suite import BENCHMARKS
from extractors.models import Order, Parcel, Reading, Verdict
from extractors.vocabulary import shipped

SEED = 7


def readings(capture: Path) -> list[Reading]:
    with open_capture(capture, now=orders.CAPTURED_AT) as opened:
        return read_capture(opened, shipped())


def orders_of(found: list[Reading]) -> list[Order]:
    return [order for reading in found if reading.kind != "tracking" for order in reading.data.orders]


@pytest.fixture(scope="module", params=["northwind", "harbor"])
def capture(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data") / request.param
    orders.write(folder, request.param, 230, SEED)
    return folder


def test_generated_orders_read_whole(capture: Path) -> None:
    found = readings(capture)
    assert [(r.view, len(r.data.orders)) for r in found] == [
        ("awaiting_shipment", 69),
        ("awaiting_receipt", 100),
        ("awaiting_receipt", 61),
    ]
    assert all(r.verdict is Verdict.EXPECTED and not r.problems for r in found)
    assert len({order.order_id for order in orders_of(found)}) == 230


def test_every_field_of_a_generated_order_is_its_own(capture: Path) -> None:
    found = orders_of(readings(capture))
    assert all(order.placed_at and order.placed_at < orders.CAPTURED_AT for order in found)
    assert all(order.ship_by and order.ship_by > orders.CAPTURED_AT for order in found if order.ship_by)
    assert len({str(order.amount) for order in found}) > 200
    assert len({order.placed_at for order in found}) > 200


def test_generated_numbers_are_the_ones_on_the_pages(capture: Path) -> None:
    html = "".join(page.read_text("utf-8") for page in sorted(capture.glob("pages/*.html")))
    shown = [order.order_id for order in orders_of(readings(capture))]
    assert [html.count(f">{number}<") for number in shown] == [1] * 230


def test_the_same_seed_gives_the_same_pages(capture: Path, tmp_path: Path) -> None:
    orders.write(tmp_path / "again", capture.name, 230, SEED)
    orders.write(tmp_path / "other", capture.name, 230, SEED + 1)

    def pages(folder: Path) -> list[bytes]:
        return [page.read_bytes() for page in sorted(folder.glob("pages/*.html"))]

    assert pages(tmp_path / "again") == pages(capture)
    assert pages(tmp_path / "other") != pages(capture)


def test_generated_parcels_belong_to_the_orders(tmp_path: Path) -> None:
    orders.write(tmp_path / "store", "northwind", 45, SEED, tracked=True)
    found = readings(tmp_path / "store")
    parcels: list[Parcel] = [parcel for r in found if r.kind == "tracking" for parcel in r.data.parcels]
    assert [p.order_id for p in parcels] == [o.order_id for o in orders_of(found)]
    assert not any(r.problems for r in found)
    assert sum(bool(p.events) for p in parcels) > 30
    for parcel in parcels:
        assert all(later.at > earlier.at for later, earlier in pairwise(parcel.events))


def test_a_generated_export_reads_whole(tmp_path: Path) -> None:
    exports.write(tmp_path / "orders.xlsx", "orders_zh", 300, SEED)
    [reading] = readings(tmp_path / "orders.xlsx")
    assert not reading.problems
    assert len({order.order_id for order in reading.data.orders}) == 300
    for order in reading.data.orders:
        # The recorded spans between the times of an order stay as they were.
        assert order.placed_at is not None
        assert order.paid_at is None or order.paid_at >= order.placed_at
        assert order.placed_at <= datetime.fromisoformat(exports.NOW)


def test_a_generated_history_holds_its_runs(tmp_path: Path) -> None:
    histories.write(tmp_path / "history.db", 4, SEED)
    db = sqlite3.connect(tmp_path / "history.db")
    assert db.execute("SELECT count(*) FROM runs").fetchone() == (4,)
    persisting, new, resolved = db.execute("SELECT persisting, new, resolved FROM runs WHERE seq = 4").fetchone()
    changed = int(histories.FINDINGS * histories.CHANGES)
    assert (persisting, new, resolved) == (histories.FINDINGS - changed, changed, changed)
    assert len(json.loads((tmp_path / "saves.json").read_text())) == 4


def test_data_is_made_once_for_a_seed(tmp_path: Path) -> None:
    first = Store(tmp_path, SEED).get("orders", 5) / "pages" / "orders-1.html"
    made = first.stat().st_mtime_ns
    Store(tmp_path, SEED).get("orders", 5)
    assert first.stat().st_mtime_ns == made
    other = Store(tmp_path, SEED + 1).get("orders", 5) / "pages" / "orders-1.html"
    assert other == first
    assert other.stat().st_mtime_ns != made


def test_all_benchmarks_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    offline = set(BENCHMARKS) - {"capture", "tabs"}
    assert main(["--size", "tiny", "--out", str(tmp_path), *sorted(offline)]) == 0
    table = (tmp_path / "results-tiny.md").read_text("utf-8")
    assert table in capsys.readouterr().out
    result = json.loads((tmp_path / "results-tiny.json").read_text("utf-8"))
    assert {one["name"] for one in result["results"]} == offline
    assert all(one["ours"]["wall_s"] > 0 and one["least"]["wall_s"] > 0 for one in result["results"])
    assert table.count("\n| ") == len(result["results"]) + 1
    assert result["machine"]["packages"]["lxml"]


@pytest.mark.browser
def test_a_live_capture_is_compared_with_a_bare_script_over_the_same_pages(tmp_path: Path) -> None:
    assert main(["--size", "tiny", "--out", str(tmp_path), "capture", "tabs"]) == 0
    scratch = tmp_path / "scratch" / "capture"
    ours = readings(scratch / "capture-1")
    assert {r.verdict for r in ours} == {Verdict.EXPECTED}
    bare = sorted(scratch.glob("bare/*.html"), key=lambda page: int(page.stem))
    assert len(bare) == len(ours)
    for page, reading in zip(bare, ours, strict=True):
        shown = page.read_text("utf-8")
        ids = [order.order_id for order in getattr(reading.data, "orders", ())]
        assert [number for number in ids if number not in shown] == [], "the bare script kept the same rows"
    slow = tmp_path / "scratch" / "capture-slow"
    assert len(readings(slow / "capture-4")) == len(readings(slow / "capture-1"))


def test_a_benchmark_that_cannot_run_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CannotRun, match=r"ended with 3:\nno such page"):
        measured(["sh", "-c", "echo no such page; exit 3"])
    with pytest.raises(SystemExit, match="2"):
        main(["no-such-benchmark", "--out", str(tmp_path)])
    assert "no-such-benchmark" in capsys.readouterr().err


def test_a_childs_memory_is_its_own() -> None:
    """Asked from a small process, as the benchmarks are: a child is counted from its parent's size on."""
    ask = (
        "import sys; from benchmarks.process import measured; print(measured([sys.executable, '-c', sys.argv[1]]).peak)"
    )

    def peak(program: str) -> int:
        return int(subprocess.run([sys.executable, "-c", ask, program], capture_output=True, check=True).stdout)

    assert peak("x = bytearray(b'x') * 400_000_000") > 400_000_000 > peak("pass")


@pytest.mark.parametrize(
    ("ours", "goal", "ratio", "met"),
    [
        (3.0, Goal(ratio=3), 3.0, True),
        (3.1, Goal(ratio=3), 3.1, False),
        (3.0, Goal(ratio=3, peak=99), 3.0, False),
        (3.0, Goal(ratio=3, peak=100), 3.0, True),
        (0.05, Goal(ratio=20, faster=True), 20.0, True),
        (0.06, Goal(ratio=20, faster=True), 16.67, False),
        (9.0, Goal(), 9.0, True),
    ],
)
def test_targets(ours: float, goal: Goal, ratio: float, met: bool) -> None:
    one = Comparison("x", "ours", "theirs", Medians(ours, ours, 100, 7), Medians(1.0, 1.0, 50, 7), goal)
    assert one.ratio == pytest.approx(ratio, abs=0.01)
    assert one.is_met is met


def test_a_list_on_one_page_reads_whole(tmp_path: Path) -> None:
    orders.write_one(tmp_path / "one", "northwind", 230, SEED)
    [reading] = readings(tmp_path / "one")
    assert reading.verdict is Verdict.EXPECTED
    assert not reading.problems
    assert len({order.order_id for order in reading.data.orders}) == reading.data.total == 230


def test_both_sides_are_measured_in_turns_and_the_first_round_does_not_count() -> None:
    calls: list[str] = []

    def side(name: str, *times: float) -> Taken:
        calls.append(name)
        return Taken(times[calls.count(name) - 1], 0.0, 10 * calls.count(name))

    ours, least = in_turns(lambda: side("a", 99, 1, 5, 2), lambda: side("b", 99, 7, 8, 9), 3)
    assert "".join(calls) == "abababab"
    assert (ours.wall_s, ours.peak, ours.runs) == (2, 40, 3)
    assert least.wall_s == 8

    calls.clear()
    ours, least = in_turns(lambda: side("a", 99, 1, 5, 2), lambda: side("b", 400), 3, slow=1)
    assert "".join(calls) == "abaaa"
    assert (ours.wall_s, ours.runs) == (2, 3)
    assert (least.wall_s, least.runs) == (400, 1)


def test_a_document_takes_the_new_table() -> None:
    old = f"# Title\n{BEGIN}| old |\n{END}rest\n"
    assert documented(old, "| new |\n") == f"# Title\n{BEGIN}| new |\n{END}rest\n"
    with pytest.raises(ValueError, match="lacks"):
        documented("# Title\n", "| new |\n")


def test_a_part_of_the_table_takes_its_own_lines_only() -> None:
    head = "| what | against | time |\n|---|---|--:|\n"
    old = f"{BEGIN}machine\n\n{head}| a | x | 1 s |\n| b | x | 2 s |\n\nremark\n{END}"
    new = f"other machine\n\n{head}| b | x | 9 s |\n| c | x | 3 s |\n"
    lines = documented(old, new, part=True).splitlines()
    assert lines[2:-1] == [
        "",
        *head.splitlines(),
        "| a | x | 1 s |",
        "| b | x | 9 s |",
        "| c | x | 3 s |",
        "",
        "remark",
    ]


def test_the_table_tells_what_was_missed() -> None:
    def line(goal: Goal) -> str:
        one = Comparison("x", "ours", "theirs", Medians(3, 3, 2**20, 7), Medians(1, 1, 2**20, 7), goal)
        about = {
            "processor": "P", "cores": 2, "memory_gib": 8, "system": "S", "python": "C", "load": 0, "packages": {}
        }  # fmt: skip
        return markdown([one], 7, about).splitlines()[-1]

    assert (
        line(Goal(ratio=2)) == "| ours | theirs | 3.00 s | 1.00 s | 3.00 × | 3.00 × | ≤ 2 × | 1 MiB | 1 MiB | **no** |"
    )
    assert line(Goal(ratio=3)).endswith("| yes |")
    assert line(Goal()).endswith("| – |")


def test_stages_of_a_judgement_are_told(tmp_path: Path) -> None:
    orders.write(tmp_path / "store", "northwind", 20, SEED)
    told = measured([sys.executable, "-m", "benchmarks.programs.stages", str(tmp_path / "store")]).said
    rows = [line.strip("| ").split(" | ") for line in told.splitlines() if line.endswith("% |")]
    stages = [name for name, *rest in rows if len(rest) == 2]
    assert stages == [
        "start: loading modules, rules, words",
        "reading the pages",
        "rules, with what the history knows",
        "saving the run",
        "the report",
    ]
    shares = [float(row[3].rstrip("%")) for row in rows if len(row) == 4]
    assert shares == sorted(shares, reverse=True)
    assert len(shares) == 15
