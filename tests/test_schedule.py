"""Schedules: times and what was missed, the runner, what each system's timers are given, the commands."""

from __future__ import annotations

import json
import os
import plistlib
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from agent.config import Config, load
from agent.errors import ScheduleUnavailable, StoreParked
from agent.home import Home
from agent.live.budget import VERIFICATION, Budget
from agent.schedule.jobs import Call, Job, Remove, Step, Write, do, program, shown
from agent.schedule.ledger import Ledger, Record, Skip
from agent.schedule.plan import Plan, plans
from agent.schedule.runner import Runner, trigger
from agent.schedule.timers import jobs_of, kind_of, kinds
from checks.text import Text
from tests.cli import Shell
from tests.systems import SYSTEMS, System

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
TWICE = Plan("northwind", (time(8, 30), time(20, 30)), SHANGHAI, catch_up_s=21_600)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}:00").replace(tzinfo=zone)


MORNING = at("20T08:30")


# --- times ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "last", "coming"),
    [
        (at("20T08:29"), at("19T20:30"), at("20T08:30")),
        (at("20T08:30"), at("20T08:30"), at("20T20:30")),
        (at("20T23:59"), at("20T20:30"), at("21T08:30")),
        (at("20T00:30", ZoneInfo("UTC")), at("20T08:30"), at("20T20:30")),
    ],
)
def test_the_time_before_and_the_time_after(now: datetime, last: datetime, coming: datetime) -> None:
    assert (TWICE.last(now), TWICE.next(now)) == (last, coming)


def test_a_store_without_times_is_never_visited() -> None:
    never = replace(TWICE, times=())
    assert (never.last(at("20T12:00")), never.next(at("20T12:00"))) == (None, None)


def test_a_time_that_clocks_leave_out_in_spring_is_still_visited_once() -> None:
    plan = Plan("x", (time(2, 30),), BERLIN)
    first = plan.next(datetime(2027, 3, 27, 12, tzinfo=UTC))
    assert first == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert plan.next(first) == datetime(2027, 3, 29, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("handled", "now", "missed"),
    [
        (None, at("20T09:00"), None),
        (at("20T08:30"), at("20T09:00"), None),
        (at("20T08:29"), at("20T09:00"), at("20T08:30")),
        (at("01T08:30"), at("20T09:00"), at("20T08:30")),
        (at("19T20:30"), at("20T14:30"), at("20T08:30")),
        (at("19T20:30"), at("20T14:31"), None),
    ],
)
def test_what_was_missed_is_made_up_for_once_and_not_too_late(
    handled: datetime | None, now: datetime, missed: datetime | None
) -> None:
    assert TWICE.missed(handled, now) == missed


@pytest.mark.parametrize("zone", [SHANGHAI, BERLIN, ZoneInfo("America/Los_Angeles")])
def test_the_scheduler_fires_when_the_plan_says(zone: ZoneInfo) -> None:
    plan = Plan("x", (time(2, 30), time(8, 30), time(23, 59)), zone)
    fires = trigger(plan)
    now = datetime(2026, 10, 20, tzinfo=UTC)
    for _ in range(60):
        coming = plan.next(now)
        assert coming is not None
        fired = fires.get_next_fire_time(None, now + timedelta(seconds=1))
        if fired.fold:  # the hour that comes twice in autumn; the runner knows that it was seen to
            fired = fires.get_next_fire_time(None, fired.astimezone(UTC) + timedelta(seconds=1))
        assert fired.astimezone(UTC) == coming.astimezone(UTC)
        now = coming


def test_jitter_only_ever_comes_later() -> None:
    fires = trigger(replace(TWICE, jitter_s=300))
    found = {fires.get_next_fire_time(None, at("20T08:00")) for _ in range(50)}
    assert len(found) > 1
    assert min(found) >= at("20T08:30")
    assert max(found) <= at("20T08:35")


# --- the runner -----------------------------------------------------------------------------------------------------


