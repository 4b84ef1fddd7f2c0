"""What is missing, each with the command that mends it."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.config import load
from agent.history.database import History
from agent.home import Home
from agent.live import doctor as doctors
from agent.live.browser import Candidate
from agent.live.budget import VERIFICATION, Budget
from agent.live.doctor import NAMES, Check, Doctor, has_chinese_font
from agent.live.vault import VARIABLE, StoredSession, Vault
from agent.schedule.jobs import do
from agent.schedule.ledger import Ledger
from agent.schedule.plan import plans
from agent.schedule.timers import installation, jobs_of, kinds, places
from checks.text import Text
from tests.live.scene import Hands
from tests.systems import System

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
KEY = "a key that is long enough"
CONFIG = '[stores.north]\nchannel_id = "244176"\n'
LOGIN = {"SHOPLINT_NORTH_USERNAME": "u", "SHOPLINT_NORTH_PASSWORD": "p"}
pytestmark = pytest.mark.usefixtures("no_ring")
Examine = Callable[..., dict[str, Check]]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.make()
    home.config.write_text(CONFIG, "utf-8")
    return home


@pytest.fixture
def examine(home: Home, monkeypatch: pytest.MonkeyPatch) -> Examine:
    """The checks by name, the first that is not right of each; on a machine that has everything."""
    shown = [Candidate("Chromium", Path("/opt/chromium"))]
    monkeypatch.setattr(doctors, "candidates", lambda settings, headless=True: shown)
    monkeypatch.setattr(doctors, "_changed", lambda path: NOW)

    def look(environ: dict[str, str] | None = None, **given: Any) -> dict[str, Check]:
        env = {VARIABLE: KEY, "DISPLAY": ":0"} | (LOGIN if environ is None else environ)
        bare = System(home.root.parent, "linux").machine
        options = {"clock": lambda: NOW, "fonts": lambda: True, "machine": bare} | given
        found: dict[str, Check] = {}
        for check in Doctor(home, environ=env, **options).examine():
            assert check.name in NAMES
            assert check.text.zh != check.text.en
            assert check.ok or check.fix
            if check.name not in found or found[check.name].ok:
                found[check.name] = check
        return found

    return look


def session(saved: datetime = NOW) -> StoredSession:
    return StoredSession({"cookies": []}, saved_at=saved.isoformat())


def test_nothing_is_missing(examine: Examine) -> None:
    found = examine()
    assert [check.name for check in found.values() if not check.ok] == ["schedule"], "nothing is audited by itself yet"
    assert not found["schedule"].needed
    assert set(NAMES) - set(found) == {"window"}, "with credentials nobody has to log in by hand"


def test_looking_changes_nothing(tmp_path: Path) -> None:
    Doctor(Home(tmp_path / "none"), environ={}, fonts=lambda: None).examine()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["browser", "window"])
def test_no_browser(examine: Examine, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    missing = [Candidate("Chromium", problem=Text("未安装", "not installed"))]
    monkeypatch.setattr(doctors, "candidates", lambda settings, headless=True: missing)
    found = examine({})[name]
    assert not found.ok
    assert found.needed
    assert "Chromium: not installed" in found.text.en
    assert found.fix is not None
    assert "install" in found.fix


def test_a_desktop_is_needed_to_log_in_by_hand(examine: Examine, home: Home) -> None:
    found = examine({"DISPLAY": ""})["window"]
    assert (found.ok, found.needed) == (False, True)
    assert found.fix == "export SHOPLINT_NORTH_USERNAME=… SHOPLINT_NORTH_PASSWORD=…"
    Vault(home, {VARIABLE: KEY}).save("north", session())
    assert not examine({"DISPLAY": ""})["window"].needed, "the session that is there will do"
    assert examine({})["window"].ok


def test_a_running_browser_needs_no_other(examine: Examine, home: Home) -> None:
    home.config.write_text(CONFIG + '[browser]\ncdp_url = "http://127.0.0.1:9222"\n', "utf-8")
    found = examine({})
    assert "9222" in found["browser"].text.en
    assert "window" not in found


def test_no_chinese_font(examine: Examine) -> None:
    found = examine(fonts=lambda: False)["fonts"]
    assert (found.ok, found.needed) == (False, False)
    assert "fonts-wqy" in (found.fix or "")
    assert examine(fonts=lambda: None)["fonts"].ok, "other systems bring one"


def test_fonts_are_looked_for_without_the_tool(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(doctors, "FONT_FOLDERS", (str(tmp_path),))
    assert has_chinese_font() is False
    (tmp_path / "NotoSansCJK-Regular.ttc").touch()
    assert has_chinese_font() is True


@pytest.mark.parametrize(
    ("environ", "needed", "said"),
    [
        ({VARIABLE: ""}, True, "no keyring"),
        ({VARIABLE: "short"}, False, "short enough to be guessed"),
    ],
)
def test_the_key(examine: Examine, environ: dict[str, str], needed: bool, said: str) -> None:
    found = examine(LOGIN | environ)["key"]
    assert (found.ok, found.needed) == (False, needed)
    assert said in found.text.en
    assert (found.fix or "").startswith(f"export {VARIABLE}=")
    assert "short" not in (found.fix or ""), "a key is never shown"


def test_a_store_without_session_and_credentials(examine: Examine) -> None:
    found = examine({})["sessions"]
    assert found.fix == "shoplint login north"
    assert examine()["sessions"].ok


def test_a_session_that_is_there(examine: Examine, home: Home) -> None:
    Vault(home, {VARIABLE: KEY}).save("north", session())
    found = examine({})["sessions"]
    assert found.ok
    assert "2026-11-20" in found.text.en


def test_a_session_of_no_use(examine: Examine, home: Home) -> None:
    path = Vault(home, {VARIABLE: "another key, long enough"}).save("north", session())
    found = examine()["sessions"]
    assert found.fix == "shoplint logout north && shoplint login north"
    path.write_bytes(b"spoilt")
    assert "cannot be used" in examine()["sessions"].text.en


@pytest.mark.skipif("os.name != 'posix'")
def test_what_others_could_read(examine: Examine, home: Home) -> None:
    path = Vault(home, {VARIABLE: KEY}).save("north", session())
    path.chmod(0o644)
    assert examine()["sessions"].fix == f"chmod 600 {path}"
    home.root.chmod(0o755)
    assert examine()["home"].fix == f"chmod 700 {home.root}"


def test_the_configuration(examine: Examine, home: Home) -> None:
    home.config.write_text("[stores.north]\nchanel_id = 1\n", "utf-8")
    found = examine()["configuration"]
    assert "did you mean channel_id" in found.text.en
    assert str(home.config) in (found.fix or "")
    home.config.write_text("", "utf-8")
    assert "has no store" in examine()["configuration"].text.en
    home.config.write_text(CONFIG + "[browser]\nignore_https_errors = true\n", "utf-8")
    assert not examine()["configuration"].needed


def test_a_home_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    found = Doctor(Home(tmp_path / "file" / "home"), environ={}, fonts=lambda: None).examine()
    assert not found[0].ok
    assert found[0].name == "home"


def test_the_history(examine: Examine, home: Home) -> None:
    with History(home.history):
        pass
    assert examine()["history"].ok
    body = home.history.read_bytes()
    home.history.write_bytes(b"no database at all, really not" * 10)
    found = examine()["history"]
    assert not found.ok
    assert found.fix == f"mv {home.history} {home.history}.damaged"
    home.history.write_bytes(body[:4096] + b"\xff" * (len(body) - 4096))
    assert not examine()["history"].ok


def test_a_history_of_another_program(examine: Examine, home: Home) -> None:
    with sqlite3.connect(home.history) as connection:
        connection.execute("CREATE TABLE songs (title)")
    connection.close()
    assert not examine()["history"].ok


@pytest.mark.parametrize("now", [datetime(1970, 1, 2, tzinfo=UTC), NOW - timedelta(days=3)])
def test_a_clock_that_goes_wrong(examine: Examine, now: datetime) -> None:
    assert examine(clock=lambda: now)["clock"].fix == "timedatectl set-ntp true"


def test_a_session_from_the_future(examine: Examine, home: Home) -> None:
    Vault(home, {VARIABLE: KEY}).save("north", session(NOW + timedelta(days=2)))
    assert "in the future" in examine()["sessions"].text.en


def test_time_zones_without_data(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(name: str) -> None:
        raise LookupError(name)

    monkeypatch.setattr(doctors, "ZoneInfo", none)
    assert "pip install tzdata" in (examine()["zones"].fix or "")


def test_channels_and_times_are_looked_at(examine: Examine, home: Home) -> None:
    home.config.write_text(CONFIG + '[schedule]\ntimes = []\n[[notify]]\nname = "ops"\n', "utf-8")
    found = examine()
    assert (found["notifications"].ok, found["notifications"].needed) == (False, True)
    assert found["schedule"].ok
    assert examine({"SHOPLINT_NOTIFY_OPS": "json://localhost/hook"})["notifications"].ok
    home.config.write_text("[stores", "utf-8")
    assert {"notifications", "schedule"}.isdisjoint(examine()), "of a configuration that cannot be read nothing is said"


def test_a_rest_after_a_verification_is_told(examine: Examine, home: Home) -> None:
    budget = Budget(load(home).budget, "north", home.root / "visits", clock=Hands(NOW))
    budget.park(VERIFICATION)
    Ledger(home).plan("north", NOW)
    found = examine()["schedule"]
    assert "asked for a verification" in found.text.en
    assert found.fix == "shoplint login north --visible"
    assert "verification" not in examine(clock=lambda: NOW + timedelta(hours=1))["schedule"].text.en


def test_secrets_that_timers_would_not_see(examine: Examine, home: Home) -> None:
    system = System(home.root.parent, "linux", ("crontab",))
    config = load(home)
    kind = kinds(home.root)["cron"]
    jobs = jobs_of(config, plans(config), places(home, "en"))
    do(kind.install(jobs, installation(home, config, system.machine)), system.machine)
    found = examine(machine=system.machine)["schedule"]
    assert f"{VARIABLE}, SHOPLINT_NORTH_USERNAME, SHOPLINT_NORTH_PASSWORD" in found.text.en
    assert KEY not in str(found), "a secret is never shown"
    environ = {VARIABLE: KEY, **LOGIN, "PATH": "/usr/bin:/bin"}
    subprocess.run(["sh", "-c", found.fix or "false"], env=environ, check=True)
    assert examine(machine=system.machine)["schedule"].ok, "the command mends it"
    told = subprocess.run(
        ["sh", "-c", f". '{home.root}/schedule.env'; echo ${VARIABLE}"], capture_output=True, text=True
    )
    assert told.stdout.strip() == KEY
