"""A block of lines in the user's crontab, between two marks; everything else in it stays as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.schedule.jobs import MARK, Call, Installation, Job, Machine, Step
from checks.text import Text

BEGIN = f"# >>> {MARK}"
END = f"# <<< {MARK}"
_BLOCK = re.compile(rf"^{re.escape(BEGIN)}.*?^{re.escape(END)}[^\n]*\n?", re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"^# job (\S+)$", re.MULTILINE)


class Cron:
    """Lines of a crontab. cron neither waits at random nor makes up for what it missed, so the command does both."""

    name = "cron"
    label = Text("crontab", "crontab")

    def is_there(self, machine: Machine) -> bool:
        return machine.platform != "win32" and machine.which("crontab") is not None

    def installed(self, machine: Machine) -> list[str]:
        block = _BLOCK.search(_table(machine))
        return _NAME.findall(block[0]) if block else []

    def install(self, jobs: Sequence[Job], setting: Installation) -> list[Step]:
        table = _table(setting.machine)
        rest = _BLOCK.sub("", table)
        rest = rest if not rest or rest.endswith("\n") else rest + "\n"
        text = rest + _block(jobs, setting)
        return [] if text == table else [Call(("crontab", "-"), text)]

    def remove(self, setting: Installation) -> list[Step]:
        table = _table(setting.machine)
        rest = _BLOCK.sub("", table)
        if rest == table:
            return []
        return [Call(("crontab", "-"), rest) if rest.strip() else Call(("crontab", "-r"))]


def _table(machine: Machine) -> str:
    answer = machine.call(("crontab", "-l"), None)
    return answer.out if answer.code == 0 else ""


def _block(jobs: Sequence[Job], setting: Installation) -> str:
    lines = [BEGIN, f"# {setting.zone}, as this machine's clock shows it"]
    for job in jobs:
        lines.append(f"# job {job.slug}")
        command = _command(job, setting, setting.jitter(job))
        lines += [f"{at.minute} {at.hour} * * * {command}" for at in sorted(map(setting.local, job.times))]
    audits = [job for job in jobs if "--once" in job.arguments]
    lines += [f"@reboot {_command(job, setting, ('--missed',))}" for job in audits]
    return "\n".join([*lines, END, ""])


def _command(job: Job, setting: Installation, more: tuple[str, ...]) -> str:
    """The command of a line, where a percent sign would end it; its report goes nowhere, its warnings go by mail."""
    shell = setting.shell(replace(job, arguments=(*job.arguments, *more)))
    return shell.replace("%", "\\%") + " >/dev/null"