@dataclass
class Scene:
    """A runner with a clock that a test turns, audits that only note themselves, and what it said."""

    home: Home
    now: datetime = MORNING
    code: int = 0
    resting: StoreParked | None = None
    audited: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    during: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.home)
        other = replace(TWICE, store="other")
        self.runner = Runner(
            [TWICE, other], self.ledger, self.audit, lambda store: self.resting, self.tell, now=lambda: self.now
        )

    def audit(self, store: str) -> int:
        self.audited.append(store)
        self.during()
        self.now += timedelta(minutes=10)
        return self.code

    def tell(self, store: str, text: Text) -> None:
        self.said.append(f"{store}: {text.en}")


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(Home(tmp_path / "home"))


@pytest.mark.parametrize(
    ("code", "said"), [(0, "nothing grave"), (1, "there are findings"), (4, "a person is needed"), (99, "above")]
)
def test_a_visit_is_remembered_with_its_result(scene: Scene, code: int, said: str) -> None:
    scene.code = code
    assert scene.runner.visit("northwind") == code
    record = scene.ledger.read("northwind")
    assert record == Record(at("20T08:40"), at("20T08:30"), at("20T08:40"), code, None)
    assert said in scene.said[-1]


def test_a_parked_store_is_left_alone_and_the_reason_kept(scene: Scene) -> None:
    until = at("20T09:00")
    scene.resting = StoreParked("northwind", until=until, reason=VERIFICATION)
    assert scene.runner.visit("northwind") is None
    assert scene.audited == []
    skip = scene.ledger.read("northwind").skipped
    assert skip is not None
    assert (skip.at, skip.until) == (at("20T08:30"), until)
    assert "verification" in skip.reason.en
    assert "left out" in scene.said[-1]


def test_a_visit_that_would_overlap_is_left_out(scene: Scene) -> None:
    scene.during = lambda: scene.runner.due("northwind")
    scene.runner.due("northwind")
    scene.runner._queue.put(None)
    scene.runner._turn(scene.runner._queue.get())
    assert scene.audited == ["northwind"]
    skip = scene.ledger.read("northwind").skipped
    assert skip is not None
    assert "has not ended" in skip.reason.en
    scene.now = at("20T20:30")
    scene.runner.due("northwind")
    assert scene.runner._queue.get() is None
    assert scene.runner._queue.get() == "northwind", "once it has ended it may come again"


def test_a_time_that_comes_twice_is_one(scene: Scene) -> None:
    scene.runner.due("northwind")
    scene.runner._turn(scene.runner._queue.get())
    scene.runner.due("northwind")
    assert scene.runner._queue.empty()
    scene.now = at("20T20:30")
    scene.runner.due("northwind")
    assert scene.runner._queue.get() == "northwind"


def test_stores_that_missed_their_time_are_named(scene: Scene) -> None:
    scene.ledger.write("northwind", Record(handled=at("18T08:30")))
    scene.ledger.write("other", Record(handled=at("20T08:30")))
    scene.now = at("20T09:00")
    assert scene.runner.missed() == ["northwind"]
    assert "missed at 2026-11-20 08:30 +08:00" in scene.said[0]


def test_an_audit_that_a_signal_ended_is_the_last(scene: Scene) -> None:
    def ended() -> None:
        raise SystemExit(143)

    scene.during = ended
    scene.runner.due("northwind")
    scene.runner.due("other")
    scene.runner._work()
    assert scene.audited == ["northwind"]
    assert scene.ledger.read("northwind").exit_code == 143


def test_a_stop_lets_the_audit_end_and_nothing_new_begin(scene: Scene) -> None:
    scene.during = scene.runner.stop
    scene.runner.due("northwind")
    scene.runner.due("other")
    scene.runner._work()
    assert scene.audited == ["northwind"]
    assert scene.ledger.read("northwind").exit_code == 0


def test_each_store_has_one_job_that_never_piles_up(scene: Scene) -> None:
    from apscheduler.schedulers.background import BackgroundScheduler

    scheduler = BackgroundScheduler(timezone=UTC)
    scene.runner.add_jobs(scheduler)
    jobs = {job.id: job for job in scheduler.get_jobs()}
    assert set(jobs) == {"northwind", "other", "notify --flush"}
    assert (jobs["other"].coalesce, jobs["other"].misfire_grace_time) == (True, 21_600)
    jobs["other"].func(*jobs["other"].args)
    assert scene.runner._queue.get() == "other"


