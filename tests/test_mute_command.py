"""The command `mute`: from what a user writes to the report, and one sentence for every mistake."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from agent.cli.main import run as main
from tests.cli import Shell
from tests.truths import RECORDINGS

NORTHWIND = RECORDINGS / "northwind"


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(tmp_path / "home", capsys, monkeypatch)


@pytest.fixture(scope="module")
def one_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose history holds one run; every test takes a copy."""
    home = tmp_path_factory.mktemp("judged")
    assert main(["judge", str(NORTHWIND), "--select", "LOG,HLT", "-q", "--home", str(home)]) == 1
    return home


@pytest.fixture
def judged(shell: Shell, one_run: Path) -> Shell:
    shutil.copytree(one_run, shell.home)
    return shell


def findings(shell: Shell, *options: str) -> list[dict[str, Any]]:
    answer = shell("judge", NORTHWIND, "--select", "LOG,HLT", "--format", "json", *options)
    return list(json.loads(answer.out)["findings"])


FOR = ("--reason", "carrier changes", "--for", "30d")


def test_a_mute_by_fingerprint_from_the_command_to_the_report(judged: Shell) -> None:
    wanted = next(f for f in findings(judged) if f["code"] == "HLT004")
    answer = judged("mute", wanted["fingerprint"][:8], *FOR)
    assert answer.code == 0
    assert "mute 1: HLT004 dispute_rate, until" in answer.out
    after = findings(judged)
    (silent,) = [f for f in after if f["state"] == "muted"]
    assert silent["fingerprint"] == wanted["fingerprint"]
    assert silent["mute"]["reason"] == "carrier changes"
    assert silent["value"] == 0.0196
    table = judged("judge", NORTHWIND, "--select", "LOG,HLT")
    assert "muted 1" in table.out
    assert "HLT004" not in table.out
    verbose = judged("show", "last", "-v").out
    assert "HLT004" in verbose
    assert "carrier changes" in verbose


def test_muted_findings_do_not_change_the_exit_code(judged: Shell) -> None:
    assert judged("judge", NORTHWIND, "--select", "HLT001", "-q").code == 1
    judged("mute", "HLT001", *FOR)
    answer = judged("judge", NORTHWIND, "--select", "HLT001", "--format", "json")
    assert answer.code == 0
    assert json.loads(answer.out)["summary"] | {"rules": None} == {
        "error": 0,
        "warning": 0,
        "info": 0,
        "muted": 1,
        "new": 0,
        "persisting": 0,
        "resolved": 0,
        "accepted": 0,
        "rules": None,
    }
    assert judged("judge", NORTHWIND, "--select", "HLT001", "--no-history", "-q").code == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_and_the_removal(judged: Shell, language: str) -> None:
    judged("mute", "LOG", "--subject", "82*", *FOR)
    judged("mute", "LIC002", "--subject", "nobody", *FOR)
    judged("mute", "HLT001", "--store", "1102345678", "--reason", "one store", "--until", "2099-12-31")
    judged.speak(language)
    listed = judged("mute", "--list").out
    for word in ("LOG 82*", "LIC002 nobody", "carrier changes", "Northwind", "2099-12-31"):
        assert word in listed
    assert ("从未匹配" if language == "zh" else "never matched") in listed
    assert max(cell_len(line) for line in listed.splitlines()) <= 80
    data = json.loads(judged("mute", "--list", "--format", "json").out)
    assert [(one["id"], one["standing"]) for one in data] == [(1, "active"), (2, "unmatched"), (3, "active")]
    assert judged("mute", "--remove", "2").code == 0
    assert len(json.loads(judged("mute", "--list", "--format", "json").out)) == 2
    assert len(json.loads(judged("mute", "--list", "--store", "1102345678", "--format", "json").out)) == 2


def test_an_empty_list_says_so(judged: Shell) -> None:
    assert judged("mute", "--list").out.strip() == "no mutes"


