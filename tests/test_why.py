"""`why`: a finding from the page to its state, and why a rule was silent, over a history made from recordings."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from tests.cli import Shell
from tests.series import judged
from tests.truths import RECORDINGS

NORTHWIND = RECORDINGS / "northwind"
ORDER = "8225665662093622"
OWN = '[stores.northwind]\nid = "1102345678"\nthresholds = { HLT001 = 80, dispute_rate_rating = 0.015 }\n'


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("past") / "home"
    return judged(home, RECORDINGS / "harbor", NORTHWIND)


@pytest.fixture
def shell(past: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    shutil.copytree(past, tmp_path / "home")
    return Shell(tmp_path / "home", capsys, monkeypatch)


def findings(shell: Shell, code: str) -> list[dict[str, Any]]:
    run = json.loads(shell("show", "last", "--format", "json").out)
    return [finding for finding in run["findings"] if finding["code"] == code]


def told(text: str) -> str:
    """The words without the line breaks that a narrow terminal needs."""
    return " ".join(text.split())


STEPS = {
    "en": ["verdict", "page", "label", "its text", "read as", "rule", "threshold", "wanted", "state", "mute", "due"],
    "zh": ["结论", "页面", "标签", "原文", "读作", "规则", "阈值", "要求", "状态", "静音", "时限"],
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_finding_is_walked_from_the_page_to_the_mute(shell: Shell, language: str) -> None:
    answer = shell("why", "LOG003", ORDER, "--lang", language)
    assert answer.code == 0, answer.err
    first = [line.split("  ")[0] for line in answer.out.splitlines()]
    assert set(STEPS[language]) <= set(first)
    assert "-01天15:11:11" in answer.out
    assert "orders-2" in answer.out
    assert "S0" in answer.out
    assert "https://csp.aliexpress.com/m_apps/order-manage/orderList?channelId=244176" in answer.out.splitlines()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_but_the_link_fits_80_columns(shell: Shell, language: str) -> None:
    for arguments in (("LOG003", ORDER), ("not", "LOG001"), ("not", "PRM001"), ("HLT001",)):
        out = shell("why", *arguments, "--lang", language).out
        assert "\x1b" not in out
        assert max(cell_len(line) for line in out.splitlines() if "https://" not in line) <= 80


def test_a_fingerprint_or_its_beginning_names_a_finding(shell: Shell) -> None:
    found = next(f for f in findings(shell, "LOG003") if f["subject"]["id"] == ORDER)
    whole = shell("why", "LOG003", ORDER).out
    assert shell("why", found["fingerprint"]).out == whole
    assert shell("why", found["fingerprint"][:9].upper()).out == whole


def test_the_label_and_the_text_are_those_of_the_page(shell: Shell) -> None:
    out = told(shell("why", "HLT001").out)
    assert "the store-health page (health-1), captured 2026-11-20 03:16 PST" in out
    assert 'label "店铺健康分" its text "83.4" read as 83.4' in out
    assert "health_score = 85 points (One Diamond; source S0: One Diamond level rules)" in out
    assert "new: the first run has nothing to compare with" in out


def test_an_own_threshold_says_so_and_what_it_would_be(shell: Shell) -> None:
    (shell.home / "config.toml").write_text(OWN.replace("80", "84"), "utf-8")
    shell("judge", NORTHWIND, "-q")
    out = told(shell("why", "HLT001").out)
    assert "health_score = 84 points (your own line" in out
    assert "this is your own, from the configuration; without it the line is 85 points" in out


def test_a_finding_that_lasts_says_since_when(shell: Shell) -> None:
    shell("judge", NORTHWIND, "-q", "--now", "2026-11-21T03:15:00-08:00")
    assert "persisting since 2026-11-20 03:15 PST" in told(shell("why", "HLT001").out)


def test_a_finding_that_is_gone_says_so(shell: Shell) -> None:
    (shell.home / "config.toml").write_text(OWN, "utf-8")
    shell("judge", NORTHWIND, "-q", "--now", "2026-11-21T03:15:00-08:00")
    assert "no longer found by this run (it stood since 2026-11-20 03:15 PST" in told(shell("why", "HLT001").out)


def test_an_older_run_and_another_store_can_be_asked(shell: Shell) -> None:
    first = json.loads(shell("history", "--format", "json").out)[0]["id"]
    shell("judge", NORTHWIND, "-q", "--select", "LIC")
    assert shell("why", "HLT001").code == 2
    assert shell("why", "HLT001", "--run", first).code == 0
    assert "8153511524686294" in shell("why", "LOG001", "8153511524686294", "--store", "Harbor Home Premium").out


def test_a_mute_is_told_with_its_reason_and_end(shell: Shell) -> None:
    assert "mute none" in told(shell("why", "LIC005").out)
    shell("mute", "LIC005", "--reason", "renewal is under way", "--until", "2099-12-30")
    wanted = "2099-12-30): renewal is under way; it does not count"
    assert wanted in told(shell("why", "LIC005").out), "a mute holds from the moment it is made"
    shell("judge", NORTHWIND, "-q")
    assert wanted in told(shell("why", "LIC005").out), "and for the next run"
    assert "mute none" in told(shell("why", "LIC006").out)


def test_what_the_baseline_accepts_is_told(shell: Shell) -> None:
    shell("baseline", "last")
    shell("judge", NORTHWIND, "-q", "--baseline")
    assert "accepted by the baseline; it does not count" in told(shell("why", "LIC005").out)


# --- why not --------------------------------------------------------------------------------------------------------


def test_a_rule_that_passed_shows_what_it_read(shell: Shell) -> None:
    answer = shell("why", "not", "HLT007")
    assert answer.code == 0
    out = told(answer.out)
    assert "outcome pass because all that it needs was read, and nothing was found" in out
    assert "read health.positive_rate = 98.12%" in out
    assert "positive_rate = 97.00%" in out
    assert shell("why", "--not", "HLT007").out == answer.out


def test_a_rule_that_does_not_apply_says_why(shell: Shell) -> None:
    out = told(shell("why", "not", "prm001").out)
    assert "outcome not applicable because the store is not marked as premium" in out


def test_a_rule_that_could_not_judge_says_what_it_lacked(shell: Shell) -> None:
    shell("judge", RECORDINGS / "exports" / "orders_zh.xlsx", "-q")
    out = told(shell("why", "not", "HLT001").out)
    assert "outcome unknown because the store-health page is not part of this capture" in out
    assert "next capture the store-health page again" in out


def test_a_rule_that_did_fire_leads_to_its_findings(shell: Shell) -> None:
    out = told(shell("why", "not", "LOG001").out)
    assert "because it did report: 3" in out
    for finding in findings(shell, "LOG001"):
        assert finding["fingerprint"] in out


def test_a_rule_that_did_not_run_says_so(shell: Shell) -> None:
    shell("judge", NORTHWIND, "-q", "--select", "LIC")
    assert "this run did not check the rule" in told(shell("why", "not", "HLT001").out)
    shell.speak("zh")
    assert "--select" in shell("why", "not", "HLT001", "--lang", "zh").out


# --- mistakes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "name a finding"),
        (["not"], "takes one rule"),
        (["not", "LOG999"], "no rule or family is called LOG999"),
        (["not", "LOG"], "LOG is not one rule"),
        (["--not", "LOG001", "HLT001"], "name a finding"),
        (["ffffffffffffffff"], "begins with ffffffffffffffff"),
        (["HLT007"], "why not HLT007"),
        (["LOG003", "nothing"], "holds no LOG003 nothing"),
        (["LOG999", "1"], "did you mean LOG009"),
        (["LOG003"], "5 findings fit"),
        (["HLT001", "--store", "nobody"], "no run of store nobody; it has: 1102345678 Northwind Official Store"),
        (["HLT001", "--run", "nothing"], "holds no run nothing"),
        (["HLT001", "--wrong"], "No such option"),
    ],
)
def test_mistakes_are_one_sentence(shell: Shell, arguments: list[str], words: str) -> None:
    answer = shell("why", *arguments)
    assert answer.code == 2
    assert words in answer.err
    assert answer.out == ""
    assert len([line for line in answer.err.splitlines() if line.startswith("shoplint:")]) == 1


@pytest.mark.parametrize("arguments", [["why", "HLT001"], ["why", "not", "HLT001"], ["next"], ["level"], ["trend"]])
def test_without_a_history_the_next_step_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    shell = Shell(tmp_path / "nothing", capsys, monkeypatch)
    for language, words in (("en", "judge a capture first (shoplint judge)"), ("zh", "先用 shoplint judge 检查一次")):
        shell.speak(language)
        answer = shell(*arguments)
        assert answer.code == 2
        assert words in answer.err
        assert not (tmp_path / "nothing").exists()
