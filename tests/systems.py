"""Machines made for a test: each notes what is called, and keeps a crontab."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from agent.schedule.jobs import Answer, Installation, Machine

NOON = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Shanghai"))

SYSTEMS = {
    "systemd": ("linux", ("systemctl", "crontab")),
    "cron": ("linux", ("crontab",)),
    "launchd": ("darwin", ("crontab",)),
    "windows": ("win32", ()),
}


@dataclass
class System:
    """A machine made for a test: it notes what is called, and keeps a crontab."""

    root: Path
    platform: str
    tools: tuple[str, ...] = ()
    calls: list[tuple[str, ...]] = field(default_factory=list)
    table: str = ""
    refuses: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    """What a call prints, by a word in its arguments."""

    def call(self, arguments: Sequence[str], text: str | None = None) -> Answer:
        self.calls.append(tuple(arguments))
        if self.refuses and self.refuses in arguments:
            return Answer(1, said="not allowed here")
        if tuple(arguments) == ("crontab", "-l"):
            return Answer(0, self.table) if self.table else Answer(1, said="no crontab")
        if tuple(arguments) == ("crontab", "-"):
            self.table = text or ""
        if tuple(arguments) == ("crontab", "-r"):
            self.table = ""
        return Answer(0, next((self.answers[word] for word in arguments if word in self.answers), ""))

    @property
    def machine(self) -> Machine:
        return Machine(
            platform=self.platform,
            user_home=self.root,
            environ={},
            which=lambda name: f"/usr/bin/{name}" if name in self.tools else None,
            call=self.call,
            now=lambda: NOON,
            zone=ZoneInfo("UTC"),
            uid=501,
            user="seller & co",
        )

    @property
    def place(self) -> Installation:
        home = self.root / "my home 100%"
        return Installation(self.machine, ("/opt/shop lint/shoplint",), home, "Asia/Shanghai")
