"""`rules` and `explain`: the catalogue in every form, and one rule with its lines in force and its last outcome."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from checks.finding import Threshold
from checks.policy import shipped
from checks.rule import all_rules
from tests.cli import Shell
from tests.series import judged
from tests.truths import RECORDINGS

NORTHWIND = RECORDINGS / "northwind"


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return judged(tmp_path_factory.mktemp("past") / "home", RECORDINGS / "harbor", NORTHWIND)


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(tmp_path / "home", capsys, monkeypatch)


@pytest.fixture
def after(past: Path, shell: Shell) -> Shell:
    """With a history."""
    shutil.copytree(past, shell.home)
    return shell


# --- the catalogue ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_json_holds_all_of_every_rule(shell: Shell, language: str) -> None:
    found: list[dict[str, Any]] = json.loads(shell("rules", "--format", "json", "--lang", language).out)
    assert [rule["code"] for rule in found] == list(all_rules())
    for rule in found:
        assert all(rule[key] for key in ("name", "family", "severity", "sources", "title", "why", "fix")), rule["code"]
        known = all_rules()[rule["code"]]
        assert rule["title"] == known.title.to("zh" if language == "zh" else "en")
        assert [line["name"] for line in rule["thresholds"]] == list(known.thresholds)
    lines = [line for rule in found for line in rule["thresholds"]]
    wanted = set(Threshold._fields) | {"effective"}
    assert all(set(line) == wanted for line in lines)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", line["effective"]) for line in lines)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_markdown_holds_all_of_every_rule(shell: Shell, language: str) -> None:
    page = shell("rules", "--format", "markdown", "--lang", language).out
    headings = re.findall(r"^### (\S+) (\S+)$", page, re.MULTILINE)
    assert headings == [(rule.code, rule.name) for rule in all_rules().values()]
    flat = page.replace("\\*", "*").replace("&lt;", "<").replace("\\|", "|")
    for rule in all_rules().values():
        for text in (rule.title, rule.why, rule.fix, *([rule.menu] if rule.menu else [])):
            assert text.to("zh" if language == "zh" else "en") in flat, rule.code
        assert all(f"`{name}`" in page for name in rule.thresholds)


def test_markdown_links_lead_to_headings_and_tables_are_whole(shell: Shell) -> None:
    page = shell("rules", "--format", "markdown").out
    anchors = {f"{code}-{name}".lower() for code, name in re.findall(r"^### (\S+) (\S+)$", page, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) == anchors
    for block in re.findall(r"(?:^\|.*\|\n)+", page, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}) == 1, block
    assert page.endswith("\n")
    assert not page.endswith("\n\n")


def test_a_part_of_the_catalogue(shell: Shell) -> None:
    page = shell("rules", "--format", "markdown", "--select", "MDL,LIC002", "--ignore", "MDL007").out
    wanted = ["LIC002", "MDL001", "MDL002", "MDL003", "MDL004", "MDL005", "MDL006"]
    assert re.findall(r"^### (\S+)", page, re.MULTILINE) == wanted
    assert [rule["code"] for rule in json.loads(shell("rules", "--select", "LIC002", "--format", "json").out)] == [
        "LIC002"
    ]


def test_the_thresholds_of_the_page_are_those_of_the_policy(shell: Shell) -> None:
    page = shell("rules", "--format", "markdown", "--lang", "en").out
    row = next(line for line in page.splitlines() if line.startswith("| `dispute_rate_rating`"))
    effective = shipped()["dispute_rate_rating"][-1].effective.isoformat()
    assert row == f"| `dispute_rate_rating` | 1.80% | store rating | S3 | {effective} |"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_fits_80_columns(shell: Shell, language: str) -> None:
    out = shell("rules", "--lang", language).out
    assert "\x1b" not in out
    assert max(cell_len(line) for line in out.splitlines()) <= 80
    assert all(code in out for code in all_rules())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["rules", "--select", "LOG99"], "LOG99"),
        (["rules", "--format", "xml"], "xml"),
        (["explain", "LOG"], "LOG is a family"),
        (["explain", "HTL001"], "did you mean HLT001"),
        (["explain"], "CODE"),
        (["explain", "LOG001", "--store", "nobody"], "nobody"),
    ],
)
def test_mistakes_are_one_sentence(shell: Shell, arguments: list[str], words: str) -> None:
    answer = shell(*arguments)
    assert answer.code == 2
    assert words in answer.err
    assert len(answer.err.strip().splitlines()) == 1


# --- one rule ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", list(all_rules()))
def test_every_rule_is_explained_in_both_languages_and_fits(shell: Shell, code: str) -> None:
    rule = all_rules()[code]
    for language in ("zh", "en"):
        out = shell("explain", code, "--lang", language).out
        assert max(cell_len(line) for line in out.splitlines() if "https://" not in line) <= 80
        title = rule.title.zh if language == "zh" else rule.title.en
        assert title in " ".join(out.split()) or title in "".join(out.split("\n"))
        assert all(name in out for name in rule.thresholds)


def test_without_a_history_none_is_made(shell: Shell) -> None:
    answer = shell("explain", "HLT001")
    assert answer.code == 0
    assert answer.err == ""
    assert "Last time" not in answer.out
    assert json.loads(shell("explain", "HLT001", "--format", "json").out)["last"] is None
    assert not shell.home.exists()


def test_the_last_outcome_of_the_store_is_told(after: Shell) -> None:
    last = json.loads(after("explain", "HLT001", "--format", "json").out)["last"]
    newest = json.loads(after("history", "--format", "json").out)[0]
    assert (last["run"], last["store"]) == (newest["id"], "Northwind Official Store")
    assert (last["outcome"], last["findings"], last["reason"]) == ("fail", 1, None)
    other = json.loads(after("explain", "HLT001", "--store", "1108812340", "--format", "json").out)["last"]
    assert (other["store"], other["outcome"], other["findings"]) == ("Harbor Home Premium", "pass", 0)
    out = " ".join(after("explain", "PRM001", "--lang", "en").out.split())
    assert "Last time Northwind Official Store, 2026-11-20 03:15 PST" in out
    assert "not applicable (the store is not marked as premium)" in out
    assert "上次结果" in after("explain", "PRM001", "--lang", "zh").out


def test_a_run_that_left_the_rule_out_is_passed_over(after: Shell) -> None:
    before = json.loads(after("explain", "HLT001", "--format", "json").out)["last"]
    after("judge", NORTHWIND, "-q", "--select", "LIC")
    assert json.loads(after("explain", "HLT001", "--format", "json").out)["last"] == before


def test_the_store_s_own_lines_are_in_force(after: Shell) -> None:
    own = '[stores.northwind]\nid = "1102345678"\nthresholds = { HLT001 = 80 }\n\n[stores.later]\nid = "1"\n'
    (after.home / "config.toml").write_text(own, "utf-8")
    for arguments in ((), ("--store", "northwind"), ("--store", "1102345678")):
        (line,) = json.loads(after("explain", "HLT001", "--format", "json", *arguments).out)["thresholds"]
        assert (line["value"], line["overridden"]) == (80, True), arguments
    for arguments in (("--store", "later"), ("--store", "1108812340")):
        (line,) = json.loads(after("explain", "HLT001", "--format", "json", *arguments).out)["thresholds"]
        assert (line["value"], line["overridden"]) == (85, False), arguments
    assert "(your own)" in after("explain", "HLT001").out
    later = json.loads(after("explain", "HLT001", "--store", "later", "--format", "json").out)
    assert later["last"] is None


def test_a_history_that_cannot_be_read_takes_nothing_from_the_rule(shell: Shell) -> None:
    shell.home.mkdir()
    (shell.home / "history.db").write_bytes(b"no database at all, but long enough to be looked at" * 40)
    answer = shell("explain", "HLT001")
    assert answer.code == 0
    assert "health_score = 85 points" in answer.out
    assert "history.db" in answer.err
