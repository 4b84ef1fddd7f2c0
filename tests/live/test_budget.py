"""How much of the backend is asked, told with a clock whose hands the test turns."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agent.config import BudgetConfig
from agent.errors import BudgetSpent, StoreBusy, StoreParked
from agent.live.budget import JITTER, TRAFFIC, VERIFICATION, Budget
from tests.live.scene import Hands

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@dataclass
class Waiting(Hands):
    """Hands that note how long was waited."""

    waited: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        await super().sleep(seconds)


@pytest.fixture
def clock() -> Waiting:
    return Waiting(NOON)


def budget(folder: Path, clock: Hands, store: str = "northwind", zone: str = "UTC", **settings: object) -> Budget:
    given = BudgetConfig.model_validate({"min_interval_s": 0.0} | settings)
    return Budget(given, store, folder, ZoneInfo(zone), clock, random.Random(7))


def open_pages(found: Budget, count: int) -> None:
    async def work() -> None:
        for _ in range(count):
            await found.page()

    asyncio.run(work())


def test_pages_of_a_run_are_counted_and_end(tmp_path: Path, clock: Waiting) -> None:
    own = budget(tmp_path, clock, pages_per_run=3)
    with own.visit():
        open_pages(own, 3)
        assert (own.used.run, own.used.run_left, own.used.hour, own.used.hour_left) == (3, 0, 3, 297)
        with pytest.raises(BudgetSpent, match="3 pages"):
            open_pages(own, 1)
    assert BudgetSpent("northwind", pages=3).exit_code == 3


def test_pages_of_an_hour_are_remembered_over_runs(tmp_path: Path, clock: Waiting) -> None:
    open_pages(budget(tmp_path, clock, pages_per_hour=4), 3)
    clock.time += timedelta(minutes=20)
    later = budget(tmp_path, clock, pages_per_hour=4)
    open_pages(later, 1)
    with pytest.raises(StoreParked) as parked:
        open_pages(later, 1)
    assert parked.value.until == NOON + timedelta(hours=1)
    assert "--visible" not in str(parked.value)
    clock.time = NOON + timedelta(hours=1, seconds=1)
    open_pages(later, 3)


def test_another_store_has_its_own_budget(tmp_path: Path, clock: Waiting) -> None:
    open_pages(budget(tmp_path, clock, pages_per_hour=2), 2)
    open_pages(budget(tmp_path, clock, store="harbor", pages_per_hour=2), 2)


def test_two_pages_are_apart_by_the_interval_and_a_little_more(tmp_path: Path, clock: Waiting) -> None:
    own = budget(tmp_path, clock, min_interval_s=2.0)
    open_pages(own, 30)
    assert len(clock.waited) == 29
    assert all(2.0 <= pause <= 2.0 * (1 + JITTER) for pause in clock.waited)
    assert len(set(clock.waited)) > 20


def test_time_that_has_passed_anyway_is_not_waited_again(tmp_path: Path, clock: Waiting) -> None:
    own = budget(tmp_path, clock, min_interval_s=2.0)
    open_pages(own, 1)
    clock.time += timedelta(seconds=10)
    open_pages(own, 1)
    assert clock.waited == []


@pytest.mark.parametrize(
    ("hours", "now", "ends"),
    [
        ("01:00-06:00", "2026-11-20T03:30", "2026-11-20T06:00"),
        ("01:00-06:00", "2026-11-20T01:00", "2026-11-20T06:00"),
        ("01:00-06:00", "2026-11-20T06:00", None),
        ("01:00-06:00", "2026-11-20T00:59", None),
        ("22:30-06:00", "2026-11-20T23:10", "2026-11-21T06:00"),
        ("22:30-06:00", "2026-11-20T05:59", "2026-11-20T06:00"),
        ("22:30-06:00", "2026-11-20T12:00", None),
    ],
)
def test_quiet_hours_are_the_users_own(tmp_path: Path, clock: Waiting, hours: str, now: str, ends: str | None) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    clock.time = datetime.fromisoformat(now).replace(tzinfo=zone)
    own = budget(tmp_path, clock, zone="Asia/Shanghai", quiet_hours=(hours,))
    if ends is None:
        own.check()
        return
    with pytest.raises(StoreParked) as parked:
        own.check()
    assert parked.value.until == datetime.fromisoformat(ends).replace(tzinfo=zone)


def test_quiet_hours_that_begin_end_the_run(tmp_path: Path, clock: Waiting) -> None:
    own = budget(tmp_path, clock, quiet_hours=("12:30-13:00",))
    open_pages(own, 1)
    clock.time += timedelta(minutes=40)
    with pytest.raises(StoreParked):
        open_pages(own, 1)


def test_a_rest_lasts_over_runs_and_ends(tmp_path: Path, clock: Waiting) -> None:
    until = budget(tmp_path, clock, cooldown_s=1800.0).park(VERIFICATION)
    assert until == NOON + timedelta(minutes=30)
    for later in (0, 29):
        clock.time = NOON + timedelta(minutes=later)
        with pytest.raises(StoreParked, match="asked for a verification") as parked, budget(tmp_path, clock).visit():
            raise AssertionError("nobody gets here")
        assert parked.value.until == until
    clock.time = until
    with budget(tmp_path, clock).visit() as own:
        open_pages(own, 1)


def test_a_login_by_hand_ends_the_rest(tmp_path: Path, clock: Waiting) -> None:
    budget(tmp_path, clock).park(TRAFFIC, 60)
    budget(tmp_path, clock).unpark()
    budget(tmp_path, clock).check()


def test_one_run_at_a_time(tmp_path: Path, clock: Waiting) -> None:
    with budget(tmp_path, clock).visit():
        with pytest.raises(StoreBusy), budget(tmp_path, clock).visit():
            raise AssertionError("nobody gets here")
        with budget(tmp_path, clock, store="harbor").visit():
            pass
    with budget(tmp_path, clock).visit():
        pass


def test_another_process_is_kept_out_and_lets_go_when_it_dies(tmp_path: Path, clock: Waiting) -> None:
    code = (
        "import sys; from pathlib import Path; from agent.live.budget import VisitFile\n"
        "with VisitFile(Path(sys.argv[1]), 'northwind').locked(): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(StoreBusy), budget(tmp_path, clock).visit():
            raise AssertionError("nobody gets here")
        other.kill()
        other.wait(10)
    with budget(tmp_path, clock).visit():
        pass


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pages": "x"}', '{"pages": [], "until": "soon", "reason": null}'])
def test_a_spoilt_file_is_begun_anew(tmp_path: Path, clock: Waiting, text: str) -> None:
    (tmp_path / "northwind.json").write_text(text)
    own = budget(tmp_path, clock)
    open_pages(own, 2)
    assert own.used.hour == 2
    assert len(json.loads((tmp_path / "northwind.json").read_text())["pages"]) == 2


def test_a_name_stays_in_the_folder(tmp_path: Path, clock: Waiting) -> None:
    folder = tmp_path / "visits"
    budget(folder, clock, store="../../etc/passwd").park(VERIFICATION)
    assert [path.parent for path in tmp_path.rglob("*.json")] == [folder]