def test_serving_makes_up_for_what_was_missed_and_ends_at_a_signal(scene: Scene) -> None:
    scene.ledger.write("other", Record(handled=at("18T08:30")))
    scene.during = lambda: os.kill(os.getpid(), signal.SIGTERM)
    before = signal.getsignal(signal.SIGTERM)
    assert scene.runner.serve() == 0
    assert scene.audited == ["other"]
    assert scene.ledger.read("northwind").handled == at("20T08:30"), "the first start is where the counting begins"
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_second_signal_ends_it_at_once(scene: Scene) -> None:
    scene.ledger.write("other", Record(handled=at("18T08:30")))

    def twice() -> None:
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGINT)

    scene.during = twice
    with pytest.raises(KeyboardInterrupt):
        scene.runner.serve()


def test_a_damaged_record_is_begun_anew(scene: Scene) -> None:
    scene.home.make("schedule")
    for text in ("{", "[]", '{"handled": 5}', '{"skipped": {"at": 1}}'):
        scene.ledger.path("northwind").write_text(text)
        assert scene.ledger.read("northwind") == Record()
    scene.ledger.skip("northwind", Skip(scene.now, Text("a", "b")))
    assert scene.ledger.read("northwind").skipped == Skip(scene.now, Text("a", "b"))


# --- timers of the systems ------------------------------------------------------------------------------------------


@pytest.fixture(params=list(SYSTEMS))
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def system(name: str, tmp_path: Path) -> System:
    platform, tools = SYSTEMS[name]
    return System(tmp_path, platform, tools)


def jobs(*stores: str) -> list[Job]:
    config = Config.model_validate({"stores": {name: {} for name in stores}, "schedule": {"times": ["08:30", "20:05"]}})
    return jobs_of(config, plans(config), ("--home", "/h 100%", "--lang", "zh"))


def test_the_best_timers_of_a_system_are_found(name: str, system: System) -> None:
    assert kind_of(system.machine, system.place.home).name == name


def test_a_system_without_timers_says_what_else_there_is(tmp_path: Path) -> None:
    bare = System(tmp_path, "linux")
    with pytest.raises(ScheduleUnavailable, match="schedule run"):
        kind_of(bare.machine, tmp_path)
    with pytest.raises(ScheduleUnavailable, match="has no launchd"):
        kind_of(bare.machine, tmp_path, "launchd")
    assert kind_of(System(tmp_path, "linux", ("crontab",)).machine, tmp_path, "cron").name == "cron"
    dead = System(tmp_path, "linux", ("systemctl", "crontab"), refuses="show-environment")
    assert kind_of(dead.machine, tmp_path).name == "cron", "a machine may have systemctl and no systemd"


def test_installing_twice_changes_nothing_and_removing_leaves_nothing(name: str, system: System) -> None:
    kind, place = kinds(system.place.home)[name], system.place
    before = {path for path in system.root.rglob("*") if path.is_file()}
    do(kind.install(jobs("northwind", "北风"), place), system.machine)
    assert sorted(kind.installed(system.machine)) == ["_e5_8c_97_e9_a3_8e", "northwind"]
    assert kind.install(jobs("northwind", "北风"), place) == []
    do(kind.install(jobs("northwind"), place), system.machine)
    assert kind.installed(system.machine) == ["northwind"], "a store that is no longer wanted is taken away"
    do(kind.remove(place), system.machine)
    assert kind.installed(system.machine) == []
    assert kind.remove(place) == []
    assert {path for path in system.root.rglob("*") if path.is_file()} == before
    assert system.table == ""


def test_what_is_not_ours_stays(tmp_path: Path) -> None:
    linux = System(tmp_path, "linux", ("systemctl", "crontab"), table="MAILTO=me\n0 1 * * * backup\n")
    units = tmp_path / ".config" / "systemd" / "user"
    units.mkdir(parents=True)
    (units / "shoplint-own.timer").write_text("[Timer]\n")
    for name in ("systemd", "cron"):
        kind = kinds(tmp_path)[name]
        do(kind.install(jobs("northwind"), linux.place), linux.machine)
        assert kind.installed(linux.machine) == ["northwind"]
        do(kind.remove(linux.place), linux.machine)
    assert linux.table == "MAILTO=me\n0 1 * * * backup\n"
    assert [path.name for path in units.iterdir()] == ["shoplint-own.timer"]


