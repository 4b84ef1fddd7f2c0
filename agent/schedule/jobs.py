"""What a timer of the operating system is to do, and the steps that put it there: first shown, then done."""

from __future__ import annotations

import getpass
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, tzinfo
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from agent.errors import ScheduleUnavailable
from checks.text import Text

MARK = "shoplint schedule install"
"""Stands in everything that is written, so that only that is ever changed or removed."""
ENVIRONMENT = "schedule.env"
"""A file of the home folder with variables for unattended runs, where there is no keyring."""


@dataclass(frozen=True)
class Job:
    """One timer: ``arguments`` are those of the shoplint command, ``times`` in the user's zone."""

    name: str
    about: str
    arguments: tuple[str, ...]
    times: tuple[time, ...]
    jitter_s: float = 0.0

    @property
    def slug(self) -> str:
        """The name in signs that every system takes."""
        return re.sub(r"[^A-Za-z0-9_-]", lambda found: "".join(f"_{b:02x}" for b in found[0].encode()), self.name)


@dataclass(frozen=True)
class Write:
    """A file is written."""

    path: Path
    text: str
    encoding: str = "utf-8"


@dataclass(frozen=True)
class Remove:
    """A file is removed."""

    path: Path


@dataclass(frozen=True)
class Call:
    """A program is called; ``text`` goes to its input. ``may_fail``: it says so when there was nothing to do."""

    arguments: tuple[str, ...]
    text: str | None = None
    may_fail: bool = False


Step = Write | Remove | Call


@dataclass(frozen=True)
class Answer:
    """What a program said."""

    code: int
    out: str = ""
    said: str = ""


def _call(arguments: Sequence[str], text: str | None = None) -> Answer:
    try:
        done = subprocess.run(
            list(arguments), input=text, capture_output=True, text=True, timeout=60, check=False, encoding="utf-8"
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Answer(127, said=str(error))
    return Answer(done.returncode, done.stdout, (done.stderr or done.stdout).strip())


@dataclass(frozen=True)
class Machine:
    """The system as far as timers need it; a test makes its own."""

    platform: str = sys.platform
    user_home: Path = field(default_factory=Path.home)
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    which: Callable[[str], str | None] = shutil.which
    call: Callable[..., Answer] = _call
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    zone: tzinfo | None = None
    """The zone of the machine's own clock; None for the one that is set."""
    uid: int = field(default_factory=lambda: os.getuid() if hasattr(os, "getuid") else 0)
    user: str = field(default_factory=getpass.getuser)


class Kind(Protocol):
    """The timers of one operating system."""

    name: str
    label: Text

    def is_there(self, machine: Machine) -> bool:
        """Whether this system has such timers."""

    def installed(self, machine: Machine) -> list[str]:
        """The slugs of the jobs that are installed now."""

    def install(self, jobs: Sequence[Job], setting: Installation) -> list[Step]:
        """The steps to these jobs and no others of ours; none when everything is as it should be."""

    def remove(self, setting: Installation) -> list[Step]:
        """The steps that take everything of ours away."""


@dataclass(frozen=True)
class Installation:
    """What the files need to know: the machine, the program, the home folder, the user's zone."""

    machine: Machine
    program: tuple[str, ...]
    home: Path
    zone: str

    def command(self, job: Job) -> tuple[str, ...]:
        return (*self.program, *job.arguments)

    def shell(self, job: Job) -> str:
        """The command for a shell, after the variables of the home folder's file, when there is one."""
        file = shlex.quote(str(self.home / ENVIRONMENT))
        return f"if [ -r {file} ]; then set -a; . {file}; set +a; fi; exec {shlex.join(self.command(job))}"

    def local(self, at: time) -> time:
        """A planned time on the machine's own clock, by today's difference between the two."""
        today = self.machine.now().astimezone(ZoneInfo(self.zone)).date()
        return datetime.combine(today, at, ZoneInfo(self.zone)).astimezone(self.machine.zone).time()

    def jitter(self, job: Job) -> tuple[str, ...]:
        """The arguments that make the command wait by itself, where the timer cannot."""
        return ("--jitter", f"{job.jitter_s:g}") if job.jitter_s else ()


def program() -> tuple[str, ...]:
    """How this program is called from outside."""
    beside = Path(sys.executable).with_name("shoplint.exe" if sys.platform == "win32" else "shoplint")
    found = str(beside) if beside.exists() else shutil.which("shoplint")
    return (found,) if found else (sys.executable, "-c", "from agent.cli import main; main()")


def wanted(path: Path, text: str, encoding: str = "utf-8") -> list[Step]:
    """The step that gives a file its text; none when it has it."""
    try:
        if path.read_text(encoding) == text:
            return []
    except (OSError, UnicodeError):
        pass
    return [Write(path, text, encoding)]


def shown(step: Step) -> Text:
    """A step in words: what would be written, removed or called."""
    if isinstance(step, Write):
        body = step.text.rstrip("\n").replace("\n", "\n    ")
        return Text(f"写入 {step.path}\n    {body}", f"write {step.path}\n    {body}")
    if isinstance(step, Remove):
        return Text(f"删除 {step.path}", f"remove {step.path}")
    line = shlex.join(step.arguments)
    if step.text is None:
        return Text(f"执行 {line}", f"call {line}")
    body = step.text.rstrip("\n").replace("\n", "\n    ")
    return Text(f"执行 {line}，输入：\n    {body}", f"call {line} with this input:\n    {body}")


def do(steps: Sequence[Step], machine: Machine) -> None:
    """Do the steps in order; ScheduleUnavailable with what the system said when one is refused."""
    for step in steps:
        try:
            _do(step, machine)
        except OSError as error:
            said = error.strerror or type(error).__name__
            raise _refused(str(getattr(step, "path", "")), said) from error


def _do(step: Step, machine: Machine) -> None:
    if isinstance(step, Write):
        step.path.parent.mkdir(parents=True, exist_ok=True)
        aside = step.path.with_name(f".{step.path.name}.new")
        aside.write_text(step.text, step.encoding)
        aside.replace(step.path)
    elif isinstance(step, Remove):
        step.path.unlink(missing_ok=True)
    else:
        answer = machine.call(step.arguments, step.text)
        if answer.code and not step.may_fail:
            raise _refused(shlex.join(step.arguments), answer.said or f"{answer.code}")


def _refused(what: str, said: str) -> ScheduleUnavailable:
    flat = " ".join(said.split())[:200]
    return ScheduleUnavailable(
        Text(
            f"系统拒绝了 {what}（{flat}）；请换一种方式（--kind），或用 shoplint schedule run 在前台运行",
            f"the system refused {what} ({flat}); "
            "choose another --kind, or stay in the foreground with shoplint schedule run",
        )
    )
