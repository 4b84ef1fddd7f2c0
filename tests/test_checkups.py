"""What `doctor` says of notifications and of the schedule, each with the command that mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from agent.checkup import Check
from agent.config import Config, load
from agent.errors import StoreParked
from agent.home import Home
from agent.live.budget import PAGES, VERIFICATION
from agent.notify.checkup import NotifyCheckup
from agent.notify.items import Item
from agent.notify.outbox import Outbox, Waiting
from agent.schedule.checkup import ScheduleCheckup
from agent.schedule.jobs import do
from agent.schedule.ledger import Ledger, Record, Skip
from agent.schedule.plan import plans
from agent.schedule.runner import OVERLAP
from agent.schedule.timers import installation, jobs_of, kinds, places
from checks.text import Text
from tests.systems import NOON, SYSTEMS, System

MORNING = NOON.replace(hour=8, minute=30)
STORES = '[stores.northwind]\nchannel_id = "1"\n[schedule]\ntimes = ["08:30"]\njitter_s = 0\n'
TWO = '[stores.northwind]\nchannel_id = "1"\n[stores.other]\nchannel_id = "2"\n[schedule]\ntimes = ["08:30"]\n'
pytestmark = pytest.mark.usefixtures("no_ring")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.make()
    return home


def told(checks: Iterator[Check]) -> list[Check]:
    """The checks; each has both languages, and a way out where something is wrong."""
    found = list(checks)
    for check in found:
        assert check.ok or check.fix, check
        assert check.text.zh != check.text.en
    return found


def wrong(checks: list[Check]) -> list[Check]:
    return [check for check in checks if not check.ok]


# --- notifications ---------------------------------------------------------------------------------------------------

Channels = Callable[..., list[Check]]
ITEM = Item("new", "error", "LOG001", "title", "text", "", "f", "northwind", "run", "11-20 12:00")


@pytest.fixture
def channels(home: Home, monkeypatch: pytest.MonkeyPatch) -> Channels:
    """What is said of these channels; whoever sends something fails."""

    def send(*_: object) -> None:
        raise AssertionError("a check sends nothing")

    monkeypatch.setattr("agent.notify.sender.Sender.send", send)

    def look(*tables: str, environ: dict[str, str] | None = None) -> list[Check]:
        home.config.write_text("".join(f"[[notify]]\n{table}\n" for table in tables), "utf-8")
        return told(NotifyCheckup(home, load(home), home.config, NOON, environ or {}).checks())

    return look


def wait(home: Home, channel: str = "ops", **changes: object) -> None:
    fields = {"created_at": NOON, "ripe_at": NOON} | changes
    Outbox(home).put(Waiting(channel, (ITEM, ITEM), **fields))  # type: ignore[arg-type]


def test_without_a_channel_nobody_is_told(channels: Channels) -> None:
    [check] = channels()
    assert (check.ok, check.text.en) == (True, "no channel is told of audits")


@pytest.mark.parametrize(
    ("table", "environ", "said"),
    [
        ('name = "ops"\nurl = "dingtalk://abcdef1234"', {}, "DingTalk, its address in config.toml"),
        ('name = "ops"\nurl_env = "OPS"', {"OPS": "json://localhost/x"}, "JSON, its address in variable OPS"),
        ('name = "ops"', {"SHOPLINT_NOTIFY_OPS": "mailtos://me:word@example.com"}, "E-Mail"),
    ],
)
def test_a_channel_whose_address_is_understood(
    channels: Channels, table: str, environ: dict[str, str], said: str
) -> None:
    [check] = channels(table, environ=environ)
    assert check.ok
    assert said in check.text.en
    for secret in ("abcdef1234", "localhost", "word"):
        assert secret not in str(check), "an address is never shown"


@pytest.mark.parametrize(
    ("table", "said", "fix"),
    [
        ('name = "ops"\nurl = "htps://x"', "is not understood", "config.toml"),
        ('name = "ops"\nurl_env = "OPS"', "variable OPS", "export OPS='…'"),
        ('name = "ops"\nkeyring = "group"', "keyring group", "shoplint notify --remember ops"),
        ('name = "ops"', "SHOPLINT_NOTIFY_OPS", "export SHOPLINT_NOTIFY_OPS='…'"),
    ],
)
def test_a_channel_that_cannot_be_told(channels: Channels, table: str, said: str, fix: str) -> None:
    [check] = channels(table)
    assert (check.ok, check.needed) == (False, True)
    assert said in check.text.en
    assert (check.fix or "").endswith(fix)


def test_an_address_that_others_could_read(channels: Channels, home: Home) -> None:
    table = 'name = "ops"\nurl = "dingtalk://abcdef1234"'
    channels(table)
    home.config.chmod(0o644)
    assert wrong(channels(table)) == [], "the folder keeps others out"
    home.root.chmod(0o755)
    [check] = wrong(channels(table))
    assert check.fix == f"chmod 600 {home.config}"


def test_what_was_not_delivered_is_told_with_the_last_reason(channels: Channels, home: Home) -> None:
    wait(home, tries=4, problem=Text("钉钉拒绝：1", "DingTalk refused: 1"), refused_at=NOON - timedelta(hours=5))
    wait(home, tries=2, problem=Text("钉钉拒绝：2", "DingTalk refused: 2"), refused_at=NOON - timedelta(hours=1))
    [check] = wrong(channels('name = "ops"\nurl = "dingtalk://abcdef1234"'))
    assert "4 findings were not delivered, refused 2 times, last at 2026-11-20 11:00 +08:00: DingTalk refused: 2" in (
        check.text.en
    )
    assert (check.fix, check.needed) == ("shoplint notify --flush", False)


@pytest.mark.parametrize(
    ("ripe", "ok", "said"),
    [
        (timedelta(hours=6), True, "2 findings wait until 2026-11-20 18:00 +08:00"),
        (-timedelta(minutes=59), True, "2 findings wait until"),
        (-timedelta(minutes=61), False, "2 findings were to be told at 2026-11-20 10:59 +08:00 and still wait"),
    ],
)
def test_what_waits_is_told(channels: Channels, home: Home, ripe: timedelta, ok: bool, said: str) -> None:
    wait(home, ripe_at=NOON + ripe)
    _, check = channels('name = "ops"\nurl = "dingtalk://abcdef1234"')
    assert check.ok is ok
    assert said in check.text.en


def test_messages_of_a_channel_that_is_gone(channels: Channels, home: Home) -> None:
    wait(home, "old")
    [check] = wrong(channels('name = "ops"\nurl = "dingtalk://abcdef1234"'))
    assert "the channel old, which config.toml no longer has" in check.text.en


# --- schedule --------------------------------------------------------------------------------------------------------


class Scene:
    """A home with times, and a machine whose timers can be installed."""

    def __init__(self, home: Home, system: System) -> None:
        self.home, self.system = home, system
        self.ledger = Ledger(home)
        self.parked: StoreParked | None = None
        self.logged_in: datetime | None = None
        self.write(STORES)

    def write(self, text: str) -> None:
        self.home.config.write_text(text, "utf-8")

    @property
    def config(self) -> Config:
        return load(self.home)

    def install(self, kind: str, language: str = "zh") -> None:
        jobs = jobs_of(self.config, plans(self.config), places(self.home, language))
        place = installation(self.home, self.config, self.system.machine)
        do(kinds(self.home.root)[kind].install(jobs, place), self.system.machine)

    def look(self, now: datetime = NOON) -> list[Check]:
        return told(
            ScheduleCheckup(
                self.home,
                self.config,
                self.home.config,
                now,
                self.system.machine,
                parked=lambda store: self.parked,
                logged_in=lambda store: self.logged_in,
            ).checks()
        )


@pytest.fixture
def cron(home: Home) -> Scene:
    """A machine on which the store's timer is installed since this morning."""
    scene = Scene(home, System(home.root.parent, "linux", ("crontab",)))
    scene.install("cron")
    scene.ledger.plan("northwind", MORNING)
    return scene


