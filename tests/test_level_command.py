"""`level`: requirement, value, gap, trend, day and what stands in the way, from pages that the history kept."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from tests.cli import Shell
from tests.series import judged, one_day
from tests.truths import RECORDINGS

NORTHWIND = RECORDINGS / "northwind"
DAYS = 8


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One run of the whole recording, and a week in which the dispute rate falls by 0.05 points a day."""
    folder = tmp_path_factory.mktemp("past")
    week = [one_day(folder, n, {"1.96%": f"{1.96 - 0.05 * n:.2f}%"}) for n in range(1, DAYS)]
    shutil.copytree(judged(folder / "home", NORTHWIND), folder / "first")
    judged(folder / "home", *week)
    return folder


@pytest.fixture
def shell(past: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """After the week."""
    shutil.copytree(past / "home", tmp_path / "home")
    return Shell(tmp_path / "home", capsys, monkeypatch)


@pytest.fixture
def once(past: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """After the first run."""
    shutil.copytree(past / "first", tmp_path / "home")
    return Shell(tmp_path / "home", capsys, monkeypatch)


@pytest.fixture
def fresh(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(tmp_path / "home", capsys, monkeypatch)


def ladders(shell: Shell, *arguments: str) -> dict[str, dict[str, Any]]:
    answer = shell("level", "--format", "json", *arguments)
    assert answer.code == 0, answer.err
    return {ladder["kind"]: ladder for ladder in json.loads(answer.out)["ladders"]}


def needs(shell: Shell, kind: str = "level", *arguments: str) -> dict[str, dict[str, Any]]:
    return {need["id"]: need for need in ladders(shell, *arguments)[kind]["requirements"]}


def test_every_requirement_has_value_line_and_gap(once: Shell) -> None:
    level = ladders(once, "--lang", "en")["level"]
    assert (level["current"], level["goal"], level["next_on"]) == ("5 Stars", "1 Diamond", "2026-11-24")
    found = needs(once)
    assert found["dispute_rate"] | {"findings": []} == {
        "id": "dispute_rate", "title": "dispute rate", "value": 0.0196, "threshold": 0.008, "unit": "ratio",
        "met": False, "observed": "1.96%", "expected": "≤ 0.80%", "gap": "1.16 percentage points", "keep": None,
        "trend_per_day": None, "trend_points": 1, "reached_on": None, "findings": [],
    }  # fmt: skip
    assert found["positive_rate"]["met"] is True
    assert found["positive_rate"]["gap"] is None


def test_unmet_requirements_are_those_that_the_rule_reports(once: Shell) -> None:
    run = json.loads(once("show", "last", "--format", "json").out)
    reported = {f["subject"]["id"] for f in run["findings"] if f["code"] == "LVL001"}
    assert {key for key, need in needs(once).items() if need["met"] is False} == reported
    assert {"licence_validity", "identity", "alipay", "severe_violation"} <= reported
    assert needs(once)["compliance"]["met"] is True


def test_what_stands_in_the_way_leads_to_findings(once: Shell) -> None:
    run = json.loads(once("show", "last", "--format", "json").out)
    code = {f["fingerprint"]: (f["code"], f["subject"]["id"]) for f in run["findings"]}
    found = {key: {code[f] for f in need["findings"]} for key, need in needs(once).items()}
    assert {"HLT004", "RSP013", "LVL004"} <= {name for name, _ in found["dispute_rate"]}
    assert ("RTG004", "logistics") in found["rating_logistics"]
    assert {name for name, _ in found["alipay"]} == {"LVL001", "LIC005"}
    assert found["positive_rate"] == set()


def test_a_trend_over_a_week_says_when(shell: Shell) -> None:
    found = needs(shell)["dispute_rate"]
    assert found["observed"] == "1.61%"
    assert found["trend_points"] == DAYS
    assert found["trend_per_day"] == pytest.approx(-0.0005)
    # 0.81 points at 0.05 points a day, after 2026-11-27.
    assert found["reached_on"] == "2026-12-13"
    out = shell("level").out
    assert "↓ 0.05 pp" in out
    assert "2026-12-13" in out


def test_a_flat_or_worsening_trend_has_no_day(shell: Shell, tmp_path: Path) -> None:
    assert needs(shell)["fulfilment_rate"]["reached_on"] is None
    assert "not at this trend" in shell("level").out
    for number in range(DAYS, DAYS + 12):
        shell("judge", one_day(tmp_path / "later", number, {"1.96%": f"{2 + 0.1 * number:.2f}%"}), "-q")
    worse = needs(shell)["dispute_rate"]
    assert worse["trend_per_day"] > 0
    assert worse["reached_on"] is None


def test_conditions_that_the_run_could_not_see_are_unknown(shell: Shell) -> None:
    found = needs(shell)
    assert [found[key]["met"] for key in ("licence_validity", "identity", "alipay", "compliance")] == [None] * 4


def test_the_medal_says_what_keeps_and_what_comes_next(once: Shell) -> None:
    medal = ladders(once)["medal"]
    assert (medal["current"], medal["goal"], medal["next_on"]) == ("silver", "gold", "2026-12-31")
    found = {need["id"]: need for need in medal["requirements"]}
    assert [need["id"] for need in medal["requirements"] if need["met"] is False] == ["72小时上网率", "24小时回复率"]
    assert found["24小时回复率"]["keep"] == "≥ 90.00%"
    assert found["72小时上网率"]["keep"] is None
    assert "silver is at risk: 24小时回复率 is 88.41%, keeping it takes ≥ 90.00%" in once("level").out


def test_the_highest_medal_is_to_be_kept(fresh: Shell) -> None:
    fresh("judge", RECORDINGS / "harbor", "-q")
    medal = ladders(fresh)["medal"]
    assert (medal["current"], medal["goal"]) == ("gold", None)
    assert all(need["met"] for need in medal["requirements"])
    assert "gold (the highest)" in fresh("level").out
    assert ladders(fresh)["level"]["goal"] == "3 Diamonds"


def test_an_own_line_moves_the_requirement(fresh: Shell) -> None:
    fresh.home.mkdir()
    own = '[stores.northwind]\nid = "1102345678"\nthresholds = { level_dispute_rate = 0.02 }\n'
    (fresh.home / "config.toml").write_text(own, "utf-8")
    fresh("judge", NORTHWIND, "-q")
    found = needs(fresh)["dispute_rate"]
    assert (found["threshold"], found["met"]) == (0.02, True)


def test_the_newest_page_counts_however_old(once: Shell) -> None:
    first = ladders(once)
    once("judge", NORTHWIND, "-q", "--select", "LIC")
    export = RECORDINGS / "exports" / "orders_zh.xlsx"
    once("judge", NORTHWIND, export, "-q", "--select", "LOG")
    assert set(ladders(once, "--store", "1102345678")) == set(first) == {"level", "medal"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_fits_80_columns_without_colour(shell: Shell, language: str) -> None:
    out = shell("level", "--lang", language).out
    assert "\x1b" not in out
    assert max(cell_len(line) for line in out.splitlines()) <= 80
    words = ["要求", "现值", "差距", "趋势", "可达到"] if language == "zh" else ["requirement", "value", "gap", "trend"]
    header = next(line for line in out.splitlines() if words[0] in line and words[1] in line)
    assert all(word in header for word in words)
    assert ("挡在前面的问题" if language == "zh" else "Findings in the way") in out


def test_a_store_without_those_pages_is_told_what_to_do(fresh: Shell) -> None:
    fresh("judge", RECORDINGS / "exports" / "orders_zh.xlsx", "-q")
    for language, words in (("en", "neither a level page nor a medal page"), ("zh", "没有等级页或金银牌页")):
        fresh.speak(language)
        answer = fresh("level")
        assert answer.code == 2
        assert words in answer.err


def test_a_page_kept_in_another_form_is_left_out(once: Shell) -> None:
    with sqlite3.connect(once.home / "history.db") as database:
        database.execute("""UPDATE metrics SET exact = '{"form": 2}' WHERE name = 'level.page'""")
    assert set(ladders(once)) == {"medal"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--store", "nobody"], "no run of store nobody"), (["northwind"], "northwind"), (["--format", "csv"], "csv")],
)
def test_mistakes_are_one_sentence(shell: Shell, arguments: list[str], words: str) -> None:
    answer = shell("level", *arguments)
    assert answer.code == 2
    assert words in answer.err
    assert len(answer.err.strip().splitlines()) == 1