def test_a_refused_step_is_told_with_the_way_out(tmp_path: Path) -> None:
    system = System(tmp_path, "linux", ("systemctl",), refuses="enable")
    with pytest.raises(ScheduleUnavailable, match="not allowed here") as caught:
        do(kinds(tmp_path)["systemd"].install(jobs("northwind"), system.place), system.machine)
    assert "--kind" in caught.value.text.zh


def written(steps: Sequence[Step], ending: str) -> str:
    [found] = [step.text for step in steps if isinstance(step, Write) and step.path.name.endswith(ending)]
    return found


def test_systemd_gets_the_users_zone_jitter_and_quoted_paths(tmp_path: Path) -> None:
    system = System(tmp_path, "linux", ("systemctl",))
    steps = kinds(tmp_path)["systemd"].install(jobs("northwind"), system.place)
    timer, service = written(steps, ".timer"), written(steps, ".service")
    assert re.findall("OnCalendar=(.*)", timer) == ["*-*-* 08:30:00 Asia/Shanghai", "*-*-* 20:05:00 Asia/Shanghai"]
    assert "RandomizedDelaySec=300" in timer
    assert "Persistent=true" in timer
    assert '"/opt/shop lint/shoplint" "schedule" "run" "--once" "northwind" "--home" "/h 100%%"' in service
    assert [step.arguments[2] for step in steps if isinstance(step, Call)] == ["daemon-reload", "enable", "restart"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")
def test_systemd_itself_understands_the_units(tmp_path: Path) -> None:
    system = System(tmp_path, "linux", ("systemctl",))
    place = replace(system.place, program=("/bin/true",))
    do(kinds(tmp_path)["systemd"].install(jobs("northwind", "北风"), place), system.machine)
    units = sorted(str(path) for path in (tmp_path / ".config" / "systemd" / "user").iterdir())
    assert len(units) == 4
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, timeout=60, check=False
    )
    ours = [line for line in done.stderr.splitlines() if "shoplint-" in line]
    assert ours == []


def test_cron_gets_the_machines_own_hours(tmp_path: Path) -> None:
    system = System(tmp_path, "linux", ("crontab",))
    [step] = kinds(tmp_path)["cron"].install(jobs("northwind"), system.place)
    assert isinstance(step, Call)
    lines = (step.text or "").splitlines()
    assert lines[0].startswith("# >>>")
    assert lines[-1].startswith("# <<<")
    assert [line[:10] for line in lines[3:6]] == ["30 0 * * *", "5 12 * * *", "@reboot if"]
    assert "--jitter 300" in lines[3]
    assert "--missed" in lines[5]
    assert not re.search(r"(?<!\\)%", step.text or ""), "a bare percent sign ends a line of cron"


