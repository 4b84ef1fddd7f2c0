"""Tasks of the Windows task scheduler: one file of XML a job, kept in the home folder and handed to schtasks."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

from agent.schedule.jobs import MARK, Call, Installation, Job, Machine, Remove, Step, wanted
from checks.text import Text

FOLDER = "\\shoplint\\"
ENCODING = "utf-16"
"""What schtasks reads."""


class Windows:
    """Tasks that run while the user is logged on, and once afterwards when their time was missed."""

    name = "windows"
    label = Text("Windows 任务计划", "Windows tasks")

    def __init__(self, home: Path) -> None:
        self._folder = home / "schedule"

    def is_there(self, machine: Machine) -> bool:
        return machine.platform == "win32"

    def installed(self, machine: Machine) -> list[str]:
        return [path.stem for path in self._ours()]

    def install(self, jobs: Sequence[Job], setting: Installation) -> list[Step]:
        steps: list[Step] = []
        wishes = {job.slug for job in jobs}
        for path in self._ours():
            if path.stem not in wishes:
                steps += _away(path)
        for job in jobs:
            path = self._folder / f"{job.slug}.xml"
            write = wanted(path, _task(job, setting), ENCODING)
            if write:
                made = ("schtasks", "/Create", "/F", "/TN", f"{FOLDER}{job.slug}", "/XML", str(path))
                steps += [*write, Call(made)]
        return steps

    def remove(self, setting: Installation) -> list[Step]:
        return [step for path in self._ours() for step in _away(path)]

    def _ours(self) -> list[Path]:
        return sorted(self._folder.glob("*.xml"))


def _away(path: Path) -> list[Step]:
    return [Call(("schtasks", "/Delete", "/F", "/TN", f"{FOLDER}{path.stem}"), may_fail=True), Remove(path)]


def _task(job: Job, setting: Installation) -> str:
    program, *arguments = setting.command(job)
    # Any day of the past will do: the task repeats every day from then on.
    begins = [datetime(2026, 1, 1, at.hour, at.minute).isoformat() for at in sorted(map(setting.local, job.times))]  # noqa: DTZ001
    triggers = "".join(_trigger(start, job.jitter_s) for start in begins)
    return f"""<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Author>{MARK}</Author><Description>{escape(job.about)}</Description></RegistrationInfo>
  <Triggers>{triggers}
  </Triggers>
  <Principals><Principal id="Author"><UserId>{escape(setting.machine.user)}</UserId>\
<LogonType>InteractiveToken</LogonType></Principal></Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <RunOnlyIfNetworkAvailable>true</RunOnlyIfNetworkAvailable>
    <ExecutionTimeLimit>PT2H</ExecutionTimeLimit>
  </Settings>
  <Actions Context="Author"><Exec><Command>{escape(program)}</Command>\
<Arguments>{escape(subprocess.list2cmdline(arguments))}</Arguments></Exec></Actions>
</Task>
"""


def _trigger(start: str, jitter_s: float) -> str:
    delay = f"<RandomDelay>PT{round(jitter_s)}S</RandomDelay>" if jitter_s else ""
    return (
        f"\n    <CalendarTrigger><StartBoundary>{start}</StartBoundary>{delay}"
        "<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay></CalendarTrigger>"
    )