def test_a_day_ends_with_its_last_second_in_the_users_own_zone(judged: Shell) -> None:
    judged.home.joinpath("config.toml").write_text('timezone = "Asia/Shanghai"\n', "utf-8")
    made = json.loads(judged("mute", "HLT001", "--reason", "x", "--until", "2026-12-31", "--format", "json").out)
    assert made["until"] == "2026-12-31T23:59:59+08:00"
    until = "2026-12-31T12:00:00-08:00"
    exact = json.loads(judged("mute", "HLT001", "--reason", "x", "--until", until, "--format", "json").out)
    assert datetime.fromisoformat(exact["until"]) == datetime.fromisoformat(until)


def test_a_span_counts_from_the_last_run_when_that_lies_ahead(judged: Shell) -> None:
    later = "2999-01-01T00:00:00+00:00"
    judged("judge", NORTHWIND, "--select", "HLT001", "--now", later, "-q")
    made = json.loads(judged("mute", "HLT001", "--reason", "x", "--for", "2w", "--format", "json").out)
    assert datetime.fromisoformat(made["until"]) == datetime(2999, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "name what to silence"),
        (("HLT001", "--for", "3d"), "--reason"),
        (("HLT001", "--for", "3d", "--reason", "  "), "--reason"),
        (("HLT001", "--reason", "x"), "a mute has an end"),
        (("HLT001", "--reason", "x", "--for", "3d", "--until", "2027-01-01"), "either"),
        (("HLT001", "--reason", "x", "--until", "2020-01-01"), "already past"),
        (("HLT001", "--reason", "x", "--until", "tomorrow"), "is no date"),
        (("HLT001", "--reason", "x", "--until", "2027-02-30"), "is no date"),
        (("HLT001", "--reason", "x", "--until", "2027-02-03T10:00"), "lacks an offset"),
        (("HLT001", "--reason", "x", "--for", "0d"), "is no span"),
        (("HLT001", "--reason", "x", "--for", "99999999d"), "is no span"),
        (("HLT0O1", *FOR), "did you mean HLT"),
        (("HLT001,LOG", *FOR), "one rule or family at a time"),
        (("feedfacefeedface", *FOR), "no finding whose fingerprint"),
        (("abc", *FOR), "no finding whose fingerprint"),
        (("feedface", "--subject", "x", *FOR), "leave --subject out"),
        (("HLT001", "--store", "elsewhere", *FOR), "holds no run of store elsewhere"),
        (("--list", "HLT001"), "stand"),
        (("--list", "--remove", "1"), "stand"),
        (("--remove", "7"), "no mute 7"),
    ],
)
def test_mistakes_are_told_in_one_sentence(judged: Shell, arguments: tuple[str, ...], words: str) -> None:
    answer = judged("mute", *arguments)
    assert answer.code == 2
    assert words in answer.err
    assert len(answer.err.strip().splitlines()) == 1
    assert json.loads(judged("mute", "--list", "--format", "json").out) == []


def test_what_matches_nothing_is_kept_and_told_at_once(judged: Shell) -> None:
    answer = judged("mute", "LOG001", "--subject", "999*", *FOR)
    assert answer.code == 0
    assert "nothing that stands matches" in answer.err


def test_before_the_first_run_there_is_nothing_to_mute(shell: Shell) -> None:
    assert "there is no history" in shell("mute", "HLT001", *FOR).err


def test_the_report_tells_of_mutes_in_both_languages(judged: Shell) -> None:
    judged("mute", "HLT001", "--subject", "scoer", *FOR)
    for language, words in (("en", "has never matched"), ("zh", "从未对应到任何问题")):
        out = judged("judge", NORTHWIND, "--select", "LOG,HLT", "--lang", language).out
        assert words in out.replace("\n    ", " " if language == "en" else "")
    told = json.loads(judged("judge", NORTHWIND, "--select", "LOG,HLT", "--format", "json").out)
    assert [notice["kind"] for notice in told["run"]["notices"]] == ["mute_unmatched"]
