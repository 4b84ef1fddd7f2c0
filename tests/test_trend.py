"""`trend`: one figure over the complete runs of a store, as plot and table, as CSV and as JSON."""

from __future__ import annotations

import csv
import json
import shutil
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from agent.history.runs import Metric, MetricSeen
from agent.reports import Look
from agent.reports.trend import plot
from tests.cli import Shell
from tests.history_runs import PACIFIC, day
from tests.series import judged, one_day
from tests.truths import RECORDINGS

DAYS = 4
NAME = "health.dispute_rate"


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another store, then four days of one store, of which the third did not come through whole."""
    folder = tmp_path_factory.mktemp("past")
    days = [one_day(folder, n, {"1.96%": f"{1.96 - 0.1 * n:.2f}%"}) for n in range(DAYS)]
    level = days[2] / "pages" / "level-1.html"
    level.write_text("<html><body>502 Bad Gateway</body></html>", "utf-8")
    return judged(folder / "home", RECORDINGS / "harbor", *days)


@pytest.fixture
def shell(past: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    shutil.copytree(past, tmp_path / "home")
    return Shell(tmp_path / "home", capsys, monkeypatch)


def points(shell: Shell, *arguments: str) -> list[float]:
    answer = shell("trend", NAME, "--format", "json", *arguments)
    assert answer.code == 0, answer.err
    return [point["value"] for point in json.loads(answer.out)["points"]]


def test_json_holds_the_points_of_complete_runs_in_order(shell: Shell) -> None:
    answer: dict[str, Any] = json.loads(shell("trend", NAME, "--format", "json").out)
    assert (answer["metric"], answer["unit"], answer["store"]["id"]) == (NAME, "ratio", "1102345678")
    assert [(point["at"][:10], point["value"]) for point in answer["points"]] == [
        ("2026-11-20", 0.0196), ("2026-11-21", 0.0186), ("2026-11-23", 0.0166),
    ]  # fmt: skip
    runs = {head["id"] for head in json.loads(shell("history", "--format", "json").out)}
    assert {point["run"] for point in answer["points"]} < runs


def test_csv_holds_the_same_points(shell: Shell) -> None:
    rows = list(csv.DictReader(StringIO(shell("trend", NAME, "--format", "csv").out)))
    assert [float(row["value"]) for row in rows] == points(shell)
    assert set(rows[0]) == {"at", "metric", "value", "unit", "run"}
    money = list(csv.DictReader(StringIO(shell("trend", "health.sales_30d", "--format", "csv").out)))
    assert {(row["value"], row["unit"]) for row in money} == {("18342.55", "USD")}


@pytest.mark.parametrize(
    ("since", "count"),
    [
        ("2026-11-21", 2),
        ("2026-11-20", 3),
        ("2026-11-21T03:16:08-08:00", 2),
        ("2026-11-21T03:16:09-08:00", 1),
        ("2026-11-21T19:16:09+08:00", 1),
        ("2027-01-01", 0),
    ],
)
def test_since_leaves_out_what_was_before(shell: Shell, since: str, count: int) -> None:
    assert len(points(shell, "--since", since)) == count


def test_since_a_length_of_time_counts_from_now(shell: Shell) -> None:
    assert len(points(shell, "--since", "9999w")) == 3


def test_the_other_store_can_be_asked(shell: Shell) -> None:
    assert points(shell, "--store", "1108812340") == [0.0061]
    answer = shell("trend", NAME)
    assert "several stores" in answer.err
    assert "Northwind Official Store" in answer.out


@pytest.mark.parametrize("language", ["zh", "en"])
def test_plot_and_table_fit_80_columns_without_colour(shell: Shell, language: str) -> None:
    out = shell("trend", NAME, "--lang", language).out
    assert "\x1b" not in out
    assert max(cell_len(line) for line in out.splitlines()) <= 80
    assert sum("⠤" in line or "⠒" in line or "⣀" in line for line in out.splitlines()) >= 3
    assert all(shown in out for shown in ("2026-11-20", "1.96%", "2026-11-23", "1.66%"))
    words = "下降 0.30 个百分点" if language == "zh" else "down 0.30 percentage points"
    assert words in " ".join(out.split())
    assert ("一钻 ≤ 0.80%" if language == "zh" else "One Diamond ≤ 0.80%") in out


def test_one_point_is_told_without_a_plot(shell: Shell) -> None:
    out = shell("trend", NAME, "--since", "2026-11-22").out
    assert "1 point, " in out
    assert "┌" not in out
    assert "1.66%" in out


def test_no_point_is_told(shell: Shell) -> None:
    assert "There are no values in this time." in shell("trend", NAME, "--since", "2027-01-01").out
    assert shell("trend", NAME, "--since", "2027-01-01", "--format", "csv").out == "at,metric,value,unit,run\n"


def test_without_a_name_the_figures_are_listed(shell: Shell) -> None:
    table = shell("trend")
    assert table.code == 0
    assert NAME in table.out
    assert max(cell_len(line) for line in table.out.splitlines()) <= 80
    rows = {row["metric"]: row for row in json.loads(shell("trend", "--format", "json").out)}
    assert (rows[NAME]["points"], rows[NAME]["last"]) == (3, 0.0166)
    assert rows["level.tracker.health_score"]["last"] == 83.4
    assert not [name for name in rows if name.endswith(".page")], "what is no figure has no trend"
    assert {row["metric"] for row in csv.DictReader(StringIO(shell("trend", "--format", "csv").out))} == set(rows)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["health.dispute_rat"], "did you mean health.dispute_rate"),
        (["dispute_rate"], "did you mean health.dispute_rate"),
        (["nothing.like.it"], "It has: health.average_reply_s, "),
        (["level.page"], "this store has no figure level.page"),
        ([NAME, "--since", "soon"], "'soon' is no day"),
        ([NAME, "--since", "2026-13-01"], "is no day"),
        ([NAME, "--store", "nobody"], "no run of store nobody"),
        ([NAME, "--format", "xml"], "xml"),
        ([NAME, "other"], "other"),
    ],
)
def test_mistakes_are_one_sentence(shell: Shell, arguments: list[str], words: str) -> None:
    answer = shell("trend", "-q", *arguments)
    assert answer.code == 2
    assert words in answer.err
    assert answer.out == ""
    assert len(answer.err.strip().splitlines()) == 1


def test_an_unknown_figure_is_told_in_chinese_too(shell: Shell) -> None:
    shell.speak("zh")
    assert "是不是 health.dispute_rate" in shell("trend", "health.dispute_rat").err


# --- the plot ---------------------------------------------------------------------------------------------------------


def drawn(values: list[float], unit: str | None = "points", width: int = 80) -> list[str]:
    seen = [MetricSeen(Metric("a.b", value, unit, day(n)), f"run-{n}", True) for n, value in enumerate(values)]
    return plot(seen, Look("en", PACIFIC, width=width)).splitlines()


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("count", [2, 30, 400])
def test_a_plot_is_as_wide_as_the_terminal(width: int, count: int) -> None:
    lines = drawn([80 + (n * 7) % 11 for n in range(count)], width=width)
    assert max(map(cell_len, lines)) <= width
    assert not any("\x1b" in line for line in lines)


def test_a_flat_line_and_one_day_are_drawn_too() -> None:
    assert any("85" in line for line in drawn([85, 85, 85]))
    assert any("0" in line for line in drawn([0, 0], "count"))
    at = [MetricSeen(Metric("a.b", v, "points", day(0)), "run", True) for v in (80, 90)]
    lines = plot(at, Look("en", PACIFIC, width=80)).splitlines()
    assert sum("2026-11-20" in line for line in lines) == 1


def test_higher_values_stand_higher() -> None:
    dots = [(x, y) for y, line in enumerate(drawn([80, 90])) for x, char in enumerate(line) if "⠀" < char <= "⣿"]
    left, right = min(dots), max(dots)
    assert left[1] > right[1], "lines are counted from the top"
    assert right[0] - left[0] > 60


def test_one_plot_leaves_nothing_in_the_next() -> None:
    once = drawn([80, 90])
    drawn([1, 2, 3], "ratio")
    assert drawn([80, 90]) == once
