"""The live commands as a user meets them, in real Chromium against the stand-in: codes, counts, and no write ever."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.standin import Fault, StandIn
from tests.cli import Shell
from tests.truths import RECORDINGS

pytestmark = pytest.mark.browser
NORTHWIND = RECORDINGS / "northwind"
SMALL = ("--select", "HLT001,HLT004")


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn(NORTHWIND, render_delay_s=0.0) as running:
        yield running
        assert running.writes == []
        assert not running.foreign


@pytest.fixture
def shell(
    standin: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Shell:
    """A configured home with a key and the right credentials."""
    found = Shell(tmp_path / "home", capsys, monkeypatch)
    found.home.mkdir()
    (found.home / "config.toml").write_text(standin.config_toml(), "utf-8")
    monkeypatch.setenv("SHOPLINT_VAULT_KEY", "a pass phrase for tests")
    user, password = standin.credentials
    monkeypatch.setenv("SHOPLINT_NORTHWIND_USERNAME", user)
    monkeypatch.setenv("SHOPLINT_NORTHWIND_PASSWORD", password)
    return found


def test_login_audit_session_logout(shell: Shell, standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """One login serves every later run; a capture on disk says what the report says; logout ends it."""
    assert shell("login", "northwind").code == 0
    assert len(standin.logins) == 1
    monkeypatch.delenv("SHOPLINT_NORTHWIND_PASSWORD")
    alive = shell("session", "northwind", "--format", "json")
    assert (alive.code, json.loads(alive.out)[0]["alive"]) == (0, True)
    captured = shell("capture", "northwind", "--only", "health,messages")
    assert captured.code == 0
    assert "0 of them writes" in captured.err
    manifest = json.loads((Path(captured.out.strip()) / "capture.json").read_text("utf-8"))
    assert {page["kind"] for page in manifest["pages"]} == {"health", "messages"}
    judged = json.loads(shell("judge", captured.out.strip(), *SMALL, "--format", "json").out)
    assert {f["code"] for f in judged["findings"]} == {"HLT001", "HLT004"}
    assert len(standin.logins) == 1
    assert shell("logout", "northwind").code == 0
    assert shell("session", "northwind").code == 4
    ended = shell("capture", "northwind", "--only", "health")
    assert ended.code == 4
    assert "shoplint login northwind" in ended.err


def test_the_live_demo_finds_what_judging_its_recording_finds(shell: Shell) -> None:
    live = json.loads(shell("demo", "--live", "--format", "json").out)
    saved = json.loads(shell("judge", NORTHWIND, "--no-history", "--format", "json").out)

    def told(answer: dict[str, list[dict[str, dict[str, str]]]]) -> set[tuple[object, ...]]:
        return {(f["code"], f["subject"]["id"], f["severity"]) for f in answer["findings"]}

    assert told(live) == told(saved)
    assert len(told(live)) > 100


def test_an_audit_reports_what_it_could_see_and_names_what_it_could_not(shell: Shell, standin: StandIn) -> None:
    """A page that stays out of reach leaves its rules unknown; the others are judged."""
    standin.set_fault(Fault.PAGE_ERROR, kind="documents")
    answer = shell("audit", "northwind", "--select", "HLT,LIC,AUD", "--format", "json")
    assert answer.code == 1
    found = json.loads(answer.out)
    outcomes = {outcome["code"]: outcome["outcome"] for outcome in found["outcomes"]}
    assert outcomes["LIC001"] == "unknown"
    assert outcomes["HLT001"] == "fail"
    assert ("AUD001", "documents") in {(f["code"], f["subject"]["id"]) for f in found["findings"]}


@pytest.mark.parametrize("user", ["cn-slider", "cn-code", "cn-punish", "cn-frozen", "nobody"])
def test_what_needs_a_person_stops_with_4_and_is_not_tried_again(
    shell: Shell, standin: StandIn, monkeypatch: pytest.MonkeyPatch, user: str
) -> None:
    monkeypatch.setenv("SHOPLINT_NORTHWIND_USERNAME", user)
    first = shell("audit", "northwind", *SMALL)
    assert first.code == 4
    assert "Traceback" not in first.err
    tries = len(standin.logins)
    assert tries <= 1
    again = shell("audit", "northwind", *SMALL)
    assert again.code == 4
    assert len(standin.logins) == tries


def test_a_session_that_dies_on_the_way_ends_the_audit_with_4(
    shell: Shell, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell("login", "northwind")
    monkeypatch.delenv("SHOPLINT_NORTHWIND_PASSWORD")
    standin.set_fault(Fault.LOGIN_REDIRECT, kind="orders", where="gateway", after=3)
    answer = shell("audit", "northwind", *SMALL)
    assert answer.code == 4
    assert "login northwind" in answer.err


def test_a_visit_cut_short_by_its_budget_tells_what_it_found(shell: Shell) -> None:
    """Findings say more than that the visit was not whole: 1 before 3."""
    config = (shell.home / "config.toml").read_text("utf-8")
    lines = [line for line in config.splitlines() if not line.startswith("pages_per_run")]
    lines.insert(lines.index("[budget]") + 1, "pages_per_run = 5")
    (shell.home / "config.toml").write_text("\n".join(lines), "utf-8")
    answer = shell("audit", "northwind", "--select", "LOG")
    assert "pages_per_run" in answer.err
    assert answer.code == 1
    assert shell("audit", "northwind", "--select", "RTG").code == 3
    assert shell("audit", "northwind", "--select", "RTG", "--fail-on", "never").code == 0


def test_another_stores_pages_are_never_judged(shell: Shell) -> None:
    config = (shell.home / "config.toml").read_text("utf-8")
    (shell.home / "config.toml").write_text(config.replace("244176", "555001"), "utf-8")
    answer = shell("audit", "northwind", *SMALL)
    assert answer.code == 4
    assert "HLT001" not in answer.out


def test_a_backend_that_cannot_be_reached_is_5(shell: Shell) -> None:
    config = (shell.home / "config.toml").read_text("utf-8")
    port = config.split("127.0.0.1:")[1].split(" ")[0]
    (shell.home / "config.toml").write_text(config.replace(port, "9"), "utf-8")
    answer = shell("login", "northwind")
    assert answer.code == 5


def test_a_store_that_is_not_configured_is_a_mistake(shell: Shell) -> None:
    answer = shell("audit", "nortwind")
    assert answer.code == 2
    assert "northwind" in answer.err


def test_audit_without_stores_says_where_to_add_one(shell: Shell) -> None:
    (shell.home / "config.toml").unlink()
    answer = shell("audit")
    assert answer.code == 2
    assert "[stores]" in answer.err
