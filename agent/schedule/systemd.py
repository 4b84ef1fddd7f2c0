"""systemd user timers: one timer and one service a job."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from agent.schedule.jobs import ENVIRONMENT, MARK, Call, Installation, Job, Machine, Remove, Step, wanted
from checks.text import Text

PREFIX = "shoplint-"
CTL = ("systemctl", "--user")


class Systemd:
    """Timers of the user's own systemd."""

    name = "systemd"
    label = Text("systemd 用户定时器", "systemd user timers")

    def is_there(self, machine: Machine) -> bool:
        if not machine.platform.startswith("linux") or machine.which("systemctl") is None:
            return False
        return machine.call((*CTL, "show-environment"), None).code == 0

    def installed(self, machine: Machine) -> list[str]:
        return sorted(path.stem.removeprefix(PREFIX) for path in _ours(machine))

    def install(self, jobs: Sequence[Job], setting: Installation) -> list[Step]:
        folder = _folder(setting.machine)
        steps: list[Step] = []
        for job in jobs:
            steps += wanted(folder / f"{PREFIX}{job.slug}.service", _service(job, setting))
            steps += wanted(folder / f"{PREFIX}{job.slug}.timer", _timer(job, setting))
        wishes = {f"{PREFIX}{job.slug}.timer" for job in jobs}
        old = [path for path in _ours(setting.machine) if path.name not in wishes]
        if not steps and not old:
            return []
        gone = [step for path in old for step in _away(path)]
        names = [f"{PREFIX}{job.slug}.timer" for job in jobs]
        # "restart" and not "start": a timer that runs already takes new times only then.
        started = [Call((*CTL, verb, *names)) for verb in ("enable", "restart")]
        return [*gone, *steps, Call((*CTL, "daemon-reload")), *started]

    def remove(self, setting: Installation) -> list[Step]:
        steps = [step for path in _ours(setting.machine) for step in _away(path)]
        return [*steps, Call((*CTL, "daemon-reload"))] if steps else []


def _folder(machine: Machine) -> Path:
    given = machine.environ.get("XDG_CONFIG_HOME")
    return (Path(given) if given else machine.user_home / ".config") / "systemd" / "user"


def _ours(machine: Machine) -> list[Path]:
    found = sorted(_folder(machine).glob(f"{PREFIX}*.timer"))
    return [path for path in found if MARK in path.read_text("utf-8", "replace")]


def _away(timer: Path) -> list[Step]:
    return [
        Call((*CTL, "disable", "--now", timer.name), may_fail=True),
        Remove(timer),
        Remove(timer.with_suffix(".service")),
    ]


def _service(job: Job, setting: Installation) -> str:
    command = " ".join(_quoted(part) for part in setting.command(job))
    # Findings (1) and gaps (3) are results of an audit, not failures of the unit.
    return f"""# Written by {MARK}
[Unit]
Description={job.about}

[Service]
Type=oneshot
EnvironmentFile=-{_escaped(str(setting.home / ENVIRONMENT))}
ExecStart={command}
SuccessExitStatus=1 3
"""


def _timer(job: Job, setting: Installation) -> str:
    times = "\n".join(f"OnCalendar=*-*-* {at:%H:%M}:00 {setting.zone}" for at in job.times)
    jitter = f"\nRandomizedDelaySec={job.jitter_s:g}" if job.jitter_s else ""
    return f"""# Written by {MARK}
[Unit]
Description={job.about}

[Timer]
{times}{jitter}
Persistent=true

[Install]
WantedBy=timers.target
"""


def _escaped(text: str) -> str:
    return text.replace("%", "%%")


def _quoted(part: str) -> str:
    """One argument of ExecStart, in which systemd reads quotes, backslashes, dollars and percent signs."""
    body = part.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{_escaped(body)}"'