def test_the_line_of_cron_runs_with_the_variables_of_the_home_folder(tmp_path: Path) -> None:
    home = tmp_path / "it's home"
    home.mkdir()
    (home / "schedule.env").write_text("SHOPLINT_VAULT_KEY='a b'\n")
    code = "import os, sys; print(os.environ['SHOPLINT_VAULT_KEY'], sys.argv[1:])"
    system = System(tmp_path, "linux", ("crontab",))
    place = replace(system.place, home=home, program=(sys.executable, "-c", code))
    job = Job("x", "x", ("audit", "it's $HOME"), (time(8),))
    done = subprocess.run(["/bin/sh", "-c", place.shell(job)], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "a b ['audit', \"it's $HOME\"]\n"


def test_launchd_gets_a_property_list(tmp_path: Path) -> None:
    system = System(tmp_path, "darwin")
    steps = kinds(tmp_path)["launchd"].install(jobs("northwind"), system.place)
    read = plistlib.loads(written(steps, ".plist").encode())
    assert read["Label"] == "com.shoplint.northwind"
    assert read["StartCalendarInterval"] == [{"Hour": 0, "Minute": 30}, {"Hour": 12, "Minute": 5}]
    assert read["ProgramArguments"][2].endswith("--home '/h 100%' --lang zh --jitter 300")
    assert [step.arguments[1] for step in steps if isinstance(step, Call)] == ["bootout", "bootstrap"]


def test_windows_gets_a_task(tmp_path: Path) -> None:
    system = System(tmp_path, "win32")
    steps = kinds(system.place.home)["windows"].install(jobs("northwind"), system.place)
    do(steps, system.machine)
    [file] = (system.place.home / "schedule").glob("*.xml")
    task = ElementTree.fromstring(file.read_bytes())
    space = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
    starts = [found.text for found in task.findall(".//t:StartBoundary", space)]
    assert starts == ["2026-01-01T00:30:00", "2026-01-01T12:05:00"]
    assert {found.text for found in task.findall(".//t:RandomDelay", space)} == {"PT300S"}
    assert task.findtext(".//t:UserId", namespaces=space) == "seller & co"
    assert task.findtext(".//t:Arguments", namespaces=space) == (
        'schedule run --once northwind --home "/h 100%" --lang zh'
    )
    assert system.calls[-1][:5] == ("schtasks", "/Create", "/F", "/TN", "\\shoplint\\northwind")


def test_digests_and_the_end_of_quiet_hours_get_a_timer_of_their_own() -> None:
    channels = [{"name": "a", "digest": "daily 09:00"}, {"name": "b", "quiet_hours": ["22:00-08:00"]}, {"name": "c"}]
    config = Config.model_validate({"stores": {"x": {}}, "notify": channels})
    found = jobs_of(config, plans(config), ("--home", "/h"))
    assert [job.name for job in found] == ["x", "notify--flush"]
    assert found[1].times == (time(8), time(9))
    assert found[1].arguments == ("notify", "--flush", "--quiet", "--home", "/h")


def test_steps_are_shown_in_full(tmp_path: Path) -> None:
    assert shown(Write(tmp_path / "a", "x\ny\n")).en == f"write {tmp_path / 'a'}\n    x\n    y"
    assert shown(Remove(tmp_path / "a")).zh == f"删除 {tmp_path / 'a'}"
    assert shown(Call(("crontab", "-"), "x\n")).en == "call crontab - with this input:\n    x"
    assert shown(Call(("a", "b c"))).en == "call a 'b c'"


def test_the_program_that_timers_call_is_there() -> None:
    first, *_ = program()
    assert os.access(first, os.X_OK)


# --- the commands ---------------------------------------------------------------------------------------------------

STORES = '[stores.northwind]\nchannel_id = "1"\n[schedule]\ntimes = ["08:30"]\njitter_s = 0\n'


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    found = Shell(tmp_path / "home", capsys, monkeypatch)
    found.home.mkdir()
    (found.home / "config.toml").write_text(STORES, "utf-8")
    return found


@pytest.fixture
def audits(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was audited, in place of audits."""
    found: list[str] = []

    def audit(store: str, places: tuple[str, ...]) -> int:
        found.append(store)
        return 1

    monkeypatch.setattr("agent.cli.schedule.audit_one", audit)
    return found


@pytest.fixture
def linux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> System:
    system = System(tmp_path, "linux", ("systemctl", "crontab"))
    monkeypatch.setattr("agent.schedule.jobs.Machine", lambda: system.machine)
    return system


def test_what_would_be_written_is_shown_first(shell: Shell, linux: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: "n")
    answer = shell("schedule", "install", "--lang", "en")
    assert answer.code == 0
    assert "OnCalendar=*-*-* 08:30:00 Asia/Shanghai" in answer.out
    assert "nothing was written" in answer.err
    assert not (linux.root / ".config").exists()


def test_timers_are_installed_and_removed(shell: Shell, linux: System) -> None:
    answer = shell("schedule", "install", "--yes", "--lang", "en")
    assert answer.code == 0
    assert "enable-linger" in answer.err
    assert "systemd user timers (1)" in shell("schedule", "status", "--lang", "en").out
    assert "nothing has to be changed" in shell("schedule", "install", "--yes", "--lang", "en").err
    assert Ledger(Home(shell.home)).read("northwind").handled is not None, "from now on a time may be missed"
    assert json.loads(shell("schedule", "status", "--format", "json").out)["timers"] == {"systemd": ["northwind"]}
    assert shell("schedule", "remove", "--yes").code == 0
    assert "没有安装定时器" in shell("schedule", "status", "--lang", "zh").out
    assert "没有需要改动" in shell("schedule", "remove", "--lang", "zh").err


def test_a_kind_that_is_not_there_is_told(shell: Shell, linux: System) -> None:
    answer = shell("schedule", "install", "--kind", "launchd", "--yes")
    assert answer.code == 2
    assert "--kind" in answer.err


def test_one_visit_and_its_status(shell: Shell, audits: list[str], linux: System) -> None:
    assert "还没有检查过" in shell("schedule", "status", "--lang", "zh").out
    answer = shell("schedule", "run", "--once", "--lang", "en")
    assert (answer.code, audits) == (1, ["northwind"])
    assert "the audit begins" in answer.err
    assert "there are findings" in shell("schedule", "status", "--lang", "en").out
    [row] = json.loads(shell("schedule", "status", "--format", "json").out)["stores"]
    assert (row["last"]["exit_code"], row["skipped"], row["times"]) == (1, None, ["08:30"])


def test_a_store_that_asked_for_a_verification_is_left_alone(shell: Shell, audits: list[str], linux: System) -> None:
    Budget(load(Home(shell.home)).budget, "northwind", shell.home / "visits").park(VERIFICATION)
    answer = shell("schedule", "run", "--once", "northwind", "--lang", "zh")
    assert (answer.code, audits) == (4, [])
    assert "安全验证" in answer.err
    assert "安全验证" in shell("schedule", "status", "--lang", "zh").out
    [row] = json.loads(shell("schedule", "status", "--format", "json").out)["stores"]
    assert "verification" in row["skipped"]["reason"]
    assert row["skipped"]["until"]


def test_only_what_was_missed_is_made_up_for(shell: Shell, audits: list[str]) -> None:
    assert shell("schedule", "run", "--once", "--missed").code == 0
    assert audits == []
    long_ago = datetime.now(UTC) - timedelta(days=9)
    (shell.home / "config.toml").write_text(STORES + "catch_up_s = 90000\n", "utf-8")
    Ledger(Home(shell.home)).write("northwind", Record(handled=long_ago))
    shell("schedule", "run", "--once", "--missed")
    assert audits == ["northwind"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "--missed"], "go with --once"),
        (["run", "nortwind", "--once"], "did you mean northwind"),
        (["install", "nortwind"], "did you mean northwind"),
        (["instal"], "instal"),
    ],
)
def test_a_wrong_call_is_told(shell: Shell, linux: System, arguments: list[str], said: str) -> None:
    answer = shell("schedule", *arguments)
    assert answer.code == 2
    assert said in answer.err


def test_without_stores_the_next_step_is_told(shell: Shell, linux: System) -> None:
    (shell.home / "config.toml").write_text("[schedule]\ntimes = []\n", "utf-8")
    for command in ("install", "run"):
        answer = shell("schedule", command)
        assert answer.code == 2
        assert "[schedule]" in answer.err


def test_the_audit_is_the_command_that_a_person_would_call(monkeypatch: pytest.MonkeyPatch) -> None:
    from agent.cli.schedule import audit_one

    called: list[list[str]] = []

    def run(arguments: list[str]) -> int:
        called.append(arguments)
        return 3

    monkeypatch.setattr(sys.modules["agent.cli.main"], "run", run)
    assert audit_one("northwind", ("--home", "/h")) == 3
    assert called == [["audit", "northwind", "--quiet", "--home", "/h"]]


def test_in_the_foreground_a_signal_ends_it_in_order(shell: Shell) -> None:
    code = "import sys; from agent.cli import main; main(sys.argv[1:])"
    command = [sys.executable, "-c", code, "schedule", "run", "--home", str(shell.home), "--lang", "en"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "auditing in time: northwind" in process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