def test_without_times_nothing_is_missing(cron: Scene) -> None:
    cron.write('[stores.northwind]\nchannel_id = "1"\n[schedule]\ntimes = []\n')
    assert [check.text.en for check in cron.look()] == ["no store is audited at any time"]


@pytest.mark.parametrize(("tools", "fix"), [(("crontab",), "schedule install"), ((), "schedule run")])
def test_without_a_timer_nothing_is_audited_by_itself(home: Home, tools: tuple[str, ...], fix: str) -> None:
    timer, store = Scene(home, System(home.root.parent, "linux", tools)).look()
    assert (timer.ok, timer.needed, timer.fix) == (False, False, f"shoplint {fix}")
    assert store.text.en == "northwind: never audited by itself", "without a timer there is no next time"


def test_the_foreground_needs_no_timer(home: Home) -> None:
    scene = Scene(home, System(home.root.parent, "linux", ("crontab",)))
    scene.ledger.plan("northwind", MORNING)
    timer, store = scene.look()
    assert timer.ok
    assert "schedule run" in timer.text.en
    assert store.text.en == "northwind: never audited by itself; next 2026-11-21 08:30 +08:00"
    assert not scene.look(MORNING + timedelta(days=1))[0].ok, "it has stopped"


@pytest.mark.parametrize("name", SYSTEMS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_timers_that_are_as_configured(home: Home, name: str, language: str) -> None:
    """Whatever language they were installed in."""
    platform, tools = SYSTEMS[name]
    scene = Scene(home, System(home.root.parent, platform, tools))
    scene.install(name, language)
    assert wrong(scene.look()) == []
    assert "(1) are as configured" in scene.look()[0].text.en


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (STORES.replace("08:30", "09:30"), "crontab differ from the configuration"),
        (TWO, "differ from the configuration: other"),
        (STORES.replace("northwind", "west"), "differ from the configuration: west, northwind"),
        (STORES + '[[notify]]\nname = "ops"\ndigest = "daily 09:00"\n', "notify--flush"),
    ],
)
def test_timers_that_differ_from_the_configuration(cron: Scene, text: str, said: str) -> None:
    cron.write(text)
    timer = cron.look()[0]
    assert (timer.ok, timer.fix) == (False, "shoplint schedule install")
    assert said in timer.text.en


