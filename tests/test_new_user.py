"""A new user's path, from nothing to a scheduled audit that notifies, by the commands that the README shows.

The seller backend is the stand-in, the chat robot a server on this machine, the system's timers a crontab in a folder.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.live import login, proof
from fixtures.standin import StandIn
from tests.cli import Shell
from tests.mailbox import Mailbox, opened
from tests.truths import RECORDINGS

README = Path(__file__).parent.parent / "README.md"
CRONTAB = '#!/bin/sh\nif [ "$1" = -l ]; then cat "$0.kept"; else cat >"$0.kept"; fi\n'
UNATTENDED = {"install": ("--kind", "cron", "--yes")}
"""What a person would answer, and which timers this test can look at."""


def paths() -> list[list[list[str]]]:
    """The commands of the first steps in the README, once for each language, without their comments."""
    blocks = re.findall(r"^```\n(make demo.*?)^```", README.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    steps = [block for block in blocks if "shoplint init" in block]
    return [[shlex.split(line, comments=True) for line in block.splitlines()] for block in steps]


def test_the_path_is_short_and_the_same_in_both_languages() -> None:
    chinese, english = paths()
    assert chinese == english
    assert len(chinese) < 10
    assert all(call[0] == "shoplint" for call in chinese[1:])


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn(RECORDINGS / "northwind", render_delay_s=0.0) as running:
        yield running
        assert running.writes == []
        assert not running.foreign


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with opened() as box:
        yield box


@pytest.fixture
def crontab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A crontab of this test's own in place of the system's; the file that keeps it."""
    program = tmp_path / "bin" / "crontab"
    program.parent.mkdir()
    program.write_text(CRONTAB, "utf-8")
    program.chmod(0o755)
    kept = program.with_name("crontab.kept")
    kept.touch()
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    return kept


@pytest.mark.browser
def test_the_path_leads_to_a_scheduled_audit_that_notifies(
    standin: StandIn,
    mailbox: Mailbox,
    crontab: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shell = Shell(tmp_path / "home", capsys, monkeypatch)
    monkeypatch.setattr(login, "TYPING_MS", 0.0)
    monkeypatch.setattr(proof, "GRACE_S", 0.3)
    user, password = standin.credentials
    for name, value in {
        "SHOPLINT_VAULT_KEY": "a pass phrase for tests",
        "SHOPLINT_NORTHWIND_USERNAME": user,
        "SHOPLINT_NORTHWIND_PASSWORD": password,
        "SHOPLINT_NOTIFY_OPS": mailbox.url,
    }.items():
        monkeypatch.setenv(name, value)
    codes: dict[str, int] = {}
    said: dict[str, str] = {}
    for _, *call in paths()[1][1:]:
        answer = shell(*call, *UNATTENDED.get(call[-1], ()))
        name = call[-1] if call[0] == "schedule" else call[0]
        codes[name] = answer.code
        if call[0] == "init":
            way = standin.config_toml().partition("[browser]")
            with (shell.home / "config.toml").open("a", encoding="utf-8") as config:
                config.write("\n" + way[1] + way[2])
        said[name] = answer.out + answer.err
    wanted = {"init": 0, "doctor": 0, "login": 0, "audit": 1, "next": 0, "notify": 0, "install": 0, "status": 0}
    assert codes == wanted, said
    assert "LOG" in said["next"]
    assert "northwind" in said["status"]
    assert "shoplint" in crontab.read_text("utf-8")
    assert len(standin.logins) == 1
    assert any("LOG" in text for text in mailbox.texts), "the audit told the channel what it found"
