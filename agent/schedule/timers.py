"""Which timers this machine has, and the jobs that a configuration comes to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from pathlib import Path

from agent.config import Config
from agent.errors import ScheduleUnavailable
from agent.home import Home
from agent.schedule import jobs
from agent.schedule.cron import Cron
from agent.schedule.jobs import Installation, Job, Kind, Machine
from agent.schedule.launchd import Launchd
from agent.schedule.plan import Plan
from agent.schedule.systemd import Systemd
from agent.schedule.windows import Windows
from checks.text import Text

NAMES = ("systemd", "cron", "launchd", "windows")


def kinds(home: Path) -> dict[str, Kind]:
    """Every kind of timer by its name; the better one of a system comes first."""
    found: tuple[Kind, ...] = (Launchd(), Windows(home), Systemd(), Cron())
    return {kind.name: kind for kind in found}


def kind_of(machine: Machine, home: Path, name: str | None = None) -> Kind:
    """The kind that was asked for, else the best that this machine has; ScheduleUnavailable when there is none."""
    known = kinds(home)
    if name is not None:
        if not known[name].is_there(machine):
            raise _none(Text(f"没有 {name}", f"has no {name}"))
        return known[name]
    for kind in known.values():
        if kind.is_there(machine):
            return kind
    raise _none(
        Text("没有 systemd 用户服务、cron、launchd 或任务计划", "has no systemd of the user, cron, launchd or tasks")
    )


def present(home: Home, machine: Machine) -> list[Kind]:
    """The kinds of timers that hold something of ours."""
    return [kind for kind in kinds(home.root).values() if kind.installed(machine)]


def installation(home: Home, config: Config, machine: Machine) -> Installation:
    """What the timers of this machine have to know."""
    return Installation(machine, jobs.program(), home.root, config.timezone)


def places(home: Home, language: str, config: Path | None = None, db: Path | None = None) -> tuple[str, ...]:
    """The options that say where everything lies, whole, for a call from elsewhere."""
    found = ["--home", str(home.root), "--lang", language]
    found += ["--config", str(config.absolute())] if config else []
    return (*found, *(["--db", str(db.absolute())] if db else []))


def jobs_of(config: Config, plans: Sequence[Plan], places: Sequence[str]) -> list[Job]:
    """One job a store, and one for digests; ``places`` are the arguments that say where everything lies."""
    found = [
        Job(
            name=plan.store,
            about=f"shoplint audit {plan.store}",
            arguments=("schedule", "run", "--once", plan.store, *places),
            times=plan.times,
            jitter_s=plan.jitter_s,
        )
        for plan in plans
    ]
    digests = {channel.digest_at for channel in config.notify} - {None}
    digests |= {time.fromisoformat(quiet[6:]) for channel in config.notify for quiet in channel.quiet_hours}
    if found and digests:
        arguments = ("notify", "--flush", "--quiet", *places)
        times = tuple(sorted(at for at in digests if at is not None))
        found.append(Job("notify--flush", "shoplint notify --flush", arguments, times))
    return found


def _none(what: Text) -> ScheduleUnavailable:
    return ScheduleUnavailable(
        Text(
            f"本机{what.zh}；请换一种方式（--kind），或用 shoplint schedule run 在前台运行",
            f"this machine {what.en}; choose another --kind, or stay in the foreground: shoplint schedule run",
        )
    )