def test_timers_of_another_kind_are_mended_as_such(home: Home) -> None:
    scene = Scene(home, System(home.root.parent, "linux", ("systemctl", "crontab")))
    scene.install("cron")
    scene.write(STORES.replace("08:30", "09:30"))
    assert scene.look()[0].fix == "shoplint schedule install --kind cron"


def test_timers_that_do_not_run(home: Home) -> None:
    scene = Scene(home, System(home.root.parent, "linux", ("systemctl", "crontab")))
    scene.install("systemd")
    scene.system.answers = {"show-user": "Linger=no\n"}
    [check] = wrong(scene.look())
    assert ("when you log out" in check.text.en, check.fix) == (True, "loginctl enable-linger")
    scene.system.answers = {"show-user": "Linger=yes\n"}
    assert wrong(scene.look()) == []
    scene.system.refuses = "show-environment"
    assert "do not run" in wrong(scene.look())[0].text.en


@pytest.mark.parametrize(
    ("handled", "late", "missed"),
    [
        (MORNING - timedelta(minutes=1), timedelta(minutes=14), False),
        (MORNING - timedelta(minutes=1), timedelta(minutes=16), True),
        (MORNING, timedelta(minutes=16), False),
        (None, timedelta(minutes=16), False),
    ],
)
def test_an_audit_that_was_missed(cron: Scene, handled: datetime | None, late: timedelta, missed: bool) -> None:
    cron.ledger.write("northwind", Record(handled=handled))
    found = wrong(cron.look(MORNING + late))
    assert [check.fix for check in found] == (["shoplint schedule run --once northwind"] if missed else [])
    assert not missed or "the audit of 2026-11-20 08:30 +08:00 was not made" in found[0].text.en


@pytest.mark.parametrize(
    ("code", "fix"),
    [(0, None), (1, None), (3, None), (2, "audit northwind"), (4, "login northwind"), (5, "audit northwind")],
)
def test_what_the_last_audit_came_to(cron: Scene, code: int, fix: str | None) -> None:
    cron.ledger.begin("northwind", MORNING)
    cron.ledger.end("northwind", MORNING + timedelta(minutes=2), code)
    check = cron.look()[-1]
    assert (check.ok, check.fix) == (fix is None, f"shoplint {fix}" if fix else None)
    assert check.text.en.startswith("northwind: last 2026-11-20 08:30 +08:00, ")
    assert check.text.en.endswith("; next 2026-11-21 08:30 +08:00")
    cron.logged_in = MORNING + timedelta(minutes=3)
    assert cron.look()[-1].ok, "somebody has logged in since"


def test_an_audit_that_never_ended(cron: Scene) -> None:
    cron.ledger.begin("northwind", MORNING)
    assert cron.look(MORNING + timedelta(minutes=20))[-1].text.en.startswith("northwind: being audited since")
    check = cron.look()[-1]
    assert (check.fix, "never ended" in check.text.en) == ("shoplint audit northwind", True)


def test_why_one_was_left_out(cron: Scene) -> None:
    cron.ledger.skip("northwind", Skip(MORNING, OVERLAP))
    check = cron.look()[-1]
    assert check.ok
    assert f"left out at 2026-11-20 08:30 +08:00: {OVERLAP.en}" in check.text.en


def test_a_rest_is_told(cron: Scene) -> None:
    until = NOON + timedelta(minutes=20)
    cron.parked = StoreParked("northwind", until=until, reason=VERIFICATION)
    [check] = wrong(cron.look())
    assert f"left alone until 2026-11-20 12:20 +08:00 ({VERIFICATION.en})" in check.text.en
    assert check.fix == "shoplint login northwind --visible"
    cron.parked = StoreParked("northwind", until=until, reason=PAGES, by_hand=False)
    assert wrong(cron.look()) == [], "an hour whose pages are used up ends by itself"
    assert any(PAGES.en in check.text.en for check in cron.look())


def test_a_time_in_the_quiet_hours_never_comes(cron: Scene) -> None:
    cron.write(STORES + '[budget]\nquiet_hours = ["08:00-09:00"]\n')
    [check] = wrong(cron.look())
    assert "08:30 lies in the quiet_hours" in check.text.en
    assert str(cron.home.config) in (check.fix or "")
