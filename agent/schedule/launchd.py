"""launchd agents of macOS: one property list a job."""

from __future__ import annotations

import plistlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from agent.schedule.jobs import MARK, Call, Installation, Job, Machine, Remove, Step, wanted
from checks.text import Text

PREFIX = "com.shoplint."


class Launchd:
    """Agents of the user; one that the machine slept through is run once when it wakes."""

    name = "launchd"
    label = Text("launchd 代理", "launchd agents")

    def is_there(self, machine: Machine) -> bool:
        return machine.platform == "darwin"

    def installed(self, machine: Machine) -> list[str]:
        return [path.stem.removeprefix(PREFIX) for path in _ours(machine)]

    def install(self, jobs: Sequence[Job], setting: Installation) -> list[Step]:
        machine = setting.machine
        domain = f"gui/{machine.uid}"
        steps: list[Step] = []
        wishes = {f"{PREFIX}{job.slug}.plist" for job in jobs}
        for path in _ours(machine):
            if path.name not in wishes:
                steps += _away(path, domain)
        for job in jobs:
            path = _folder(machine) / f"{PREFIX}{job.slug}.plist"
            write = wanted(path, _plist(job, setting))
            if write:
                steps += [
                    Call(("launchctl", "bootout", f"{domain}/{path.stem}"), may_fail=True),
                    *write,
                    Call(("launchctl", "bootstrap", domain, str(path))),
                ]
        return steps

    def remove(self, setting: Installation) -> list[Step]:
        domain = f"gui/{setting.machine.uid}"
        return [step for path in _ours(setting.machine) for step in _away(path, domain)]


def _folder(machine: Machine) -> Path:
    return machine.user_home / "Library" / "LaunchAgents"


def _ours(machine: Machine) -> list[Path]:
    found = sorted(_folder(machine).glob(f"{PREFIX}*.plist"))
    return [path for path in found if MARK in path.read_text("utf-8", "replace")]


def _away(path: Path, domain: str) -> list[Step]:
    return [Call(("launchctl", "bootout", f"{domain}/{path.stem}"), may_fail=True), Remove(path)]


def _plist(job: Job, setting: Installation) -> str:
    shell = setting.shell(replace(job, arguments=(*job.arguments, *setting.jitter(job))))
    times = sorted(map(setting.local, job.times))
    body = {
        "Label": f"{PREFIX}{job.slug}",
        "Comment": MARK,
        "ProgramArguments": ["/bin/sh", "-c", shell],
        "StartCalendarInterval": [{"Hour": at.hour, "Minute": at.minute} for at in times],
        "ProcessType": "Background",
        "StandardOutPath": "/dev/null",
    }
    return plistlib.dumps(body, sort_keys=True).decode()
